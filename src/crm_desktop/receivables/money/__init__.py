"""Money that comes in and goes out, what it is used for, and what is agreed about the rest."""
