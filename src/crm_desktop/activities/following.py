"""What was said last, what comes next, and everything that is due: asked by lists, collections, Home and my day."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.activities import rules
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class NextStep:
    """The earliest planned activity of a contact."""

    activity_id: int
    version: int
    contact_id: int
    kind_id: int
    subject: str
    due_on: date | None
    due_time: str
    user_id: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """The newest done activity of a contact; `text` is what was said, else what was to be done."""

    activity_id: int
    contact_id: int
    at: datetime
    kind_id: int
    user_id: int | None
    author: str
    text: str
    result_id: int | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned activity with what a list of the day shows."""

    activity_id: int
    version: int
    contact_id: int
    contact_name: str
    kind_id: int
    icon: str
    subject: str
    notes: str
    due_on: date | None
    due_time: str
    priority: int
    user_id: int | None
    opportunity_id: int | None
    person_id: int | None


@requires(Permission.ACTIVITY_READ)
def next_of(work: Work, contact_ids: Iterable[int]) -> dict[int, NextStep]:
    """Return the earliest planned activity of each contact that has one, by contact."""
    time_of_day = func.coalesce(func.nullif(Activity.due_time, ""), "99:99")
    order = (Activity.due_sort, time_of_day, Activity.priority.desc(), Activity.id)
    found: dict[int, NextStep] = {}
    for block in _blocks(contact_ids):
        place = func.row_number().over(partition_by=Activity.contact_id, order_by=order).label("place")
        ranked = (
            select(Activity.id, place).where(Activity.contact_id.in_(block), Activity.state == rules.PLANNED).subquery()
        )
        asked = select(
            *(Activity.id, Activity.version, Activity.contact_id, Activity.kind_id),
            *(Activity.subject, Activity.due_on, Activity.due_time, Activity.user_id),
        ).join(ranked, ranked.c.id == Activity.id)
        found |= {row[2]: NextStep(*row) for row in work.session.execute(asked.where(ranked.c.place == 1))}
    return found


@requires(Permission.ACTIVITY_READ)
def last_said(work: Work, contact_ids: Iterable[int]) -> dict[int, Said]:
    """Return the newest done activity of each contact that has one, by contact."""
    found: dict[int, Said] = {}
    for block in _blocks(contact_ids):
        newest = func.row_number().over(
            partition_by=Activity.contact_id, order_by=(Activity.at_sort.desc(), Activity.id.desc())
        )
        ranked = (
            select(Activity.id, newest.label("place"))
            .where(Activity.contact_id.in_(block), Activity.state == rules.DONE)
            .subquery()
        )
        asked = select(
            *(Activity.id, Activity.contact_id, Activity.done_at, Activity.kind_id, Activity.user_id),
            *(Activity.author, Activity.notes, Activity.subject, Activity.result_id),
        ).join(ranked, ranked.c.id == Activity.id)
        for row in work.session.execute(asked.where(ranked.c.place == 1)):
            text = row.notes or row.subject
            found[row.contact_id] = Said(
                *(row.id, row.contact_id, row.done_at, row.kind_id, row.user_id, row.author, text, row.result_id)
            )
    return found


@requires(Permission.ACTIVITY_READ)
def agenda(
    work: Work, *, user_ids: Collection[int] | None = None, until: date, limit: int | None = None
) -> tuple[Planned, ...]:
    """Return every planned activity due until a day, overdue ones first, by day, time and priority.

    `user_ids` asks for what these people are to do; None for what anybody in reach is.
    """
    return tuple(_planned(work, user_ids, until, limit))


@requires(Permission.ACTIVITY_READ)
def count_due(work: Work, *, user_ids: Collection[int] | None = None, until: date) -> int:
    """Return how many activities are planned until a day."""
    asked = select(func.count()).select_from(Activity).where(*_due(user_ids, until))
    return work.session.scalar(asked) or 0


def _planned(work: Work, user_ids: Collection[int] | None, until: date, limit: int | None) -> Iterator[Planned]:
    columns = (
        *(Activity.id, Activity.version, Activity.contact_id, Contact.name, Activity.kind_id, ActivityKind.icon),
        *(Activity.subject, Activity.notes, Activity.due_on, Activity.due_time, Activity.priority),
        *(Activity.user_id, Activity.opportunity_id, Activity.person_id),
    )
    time_of_day = func.coalesce(func.nullif(Activity.due_time, ""), "99:99")
    asked = (
        select(*columns)
        .join(Contact, Contact.id == Activity.contact_id)
        .join(ActivityKind, ActivityKind.id == Activity.kind_id)
        .where(*_due(user_ids, until))
        .order_by(Activity.due_sort, time_of_day, Activity.priority.desc(), Activity.id)
        .limit(limit)
    )
    for row in work.session.execute(asked):
        yield Planned(*tuple(row))


def _due(user_ids: Collection[int] | None, until: date) -> list[Any]:
    conditions: list[Any] = [Activity.state == rules.PLANNED, Activity.due_sort <= until]
    if user_ids is not None:
        conditions.append(Activity.user_id.in_(sorted(user_ids)))
    return conditions


def _blocks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]
