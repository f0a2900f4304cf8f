"""The rows of a company on both engines: taken from one, given to the other."""
