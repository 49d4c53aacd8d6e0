"""The ledger: what was intended, what came of it, and nothing personal."""
