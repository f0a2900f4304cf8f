"""The way back: over a company, beside it, or to another place."""
