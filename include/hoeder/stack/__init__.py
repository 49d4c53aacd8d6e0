"""The real servers on one machine: PostgreSQL, S3 (SeaweedFS) and Airflow, started, watched and stopped together."""
