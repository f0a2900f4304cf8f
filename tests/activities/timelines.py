"""A contact with a long story, written straight into the tables: equal instants and days on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from crm_desktop.activities import rules
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Order, Quote
from crm_desktop.receivables.ledger_model import Promise, Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM

LAST = date(2026, 11, 17)
MIDNIGHT = datetime(2026, 11, 16, 16, tzinfo=UTC)
"""When `LAST` begins in Shanghai: an entry of that instant stands among those of the whole day."""


def tell(database: Database, contact_id: int, each: int, *, days: int = 5) -> int:
    """Write `each` rows of every kind for a customer, spread over `days`; return how many entries that makes."""
    with database.begin(SYSTEM) as work:
        contact = work.session.get_one(Contact, contact_id)
        kind = work.session.scalars(select(ActivityKind.id).where(ActivityKind.key == "call")).one()
        of_customer = {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}
        made: dict[Any, list[dict[str, Any]]] = {}
        for entity, row in _rows(each, days, kind):
            own = {} if entity is JournalEntry else of_customer
            extra = {"entity_id": contact_id, "contact_id": contact_id} if entity is JournalEntry else {}
            made.setdefault(entity, []).append({**own, **extra, **row})
        for entity, rows in made.items():
            work.session.execute(insert(entity), rows)
    return sum(map(len, made.values()))


def _rows(each: int, days: int, kind_id: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    stamp = {"created_at": MIDNIGHT, "version": 1}
    both = {**stamp, "updated_at": MIDNIGHT}
    document = {"currency": "CNY", "prices_include_tax": False, "tax_method": "document", "total": 12_300, **both}
    for place in range(each):
        day = LAST - timedelta(days=place % days)
        at = MIDNIGHT - timedelta(days=place % days)
        done = {"state": rules.DONE, "done_at": at, "at_sort": at, "due_sort": date.max, "kind_id": kind_id}
        yield Activity, {**both, **done, "notes": f"said {place}", "side": "sales"}
        yield Quote, {**document, "number": f"Q{place}", "serial": place, "state": "sent", "dated_on": day}
        yield Order, {**document, "number": f"S{place}", "serial": place, "state": "confirmed", "dated_on": day}
        yield Invoice, {**document, "number": f"I{place}", "serial": place, "state": "posted", "dated_on": day}
        money = {"currency": "CNY", "amount": 5_000}
        yield Receipt, {**both, **money, "number": f"R{place}", "serial": place, "dated_on": day}
        yield Promise, {**stamp, **money, "made_on": day, "due_on": day + timedelta(days=7)}
        noted = {"operation_id": f"op{place}", "at": at, "actor_name": "Anna", "entity": "contact", "action": "update"}
        yield JournalEntry, {**noted, "version": 1, "before": {"industry": "a"}, "after": {"industry": "b"}}
