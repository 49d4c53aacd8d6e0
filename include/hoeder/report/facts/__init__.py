"""What the report knows: frozen figures, a module per section. None means unknown; a zero has been counted."""
