"""Northwind, order by order: every total to the cent, and every report as the sheet adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crm_desktop.contacts import lists as contact_lists
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders import reports, service
from crm_desktop.orders.lists import ORDERS
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.products.model import Product
from crm_desktop.receivables.billing import invoicing, posting
from crm_desktop.receivables.collecting import ageing
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import receipts
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked
from tests.journeys.northwind import CURRENCY, SAMPLE, Northwind, SheetLine, load

pytestmark = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the sample workbook northwind.xlsx is not in shared/samples beside the checkout"
)


@pytest.fixture
def northwind(database: Database) -> Northwind:
    return load(database)


def sums(lines: list[SheetLine], key: Callable[[SheetLine], object]) -> dict[object, Money]:
    found: dict[object, Decimal] = {}
    for line in lines:
        found[key(line)] = found.get(key(line), Decimal(0)) + line.net
    return {name: Money(net, CURRENCY) for name, net in found.items()}


KEYS: dict[str, Callable[[SheetLine], object]] = {
    "customer": lambda line: line.customer,
    "product": lambda line: line.product,
    "salesperson": lambda line: line.salesperson,
    "month": lambda line: f"{line.ordered_on:%Y-%m}",
}


def test_northwind_is_right_to_the_cent(database: Database, northwind: Northwind) -> None:
    lines = northwind.lines
    with database.read(SYSTEM) as work:
        ask = work.session.scalar
        assert ask(select(func.count()).select_from(Contact).where(Contact.is_customer)) == 93
        assert ask(select(func.count()).select_from(Contact).where(Contact.is_supplier)) == 29
        assert ask(select(func.count()).select_from(Product)) == 77
        assert ask(select(func.count()).select_from(Order)) == 830
        assert ask(select(func.count()).select_from(OrderLine)) == 2155
        assert sum(work.session.scalars(select(OrderLine.net))) == 126579329
    assert sum(line.net for line in lines) == Decimal("1265793.29")
    assert sum(line.exact for line in lines) == Decimal("1265793.0395")
    expected = sums(lines, lambda line: line.order)
    with database.read(northwind.boss) as work:
        for number, order_id in northwind.orders.items():
            order = service.get(work, order_id).values
            assert Money(order["total"], CURRENCY) == Money(order["net"], CURRENCY) == expected[number], number
            assert sum(one["amount"] for one in order["instalments"]) == order["total"]
            of_sheet = [line.net for line in lines if line.order == number]
            assert [line["net"] for line in order["lines"]] == of_sheet
    for by, key in KEYS.items():
        with database.read(northwind.boss) as work:
            table = reports.sales(work, Asked(by=by))
        shown = {row[0]: row[table.place("net")] for row in table.rows}
        assert len(shown) == len(table.rows)
        assert shown == sums(lines, key), by
        assert [row[table.place("net")] for row in table.totals()] == [Money(Decimal("1265793.29"), CURRENCY)]
    year = [line for line in lines if line.ordered_on.year == 1997]
    with database.read(northwind.boss) as work:
        table = reports.sales(work, Asked(min(one.ordered_on for one in year), max(one.ordered_on for one in year)))
    assert {row[0]: row[table.place("net")] for row in table.rows} == sums(year, KEYS["customer"])


def test_numbers_follow_the_years_of_the_orders(database: Database, northwind: Northwind) -> None:
    with database.read(SYSTEM) as work:
        rows = work.session.execute(select(Order.number, Order.dated_on, Order.reference).order_by(Order.id)).all()
    assert all(number.startswith(f"S{dated_on.year}-") for number, dated_on, _reference in rows)
    assert len({number for number, _dated_on, _reference in rows}) == 830
    with database.read(northwind.boss) as work:
        assert [hit[0] for hit in ORDERS.search(work, "10248")] == [northwind.orders[10248]]
        assert ORDERS.count(work, Listing())[0] == 830
        assert contact_lists.count(work, Listing())[0] == 93 + 29


BOUNDS = (30, 60, 90, 180)


def test_northwind_is_invoiced_paid_in_part_and_aged(file_database: Database) -> None:
    """One order in three is paid, one in three half: the ageing of any day is the sheet's own arithmetic."""
    northwind = load(file_database)
    ordered = {line.order: line.ordered_on for line in northwind.lines}
    totals: dict[int, Decimal] = {}
    for line in northwind.lines:
        totals[line.order] = totals.get(line.order, Decimal(0)) + line.net
    paid = {
        number: (ordered[number] + timedelta(days=20 * (place % 3 + 1)), totals[number] if place % 3 == 0 else half)
        for place, number in enumerate(sorted(northwind.orders))
        if place % 3 < 2
        for half in [(totals[number] / 2).quantize(Decimal("0.01"), "ROUND_DOWN")]
    }
    contacts = _invoice_and_pay(file_database, northwind, ordered, paid)
    for day in (date(1997, 1, 1), date(1998, 3, 31), date(1998, 5, 6), date(2026, 11, 20)):
        expected: dict[int, list[int]] = {}
        for number, ordered_on in ordered.items():
            on, amount = paid.get(number, (date.max, Decimal(0)))
            left = (totals[number] - (amount if on <= day else 0)) * 100 if ordered_on <= day else Decimal(0)
            if left:
                late = (day - ordered_on).days
                slot = 0 if late <= 0 else 1 + sum(late > bound for bound in BOUNDS)
                expected.setdefault(contacts[number], [0] * 6)[slot] += int(left)
        with file_database.read(northwind.boss) as work:
            found = ageing.ageing(work, day)
        assert {row[0]: list(row[2:8]) for row in found.rows} == expected, day
        assert all(row[1] == CURRENCY and row[-1] == sum(row[2:8]) and row[-2] == 0 for row in found.rows)


def _invoice_and_pay(
    database: Database,
    northwind: Northwind,
    days: dict[int, date],
    paid: dict[int, tuple[date, Decimal]],
) -> dict[int, int]:
    """Return the customer of each order."""
    with database.begin(SYSTEM) as work:
        drafts = {number: invoicing.from_order(work, order_id) for number, order_id in northwind.orders.items()}
        rows = {number: work.get(Invoice, id_) for number, id_ in drafts.items()}
        for number, row in rows.items():
            row.dated_on = days[number]
        work.session.flush()
        posting.post_many(work, [(row.id, row.version) for row in rows.values()])
    with database.begin(SYSTEM) as work:
        asked = select(Instalment.invoice_id, Instalment.id, Instalment.contact_id)
        claims = {invoice_id: (id_, contact_id) for invoice_id, id_, contact_id in work.session.execute(asked)}
        for number, (day, amount) in paid.items():
            id_, contact_id = claims[drafts[number]]
            values = {"contact_id": contact_id, "currency": CURRENCY, "amount": amount, "dated_on": day}
            receipts.post(work, values | {"rate": Decimal(7)}, {id_: amount})
    return {number: claims[drafts[number]][1] for number in drafts}
