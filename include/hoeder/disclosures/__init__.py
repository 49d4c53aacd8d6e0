"""Disclosures: an authority gets what its power covers, after a check, a second person, and nobody's haste."""
