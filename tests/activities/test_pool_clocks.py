"""A computer whose clock is wrong releases nobody without asking, and two windows do not pass a limit together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from crm_desktop.access.company import today
from crm_desktop.activities.model import PoolLock
from crm_desktop.activities.pool import claims, running, settings
from crm_desktop.activities.pool.claims import NotNow, PoolGate
from crm_desktop.activities.pool.deciding import WITNESSED_DAYS, is_plausible
from crm_desktop.contacts import above, handover, service
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm

RIGHT = datetime.now(UTC)
"""The server of the tests has the clock of this computer."""


def set_clock(database: Database, instant: datetime) -> None:
    database.clock.instant = instant  # type: ignore[attr-defined]


def keep_rules(database: Database, *, run_days_ago: int = 1, **changes: object) -> None:
    with database.begin(SYSTEM) as work:
        row = work.get(settings.PoolRules, settings.ONLY)
        row.active, row.contact_days, row.warn_days = True, 30, 7
        row.from_on = today(work) - timedelta(days=400)
        row.run_on = today(work) - timedelta(days=run_days_ago)
        for name, value in changes.items():
            setattr(row, name, value)


def forgotten(database: Database, owner: Actor, *, days: int) -> int:
    with database.begin(owner) as work:
        made = service.create(work, {"name": "Forgotten", "owner": owner.user_id})
        since = work.now - timedelta(days=days)
    with database.begin(SYSTEM) as work:
        work.session.execute(update(Contact).where(Contact.id == made).values(owned_since=since, created_at=since))
    return made


def run(database: Database, **how: bool) -> running.Ran:
    with database.begin(SYSTEM) as work:
        return running.run(work, **how)


def last_run(database: Database) -> date | None:
    with database.read(SYSTEM) as work:
        return settings.get_rules(work).run_on


@pytest.fixture
def on_time(database: Database, firm: Firm) -> Database:
    """A company whose rules were carried out yesterday, at a computer with the right time."""
    set_clock(database, RIGHT)
    keep_rules(database)
    return database


@pytest.mark.parametrize("ahead", [timedelta(days=31), timedelta(days=366)])
def test_a_clock_ahead_releases_nobody_and_says_so(on_time: Database, firm: Firm, ahead: timedelta) -> None:
    cared_for = forgotten(on_time, firm.anna, days=5)
    due = forgotten(on_time, firm.anna, days=60)
    set_clock(on_time, RIGHT + ahead)
    assert run(on_time) == running.Ran(waiting=2)
    set_clock(on_time, RIGHT + ahead + timedelta(days=1))
    assert run(on_time) == running.Ran(waiting=2), "the next wrong day does not vouch for itself"
    set_clock(on_time, RIGHT)
    assert run(on_time) == running.Ran(released=1), "the right clock goes on as if nothing had been"
    with on_time.read(SYSTEM) as work:
        assert [work.get(Contact, one).owner_id for one in (cared_for, due)] == [firm.anna.user_id, None]


def test_a_clock_behind_asks_as_well(on_time: Database, firm: Firm) -> None:
    forgotten(on_time, firm.anna, days=100)
    set_clock(on_time, RIGHT - timedelta(days=40))
    assert run(on_time) == running.Ran(waiting=1)


def test_a_wrong_day_with_nothing_due_is_not_taken_for_a_run(on_time: Database) -> None:
    with on_time.read(SYSTEM) as work:
        before = today(work) - timedelta(days=1)
    for days in (31, -31):
        set_clock(on_time, RIGHT + timedelta(days=days))
        assert run(on_time) == running.Ran()
        assert last_run(on_time) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_a_long_rest_one_word_is_enough(on_time: Database, firm: Firm) -> None:
    keep_rules(on_time, run_days_ago=20)
    forgotten(on_time, firm.anna, days=60)
    assert run(on_time) == running.Ran(waiting=1), "or an old backup was put back"
    assert run(on_time, confirmed=True) == running.Ran(released=1)
    forgotten(on_time, firm.anna, days=60)
    assert run(on_time) == running.Ran(released=1)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_saving_the_rules_bears_witness_of_the_day(on_time: Database, firm: Firm) -> None:
    keep_rules(on_time, run_days_ago=300)
    with on_time.begin(firm.boss) as work:
        version = settings.get_rules(work).version
        assert settings.save_rules(work, version, {"warn_days": 3}).known_on == today(work)
    forgotten(on_time, firm.anna, days=60)
    set_clock(on_time, RIGHT + timedelta(days=3))
    assert run(on_time) == running.Ran(released=1)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, DAYS | st.none())
def test_a_day_is_believed_near_one_that_was(day: date, known: date | None) -> None:
    near = known is not None and known - timedelta(days=1) <= day <= known + timedelta(days=WITNESSED_DAYS)
    assert is_plausible(day, known) is near


def together(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all in the same moment, each with a connection of its own; return what each came to."""
    ready, outcomes = threading.Barrier(len(deeds)), [""] * len(deeds)

    def act(number: int) -> None:
        ready.wait()
        try:
            deeds[number]()
            outcomes[number] = "done"
        except NotNow:
            outcomes[number] = "refused"

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


@pytest.mark.parametrize("limit", ["hold_limit", "claims_a_day"])
def test_six_windows_of_one_person_claim_no_more_than_the_limit(on_time: Database, firm: Firm, limit: str) -> None:
    keep_rules(on_time, **{limit: 2})
    free = [forgotten(on_time, firm.boss, days=5) for _ in range(6)]
    with on_time.begin(firm.boss) as work:
        handover.release(work, free)

    def claim(one: int) -> Callable[[], object]:
        def deed() -> None:
            with on_time.begin(firm.anna) as work:
                handover.claim(work, [one])

        return deed

    before = above.gate()
    above.attach(*above.attached(), told=above.told(), additions=above.additions(), gate=PoolGate())
    try:
        outcomes = together([claim(one) for one in free])
    finally:
        above.attach(*above.attached(), told=above.told(), additions=above.additions(), gate=before)
    assert outcomes == ["done"] * 2 + ["refused"] * 4
    with on_time.read(SYSTEM) as work:
        mine = select(func.count()).select_from(Contact).where(Contact.owner_id == firm.anna.user_id)
        assert work.session.scalar(mine) == 2


def test_six_windows_lock_no_more_than_the_limit(on_time: Database, firm: Firm) -> None:
    keep_rules(on_time, lock_limit=2)
    mine = [forgotten(on_time, firm.anna, days=5) for _ in range(6)]

    def lock(one: int) -> Callable[[], object]:
        def deed() -> None:
            with on_time.begin(firm.anna) as work:
                claims.lock(work, one)

        return deed

    assert together([lock(one) for one in mine]) == ["done"] * 2 + ["refused"] * 4
    with on_time.read(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(PoolLock)) == 2


def test_the_same_customer_locked_twice_at_once_is_locked(on_time: Database, firm: Firm) -> None:
    keep_rules(on_time, lock_limit=2)
    one = forgotten(on_time, firm.anna, days=5)

    def deed() -> None:
        with on_time.begin(firm.anna) as work:
            claims.lock(work, one)

    assert together([deed] * 4) == ["done"] * 4
