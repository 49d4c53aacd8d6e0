"""The DPO report: figures out of the governance database, on one HTML page and in one PDF."""
