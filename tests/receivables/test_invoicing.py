"""Invoices from orders, deliveries and instalments: part by part, nothing twice, cents included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Order
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables.billing import invoices, invoicing, posting
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of
from tests.receivables.billing import (
    TODAY,
    delivered,
    draft,
    from_order,
    invoice_of,
    plan_of,
    post,
    version_of,
)

DEPOSIT = (
    {"label": "Deposit", "amount": Decimal("339"), "event": "", "due_on": date(2026, 11, 25)},
    {"label": "Delivery", "amount": Decimal("678"), "event": "", "due_on": date(2026, 12, 20)},
    {"label": "Retention", "amount": Decimal("113"), "event": "after a year", "due_on": None},
)


def test_an_order_is_invoiced_part_by_part(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=10), line("Seal", quantity=3, price=7))
    first = from_order(database, accountant, order, 4, 0)
    post(database, accountant, first)
    shown = order_of(database, firm.anna, order)
    assert [one["invoiced"] for one in shown["lines"]] == [4, 0]
    assert shown["invoiced_percent"] == Decimal("39.1773")


def test_what_stands_on_a_draft_is_not_proposed_again(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    from_order(database, accountant, order, 4)
    second = from_order(database, accountant, order)
    assert [one["quantity"] for one in invoice_of(database, accountant, second)["lines"]] == [6]
    with database.read(accountant) as work:
        (open_line,) = invoicing.open_lines(work, order)
    assert (open_line.ordered, open_line.drafted, open_line.open) == (10, 10, 0)
    with pytest.raises(WrongState, match="stands on a draft"):
        from_order(database, accountant, order)


def test_more_than_ordered_is_refused_unless_it_is_meant(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10, unit="pcs"))
    made = from_order(database, accountant, order, 12)
    with pytest.raises(posting.MoreThanOpen, match="Line 1: only 10 pcs of Bearing are open to be invoiced, not 12"):
        post(database, accountant, made)
    post(database, accountant, made, beyond=True)
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 100
    assert plan_of(database, order) == [("1130.00", TODAY, made), ("226.00", date(2026, 12, 20), made)]


def test_two_lines_of_one_order_line_are_counted_together(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    made = from_order(database, accountant, order)
    record = invoice_of(database, accountant, made)
    with database.begin(accountant) as work:
        invoices.save(work, made, record.version, {"lines": [*record["lines"], {**record["lines"][0], "id": None}]})
    with pytest.raises(posting.MoreThanOpen, match="Line 2: only 0"):
        post(database, accountant, made)


def test_lines_of_another_customer_are_refused(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna))
    line_id = order_of(database, firm.anna, order)["lines"][0]["id"]
    with pytest.raises(Invalid, match="another customer"):
        draft(database, accountant, customer(database, firm.anna, "Bora"), line(order_line_id=line_id))


def test_a_delivery_is_invoiced_as_far_as_it_is_not_yet(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10), line("Seal", 5))
    first, second = (delivered(database, firm.anna, order, *some) for some in ((4, 5), (6,)))
    with database.begin(accountant) as work:
        made = invoicing.from_delivery(work, first)
    record = invoice_of(database, accountant, made)
    assert [(one["name"], one["quantity"]) for one in record["lines"]] == [("Bearing", 4), ("Seal", 5)]
    assert record["delivery_number"] == "D2026-0001"
    post(database, accountant, made)
    post(database, accountant, from_order(database, accountant, order, 5))
    with database.begin(accountant) as work:
        rest = invoicing.from_delivery(work, second)
    assert [one["quantity"] for one in invoice_of(database, accountant, rest)["lines"]] == [1]
    with pytest.raises(WrongState, match="All of it"), database.begin(accountant) as work:
        invoicing.from_delivery(work, second)


def test_deliveries_of_several_orders_come_on_one_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    one = confirmed_order(database, firm.anna, atlas, line(quantity=10))
    other = confirmed_order(database, firm.anna, atlas, line("Seal", quantity=2, price=50))
    sent = [delivered(database, firm.anna, one, 3), delivered(database, firm.anna, other, 2)]
    with database.begin(accountant) as work:
        made = invoicing.from_deliveries(work, sent)
    post(database, accountant, made)
    assert plan_of(database, one) == [("339.00", TODAY, made), ("791.00", TODAY, None)]
    assert plan_of(database, other) == [("113.00", TODAY, made)]
    assert order_of(database, firm.anna, other)["invoiced_percent"] == 100
    assert invoice_of(database, accountant, made)["open_amount"] == Decimal("452.00")


def test_orders_that_differ_come_on_invoices_of_their_own(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    one = confirmed_order(database, firm.anna, atlas)
    other = confirmed_order(database, firm.anna, atlas, currency="EUR", rate=Decimal(8))
    sent = [delivered(database, firm.anna, order, 1) for order in (one, other)]
    with pytest.raises(Invalid, match="differ"), database.begin(accountant) as work:
        invoicing.from_deliveries(work, sent)


def test_goods_that_came_back_are_not_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    sent = delivered(database, firm.anna, order, 6)
    line_id = order_of(database, firm.anna, order)["lines"][0]["id"]
    with database.begin(firm.anna) as work:
        back = deliveries.take_back(work, sent, {line_id: Decimal(2)})
    with database.begin(accountant) as work:
        made = invoicing.from_delivery(work, sent)
    assert [one["quantity"] for one in invoice_of(database, accountant, made)["lines"]] == [4]
    with pytest.raises(WrongState, match="credit note"), database.begin(accountant) as work:
        invoicing.from_delivery(work, back)


def test_an_order_closed_short_is_invoiced_as_far_as_it_went_out(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    delivered(database, firm.anna, order, 7)
    with database.begin(firm.manager) as work:
        orders.close_short(work, order, work.get(Order, order).version, "no more needed")
    made = from_order(database, accountant, order)
    assert [one["quantity"] for one in invoice_of(database, accountant, made)["lines"]] == [7]
    post(database, accountant, made)


def test_the_discount_amount_is_shared_to_the_cent(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(
        database,
        firm.anna,
        customer(database, firm.anna),
        line(quantity=3, price=33.33),
        discount_amount=Decimal("10"),
        discount_percent=Decimal("3"),
    )
    total = order_of(database, firm.anna, order)["total"]
    parts = [from_order(database, accountant, order, 1) for _ in range(2)]
    parts.append(from_order(database, accountant, order))
    records = [invoice_of(database, accountant, one) for one in parts]
    assert [one["discount_amount"] for one in records] == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]
    for one in parts:
        post(database, accountant, one)
    assert abs(sum(one["total"] for one in records) - total) <= Decimal("0.03")
    claimed = plan_of(database, order)
    assert sum(Decimal(amount) for amount, _due, _of in claimed) == sum(one["total"] for one in records)
    assert all(of for _amount, _due, of in claimed)


def test_instalments_are_taken_in_order_and_split(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10), instalments=DEPOSIT)
    first = from_order(database, accountant, order, 5)
    shown = invoice_of(database, accountant, first)["instalments"]
    assert [(one["amount"], one["label"]) for one in shown] == [
        (Decimal("339.00"), "Deposit"),
        (Decimal("226.00"), "Delivery"),
    ]
    post(database, accountant, first)
    assert plan_of(database, order) == [
        ("339.00", date(2026, 11, 25), first),
        ("226.00", date(2026, 12, 20), first),
        ("452.00", date(2026, 12, 20), None),
        ("113.00", "after a year", None),
    ]
    second = from_order(database, accountant, order)
    post(database, accountant, second)
    assert [of for _amount, _due, of in plan_of(database, order)] == [first, first, second, second]
    assert invoice_of(database, accountant, second)["next_due_on"] == date(2026, 12, 20)


def test_each_instalment_is_invoiced_on_account_and_taken_off_at_the_end(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    order = confirmed_order(
        database,
        firm.anna,
        customer(database, firm.anna),
        line(quantity=8, tax=13),
        line("Advice", quantity=1, price=200, tax=6),
        instalments=(
            {**DEPOSIT[0], "amount": Decimal("300")},
            {**DEPOSIT[1], "amount": Decimal("700")},
            {**DEPOSIT[2], "amount": Decimal("116")},
        ),
    )
    ids = _instalments(database, order)
    made = []
    for id_ in ids:
        with database.begin(accountant) as work:
            made.append(invoicing.from_instalment(work, id_))
        post(database, accountant, made[-1])
    records = [invoice_of(database, accountant, one) for one in made]
    assert [one["total"] for one in records] == [Decimal("300.00"), Decimal("700.00"), Decimal("116.00")]
    assert [len(one["lines"]) for one in records] == [2, 2, 6]
    assert {one["percent"] for one in records[0]["taxes"]} == {Decimal(13), Decimal(6)}
    assert "Deposit" in records[0]["lines"][0]["name"]
    assert plan_of(database, order) == [
        ("300.00", date(2026, 11, 25), made[0]),
        ("700.00", date(2026, 12, 20), made[1]),
        ("116.00", "after a year", made[2]),
    ]
    shown = order_of(database, firm.anna, order)
    assert shown["invoiced_percent"] == 100
    assert abs(sum(one["tax"] for one in records) - shown["tax"]) <= Decimal("0.01")


def test_the_rest_after_a_deposit_is_invoiced_less_the_deposit(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    order = confirmed_order(
        database,
        firm.anna,
        customer(database, firm.anna),
        line(quantity=10),
        discount_percent=Decimal(10),
        instalments=({**DEPOSIT[0], "amount": Decimal("300")}, {**DEPOSIT[1], "amount": Decimal("717")}),
    )
    with database.begin(accountant) as work:
        deposit = invoicing.from_instalment(work, _instalments(database, order)[0])
    with pytest.raises(WrongState, match="draft over this instalment"), database.begin(accountant) as work:
        invoicing.from_instalment(work, _instalments(database, order)[0])
    with pytest.raises(WrongState, match="Post or delete it first"):
        from_order(database, accountant, order)
    post(database, accountant, deposit)
    rest = from_order(database, accountant, order)
    record = invoice_of(database, accountant, rest)
    assert record["total"] == Decimal("717.00")
    assert record["lines"][1]["name"] == "Less invoice INV2026-0001 on account"
    post(database, accountant, rest)
    assert plan_of(database, order) == [("300.00", date(2026, 11, 25), deposit), ("717.00", date(2026, 12, 20), rest)]


def test_a_small_first_delivery_deducts_no_more_than_it_is_worth(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10), instalments=DEPOSIT)
    with database.begin(accountant) as work:
        deposit = invoicing.from_instalment(work, _instalments(database, order)[0])
    post(database, accountant, deposit)
    sent = delivered(database, firm.anna, order, 2)
    with database.begin(accountant) as work:
        small = invoicing.from_delivery(work, sent)
    assert invoice_of(database, accountant, small)["total"] == 0
    post(database, accountant, small)
    rest = from_order(database, accountant, order)
    assert invoice_of(database, accountant, rest)["total"] == Decimal("791.00")
    post(database, accountant, rest)
    assert sum(Decimal(amount) for amount, _due, _of in plan_of(database, order)) == Decimal("1130.00")


def test_a_draft_shows_what_posting_would_claim(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    made = draft(database, accountant, atlas, due_on=date(2027, 1, 31))
    (shown,) = invoice_of(database, accountant, made)["instalments"]
    assert (shown["id"], shown["due_on"], shown["open"]) == (None, date(2027, 1, 31), Decimal("113.00"))
    post(database, accountant, made)
    (claimed,) = invoice_of(database, accountant, made)["instalments"]
    assert claimed["id"] is not None
    assert {**claimed, "id": None} == shown


def test_orders_without_a_number_are_not_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna))
    made = from_order(database, accountant, order)
    with database.begin(firm.manager) as work:
        orders.cancel(work, order, work.get(Order, order).version, "changed their mind")
    with pytest.raises(WrongState, match="not cancelled"):
        post(database, accountant, made)
    with database.begin(accountant) as work:
        invoices.delete(work, made, version_of(database, made))


def _instalments(database: Database, order_id: int) -> list[int]:
    from sqlalchemy import select

    from crm_desktop.orders.model import Instalment
    from crm_desktop.shared.actor import SYSTEM

    with database.read(SYSTEM) as work:
        asked = select(Instalment.id).where(Instalment.order_id == order_id, Instalment.claimed_on.is_(None))
        return list(work.session.scalars(asked.order_by(Instalment.position)))
