"""Requests of data subjects: taken in, identified, found, carried out, answered and looked at again."""
