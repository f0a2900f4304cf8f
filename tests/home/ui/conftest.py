"""A desk on a real company."""

from tests.contacts.conftest import app, idle, open_office, staff

__all__ = ["app", "idle", "open_office", "staff"]
