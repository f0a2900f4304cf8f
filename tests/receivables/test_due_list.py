"""The due list: who is on it, in which order, with promises, disputes, levels and what is planned."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders import service
from crm_desktop.orders.model import Order
from crm_desktop.receivables.collecting import due_list, due_report, dunning
from crm_desktop.receivables.collecting.due_list import Debtor
from crm_desktop.receivables.money import disputes, promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.report import Asked
from tests.companies import NOW, Firm
from tests.orders.documents import line, new_order
from tests.receivables.documents import customer, pay, posted

DAY = NOW.date()
EARLY = date(2026, 1, 1)


def late(days: int) -> date:
    return DAY - timedelta(days)


def debtors(database: Database, by: Actor, ahead: int | None = 30) -> list[Debtor]:
    with database.read(by) as work:
        return list(due_list.due_customers(work, ahead=ahead))


def planned_order(database: Database, by: Actor, contact_id: int, price: int, due_on: date) -> int:
    plan = ({"amount": Decimal(price), "due_on": due_on, "event": "", "label": "All of it"},)
    order_id = new_order(database, by, contact_id, line(price=price, tax=0), instalments=plan)
    with database.begin(by) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)
    return order_id


def test_the_worst_come_first_whatever_the_currency(database: Database, firm: Firm, accountant: Actor) -> None:
    small, dollars, big, soon = (customer(database, firm.anna, name) for name in ("Small", "Dollars", "Big", "Soon"))
    posted(database, small, (100, late(300)), dated_on=EARLY)
    posted(database, dollars, (900, late(5)), dated_on=EARLY, currency="USD")
    pay(database, accountant, dollars, 1, currency="USD", rate=Decimal(7))
    posted(database, big, (5000, late(1)), (7, late(0)), (8, late(-30)), (9, late(-31)), (4, None), dated_on=EARLY)
    posted(database, soon, (1, late(-3)), dated_on=EARLY)
    found = debtors(database, accountant)
    assert [one.name for one in found] == ["Dollars", "Big", "Small", "Soon"]
    worst = found[1]
    assert (worst.overdue, worst.falling_due, worst.not_due, worst.undated) == (5000, 15, 24, 4)
    assert (worst.oldest_due_on, worst.oldest_late, worst.next_due_on) == (late(1), 1, late(0))
    assert found[0].worth == 6300
    assert found[2].buckets == (0, 0, 0, 0, 100)


def test_who_owes_nothing_soon_is_not_on_it_unless_asked(database: Database, firm: Firm, accountant: Actor) -> None:
    later, undated, credit_only = (customer(database, firm.anna, name) for name in ("Later", "Undated", "Advance"))
    posted(database, later, (100, late(-60)))
    posted(database, undated, (100, None))
    pay(database, accountant, credit_only, 50)
    assert debtors(database, accountant) == []
    assert [one.name for one in debtors(database, accountant, 60)] == ["Later"]
    assert {one.name for one in debtors(database, accountant, None)} == {"Later", "Undated"}


def test_promises_disputes_and_levels_stand_beside(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    claim = posted(database, atlas, (100, late(40)), (200, late(20)), dated_on=EARLY)

    def promise(amount: int, due_on: date) -> None:
        with database.begin(firm.anna) as work:
            promises.promise(work, atlas, {"currency": "CNY", "amount": Decimal(amount), "due_on": due_on})

    database.clock.instant = datetime.combine(late(10), NOW.timetz())  # type: ignore[attr-defined]
    promise(30, late(5))
    promise(40, late(2))
    with database.begin(accountant) as work:
        dunning.send(work, [atlas])
        disputes.dispute(work, claim.instalments[1], "Wrong colour")
    database.clock.instant = NOW  # type: ignore[attr-defined]
    pay(database, accountant, atlas, 30, {claim.instalments[0]: 30}, dated_on=late(6))
    promise(50, late(-4))
    (one,) = debtors(database, accountant)
    assert (one.promises.kept, one.promises.broken, one.promises.open) == (1, 1, 1)
    assert (one.promises.next_due_on, one.promises.next_amount) == (late(-4), 50)
    assert (one.overdue, one.disputed, one.level, one.dunned_on) == (270, 200, 1, late(10))
    with database.read(firm.anna) as work:
        items = due_list.due_items(work, atlas)
    assert [(item.open, item.dispute_reason, item.late) for item in items.open] == [
        (70, "", 40),
        (200, "Wrong colour", 20),
    ]


def test_what_is_planned_stands_apart_and_is_owed_by_nobody(database: Database, firm: Firm) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    order_id = planned_order(database, firm.anna, atlas, 500, late(-10))
    (one,) = debtors(database, firm.anna)
    assert (one.balance, one.not_due, one.planned, one.planned_on) == (0, 0, 500, late(-10))
    assert debtors(database, firm.anna, 9) == debtors(database, firm.anna, None) == []
    with database.read(firm.anna) as work:
        items = due_list.due_items(work, atlas)
        table = due_report.due(work, Asked(by="instalment"))
    assert [(item.order_id, item.amount, item.label) for item in items.planned] == [(order_id, 500, "All of it")]
    assert items.open == ()
    assert [(row[2], row[7]) for row in table.rows] == [("planned", None)]


def test_everybody_sees_their_own(database: Database, firm: Firm) -> None:
    for by, name in ((firm.anna, "Mine"), (firm.outsider, "Theirs")):
        contact_id = customer(database, by, name)
        posted(database, contact_id, (100, late(3)), dated_on=EARLY)
        planned_order(database, by, contact_id, 10, late(-3))
    assert [one.name for one in debtors(database, firm.anna)] == ["Mine"]
    assert {one.name for one in debtors(database, firm.boss)} == {"Mine", "Theirs"}
    with pytest.raises(NotAllowed):
        debtors(database, firm.buyer)


def test_the_report_is_the_list(database: Database, firm: Firm) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, late(40)), (5, late(-40)), dated_on=EARLY)
    with database.read(firm.boss) as work:
        (row,) = due_report.due(work, Asked()).rows
        assert (row[0], row[1].amount, row[7]) == ("Atlas", 100, 40)
        assert len(due_report.due(work, Asked(by="instalment")).rows) == 1
        table = due_report.due(work, Asked(by="instalment", as_of=late(-40)))
    assert [(row[0], row[5], row[7].amount) for row in table.rows] == [(late(40), 40, 100), (late(-40), None, 5)]
