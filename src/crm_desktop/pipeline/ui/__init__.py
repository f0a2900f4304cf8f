"""Screens of the pipeline."""
