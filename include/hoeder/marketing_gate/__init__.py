"""Marketing gate: before a message, a call or a list passed on, whoever said no, or never said yes, is out."""
