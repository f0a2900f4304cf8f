"""Timelines of 10,000 entries and writing down one more, on both engines and for every scope."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.companies import Measured
from benchmarks.timing import interleaved, rows, show
from crm_desktop.activities import kinds, timeline
from crm_desktop.activities import service as activities
from crm_desktop.activities.above import Mark
from crm_desktop.activities.model import Activity
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.activities.timelines import LAST, MIDNIGHT, tell

ENTRIES = 10_000
_KINDS = 7
_DAYS = 1200
PAGE, LOG = "<= 50 ms", "<= 20 ms"


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company."""
    calls, notes, mixed = _customers(company)
    title = f"{company.database.engine.dialect.name}, timelines of {ENTRIES:,} entries"
    for name, actor in (("all", company.everything), ("team", company.team), ("own", company.own)):
        things: dict[str, tuple[Callable[[], object], str]] = {
            "first page": (_page(company, actor, mixed), PAGE),
            "a page in the middle": (_page(company, actor, mixed, before=_middle()), PAGE),
            "first page of calls alone": (_page(company, actor, calls), PAGE),
        }
        for group in sorted(timeline.GROUPS):
            things[f"first page, {group}"] = _page(company, actor, mixed, frozenset({group})), PAGE
            things[f"first page of calls alone, {group}"] = _page(company, actor, calls, frozenset({group})), PAGE
        things["what is planned"] = _planned(company, actor, mixed), PAGE
        for kind, contact_id in (("calls", calls), ("notes", notes), ("everything", mixed)):
            things[f"log a call after {kind}"] = _log(company, actor, contact_id, then=False), LOG
            things[f"log a call with the next after {kind}"] = _log(company, actor, contact_id, then=True), LOG
        taken = interleaved({what: run for what, (run, _goal) in things.items()}, rounds)
        show(f"{title}, {name}", rows(taken, "first page", {what: goal for what, (_run, goal) in things.items()}))


def _customers(company: Measured) -> tuple[int, int, int]:
    """Give three customers in the representative's reach their long stories, once; return their ids."""
    with company.read(SYSTEM) as work:
        chosen = select(Contact.id).where(Contact.owner_id == company.own.user_id, Contact.is_customer)
        calls, notes, mixed = work.session.scalars(chosen.order_by(Contact.id).limit(3)).all()
        there = work.session.scalar(select(func.count()).where(Activity.contact_id == calls)) or 0
    if there < ENTRIES:
        with _unsigned(company):
            _write(company, calls, "call")
            _write(company, notes, "note")
            tell(company.database, mixed, ENTRIES // _KINDS, days=_DAYS)
        # The engine gets to know what it has by itself, in a while.
        _run(company, "ANALYZE")
    return calls, notes, mixed


def _write(company: Measured, contact_id: int, kind: str) -> None:
    """Write down calls or notes as the program does, each with its line in the journal."""
    with company.database.begin(SYSTEM) as work:
        contact = work.session.get_one(Contact, contact_id)
        kind_id = next(one.id for one in kinds.kinds(work) if one.key == kind)
        told = list(_talks(contact, kind_id))
        ids = work.session.scalars(insert(Activity).returning(Activity.id), told).all()
        noted = {"actor_name": "Anna", "entity": "activity", "action": "create", "version": 1, "before": {}}
        lines = (
            {"operation_id": f"b{id_}", "at": one["done_at"], "entity_id": id_, "contact_id": contact_id, **noted}
            | {"after": {"notes": one["notes"], "kind_id": kind_id}}
            for id_, one in zip(ids, told, strict=True)
        )
        work.session.execute(insert(JournalEntry), list(lines))


def _talks(contact: Contact, kind_id: int) -> Iterator[dict[str, Any]]:
    of_contact = {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}
    for place in range(ENTRIES):
        at = MIDNIGHT - timedelta(hours=place)
        yield {
            **of_contact,
            "kind_id": kind_id,
            "state": "done",
            "done_at": at,
            "at_sort": at,
            "due_sort": date.max,
            "notes": f"Said {place}",
            "side": "sales",
            "version": 1,
            "created_at": at,
            "updated_at": at,
        }


@contextmanager
def _unsigned(company: Measured) -> Iterator[None]:
    """Let a server take the journal as it is written: the superuser who does so here is nobody of the company."""
    if company.logins:
        _run(company, "ALTER TABLE crm.journal DISABLE TRIGGER USER")
    yield
    if company.logins:
        _run(company, "ALTER TABLE crm.journal ENABLE TRIGGER USER")


def _run(company: Measured, statement: str) -> None:
    with company.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


def _middle() -> Mark:
    return Mark(MIDNIGHT - timedelta(days=(LAST - date(2025, 6, 1)).days), "zzz", 0)


def _page(
    company: Measured,
    actor: Actor,
    contact_id: int,
    groups: frozenset[str] | None = None,
    before: Mark | None = None,
) -> Callable[[], object]:
    def run() -> object:
        with company.read(actor) as work:
            return timeline.page(work, contact_id, groups=groups, before=before)

    return run


def _planned(company: Measured, actor: Actor, contact_id: int) -> Callable[[], object]:
    def run() -> object:
        with company.read(actor) as work:
            return timeline.planned(work, contact_id)

    return run


def _log(company: Measured, actor: Actor, contact_id: int, *, then: bool) -> Callable[[], object]:
    with company.read(SYSTEM) as work:
        call = next(one.id for one in kinds.kinds(work) if one.key == "call")
    later = {"kind_id": call, "due_on": LAST + timedelta(3), "subject": "Ask again"} if then else None

    def run() -> object:
        with company.begin(actor) as work:
            return activities.log(work, contact_id, {"kind_id": call, "notes": "Reached", "next": later})

    return run
