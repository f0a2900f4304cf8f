"""What was said to contacts comes in from files, with its author and its date."""
