"""Windows and screens about who works here."""
