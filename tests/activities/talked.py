"""Activities for the tests, and what a plain recomputation says of a contact's dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crm_desktop.activities import kinds, service
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor

TODAY = date(2026, 11, 20)
"""The day of `tests.companies.NOW` in the firm's zone."""


def firm_of(database: Database, owner: Actor, name: str = "Harbour Mills", **values: Any) -> int:
    with database.begin(owner) as work:
        return contacts.create(work, {"name": name, "is_customer": True, **values})


def kind_ids(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        return {one.key or one.name: one.id for one in kinds.kinds(work, all=True)}


def result_ids(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        return {one.key or one.name: one.id for one in kinds.results(work, all=True)}


def logged(database: Database, by: Actor, contact_id: int, kind: str = "call", **values: Any) -> service.Logged:
    given = {"kind_id": kind_ids(database)[kind], **values}
    with database.begin(by) as work:
        return service.log(work, contact_id, given)


def planned(database: Database, by: Actor, contact_id: int, due_on: date = TODAY, **values: Any) -> int:
    given = {"kind_id": kind_ids(database)["call"], "due_on": due_on, **values}
    with database.begin(by) as work:
        return service.plan(work, contact_id, given)


def version_of(database: Database, activity_id: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(Activity, activity_id).version


def dates_of(database: Database, contact_id: int) -> tuple[datetime | None, date | None]:
    """What is kept on the contact."""
    with database.read(SYSTEM) as work:
        contact = work.get(Contact, contact_id)
        return contact.last_contact_at, contact.next_contact_on


def recomputed(work: Work, contact_id: int) -> tuple[datetime | None, date | None]:
    """What a reader of every activity would say, in the plainest words."""
    contact = work.get(Contact, contact_id)
    side = "sales" if contact.is_customer else "purchasing"
    counts = set(work.session.scalars(select(ActivityKind.id).where(ActivityKind.is_contact)))
    own = [
        one
        for one in work.session.scalars(select(Activity).where(Activity.contact_id == contact_id))
        if one.side == side
    ]
    spoken = [
        one.done_at
        for one in own
        if one.state == "done" and not one.taken_over and one.kind_id in counts and one.done_at
    ]
    upcoming = [one.due_on for one in own if one.state == "planned" and one.due_on]
    return max(spoken, default=None), min(upcoming, default=None)
