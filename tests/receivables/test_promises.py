"""Promises to pay: kept and broken follow from the receipts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables.money import paying_back, promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from tests.companies import Firm
from tests.receivables.documents import DAY, customer, money, pay, posted, version_of


def promised(database: Database, by: Actor, contact_id: int, amount: object, due_on: date, **values: Any) -> int:
    with database.begin(by) as work:
        return promises.promise(
            work, contact_id, {"currency": "CNY", "amount": money(amount), "due_on": due_on, **values}
        )


def states(database: Database, by: Actor, contact_id: int) -> list[tuple[str, Decimal]]:
    with database.read(by) as work:
        return [(one.state, one.received) for one in reversed(promises.promises_of(work, contact_id))]


def on(database: Database, day: int, month: int = 11) -> None:
    database.clock = FixedClock(datetime(2026, month, day, 1, tzinfo=UTC))


def test_kept_and_broken_follow_from_the_receipts(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    invoice = posted(database, contact_id, 5000)
    on(database, 2)
    pay(database, accountant, contact_id, 900, dated_on=date(2026, 11, 1))
    promised(database, firm.anna, contact_id, 1000, date(2026, 11, 5), person="Mr Zhao")
    promised(database, firm.anna, contact_id, 500, date(2026, 11, 10))
    assert states(database, firm.anna, contact_id) == [("open", Decimal("0.00")), ("open", Decimal("0.00"))]
    on(database, 5)
    pay(database, accountant, contact_id, 1200, {invoice.instalments[0]: 1200}, dated_on=date(2026, 11, 5))
    assert states(database, firm.anna, contact_id) == [("kept", Decimal("1000.00")), ("open", Decimal("200.00"))]
    on(database, 10)
    assert states(database, firm.anna, contact_id)[1] == ("open", Decimal("200.00"))
    on(database, 11)
    late = pay(database, accountant, contact_id, 5000, dated_on=date(2026, 11, 11))
    assert states(database, firm.anna, contact_id)[1] == ("broken", Decimal("200.00"))
    with database.read(firm.anna) as work:
        marks = promises.marks(work, [contact_id, 4711])
    assert list(marks) == [contact_id]
    assert (marks[contact_id].kept, marks[contact_id].broken, marks[contact_id].next_due_on) == (1, 1, None)
    promised(database, firm.anna, contact_id, 100, date(2026, 11, 20))
    assert states(database, firm.anna, contact_id)[2] == ("kept", Decimal("100.00"))
    with database.begin(accountant) as work:
        paying_back.reverse(work, late, version_of(database, late), "bounced")
    assert states(database, firm.anna, contact_id)[2] == ("open", Decimal("0.00"))
    with database.read(firm.anna) as work:
        mark = promises.marks(work, [contact_id])[contact_id]
    assert (mark.open, mark.next_due_on, mark.next_amount) == (1, date(2026, 11, 20), Decimal("100.00"))


def test_a_promise_in_another_currency_waits_for_that_money(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    promised(database, firm.anna, contact_id, 100, DAY, currency="EUR")
    pay(database, accountant, contact_id, 100)
    assert states(database, firm.anna, contact_id) == [("open", Decimal("0.00"))]
    pay(database, accountant, contact_id, 100, currency="EUR", rate=Decimal(8))
    assert states(database, firm.anna, contact_id) == [("kept", Decimal("100.00"))]


def test_withdrawn_promises_count_nowhere(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    wrong = promised(database, firm.anna, contact_id, 100, DAY)
    with pytest.raises(Conflict), database.begin(firm.anna) as work:
        promises.withdraw(work, wrong, 7)
    with database.begin(firm.anna) as work:
        promises.withdraw(work, wrong, 1)
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        promises.withdraw(work, wrong, 2)
    promised(database, firm.anna, contact_id, 60, DAY)
    pay(database, accountant, contact_id, 100)
    assert sorted(states(database, firm.anna, contact_id)) == [
        ("kept", Decimal("60.00")),
        ("withdrawn", Decimal("0.00")),
    ]


def test_what_a_promise_refuses(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    for values, field in (
        ({"due_on": date(2026, 11, 19)}, "due_on"),
        ({"made_on": date(2026, 11, 21), "due_on": date(2026, 11, 30)}, "made_on"),
        ({"amount": money(0)}, "amount"),
        ({"currency": "yuan"}, "currency"),
    ):
        with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
            promises.promise(work, contact_id, {"currency": "CNY", "amount": money(1), "due_on": DAY, **values})
        assert refused.value.field == field
    with pytest.raises(Invalid), database.begin(firm.outsider) as work:
        promises.promise(work, contact_id, {"currency": "CNY", "amount": money(1), "due_on": DAY})
    with pytest.raises(NotAllowed), database.begin(firm.buyer) as work:
        promises.promise(work, contact_id, {"currency": "CNY", "amount": money(1), "due_on": DAY})
