"""The journal as people read it: filtered, newest first, page by page, exported."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from crm_desktop.access import rules
from crm_desktop.access.model import Company, Team, User
from crm_desktop.access.sentences import Entry
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress, Quiet

PAGE: Final = 200
COUNT_LIMIT: Final = 100_000

Naming = Callable[[Work, Sequence[int]], Mapping[int, str]]
"""Gives the names of rows of one entity, as far as the actor may see them."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; empty means everything. Days are business days of the company, both included."""

    people: tuple[int, ...] = ()
    entities: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    entity_id: int | None = None
    contact_id: int | None = None
    batch: str = ""
    from_on: date | None = None
    to_on: date | None = None
    text: str = ""


@requires(Permission.JOURNAL_READ)
def entries(
    work: Work,
    query: Query,
    *,
    below: int | None = None,
    limit: int = PAGE,
    naming: Mapping[str, Naming] | None = None,
) -> tuple[Entry, ...]:
    """Return up to `limit` entries, newest first; `below` is the id of the last one shown before.

    `naming` gives the names of other features' rows by entity. Somebody who does not reach all business
    data sees only entries about the company, its people and logins.
    """
    statement = select(JournalEntry).where(*_conditions(work, query))
    if below is not None:
        statement = statement.where(JournalEntry.id < below)
    rows = work.session.scalars(statement.order_by(JournalEntry.id.desc()).limit(limit)).all()
    return _entries(work, rows, naming or {})


@requires(Permission.JOURNAL_READ)
def ids(work: Work, query: Query, *, below: int | None = None, limit: int = 10_000) -> tuple[int, ...]:
    """Return the ids of up to `limit` entries, newest first, for a list that loads its rows as it scrolls."""
    statement = select(JournalEntry.id).where(*_conditions(work, query))
    if below is not None:
        statement = statement.where(JournalEntry.id < below)
    return tuple(work.session.scalars(statement.order_by(JournalEntry.id.desc()).limit(limit)))


@requires(Permission.JOURNAL_READ)
def entries_by_id(work: Work, wanted: Sequence[int], naming: Mapping[str, Naming] | None = None) -> tuple[Entry, ...]:
    """Return the entries with these ids as far as the actor may see them, in any order."""
    statement = select(JournalEntry).where(JournalEntry.id.in_(wanted), *_conditions(work, Query()))
    return _entries(work, work.session.scalars(statement).all(), naming or {})


@requires(Permission.JOURNAL_READ)
def count(work: Work, query: Query) -> int:
    """Return how many entries match, at most `COUNT_LIMIT`."""
    found = select(JournalEntry.id).where(*_conditions(work, query)).limit(COUNT_LIMIT).subquery()
    return work.session.scalar(select(func.count()).select_from(found)) or 0


@requires(Permission.JOURNAL_READ, Permission.JOURNAL_EXPORT)
def export_entries(
    work: Work,
    query: Query,
    *,
    naming: Mapping[str, Naming] | None = None,
    progress: Progress | None = None,
) -> tuple[Entry, ...]:
    """Return every matching entry, newest first, and write the export with its row count into the journal."""
    told = progress or Quiet()
    found: list[Entry] = []
    total = count(work, query)
    for page in _pages(work, query, naming or {}):
        found += page
        told.step(len(found), max(total, len(found)))
    work.note("journal", None, "export", after={"rows": len(found)})
    return tuple(found)


def _pages(work: Work, query: Query, naming: Mapping[str, Naming]) -> Iterator[tuple[Entry, ...]]:
    below: int | None = None
    while page := entries(work, query, below=below, limit=1000, naming=naming):
        yield page
        below = page[-1].id


def _conditions(work: Work, query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not work.actor.reaches_everything:
        # The journal has no row scope of its own: without full reach nothing of the business is shown.
        found.append(JournalEntry.entity.in_(rules.SYSTEM_ENTITIES))
        found.append(JournalEntry.contact_id.is_(None))
    if not work.actor.may(Permission.COST_READ):
        found.append(JournalEntry.entity != rules.COST_ENTITY)
    if not work.actor.may(Permission.CREDIT_LIMIT_READ):
        found.append(JournalEntry.entity != rules.CREDIT_ENTITY)
    if query.people:
        found.append(JournalEntry.actor_id.in_(query.people))
    if query.entities:
        found.append(JournalEntry.entity.in_(query.entities))
    if query.actions:
        found.append(JournalEntry.action.in_(query.actions))
    if query.entity_id is not None:
        found.append(JournalEntry.entity_id == query.entity_id)
    if query.contact_id is not None:
        found.append(JournalEntry.contact_id == query.contact_id)
    if query.batch:
        found.append(JournalEntry.batch == query.batch)
    if query.from_on is not None or query.to_on is not None:
        found += _between(work, query.from_on, query.to_on)
    if query.text.strip():
        found.append(_contains(work, query.text.strip()))
    return found


def _between(work: Work, from_on: date | None, to_on: date | None) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(work.session.scalar(select(Company.timezone)) or "UTC")
    found: list[ColumnElement[bool]] = []
    if from_on is not None:
        found.append(JournalEntry.at >= _midnight(from_on, zone))
    if to_on is not None and to_on < date.max:
        found.append(JournalEntry.at < _midnight(to_on + timedelta(days=1), zone))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _contains(work: Work, text: str) -> ColumnElement[bool]:
    # SQLite stores JSON with \u escapes, a server as it reads: look for what is really stored.
    stored = text if work.is_postgres else json.dumps(text)[1:-1]
    return or_(
        JournalEntry.actor_name.icontains(text, autoescape=True),
        cast(JournalEntry.after, Text).icontains(stored, autoescape=True),
        cast(JournalEntry.before, Text).icontains(stored, autoescape=True),
    )


def _entries(work: Work, rows: Sequence[JournalEntry], naming: Mapping[str, Naming]) -> tuple[Entry, ...]:
    known: dict[str, Naming] = {"user": _user_names, "login": _user_names, "team": _team_names, **naming}
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.entity in known and row.entity_id is not None:
            wanted.setdefault(row.entity, set()).add(row.entity_id)
    for values in (part for row in rows for part in (row.before, row.after)):
        for entity, id_ in _links(values):
            if entity in known:
                wanted.setdefault(entity, set()).add(id_)
    named = {entity: known[entity](work, sorted(found)) for entity, found in wanted.items()}
    return tuple(_entry(row, named) for row in rows)


def _links(values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield (entity, id) of the records that lists within an entry point to by `ENTITY_id`."""
    for value in values.values():
        for one in value if isinstance(value, list) else ():
            for key, id_ in one.items() if isinstance(one, dict) else ():
                if key.endswith("_id") and isinstance(id_, int):
                    yield key.removesuffix("_id"), id_


def _entry(row: JournalEntry, named: Mapping[str, Mapping[int, str]]) -> Entry:
    subject = named.get(row.entity, {}).get(row.entity_id or 0) or row.after.get("name") or row.before.get("name") or ""
    return Entry(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        entity=row.entity,
        entity_id=row.entity_id,
        contact_id=row.contact_id,
        action=row.action,
        before=_plain(row.before, named),
        after=_plain(row.after, named),
        batch=row.batch,
        subject=str(subject),
    )


def _plain(values: Mapping[str, Any] | None, named: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    """Return the values of an entry, records that lists point to told by name."""

    def told(one: Any) -> Any:
        if not isinstance(one, dict):
            return one
        return {key: named.get(key.removesuffix("_id"), {}).get(value, value) for key, value in one.items()}

    plain = dict(values or {})
    return {key: [told(one) for one in value] if isinstance(value, list) else value for key, value in plain.items()}


def _user_names(work: Work, wanted: Sequence[int]) -> Mapping[int, str]:
    rows = work.session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _team_names(work: Work, wanted: Sequence[int]) -> Mapping[int, str]:
    rows = work.session.execute(select(Team.id, Team.name).where(Team.id.in_(wanted)))
    return {row.id: row.name for row in rows}
