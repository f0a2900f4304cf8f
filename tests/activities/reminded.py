"""Planned activities with reminders, for the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from crm_desktop.activities import reminders
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.contacts import service
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import Actor
from tests.companies import NOW

TODAY = date(2026, 11, 20)
"""NOW in the firm's zone is 17:30 of this day."""
NINE = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""Nine o'clock of today in Shanghai."""


def customer(database: Database, owner: Actor, name: str = "Harbour Mills", **values: Any) -> int:
    """Make a customer of `owner`."""
    with database.begin(owner) as work:
        return service.create(work, {"name": name, "is_customer": True, **values})


def planned(
    database: Database,
    actor: Actor,
    contact_id: int,
    *,
    subject: str = "Ask about the sample",
    due_on: date | None = TODAY,
    due_time: str = "",
    user: Actor | None = None,
    minutes: int | None = 0,
) -> int:
    """Plan a call, reminding `minutes` before."""
    with database.begin(actor) as work:
        row = _row(work, contact_id, subject, due_on, due_time, (user or actor).user_id)
        work.session.add(row)
        work.session.flush()
        reminders.plan(work, row, minutes)
        return row.id


def _row(
    work: Work, contact_id: int, subject: str, due_on: date | None, due_time: str, user_id: int | None
) -> Activity:
    contact = work.get(Contact, contact_id)
    call = work.session.scalars(select(ActivityKind.id).where(ActivityKind.key == "call")).one()
    return Activity(
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        kind_id=call,
        subject=subject,
        user_id=user_id,
        due_on=due_on,
        due_time=due_time,
        due_sort=due_on or date(9999, 12, 31),
        at_sort=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def take(database: Database, actor: Actor, window: str, gone: tuple[str, ...] = ()) -> list[int]:
    """Take what is due for a window, as it does; return the ids it shows."""
    with database.begin(actor) as work:
        return [one.activity_id for one in reminders.take(work, window, gone)]
