"""Journeys go through the whole program as it is wired, with somebody who keeps the books."""

from crm_desktop.app import session
from tests.receivables.conftest import accountant

assert session, "what hangs on orders and contacts is hung in by the program itself"

__all__ = ["accountant"]
