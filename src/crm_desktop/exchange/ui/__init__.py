"""Dialogs that take data in and out, for every feature."""
