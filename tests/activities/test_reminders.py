"""A reminder is shown once to its person, whichever computer is on, and never lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm_desktop.access import people
from crm_desktop.activities import reminders, watching
from crm_desktop.activities.model import Activity, ActivityReminder
from crm_desktop.activities.watching import GONE_SECONDS, Watch
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from tests.activities.reminded import NINE, TODAY, customer, planned, take
from tests.companies import NOW, Firm

OFFICE, HOME = "office/1/a", "home/2/b"


@pytest.fixture
def call(database: Database, firm: Firm) -> int:
    """A call Anna planned for today, to be reminded of at nine."""
    return planned(database, firm.anna, customer(database, firm.anna))


def held(database: Database, actor: Actor, window: str) -> tuple[reminders.Held, ...]:
    with database.read(actor) as work:
        return reminders.held(work, window)


def shown(database: Database, actor: Actor, window: str) -> list[int]:
    with database.read(actor) as work:
        return [one.activity_id for one in reminders.shown(work, window)]


def at(database: Database, instant: datetime) -> None:
    database.clock.instant = instant  # type: ignore[attr-defined]


def reminder(database: Database, activity_id: int) -> ActivityReminder | None:
    with database.read(SYSTEM) as work:
        return work.session.get(ActivityReminder, activity_id)


def test_two_windows_of_one_person_show_it_once(database: Database, firm: Firm, call: int) -> None:
    assert take(database, firm.anna, OFFICE) == [call]
    assert take(database, firm.anna, HOME) == []
    assert take(database, firm.anna, OFFICE) == [call], "it stands there until it is answered"


def test_asking_in_the_same_moment_gives_each_to_exactly_one(database: Database, firm: Firm) -> None:
    ids = [planned(database, firm.anna, customer(database, firm.anna, f"Mill {n}")) for n in range(12)]
    got: dict[str, list[int]] = {}
    ready = threading.Barrier(4)

    def ask(window: str) -> None:
        ready.wait()
        got[window] = take(database, firm.anna, window)

    threads = [threading.Thread(target=ask, args=(f"pc{n}/1/a",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(id_ for some in got.values() for id_ in some) == ids


def test_nobody_else_gets_it(database: Database, firm: Firm, call: int) -> None:
    for other in (firm.chen, firm.manager, firm.boss, firm.outsider, firm.buyer):
        assert take(database, other, HOME) == []


def test_it_comes_at_its_time_and_not_before(database: Database, firm: Firm) -> None:
    id_ = planned(database, firm.anna, customer(database, firm.anna), due_time="18:00", minutes=10)
    assert take(database, firm.anna, OFFICE) == []
    at(database, NOW + timedelta(minutes=20))
    assert take(database, firm.anna, OFFICE) == [id_]


@pytest.mark.parametrize(("due_time", "minutes", "hour"), [("", 0, 9), ("16:00", 60, 15), ("", 24 * 60, -15)])
def test_the_lead_is_taken_off_the_time_in_the_companys_zone(
    database: Database, firm: Firm, due_time: str, minutes: int, hour: int
) -> None:
    id_ = planned(database, firm.anna, customer(database, firm.anna), due_time=due_time, minutes=minutes)
    row = reminder(database, id_)
    assert row is not None
    assert row.remind_at == NINE + timedelta(hours=hour - 9)


def test_what_a_killed_window_held_comes_to_another_after_a_while(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    watch = Watch()
    assert watch.gone(held(database, firm.anna, HOME), 0.0) == frozenset()
    assert watch.gone(held(database, firm.anna, HOME), GONE_SECONDS - 1) == frozenset()
    gone = watch.gone(held(database, firm.anna, HOME), GONE_SECONDS)
    assert gone == {OFFICE}
    assert take(database, firm.anna, HOME, tuple(gone)) == [call]
    assert shown(database, firm.anna, OFFICE) == [], "a window that wakes up again does not show it a second time"


def test_a_window_that_renews_keeps_what_it_holds(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    watch = Watch()
    for minute in range(30):
        at(database, NOW + timedelta(minutes=minute))
        with database.begin(firm.anna) as work:
            reminders.renew(work, OFFICE)
        assert watch.gone(held(database, firm.anna, HOME), minute * 60.0) == frozenset()


@pytest.mark.parametrize("skew", [timedelta(hours=-9), timedelta(days=400)])
def test_a_computer_with_another_clock_does_not_take_it_away(
    database: Database, firm: Firm, call: int, skew: timedelta
) -> None:
    take(database, firm.anna, OFFICE)
    at(database, NOW + skew)
    watch = Watch()
    assert watch.gone(held(database, firm.anna, HOME), 0.0) == frozenset()
    assert take(database, firm.anna, HOME, tuple(watch.gone(held(database, firm.anna, HOME), 60.0))) == []


def test_a_clock_that_jumps_neither_loses_nor_repeats(database: Database, firm: Firm, call: int) -> None:
    at(database, NINE - timedelta(days=3))
    assert take(database, firm.anna, OFFICE) == []
    at(database, NINE + timedelta(days=300))
    assert take(database, firm.anna, OFFICE) == [call]
    at(database, NINE - timedelta(days=3))
    assert take(database, firm.anna, OFFICE) == [call]
    assert take(database, firm.anna, HOME) == []


def test_what_a_closed_window_gives_back_comes_at_once(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    with database.begin(firm.anna) as work:
        reminders.release(work, OFFICE)
    assert take(database, firm.anna, HOME) == [call]


def test_of_this_computer_a_dead_process_tells_at_once(database: Database, firm: Firm, call: int) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    computer = watching.new_window().split("/", maxsplit=1)[0]
    take(database, firm.anna, f"{computer}/{dead.pid}/x")
    gone = Watch().gone(held(database, firm.anna, HOME), 0.0)
    assert take(database, firm.anna, HOME, tuple(gone)) == [call]


def test_a_window_of_this_process_is_alive() -> None:
    assert not watching.died_here(watching.new_window())
    for strange in ("", "word", "/", "//", "a/b/c", "other/999999/x"):
        assert not watching.died_here(strange)


def test_snoozed_it_comes_again_once_at_its_time(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    with database.begin(firm.anna) as work:
        reminders.snooze(work, [call], NOW + timedelta(minutes=10))
    assert shown(database, firm.anna, OFFICE) == []
    assert take(database, firm.anna, OFFICE) == []
    at(database, NOW + timedelta(minutes=10))
    assert take(database, firm.anna, HOME) == [call]
    assert take(database, firm.anna, OFFICE) == []


def test_dismissed_it_does_not_come_again_and_stays_planned(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    with database.begin(firm.anna) as work:
        reminders.dismiss(work, [call])
    at(database, NOW + timedelta(days=30))
    assert take(database, firm.anna, HOME) == []
    assert shown(database, firm.anna, OFFICE) == []
    with database.read(firm.anna) as work:
        assert work.get(Activity, call).state == "planned"


def test_nobody_answers_for_another(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    for other in (firm.manager, firm.boss, firm.chen):
        with pytest.raises(NotFound), database.begin(other) as work:
            reminders.dismiss(work, [call])
        with pytest.raises(NotFound), database.begin(other) as work:
            reminders.snooze(work, [call], NOW)
    assert shown(database, firm.anna, OFFICE) == [call]


def test_who_may_not_write_follow_ups_is_refused(database: Database, firm: Firm, call: int) -> None:
    with pytest.raises(NotAllowed), database.begin(firm.admin) as work:
        reminders.take(work, HOME)


def test_done_elsewhere_it_disappears_and_reopened_it_is_there(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    state(database, call, "done")
    assert shown(database, firm.anna, OFFICE) == []
    assert take(database, firm.anna, HOME) == []
    state(database, call, "planned")
    assert shown(database, firm.anna, OFFICE) == [call]


def state(database: Database, activity_id: int, word: str) -> None:
    with database.begin(SYSTEM) as work:
        row = work.get(Activity, activity_id)
        row.state, row.done_at = word, NOW if word == "done" else None


def test_moved_it_keeps_its_lead_and_is_shown_anew(database: Database, firm: Firm) -> None:
    id_ = planned(database, firm.anna, customer(database, firm.anna), due_time="16:00", minutes=30)
    take(database, firm.anna, OFFICE)
    with database.begin(firm.anna) as work:
        reminders.snooze(work, [id_], NOW + timedelta(hours=1))
    with database.begin(firm.anna) as work:
        row = work.get(Activity, id_)
        row.due_on = row.due_sort = TODAY + timedelta(days=3)
        reminders.follow(work, row)
    at(database, NOW + timedelta(days=2))
    assert take(database, firm.anna, OFFICE) == []
    at(database, datetime(2026, 11, 23, 7, 30, tzinfo=UTC))
    assert take(database, firm.anna, HOME) == [id_]


def test_without_a_day_there_is_nothing_to_remind_of(database: Database, firm: Firm, call: int) -> None:
    with database.begin(firm.anna) as work:
        row = work.get(Activity, call)
        row.due_on, row.due_sort = None, date(9999, 12, 31)
        reminders.follow(work, row)
    assert reminder(database, call) is None


def test_a_colleague_is_reminded_of_what_was_planned_for_them(database: Database, firm: Firm) -> None:
    id_ = planned(database, firm.manager, customer(database, firm.anna), user=firm.anna)
    assert take(database, firm.manager, HOME) == []
    assert take(database, firm.anna, OFFICE) == [id_]


def test_out_of_reach_it_shows_nothing_and_is_not_used_up(database: Database, firm: Firm, call: int) -> None:
    with database.begin(SYSTEM) as work:
        contact = work.get(Contact, work.get(Activity, call).contact_id)
        contact.owner_id = contact.owner_key = firm.outsider.user_id or 0
    assert take(database, firm.anna, OFFICE) == []
    row = reminder(database, call)
    assert row is not None
    assert row.shown_at is None


def test_a_leavers_reminders_go_to_the_successor(database: Database, firm: Firm, call: int) -> None:
    take(database, firm.anna, OFFICE)
    with database.begin(firm.boss) as work:
        leaver = people.person(work, firm.anna.user_id or 0)
        people.deactivate(work, leaver.id, leaver.version, successor_id=firm.chen.user_id)
        contact = work.get(Contact, work.get(Activity, call).contact_id)
        contact.owner_id = contact.owner_key = firm.chen.user_id or 0
        work.get(Activity, call).user_id = firm.chen.user_id
        reminders.hand_on(work, [call], firm.chen.user_id)
    assert take(database, firm.chen, HOME) == [call], "though the leaver's window had it"
    assert shown(database, firm.anna, OFFICE) == []


def test_handed_on_to_nobody_it_is_gone_and_the_activity_is_not(database: Database, firm: Firm, call: int) -> None:
    with database.begin(firm.boss) as work:
        reminders.hand_on(work, [call], None)
        assert work.session.scalar(select(Activity.id)) == call
    assert reminder(database, call) is None


@pytest.mark.parametrize("minutes", [-1, 366 * 24 * 60, True])
def test_a_lead_out_of_bounds_is_refused(database: Database, firm: Firm, call: int, minutes: int) -> None:
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        reminders.plan(work, work.get(Activity, call), minutes)


@dataclass
class Mark:
    window: str
    renewed_at: datetime


def test_a_watch_begins_anew_for_whoever_came_back() -> None:
    watch = Watch()
    assert not watch.gone([Mark(OFFICE, NOW)], 0)
    assert not watch.gone([], 10)
    assert not watch.gone([Mark(OFFICE, NOW)], GONE_SECONDS + 5)
    assert watch.gone([Mark(OFFICE, NOW)], 2 * GONE_SECONDS + 5) == {OFFICE}


def test_more_than_fit_at_once_follow_with_the_next_question(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    mill = customer(database, firm.anna)
    ids = [planned(database, firm.anna, mill, subject=f"Call {n}") for n in range(3)]
    assert take(database, firm.anna, OFFICE) == ids[:2]
    assert take(database, firm.anna, OFFICE) == ids


def test_language_and_zone_of_the_reader_do_not_matter(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna, "上海纺织有限公司")
    id_ = planned(database, firm.anna, mill, subject="打电话 🙂 <b>ask</b>")
    with database.begin(firm.anna) as work:
        (one,) = reminders.take(work, OFFICE)
    assert (one.activity_id, one.customer, one.subject) == (id_, "上海纺织有限公司", "打电话 🙂 <b>ask</b>")
