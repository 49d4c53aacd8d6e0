"""Letters to persons, recipients and clients: words in Dutch and English, with the versions they had."""
