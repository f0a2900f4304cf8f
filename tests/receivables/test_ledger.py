"""The ledger under random use, under two people at once, and how many statements it costs."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from crm_desktop.db.work import Database
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.money import allocating, receipts
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm, sqlite_company
from tests.receivables.documents import customer, money, open_of, opens, pay, posted
from tests.receivables.random_ledger import FIRST, RandomLedger, check_kept, check_sides, figures

STEPS = 40


def drive(database: Database, by: Actor, chance: random.Random) -> None:
    """Take random steps; after each, what is kept follows from the rows and no day before the step changed."""
    book = RandomLedger(database, by, customer(database, SYSTEM), chance)
    before: dict[date, Any] = {}
    for _number in range(STEPS):
        since = book.step()
        rows = book.rows()
        check_sides(rows)
        check_kept(rows)
        days = [FIRST + timedelta(days=number) for number in range((book.day - FIRST).days + 1)]
        picked = sorted({*days[:3], *chance.sample(days, min(6, len(days))), *days[-3:], *before})
        now = {day: figures(rows, day) for day in picked}
        for day, told in before.items():
            assert day >= since or now[day] == told, day
        before = {day: now[day] for day in sorted(now)[-12:]}


@settings(
    max_examples=12,
    # A smaller seed is no simpler ledger, so looking for one only takes time.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**9))
def test_random_ledgers_always_add_up(founded_file: tuple[Path, Firm], tmp_path: Path, seed: int) -> None:
    founded, firm = founded_file
    database = sqlite_company(founded, tmp_path / f"{uuid4()}.crm")
    drive(database, firm.boss, random.Random(seed))
    database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_ledger_adds_up_on_both_engines(database: Database, firm: Firm, seed: int) -> None:
    drive(database, firm.boss, random.Random(seed))


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads that start together; return what each made or raised."""
    start, done = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        start.wait()
        try:
            done[place] = job()  # type: ignore[call-overload]
        except Exception as error:  # noqa: BLE001 - the test looks at it
            done[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(done)


def test_two_people_use_the_same_advance(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    for _round in range(4):
        advance = pay(database, accountant, contact_id, 1000)
        (one,), (two,) = (posted(database, contact_id, 1000).instalments for _number in range(2))

        def use(by: Actor, target: int, advance: int = advance) -> object:
            with database.begin(by) as work:
                return allocating.allocate_later(work, contact_id, [(("receipt", advance), target, money(1000))])

        done = at_once(lambda: use(accountant, one), lambda: use(firm.boss, two))  # noqa: B023 - done in the round
        assert sorted(type(each).__name__ for each in done) == ["NotEnough", "list"]
        assert sorted(opens(database, [one, two])) == [Decimal("0.00"), Decimal("1000.00")]


def test_two_people_enter_the_payment_of_one_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    (target,) = posted(database, contact_id, 1000).instalments
    done = at_once(
        *(
            lambda by=by: pay(database, by, contact_id, 1000, {target: 1000})  # type: ignore[misc]
            for by in (accountant, firm.boss, accountant)
        )
    )
    assert sorted(type(each).__name__ for each in done) == ["NotEnough", "NotEnough", "int"]
    assert open_of(database, contact_id).balance == 0
    with database.read(SYSTEM) as work:
        assert list(work.session.scalars(select(Receipt.number))) == ["RC2026-0001"]


def test_numbers_have_no_gap_and_no_double_under_eight_people(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    contacts = [customer(database, firm.boss, f"Customer {number}") for number in range(4)]
    targets = [posted(database, contact_id, 100).instalments[0] for contact_id in contacts]

    def enter(place: int) -> None:
        for number in range(5):
            try:
                # Every other one asks too much and is refused after its number was taken.
                uses = {targets[place % 4]: 101} if number % 2 else {}
                pay(database, accountant, contacts[place % 4], 101, uses)
            except NotEnough:
                continue

    assert at_once(*(lambda place=place: enter(place) for place in range(8))) == [None] * 8  # type: ignore[misc]
    with database.read(SYSTEM) as work:
        serials = sorted(work.session.scalars(select(Receipt.serial)))
    assert serials == list(range(1, 25))


def statements(database: Database, by: Actor, count: int) -> int:
    """How many statements it takes to enter a receipt over so many invoices and as many credits and advances."""
    contact_id = customer(database, SYSTEM)
    targets = [posted(database, contact_id, 10, 10).instalments[0] for _number in range(count)]
    advances = [pay(database, by, contact_id, 5) for _number in range(count)]
    ran: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        ran.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.begin(by) as work:
        receipts.post(
            work,
            {"contact_id": contact_id, "currency": "CNY", "amount": money(5 * count)},
            dict.fromkeys(targets, money(10)),
            {("receipt", advance): money(5) for advance in advances},
        )
    event.remove(database.engine, "before_cursor_execute", note)
    return len(ran)


def test_fifty_invoices_take_as_many_statements_as_five(founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
    founded, firm = founded_file
    database = sqlite_company(founded, tmp_path / "company.crm")
    statements(database, firm.boss, 2)
    assert statements(database, firm.boss, 50) == statements(database, firm.boss, 5) <= 26
    database.close()
