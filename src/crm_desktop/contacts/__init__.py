"""Companies and persons, everything that is known of them, and who looks after them."""
