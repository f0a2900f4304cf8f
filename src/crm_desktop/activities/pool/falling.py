"""Who is about to go back to the public pool, and who goes today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, or_, select

from crm_desktop.access.company import company, today
from crm_desktop.activities import above
from crm_desktop.activities.model import PoolLock
from crm_desktop.activities.pool.deciding import Kept, release_day
from crm_desktop.activities.pool.settings import Rules, get_rules
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.permissions import Permission, requires

AT_ONCE: Final = 500
MOST: Final = 2_000
"""So many customers the warning list looks at: a longer one is for the rules, not for reading."""


@dataclass(frozen=True, slots=True)
class Falling:
    """A customer that goes back to the pool on `release_on` unless somebody cares for it; `reason` is a key."""

    contact_id: int
    name: str
    owner_id: int
    release_on: date
    reason: str
    last_contact_at: datetime | None


@dataclass(frozen=True, slots=True)
class Warned:
    """The warning list, the nearest first. `whole` is False when there were more to look at than are shown."""

    rows: tuple[Falling, ...]
    whole: bool


@requires(Permission.CONTACT_READ)
def about_to_fall(work: Work, *, mine: bool = False, within: int | None = None) -> Warned:
    """Return the customers in reach that go back within the days of the warning (or `within`), locked ones left out.

    `mine` asks for those of the actor alone. Empty while the rules are off.
    """
    rules = get_rules(work)
    if not rules.active:
        return Warned((), True)
    until = today(work) + timedelta(days=rules.warn_days if within is None else within)
    found: list[Falling] = []
    looked = 0
    for rows in _candidates(work, rules, until, work.actor.user_id if mine else None):
        looked += len(rows)
        found += _falling(work, rules, rows, until)
        if looked >= MOST:
            break
    found.sort(key=lambda one: (one.release_on, one.name, one.contact_id))
    return Warned(tuple(found), looked < MOST)


@requires(Permission.CONTACT_ASSIGN)
def due(work: Work) -> tuple[Falling, ...]:
    """Return every customer in reach that goes back today."""
    rules = get_rules(work)
    day = today(work)
    if not rules.active or (rules.from_on is not None and rules.from_on > day):
        return ()
    found = [one for rows in _candidates(work, rules, day, None) for one in _falling(work, rules, rows, day)]
    return tuple(found)


@requires(Permission.CONTACT_ASSIGN)
def owned(work: Work) -> int:
    """Return how many customers in reach have an owner."""
    return work.session.scalar(select(func.count()).select_from(Contact).where(*_kept_by_somebody())) or 0


def _kept_by_somebody() -> tuple[Any, ...]:
    return (
        Contact.owner_key != 0,
        Contact.is_customer,
        Contact.archived_at.is_(None),
        Contact.merged_into_id.is_(None),
    )


def _candidates(work: Work, rules: Rules, until: date, user_id: int | None) -> Iterator[Sequence[Any]]:
    """Yield blocks of customers whose days may have run out until a day, not locked, by id."""
    zone = ZoneInfo(company(work).timezone)

    def midnight(days: int) -> datetime:
        """Return the instant before which something must lie to be longer ago than `days` on the last day."""
        return datetime.combine(until - timedelta(days=days), time(), zone)

    ways: list[ColumnElement[bool]] = []
    if rules.contact_days:
        cut = midnight(rules.contact_days)
        ways.append((Contact.owned_since < cut) & (Contact.last_contact_sort < cut))
    if rules.deal_days:
        ways.append(Contact.owned_since < midnight(rules.deal_days))
    if not ways:
        return
    # A former owner's lock holds no more.
    locked = exists().where(PoolLock.contact_id == Contact.id, PoolLock.user_id == Contact.owner_key)
    asked = select(*(Contact.id, Contact.name, Contact.owner_id, Contact.owned_since, Contact.last_contact_at)).where(
        *_kept_by_somebody(), or_(*ways), ~locked
    )
    if user_id is not None:
        asked = asked.where(Contact.owner_key == user_id)
    last = 0
    while rows := work.session.execute(asked.where(Contact.id > last).order_by(Contact.id).limit(AT_ONCE)).all():
        yield rows
        last = rows[-1].id
        if len(rows) < AT_ONCE:
            return


def _falling(work: Work, rules: Rules, rows: Sequence[Any], until: date) -> list[Falling]:
    ids = [row.id for row in rows]
    held: set[int] = set()
    for hold in above.holds():
        held |= hold.held(work, ids).keys()
    dealt = _dealt(work, [id_ for id_ in ids if id_ not in held]) if rules.deal_days else {}
    zone = company(work).timezone
    found = []
    for row in rows:
        if row.id in held:
            continue
        kept = Kept(
            business_date(row.owned_since, zone),
            business_date(row.last_contact_at, zone) if row.last_contact_at is not None else None,
            business_date(dealt[row.id], zone) if row.id in dealt else None,
        )
        falls = release_day(kept, rules.clocks)
        if falls is not None and falls[0] <= until:
            found.append(Falling(row.id, row.name, row.owner_id, *falls, row.last_contact_at))
    return found


def _dealt(work: Work, ids: Sequence[int]) -> Mapping[int, datetime]:
    last: dict[int, datetime] = {}
    for hold in above.holds():
        for id_, at in hold.dealt(work, ids).items():
            last[id_] = max(at, last.get(id_, at))
    return last
