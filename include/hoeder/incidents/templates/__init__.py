"""Letters about incidents: to the persons concerned, and to a client."""
