"""Fraud files: opened on a reasoned suspicion that somebody else approved, decided in time, and read by nobody else."""
