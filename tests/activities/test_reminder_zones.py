"""Where clocks are changed, and where the computer stands in another zone, nothing vanishes and nothing comes twice."""

from __future__ import annotations

import os
import time as clocks
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import update

from crm_desktop.access.company import today
from crm_desktop.access.model import Company
from crm_desktop.activities.reminders import remind_at
from crm_desktop.activities.ui.reminder_watch import snoozed_until
from crm_desktop.activities.waiting import Waiting, waiting
from crm_desktop.db.work import Database
from crm_desktop.home import day
from crm_desktop.shared.actor import SYSTEM
from tests.activities.reminded import customer, planned, take
from tests.companies import Firm

CHANGES = (
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight does not exist
    ("America/Sao_Paulo", date(2018, 2, 18)),  # the last hour of the day before comes twice
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Asia/Shanghai", date(1991, 4, 14)),
    ("Asia/Shanghai", date(1991, 9, 15)),
    ("America/New_York", date(2026, 3, 8)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Asia/Shanghai", date(2026, 11, 20)),  # nothing is changed there nowadays
)
NEAR = st.tuples(st.sampled_from(CHANGES), st.integers(-2, 2)).map(
    lambda one: (one[0][0], one[0][1] + timedelta(one[1]))
)
TIMES = st.times().map(lambda at: f"{at:%H:%M}")
DAY = 24 * 60


def exists(at: datetime) -> bool:
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


@given(NEAR, TIMES | st.just(""), st.integers(0, 3 * DAY) | st.sampled_from([0, 30, 60, DAY, 2 * DAY]))
@example(("Europe/Berlin", date(2026, 3, 29)), "03:15", 30)
@example(("America/New_York", date(2026, 11, 1)), "01:30", 60)
def test_a_reminder_comes_as_long_before_as_it_was_asked_for(place: tuple[str, date], at: str, minutes: int) -> None:
    zone, on = place
    local = datetime.combine(on, time.fromisoformat(at or "09:00"), ZoneInfo(zone))
    due, found = local.astimezone(UTC), remind_at(on, at, minutes, zone)
    if minutes % DAY:
        assert due - found == timedelta(minutes=minutes)
        return
    assert found <= due
    before = datetime.combine(on - timedelta(days=minutes // DAY), local.time(), ZoneInfo(zone))
    if exists(before):
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == before.replace(tzinfo=None)


@given(NEAR, st.integers(0, DAY - 1))
def test_tomorrow_at_nine_is_nine(place: tuple[str, date], minute: int) -> None:
    zone, on = place
    now = datetime.combine(on, time(), UTC) + timedelta(minutes=minute)
    until = snoozed_until("tomorrow", now, zone).astimezone(UTC).astimezone(ZoneInfo(zone))
    assert (until.date(), until.time()) == (now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time(9))
    assert snoozed_until("hour", now, zone) - now == timedelta(hours=1)


@pytest.fixture
def _computer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer that stands in another zone than the company."""
    if os.name != "posix":
        pytest.skip("another zone is set as POSIX does")
    monkeypatch.setenv("TZ", request.param)
    clocks.tzset()
    yield
    monkeypatch.undo()
    clocks.tzset()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("_computer", "zone", "on"),
    [
        ("Pacific/Kiritimati", *CHANGES[0]),
        ("America/Los_Angeles", *CHANGES[1]),
        ("Europe/Berlin", *CHANGES[2]),
        ("America/Los_Angeles", *CHANGES[5]),
    ],
    indirect=["_computer"],
)
def test_a_walk_over_the_change(_computer: None, database: Database, firm: Firm, zone: str, on: date) -> None:
    """Hour by hour: each line of My day stands in one place, each reminder comes once and on time."""
    with database.begin(SYSTEM) as work:
        work.session.execute(update(Company).values(timezone=zone))
    begin = datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=26)
    database.clock.instant = begin  # type: ignore[attr-defined]
    mill = customer(database, firm.anna)
    due: dict[int, tuple[date, datetime]] = {}
    for days in range(-1, 3):
        for at in ("00:30", "02:10", ""):
            to_do = on + timedelta(days)
            id_ = planned(database, firm.anna, mill, due_on=to_do, due_time=at, minutes=30)
            due[id_] = (to_do, remind_at(to_do, at, 30, zone))
    came: dict[int, datetime] = {}
    for hour in range(40):
        now = begin + timedelta(hours=hour, minutes=30)
        database.clock.instant = now  # type: ignore[attr-defined]
        shown = [*take(database, firm.anna, "office/1/a"), *take(database, firm.anna, "home/2/b")]
        assert len(shown) == len(set(shown)), "on two screens at once"
        for id_ in shown:
            came.setdefault(id_, now)
        assert came.keys() == {id_ for id_, (_on, instant) in due.items() if instant <= now}
        assert set(came) == set(shown), "nobody answered: it stands there"
        with database.read(firm.anna) as work:
            local, found, count = today(work), day.my_day(work), waiting(work)
        assert local == now.astimezone(ZoneInfo(zone)).date()
        lists = [[line.id for line in lines] for lines in (found.overdue, found.today, found.week)]
        assert sorted(id_ for ids in lists for id_ in ids) == sorted(due), "one is gone, or stands in two places"
        assert set(lists[0]) == {id_ for id_, (to_do, _at) in due.items() if to_do < local}
        assert set(lists[1]) == {id_ for id_, (to_do, _at) in due.items() if to_do == local}
        assert count == Waiting(len(lists[0]) + len(lists[1]), len(lists[0]))
