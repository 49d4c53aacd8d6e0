"""Clients apart: each client's data looked at from the outside, as its own agents see them.

`trial` takes on each client's role and counts what it sees, `crossed` follows foreign keys and views from one client to
another, `named` searches notes for customers of another, `handed` looks up what lies in each client's folder. `check`
runs all of it and writes down counts.
"""

from hoeder.client_segregation.check import Checked, run
from hoeder.client_segregation.found import Kind, Separation

__all__ = ["Checked", "Kind", "Separation", "run"]
