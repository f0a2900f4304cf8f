"""Which backups may go: decided by their numbers and calendar days, never by a clock that jumped."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

TOLERANCE: Final = timedelta(minutes=10)
"""Clocks of two computers differ by as much: what is dated later than that is from a clock that jumped."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup in a folder. `made_at` is UTC; a `safety` copy guards an import, upgrade, move or restore."""

    name: str
    sequence: int
    made_at: datetime
    verified: bool = True
    safety: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """How many of the newest days, weeks and months keep one backup each."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    least: int = 3
    """So many verified ones stay whatever the days say."""
    safety_days: int = 90


KEEP: Final = Keep()


def to_drop(copies: Iterable[Copy], now: datetime, zone: ZoneInfo, keep: Keep = KEEP) -> list[Copy]:
    """Return what may be removed, oldest first.

    Only verified ones count and only they go; what is dated after `now` neither counts nor goes. Periods are
    calendar days, ISO weeks and months of `zone` that have a backup, so a clock that jumps by years
    makes none of them older.
    """
    known = [one for one in copies if one.verified and one.made_at <= now + TOLERANCE]
    known.sort(key=lambda one: (one.sequence, one.made_at), reverse=True)
    regular = [one for one in known if not one.safety]
    kept = {one.name for one in regular[: keep.least]}
    for count, period in ((keep.daily, _day), (keep.weekly, _week), (keep.monthly, _month)):
        kept |= _newest_of_each(regular, count, period, zone)
    gone = [one for one in regular if one.name not in kept]
    gone += [one for one in known if one.safety and _outlived(one, known, zone, keep)]
    return sorted(gone, key=lambda one: one.sequence)


def _newest_of_each(
    ordered: Sequence[Copy], count: int, period: Callable[[date], Hashable], zone: ZoneInfo
) -> set[str]:
    newest: dict[Hashable, str] = {}
    for one in ordered:
        if len(newest) == count:
            break
        newest.setdefault(period(one.made_at.astimezone(zone).date()), one.name)
    return set(newest.values())


def _outlived(one: Copy, known: Sequence[Copy], zone: ZoneInfo, keep: Keep) -> bool:
    """Tell whether backups of several later days are that much younger: one alone may have a wrong date."""
    least = one.made_at + timedelta(days=keep.safety_days)
    later = {
        other.made_at.astimezone(zone).date()
        for other in known
        if not other.safety and other.sequence > one.sequence and other.made_at >= least
    }
    return len(later) >= keep.least


def _day(day: date) -> Hashable:
    return day


def _week(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: date) -> Hashable:
    return (day.year, day.month)
