"""One person in every store: how identities are compared, where somebody is found, and the marks that protect them."""
