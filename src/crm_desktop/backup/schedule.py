"""When a backup is due: wall-clock times of the company's zone, missed ones once, whatever the clock does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from crm_desktop.backup.kinds import Status

RETRY: Final = timedelta(minutes=15)
"""A backup that failed is tried again after this, until one succeeds."""
TOLERANCE: Final = timedelta(minutes=2)
"""Clocks of two computers differ by as much without anything being wrong."""
CLAIM: Final = timedelta(minutes=15)
"""Whoever claimed a slot and noted no run by then is gone."""
_WEEK: Final = 7


class Timed(Protocol):
    """What is asked of a plan; `days` are ISO weekdays as digits, `at` is HH:MM."""

    @property
    def active(self) -> bool:
        """Return whether anything runs by itself."""
        ...

    @property
    def at(self) -> str:
        """Return the time of day."""
        ...

    @property
    def days(self) -> str:
        """Return the weekdays."""
        ...


class Tried(Protocol):
    """What is asked of a run."""

    @property
    def sequence(self) -> int:
        """Return its number."""
        ...

    @property
    def status(self) -> Status:
        """Return how far it came."""
        ...

    @property
    def started_at(self) -> datetime:
        """Return when it began."""
        ...

    @property
    def finished_at(self) -> datetime | None:
        """Return when it ended."""
        ...


class Why(StrEnum):
    """Why a backup is due now."""

    ON_TIME = "on-time"
    CAUGHT_UP = "caught-up"
    """One or more were missed while the computer slept or was off."""
    RETRIED = "retried"
    CLOCK = "clock"
    """The last good one is dated in the future, so nothing can be said of its age."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A backup that is due: the scheduled instant (UTC), and `key`, the same on every computer that looks now."""

    at: datetime
    why: Why
    key: str


def instant_of(day: date, at: str, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a wall-clock time.

    A time the clocks skip is an hour later that day; of a time that comes twice it is the first.
    """
    return datetime.combine(day, time.fromisoformat(at), tzinfo=zone).astimezone(UTC)


def next_run(plan: Timed, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first scheduled instant later than `after`, None when nothing is scheduled."""
    if not plan.active:
        return None
    return next((one for one in _around(plan, after, zone, range(-1, _WEEK + 2)) if one > after), None)


def last_slots(plan: Timed, now: datetime, zone: ZoneInfo, count: int = 1) -> list[datetime]:
    """Return the last `count` scheduled instants up to `now`, newest first; none when nothing is scheduled."""
    if not plan.active or not plan.days:
        return []
    days = range(1, -_WEEK * count - 2, -1)
    return [one for one in _around(plan, now, zone, days) if one <= now][:count]


def due(plan: Timed, runs: Sequence[Tried], now: datetime, zone: ZoneInfo) -> Slot | None:
    """Return what has to run now, None when nothing has.

    `runs` are those that were to keep the company safe, in any order; they are put in order by their
    number, since clocks jump. One run makes good any number of missed ones.
    """
    slots = last_slots(plan, now, zone, 2)
    if not slots:
        return None
    ordered = sorted(runs, key=lambda run: run.sequence)
    last = ordered[-1].sequence if ordered else 0
    good = next((run for run in reversed(ordered) if run.status is Status.VERIFIED), None)
    from_future = good is not None and good.started_at > now + TOLERANCE
    slot = slots[0]
    if good is not None and not from_future and good.started_at >= slot:
        return None
    since = [run for run in ordered if good is None or run.sequence > good.sequence]
    if any(run.status is Status.RUNNING for run in since):
        return None
    tried = [run for run in since if from_future or slot <= run.started_at <= now + TOLERANCE]
    if tried:
        if not _may_retry(tried[-1], now):
            return None
        why = Why.RETRIED
    elif from_future:
        why = Why.CLOCK
    else:
        missed = good is not None and len(slots) > 1 and good.started_at < slots[1]
        why = Why.CAUGHT_UP if missed or now - slot > RETRY else Why.ON_TIME
    return Slot(slot, why, f"{slot:%Y-%m-%dT%H:%MZ}#{last}")


def claim_of(slot: Slot, now: datetime) -> str:
    """Return what is written down by the computer that takes `slot`."""
    return f"{slot.key} {now:%Y-%m-%dT%H:%M:%SZ}"


def is_claimed(slot: Slot, written: str, now: datetime) -> bool:
    """Return whether another computer took `slot` a moment ago; a claim nothing came of does not hold."""
    key, _blank, at = written.partition(" ")
    if key != slot.key:
        return False
    try:
        claimed_at = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(now - claimed_at) < CLAIM


def longest_gap(plan: Timed) -> timedelta:
    """Return the longest time the plan leaves between two backups, a week when it says nothing."""
    days = sorted({int(day) for day in plan.days})
    if not plan.active or not days:
        return timedelta(days=_WEEK)
    return timedelta(days=max(after - before for before, after in pairwise([*days, days[0] + _WEEK])))


def _may_retry(run: Tried, now: datetime) -> bool:
    if run.status is Status.CANCELLED:
        return False  # Somebody stopped it, so the next one is the next scheduled one.
    ended = run.finished_at or run.started_at
    return not timedelta(0) <= now - ended < RETRY


def _around(plan: Timed, instant: datetime, zone: ZoneInfo, days: range) -> Iterator[datetime]:
    """Yield the scheduled instants of the days so many days from the one of `instant`."""
    local = instant.astimezone(zone).date()
    for offset in days:
        try:
            day = local + timedelta(days=offset)
        except OverflowError:
            continue
        if str(day.isoweekday()) in plan.days:
            yield instant_of(day, plan.at, zone)
