"""A year of scheduled backups with clocks that jump: the stated runs, no other, and never fewer than three copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.backup import retention, schedule
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.retention import Copy
from crm_desktop.backup.schedule import Why
from tests.soak.faults import SOAK

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta(minutes=15 if SOAK else 30)
BEGAN = datetime(2026, 1, 1, 6, 0, tzinfo=UTC)
DAYS = 365


@dataclass(frozen=True)
class Plan:
    active: bool = True
    at: str = "02:30"
    days: str = "1234567"


@dataclass(frozen=True)
class Run:
    sequence: int
    started_at: datetime
    why: object
    status: Status = Status.VERIFIED

    @property
    def finished_at(self) -> datetime:
        return self.started_at + timedelta(minutes=1)


Due = Callable[[Plan, Sequence[Run], datetime, ZoneInfo], object]
Drop = Callable[[Sequence[Copy], datetime, ZoneInfo], Sequence[Copy]]


@dataclass
class Year:
    """What happened: every run with the true time it was made at, and the fewest copies there ever were."""

    runs: list[Run] = field(default_factory=list)
    true_at: list[datetime] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    fewest: int = 99

    def on(self, true_day: datetime) -> list[Run]:
        """Return the runs of the 24 hours from a true instant."""
        return [
            run for run, at in zip(self.runs, self.true_at, strict=True) if timedelta(0) <= at - true_day < timedelta(1)
        ]


BACK = BEGAN + timedelta(days=100, hours=3)
"""The clock goes back two days and stays there for a week."""
BACK_ENDS = BACK + timedelta(days=7)
AHEAD = BEGAN + timedelta(days=150, hours=3)
"""The clock goes ahead 73 years for three hours."""
AHEAD_ENDS = AHEAD + timedelta(hours=3)
ASLEEP = BEGAN + timedelta(days=200, hours=3)
AWAKE = ASLEEP + timedelta(days=7)
SPRING = datetime(2026, 3, 28, 12, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 12, tzinfo=UTC)


def shown(true: datetime) -> datetime | None:
    """Return what the computer's clock shows, None while it sleeps."""
    if ASLEEP <= true < AWAKE:
        return None
    if BACK <= true < BACK_ENDS:
        return true - timedelta(days=2)
    if AHEAD <= true < AHEAD_ENDS:
        return true.replace(year=true.year + 73)
    return true


def live(due: Due, drop: Drop) -> Year:
    """Look every half hour for a year, back up when it is due, and drop what may go."""
    year = Year()
    true = BEGAN
    while true < BEGAN + timedelta(days=DAYS):
        true += TICK
        now = shown(true)
        slot = due(Plan(), year.runs[-60:], now, BERLIN) if now is not None else None
        if now is None or slot is None:
            continue
        number = len(year.runs) + 1
        year.runs.append(Run(number, now, getattr(slot, "why", None)))
        year.true_at.append(true)
        year.copies.append(Copy(f"{number:04}", number, now))
        gone = {copy.name for copy in drop(year.copies, now, BERLIN)}
        year.copies = [copy for copy in year.copies if copy.name not in gone]
        if number > 3:
            year.fewest = min(year.fewest, len(year.copies))
    return year


@pytest.fixture(scope="module")
def year() -> Year:
    return live(schedule.due, retention.to_drop)


def faults_of(year: Year) -> list[str]:
    """Return in which points a year was not as stated."""
    found = []
    if year.fewest < 3:
        found.append("fewer than three copies")
    looked = [BEGAN, *year.true_at, BEGAN + timedelta(days=DAYS)]
    silent = [later - before for before, later in pairwise(looked)]
    if max(silent) > timedelta(days=7, hours=24):
        found.append("no backup for longer than the sleep and a day")
    if any(len(year.on(BEGAN + timedelta(days=day))) > 3 for day in range(DAYS)):
        found.append("a storm of backups")
    if not DAYS - 8 <= len(year.runs) <= DAYS + 8:
        found.append(f"{len(year.runs)} backups")
    return found


def test_a_year_has_the_stated_runs_and_three_copies(year: Year) -> None:
    assert faults_of(year) == []
    assert len(year.copies) <= 7 + 5 + 12 + 3


def test_a_clock_that_goes_back_makes_one_backup_at_once(year: Year) -> None:
    whys = [run.why for run in year.on(BACK)]
    assert whys == [Why.CLOCK, Why.ON_TIME], "at once, and at night"
    assert next(run.why for run in year.on(BACK_ENDS)) is Why.CAUGHT_UP
    for day in range(1, 7):
        assert [run.why for run in year.on(BACK + timedelta(days=day))] == [Why.ON_TIME]


def test_a_clock_far_ahead_makes_one_backup_there_and_one_when_it_is_back(year: Year) -> None:
    runs = year.on(AHEAD)
    assert [(run.why, run.started_at.year) for run in runs] == [
        (Why.CAUGHT_UP, 2099),
        (Why.CLOCK, 2026),
        (Why.ON_TIME, 2026),
    ]
    assert [copy.made_at.year for copy in year.copies if copy.made_at.year > 2027] == [2099], "never dropped unseen"


def test_both_nights_the_clocks_change_have_one_backup(year: Year) -> None:
    (spring,) = year.on(SPRING)
    assert spring.started_at.astimezone(BERLIN).strftime("%H:%M") == "03:30", "02:30 does not exist that night"
    (autumn,) = year.on(AUTUMN)
    assert autumn.started_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two 02:30"


def test_seven_days_asleep_are_made_good_once(year: Year) -> None:
    during = [at for at in year.true_at if ASLEEP <= at < AWAKE]
    assert during == []
    assert [run.why for run in year.on(AWAKE)] == [Why.CAUGHT_UP, Why.ON_TIME]


def by_age_only(copies: Sequence[Copy], now: datetime, _zone: ZoneInfo) -> list[Copy]:
    return [copy for copy in copies[:-1] if now - copy.made_at > timedelta(days=30)]


def by_interval_only(_plan: Plan, runs: Sequence[Run], now: datetime, _zone: ZoneInfo) -> object:
    return "now" if not runs or now - runs[-1].started_at >= timedelta(days=1) else None


def by_wall_clock_only(plan: Plan, runs: Sequence[Run], now: datetime, zone: ZoneInfo) -> object:
    """As careless schedulers do: it runs in the minute whose name is the plan's."""
    return "now" if now.astimezone(zone).strftime("%H:%M") == plan.at else None


def test_a_retention_by_age_is_found_out() -> None:
    assert "fewer than three copies" in faults_of(live(schedule.due, by_age_only))


def test_a_schedule_by_interval_is_found_out() -> None:
    assert "no backup for longer than the sleep and a day" in faults_of(live(by_interval_only, retention.to_drop))


def test_a_schedule_by_the_name_of_the_minute_is_found_out(year: Year) -> None:
    careless = live(by_wall_clock_only, retention.to_drop)
    assert len(careless.on(SPRING)) == 0, "never in the night without that minute"
    assert len(careless.on(AUTUMN)) == 2, "twice in the night with two"
    assert len(year.on(SPRING)) == len(year.on(AUTUMN)) == 1
