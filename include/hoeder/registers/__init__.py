"""Registers: what we do with personal data and why (GDPR Art. 30), from policy, held against what is really there.

Policy says what the processings are; the register is made from it, with terms and categories as the rest of policy has
them, and compared with the last inventory. Every change is a version. What only a person can state is an attestation.
"""

from hoeder.registers.findings import CONTROLLER, Finding, Kind, of_client
from hoeder.registers.refresh import Refreshed, refresh

__all__ = ["CONTROLLER", "Finding", "Kind", "Refreshed", "of_client", "refresh"]
