"""Everything that happened with a contact, newest first, read page by page from every feature."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.activities import above, rules
from crm_desktop.activities.above import Entry, Mark, TimelineSource
from crm_desktop.activities.model import Activity
from crm_desktop.activities.timeline_own import (
    ACTIVITY_COLUMNS,
    CHANGES,
    DOCUMENTS,
    MONEY,
    SOURCES,
    STEPS,
    TALKS,
    kind_word,
    with_words,
)
from crm_desktop.activities.timeline_rows import zone_of
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires

EVERYTHING: Final = frozenset({TALKS, DOCUMENTS, MONEY, CHANGES})
"""What a timeline tells unless asked for less; `STEPS` are told on request."""
GROUPS: Final = EVERYTHING | {STEPS}
MOST_PLANNED: Final = 200
_AT_ONCE: Final = 500


@requires(Permission.CONTACT_READ)
def page(
    work: Work,
    contact_id: int,
    *,
    groups: frozenset[str] | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> tuple[Entry, ...]:
    """Return up to `limit` entries of what happened, newest first, older than the mark; None of `groups` is everything.

    What is planned is not among them (`planned`). An entry has one place by its mark, so pages of any size follow
    each other without a gap. Raises NotFound for a contact out of reach.
    """
    work.get(Contact, contact_id)
    wanted = EVERYTHING if groups is None else groups & GROUPS
    found: list[Entry] = []
    for source in (*SOURCES, *above.sources()):
        if source.groups & wanted:
            found += _entries(work, source, contact_id, wanted, before, limit)
    found.sort(key=_place, reverse=True)
    return tuple(found[:limit])


@requires(Permission.CONTACT_READ)
def planned(work: Work, contact_id: int) -> tuple[Entry, ...]:
    """Return what is planned with a contact, what is due first in front; at most `MOST_PLANNED`.

    Raises NotFound for a contact out of reach.
    """
    work.get(Contact, contact_id)
    if not work.actor.may(Permission.ACTIVITY_READ):
        return ()
    asked: Any = select(Activity.id, *ACTIVITY_COLUMNS)
    statement = with_words(asked, work.actor).where(Activity.contact_id == contact_id, Activity.state == rules.PLANNED)
    order = (Activity.due_sort, Activity.due_time == "", Activity.due_time, Activity.priority.desc(), Activity.id)
    zone, day = zone_of(work), today(work)
    found = []
    for row in work.session.execute(statement.order_by(*order).limit(MOST_PLANNED)):
        at = work.now
        if row.due_on is not None:
            hour = time.fromisoformat(row.due_time) if row.due_time else time()
            at = datetime.combine(row.due_on, hour, zone).astimezone(UTC)
        found.append(_planned(row, at, late=row.due_on is not None and row.due_on < day))
    return tuple(found)


@requires(Permission.CONTACT_READ, Permission.ACTIVITY_EXPORT)
def everything(work: Work, contact_id: int, *, groups: frozenset[str] | None = None) -> Iterator[Entry]:
    """Yield all of a timeline for a file: what is planned, then what happened, newest first."""
    if groups is None or TALKS in groups:
        yield from planned(work, contact_id)
    before = None
    while found := page(work, contact_id, groups=groups, before=before, limit=_AT_ONCE):
        yield from found
        before = found[-1].mark


def _planned(row: Any, at: datetime, *, late: bool) -> Entry:
    kind = kind_word(row)
    told = N_("{kind} with {person}") if row.person else N_("{kind}")
    return Entry(
        at=at,
        source="planned",
        group=TALKS,
        entity="activity",
        id=row.id,
        icon=row.kind_icon,
        told="{subject}" if row.subject else told,
        values={
            "kind": kind,
            "person": row.person or "",
            "subject": row.subject,
            "due": row.due_on,
            "time": row.due_time,
            "urgent": row.priority == rules.HIGH,
        },
        notes=row.notes,
        by=row.user_id,
        by_name=row.author,
        tone="danger" if late else "plain",
        whole_day=not row.due_time,
        planned=True,
    )


def _entries(
    work: Work, source: TimelineSource, contact_id: int, wanted: frozenset[str], before: Mark | None, limit: int
) -> list[Entry]:
    """Return up to `limit` wanted entries of one source, which may tell of other groups too."""
    found: list[Entry] = []
    while True:
        read = source.entries(work, contact_id, before, limit)
        found += [one for one in read if one.group in wanted]
        if len(found) >= limit or len(read) < limit:
            return found
        before = read[-1].mark


def _place(entry: Entry) -> tuple[datetime, str, int]:
    return entry.at, entry.source, entry.key or entry.id
