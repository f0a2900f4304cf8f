"""Which backups may go: never too many, and never because of a clock that jumped."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.backup.retention import Copy, Keep, to_drop

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(count: int, first: int = 1, until: datetime = NOON) -> list[Copy]:
    """One copy a day, the newest at `until`, numbered from `first`."""
    return [Copy(f"c{first + n}", first + n, until - DAY * (count - 1 - n)) for n in range(count)]


def kept(copies: list[Copy], now: datetime = NOON, keep: Keep | None = None) -> set[str]:
    gone = to_drop(copies, now, ZONE, keep) if keep else to_drop(copies, now, ZONE)
    return {one.name for one in copies} - {one.name for one in gone}


def test_a_year_of_days_keeps_seven_days_five_weeks_twelve_months() -> None:
    copies = daily(400)
    left = [one for one in copies if one.name in kept(copies)]
    days = [one.made_at.astimezone(ZONE).date() for one in left]
    assert days[-7:] == [(NOON - DAY * back).astimezone(ZONE).date() for back in range(6, -1, -1)]
    assert len({day.isocalendar()[:2] for day in days[-9:]}) >= 4
    # the last day of each of twelve months, this one's being today
    assert len({(day.year, day.month) for day in days}) == 12
    assert 20 <= len(left) <= 24


def test_doing_it_again_drops_nothing_more() -> None:
    copies = daily(400)
    left = [one for one in copies if one.name in kept(copies)]
    assert kept(left) == {one.name for one in left}


def test_of_one_day_the_newest_stays() -> None:
    copies = [*daily(20), Copy("late", 21, NOON + timedelta(hours=2)), Copy("later", 22, NOON + timedelta(hours=3))]
    left = kept(copies, NOON + timedelta(hours=4))
    assert "later" in left
    # c20 and "late" are among the three newest
    assert {"c20", "late"} <= left
    assert "c20" not in kept([*copies, Copy("last", 23, NOON + timedelta(hours=4))], NOON + timedelta(hours=5))


def test_a_day_is_the_one_of_the_company() -> None:
    before, after = datetime(2026, 11, 19, 15, 59, tzinfo=UTC), datetime(2026, 11, 19, 16, 1, tzinfo=UTC)
    keep = Keep(daily=2, weekly=0, monthly=0, least=0)
    copies = [Copy("eve", 1, before), Copy("midnight", 2, after)]
    assert kept(copies, NOON, keep) == {"eve", "midnight"}
    assert {one.name for one in to_drop(copies, NOON, ZoneInfo("UTC"), keep)} == {"eve"}


def test_only_verified_ones_count_and_go() -> None:
    copies = daily(3)
    bad = [Copy(f"bad{n}", 10 + n, NOON + timedelta(minutes=n), verified=False) for n in range(9)]
    left = kept([*copies, *bad], NOON + timedelta(hours=1), Keep(1, 0, 0))
    assert left == {one.name for one in [*copies, *bad]}


def test_never_below_three_verified_ones() -> None:
    assert len(kept(daily(9), keep=Keep(daily=1, weekly=1, monthly=1))) >= 3
    assert len(kept(daily(2), keep=Keep(daily=0, weekly=0, monthly=0))) == 2


def test_what_is_dated_in_the_future_is_ignored_and_kept() -> None:
    future = [Copy(f"f{n}", 100 + n, NOON.replace(year=2099) + DAY * n) for n in range(30)]
    copies = daily(400)
    assert kept([*copies, *future]) == kept(copies) | {one.name for one in future}


def test_a_clock_ahead_73_years_drops_no_more_than_a_day_would() -> None:
    copies = daily(40)
    ahead = Copy("ahead", 41, NOON.replace(year=2099))
    now = NOON.replace(year=2099)
    assert len(kept([*copies, ahead], now)) >= len(kept(copies)) - 1


def test_a_clock_set_back_drops_by_number() -> None:
    copies = daily(10)
    back = Copy("back", 11, NOON - 2 * DAY)
    left = kept([*copies, back], NOON - 2 * DAY + timedelta(minutes=1))
    # the two from the future are not looked at; of the day that came twice the newer number stays
    assert {"back", "c9", "c10"} <= left


def test_copies_before_a_risky_step_stay_ninety_days_apart_from_the_rest() -> None:
    young = Copy("young", 1, NOON - 89 * DAY, safety=True)
    old = Copy("old", 0, NOON - 95 * DAY, safety=True)
    copies = [old, young, *daily(30, first=2)]
    left = kept(copies)
    assert "young" in left
    assert "old" not in left


def test_one_backup_with_a_wrong_date_makes_no_safety_copy_old() -> None:
    copies = [Copy("safe", 1, NOON, safety=True), Copy("ahead", 2, NOON.replace(year=2099))]
    assert "safe" in kept(copies, NOON.replace(year=2099))


@given(st.integers(), st.integers(0, 60), st.integers(1, 40))
def test_whatever_the_clock_does_three_stay_and_the_newest_always(seed: int, count: int, jumps: int) -> None:
    """A life of backups with a jumping clock: after every run, what the rule leaves never falls below three."""
    rng = random.Random(seed)
    now, held = NOON, list[Copy]()
    for number in range(count):
        now += timedelta(hours=rng.randrange(1, 40))
        if rng.randrange(jumps) == 0:
            now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(-700, 27000))
        held.append(Copy(str(number), number, now, safety=rng.random() < 0.1))
        gone = {one.name for one in to_drop(held, now, ZONE)}
        before = [one for one in held if not one.safety]
        held = [one for one in held if one.name not in gone]
        regular = [one for one in held if not one.safety]
        assert len(regular) >= min(3, len(before))
        assert not before or before[-1] in held
