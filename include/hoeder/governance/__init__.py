"""The governance database: where the capabilities meet. Scans, plans, approvals, holds and the ledger."""
