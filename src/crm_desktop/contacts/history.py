"""What happened to a contact, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Event:
    """One journal entry of a contact."""

    id: int
    at: datetime
    actor_name: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@requires(Permission.CONTACT_READ)
def history(work: Work, contact_id: int, *, before_id: int | None = None, limit: int = 100) -> list[Event]:
    """Return the contact's journal entries, newest first, older than `before_id` when given. Raises NotFound."""
    work.get(Contact, contact_id)
    statement = select(JournalEntry).where(JournalEntry.contact_id == contact_id)
    if before_id is not None:
        statement = statement.where(JournalEntry.id < before_id)
    rows = work.session.scalars(statement.order_by(JournalEntry.id.desc()).limit(limit))
    return [Event(row.id, row.at, row.actor_name, row.action, row.before, row.after) for row in rows]
