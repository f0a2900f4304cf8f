"""Restoring a backup, step by step, for somebody who is frightened."""
