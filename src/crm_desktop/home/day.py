"""My day: what one is to do, overdue, today and in the coming week; nothing vanishes until it is done or moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select

from crm_desktop.access import people
from crm_desktop.access.company import today
from crm_desktop.activities import following
from crm_desktop.activities.following import Planned
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.receivables.ledger_model import Promise
from crm_desktop.receivables.money import promises
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires

WEEK_DAYS: Final = 7
MOST: Final = 1_000
"""So many lines a day has at most; the counts are whole."""
EVERYBODY: Final = 0
"""In place of a person: whoever is in reach."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day: something planned ("activity"), or money somebody promised ("promise").

    `icon` and `kind_id` are of the activity; a promise has `money`, and stays until the money came or its day is over.
    """

    source: str
    id: int
    version: int
    contact_id: int
    customer: str
    due_on: date
    due_time: str = ""
    kind_id: int | None = None
    icon: str = ""
    what: str = ""
    notes: str = ""
    priority: int = 1
    user_id: int | None = None
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What somebody is to do; `week` is what is due in the seven days after `today`.

    `count` is how many activities there are in the three, also when there are more than the lines shown.
    """

    on: date
    overdue: tuple[Line, ...]
    today: tuple[Line, ...]
    week: tuple[Line, ...]
    count: int


@requires(Permission.ACTIVITY_READ)
def my_day(work: Work, user_id: int | None = None) -> Day:
    """Return the day of a person (None: the actor, `EVERYBODY`: all in reach), as far as the actor sees it."""
    wanted = work.actor.user_id if user_id is None else user_id
    day = today(work)
    until = day + timedelta(days=WEEK_DAYS)
    whose = None if wanted == EVERYBODY else frozenset({wanted or 0})
    planned = following.agenda(work, user_ids=whose, until=until, limit=MOST)
    count = len(planned)
    if count == MOST:
        count = following.count_due(work, user_ids=whose, until=until)
    lines = [*map(_line, planned), *_promised(work, wanted, day, until)]
    # Stable: the order within a day, by time and priority, is that of the agenda, promises last.
    lines.sort(key=lambda line: line.due_on)
    return Day(
        day,
        tuple(line for line in lines if line.due_on < day),
        tuple(line for line in lines if line.due_on == day),
        tuple(line for line in lines if line.due_on > day),
        count,
    )


@requires(Permission.ACTIVITY_READ)
def whose_days(work: Work) -> tuple[tuple[int, str], ...]:
    """Return the colleagues whose day the actor may look at, the actor first; only the actor for who sees own rows."""
    actor = work.actor
    scope = max(actor.scope(domain) for domain in Domain)
    me = (actor.user_id or 0, actor.name)
    if scope < Scope.TEAM:
        return (me,)
    others = (one for one in people.colleagues(work) if one[0] != actor.user_id)
    return (me, *(one for one in others if scope is Scope.ALL or one[0] in actor.team_ids))


def _line(one: Planned) -> Line:
    assert one.due_on is not None
    return Line(
        "activity",
        *(one.activity_id, one.version, one.contact_id, one.contact_name, one.due_on, one.due_time, one.kind_id),
        *(one.icon, one.subject, one.notes, one.priority, one.user_id),
    )


def _promised(work: Work, user_id: int | None, day: date, until: date) -> Iterator[Line]:
    """Yield the promises of money that run out in these days, made to that person or by their customers."""
    if not work.actor.may(Permission.RECEIPT_READ):
        return
    asked = select(Promise.id, Promise.contact_id).where(
        Promise.due_on.between(day, until), Promise.withdrawn_on.is_(None)
    )
    if user_id != EVERYBODY:
        asked = asked.where(or_(Promise.created_by == user_id, Promise.owner_key == user_id))
    found = dict(work.session.execute(asked.limit(MOST)).all())
    if not found:
        return
    # Asked by id: joined, the customers in reach would be walked through to find the few that promised.
    named = select(Contact.id, Contact.name, Contact.owner_id).where(Contact.id.in_(set(found.values())))
    customers = {row.id: row for row in work.session.execute(named)}
    made = promises.of_customers(work, set(customers))
    for one in sorted((one for some in made.values() for one in some), key=lambda one: (one.due_on, one.id)):
        if one.id in found and one.state == promises.OPEN:
            row = customers[one.contact_id]
            yield Line(
                "promise", one.id, one.version, one.contact_id, row.name, one.due_on, icon="hand-coins",
                what=one.notes, user_id=one.by if one.by is not None else row.owner_id,
                money=Money(one.amount, one.currency),
            )  # fmt: skip
