"""What happened to a contact, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from crm_desktop.access.rules import SALES_ENTITIES
from crm_desktop.contacts import above
from crm_desktop.contacts.details import with_names
from crm_desktop.contacts.model import Contact, owner_keys
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires


@dataclass(frozen=True, slots=True)
class Event:
    """One journal entry of a contact."""

    id: int
    at: datetime
    actor_name: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    entity: str = "contact"
    """What it happened to: the contact, or a record of a feature above that belongs to it."""


@requires(Permission.CONTACT_READ)
def history(work: Work, contact_id: int, *, before_id: int | None = None, limit: int = 100) -> list[Event]:
    """Return the contact's journal entries, newest first, older than `before_id` when given.

    Who reaches the contact only as a supplier reads nothing of what was sold to it. Raises NotFound.
    """
    contact = work.get(Contact, contact_id)
    statement = select(JournalEntry).where(JournalEntry.contact_id == contact_id)
    if not _sells_to(work.actor, contact):
        statement = statement.where(JournalEntry.entity.not_in(SALES_ENTITIES))
    for entity, readable in above.told().readable.items():
        statement = statement.where(or_(JournalEntry.entity != entity, readable(JournalEntry.entity_id, work.actor)))
    if before_id is not None:
        statement = statement.where(JournalEntry.id < before_id)
    rows = work.session.scalars(statement.order_by(JournalEntry.id.desc()).limit(limit))
    return [_event(work, row) for row in rows]


def _event(work: Work, row: JournalEntry) -> Event:
    before, after = dict(row.before), dict(row.after)
    if "people" in after:
        before["people"], after["people"] = with_names(work, before.get("people") or (), after["people"])
    return Event(row.id, row.at, row.actor_name, row.action, before, after, row.entity)


def _sells_to(actor: Actor, contact: Contact) -> bool:
    """Return whether the actor reaches the contact on the sales side."""
    scope = actor.scope(Domain.SALES)
    if not contact.is_customer or scope is Scope.NONE:
        return False
    return scope is Scope.ALL or contact.owner_key in owner_keys(actor, scope)
