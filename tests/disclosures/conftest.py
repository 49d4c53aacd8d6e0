from disclosing import crm, desk, shelf

__all__ = ["crm", "desk", "shelf"]
