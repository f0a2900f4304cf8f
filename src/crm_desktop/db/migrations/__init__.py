"""Alembic revisions: one line of them for both engines."""
