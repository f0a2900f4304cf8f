"""When a backup is due: exactly the stated runs, whatever the clock, the season or the lid of the laptop does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.backup.kinds import Status
from crm_desktop.backup.schedule import (
    RETRY,
    Slot,
    Why,
    claim_of,
    due,
    instant_of,
    is_claimed,
    last_slots,
    longest_gap,
    next_run,
)

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    active: bool = True
    at: str = "12:30"
    days: str = "1234567"


@dataclass(frozen=True)
class Run:
    sequence: int
    status: Status
    started_at: datetime
    finished_at: datetime | None = None


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def good(sequence: int, text: str) -> Run:
    return Run(sequence, Status.VERIFIED, at(text), at(text))


def lived(plan: Plan, runs: Sequence[Run], moments: Sequence[datetime], zone: ZoneInfo = SHANGHAI) -> list[datetime]:
    """Return when backups ran, one succeeding at once whenever it was due at one of the moments."""
    held, ran = list(runs), []
    for now in moments:
        if due(plan, held, now, zone) is not None:
            ran.append(now)
            number = max((run.sequence for run in held), default=0) + 1
            held.append(Run(number, Status.VERIFIED, now, now))
    return ran


def minutes(first: datetime, last: datetime) -> list[datetime]:
    return [first + MINUTE * n for n in range(int((last - first) / MINUTE) + 1)]


def test_a_plan_of_weekdays_runs_on_them_alone() -> None:
    plan = Plan(days="135", at="18:05")
    friday = at("2026-11-20 18:05")
    assert next_run(plan, at("2026-11-18 18:05"), SHANGHAI) == friday
    assert next_run(plan, friday, SHANGHAI) == at("2026-11-23 18:05")
    assert last_slots(plan, friday, SHANGHAI, 3) == [friday, at("2026-11-18 18:05"), at("2026-11-16 18:05")]
    assert longest_gap(plan) == timedelta(days=3)
    assert longest_gap(Plan(days="4")) == timedelta(days=7)


def test_nothing_is_due_without_a_plan() -> None:
    for plan in (Plan(active=False), Plan(days="")):
        assert due(plan, [], at("2026-11-20 12:31"), SHANGHAI) is None
        assert next_run(plan, at("2026-11-20 12:31"), SHANGHAI) is None
    assert longest_gap(Plan(active=False)) == timedelta(days=7)


def test_a_day_with_the_program_open_has_one_run_on_time() -> None:
    moments = minutes(at("2026-11-20 08:00"), at("2026-11-21 08:00"))
    assert lived(Plan(), [good(4, "2026-11-19 12:30")], moments) == [at("2026-11-20 12:30")]


def test_seven_days_asleep_are_caught_up_once() -> None:
    runs = [good(9, "2026-11-13 12:30")]
    woken = at("2026-11-20 09:00")
    slot = due(Plan(), runs, woken, SHANGHAI)
    assert slot is not None
    assert slot.why is Why.CAUGHT_UP
    assert lived(Plan(), runs, minutes(woken, at("2026-11-20 12:00"))) == [woken]
    # and the one of that day is on time
    assert lived(Plan(), runs, minutes(woken, at("2026-11-20 20:00"))) == [woken, at("2026-11-20 12:30")]


def test_the_first_backup_is_made_as_soon_as_there_is_a_plan() -> None:
    assert due(Plan(), [], at("2026-11-20 09:00"), SHANGHAI) is not None


def test_a_clock_set_back_two_days_runs_once_and_says_so() -> None:
    runs = [good(5, "2026-11-22 12:30")]
    back = at("2026-11-20 13:00")
    slot = due(Plan(), runs, back, SHANGHAI)
    assert slot is not None
    assert slot.why is Why.CLOCK
    ran = lived(Plan(), runs, minutes(back, at("2026-11-22 23:00")))
    assert ran == [back, at("2026-11-21 12:30"), at("2026-11-22 12:30")]


def test_a_clock_ahead_73_years_runs_once_there_and_once_back() -> None:
    runs = [good(5, "2026-11-20 12:30")]
    ahead = minutes(at("2099-11-20 13:00"), at("2099-11-20 18:00"))
    again = minutes(at("2026-11-20 14:00"), at("2026-11-21 13:00"))
    ran = lived(Plan(), runs, [*ahead, *again])
    assert ran == [ahead[0], again[0], at("2026-11-21 12:30")]


def test_a_few_seconds_between_two_computers_are_no_jump() -> None:
    run = Run(3, Status.VERIFIED, at("2026-11-20 12:30") + timedelta(seconds=40))
    assert due(Plan(), [run], at("2026-11-20 12:30") + timedelta(seconds=5), SHANGHAI) is None


def test_a_time_the_clocks_skip_is_an_hour_later_that_day() -> None:
    plan = Plan(at="02:30")
    assert instant_of(date(2026, 3, 29), "02:30", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at("2026-03-29 03:30", BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    night = minutes(at("2026-03-28 20:00", BERLIN), at("2026-03-29 20:00", BERLIN))
    runs = [Run(1, Status.VERIFIED, at("2026-03-28 02:30", BERLIN))]
    assert lived(plan, runs, night, BERLIN) == [at("2026-03-29 03:30", BERLIN)]


def test_a_time_that_comes_twice_runs_once() -> None:
    plan = Plan(at="02:30")
    night = minutes(at("2026-10-24 20:00", BERLIN), at("2026-10-25 20:00", BERLIN))
    runs = [Run(1, Status.VERIFIED, at("2026-10-24 02:30", BERLIN))]
    assert lived(plan, runs, night, BERLIN) == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
    assert next_run(plan, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN) == at("2026-10-26 02:30", BERLIN)


def test_a_failed_one_is_tried_again_after_a_quarter_of_an_hour_until_one_succeeds() -> None:
    slot = at("2026-11-20 12:30")
    runs = [good(1, "2026-11-19 12:30"), Run(2, Status.FAILED, slot, slot + MINUTE)]
    assert due(Plan(), runs, slot + 15 * MINUTE, SHANGHAI) is None
    again = due(Plan(), runs, slot + MINUTE + RETRY, SHANGHAI)
    assert again is not None
    assert again.why is Why.RETRIED
    runs.append(Run(3, Status.FAILED, slot + 16 * MINUTE, slot + 17 * MINUTE))
    assert due(Plan(), runs, slot + 31 * MINUTE, SHANGHAI) is None
    assert due(Plan(), runs, slot + 32 * MINUTE, SHANGHAI) is not None
    runs.append(Run(4, Status.VERIFIED, slot + 32 * MINUTE, slot + 33 * MINUTE))
    assert due(Plan(), runs, slot + 600 * MINUTE, SHANGHAI) is None


def test_a_failure_dated_in_the_future_does_not_hold_up_the_next_try() -> None:
    runs = [good(1, "2026-11-19 12:30"), Run(2, Status.FAILED, at("2099-01-01 12:30"), at("2099-01-01 12:31"))]
    assert due(Plan(), runs, at("2026-11-20 12:31"), SHANGHAI) is not None


def test_while_one_runs_or_was_stopped_by_hand_no_other_begins() -> None:
    slot = at("2026-11-20 12:30")
    for status in (Status.RUNNING, Status.CANCELLED):
        runs = [good(1, "2026-11-19 12:30"), Run(2, status, slot, None)]
        assert due(Plan(), runs, slot + 60 * MINUTE, SHANGHAI) is None
    assert due(
        Plan(), [good(1, "2026-11-19 12:30"), Run(2, Status.CANCELLED, slot)], slot + timedelta(days=1), SHANGHAI
    )


def test_one_made_by_hand_before_the_time_does_not_stand_for_it() -> None:
    assert due(Plan(), [good(1, "2026-11-20 12:29")], at("2026-11-20 12:30"), SHANGHAI) is not None
    assert due(Plan(), [good(1, "2026-11-20 12:31")], at("2026-11-20 18:30"), SHANGHAI) is None


def test_a_claim_holds_for_its_slot_and_for_a_while() -> None:
    now = at("2026-11-20 12:30")
    slot = due(Plan(), [], now, SHANGHAI)
    assert slot is not None
    written = claim_of(slot, now)
    assert is_claimed(slot, written, now + 5 * MINUTE)
    assert not is_claimed(slot, written, now + 20 * MINUTE)
    assert not is_claimed(slot, written, now - timedelta(days=2))
    assert not is_claimed(replace(slot, key="another"), written, now)
    assert not is_claimed(slot, slot.key + " nonsense", now)
    assert not is_claimed(slot, "", now)


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_error(year: int) -> None:
    now = datetime(year, 1 if year == 1 else 12, 2 if year == 1 else 30, tzinfo=UTC)
    assert isinstance(due(Plan(), [], now, SHANGHAI), Slot | None)
    next_run(Plan(days="1"), now, SHANGHAI)
