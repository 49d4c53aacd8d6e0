"""PostgreSQL and S3 as Hoeder uses them: look, read, and erase through one guarded door."""
