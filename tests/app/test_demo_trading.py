"""The demo company does business by the program's own rules, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_desktop.app import session as sessions
from crm_desktop.app.demo.make import make_demo
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.demo.words import WORDS
from crm_desktop.app.opening import public_address
from crm_desktop.contacts.model import Contact
from crm_desktop.db.numbers import Counter as Series
from crm_desktop.db.work import Database
from crm_desktop.orders import rules
from crm_desktop.orders.fulfilment import moved_quantities
from crm_desktop.orders.lists import BACKLOG, DELIVERIES, ORDERS, QUOTES
from crm_desktop.orders.model import (
    Delivery,
    DeliveryLine,
    Instalment,
    Order,
    OrderLine,
    OrderLineCost,
    Quote,
    QuoteLine,
)
from crm_desktop.orders.totals import DocumentInput, LineInput, total
from crm_desktop.products import price_lists, settings
from crm_desktop.products.model import PriceList, Product, ProductCost
from crm_desktop.receivables.ledger_model import Allocation
from crm_desktop.reports import letterhead
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Listing
from tests.companies import NOW, sqlite_company

Twins = tuple[str, Database, Database]


def every(database: Database, entity: Any) -> list[Any]:
    with database.read(SYSTEM) as work:
        return list(work.session.scalars(select(entity).order_by(entity.id)))


def lines_by(rows: list[Any], parent: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda one: one.position):
        found.setdefault(getattr(row, parent), []).append(row)
    return found


@pytest.mark.parametrize(
    ("document", "line", "parent"), [(Order, OrderLine, "order_id"), (Quote, QuoteLine, "quote_id")]
)
def test_totals_are_those_of_the_one_function(demo: Database, document: Any, line: Any, parent: str) -> None:
    lines = lines_by(every(demo, line), parent)
    documents = every(demo, document)
    assert len(documents) > 50
    for row in documents:
        made = total(
            DocumentInput(
                row.currency, row.prices_include_tax, row.tax_method, row.discount_percent, row.discount_amount
            ),
            [LineInput(one.quantity, one.unit_price, one.discount_percent, one.tax_percent) for one in lines[row.id]],
        )
        assert (row.subtotal, row.discount, row.net, row.tax, row.total) == (
            made.subtotal,
            made.discount,
            made.net,
            made.tax,
            made.total,
        )
        assert [(one.amount, one.net, one.tax) for one in lines[row.id]] == [
            (one.amount, one.net, one.tax) for one in made.lines
        ]
        assert row.total > 0


def test_what_is_delivered_follows_from_the_deliveries(demo: Database) -> None:
    lines = every(demo, OrderLine)
    with demo.read(SYSTEM) as work:
        moved = moved_quantities(work, [one.id for one in lines])
    by_order = lines_by(lines, "order_id")
    for order in every(demo, Order):
        for one in by_order[order.id]:
            assert one.delivered == moved.get(one.id, Decimal(0))
            assert 0 <= one.delivered <= one.quantity
        plain = [
            {name: getattr(one, name) for name in ("kind", "quantity", "net", "delivered")}
            for one in by_order[order.id]
        ]
        expected = rules.fulfilment(plain, "delivered").quantize(Decimal("0.0001"), "ROUND_HALF_UP")
        assert order.delivered_percent == expected
        assert order.open_net == rules.open_net(plain, state=order.state)


def test_instalments_add_up_to_the_total(demo: Database) -> None:
    sums: Counter[int] = Counter()
    plans = every(demo, Instalment)
    for part in plans:
        # What was moved to another day continues an instalment that is counted.
        sums[part.order_id] += part.amount if part.moved_from_id is None else 0
    for order in every(demo, Order):
        # Taxes of several invoices, each rounded, may differ from the tax of the whole by cents.
        cents = 10 if order.invoiced_percent else 0
        assert order.state == rules.DRAFT or abs(sums[order.id] - order.total) <= cents
    assert any(part.event and part.due_on is None for part in plans)
    assert max(Counter(part.order_id for part in plans).values()) >= 3


@pytest.mark.parametrize("entity", [Order, Quote, Delivery])
def test_numbers_have_no_gaps_and_rise_with_the_days(demo: Database, entity: Any) -> None:
    dated = "delivered_on" if entity is Delivery else "dated_on"
    series = "order" if entity is Order else entity.__tablename__
    years: dict[int, list[Any]] = {}
    for row in every(demo, entity):
        if row.number and getattr(row, "revision", 1) == 1:
            years.setdefault(getattr(row, dated).year, []).append(row)
    with demo.read(SYSTEM) as work:
        last = {one.year: one.last for one in work.session.scalars(select(Series).where(Series.series == series))}
    for year, found in years.items():
        ordered = sorted(found, key=lambda row: row.serial)
        assert [row.serial for row in ordered] == list(range(1, last[year] + 1))
        days = [getattr(row, dated) for row in ordered]
        assert days == sorted(days)


def test_the_year_has_everything_that_happens(demo: Database) -> None:
    orders, quotes, deliveries = every(demo, Order), every(demo, Quote), every(demo, Delivery)
    with demo.read(SYSTEM) as work:
        firms = work.session.scalar(
            select(func.count()).where(Contact.kind == "company", Contact.is_customer).select_from(Contact)
        )
        assert work.session.scalar(select(func.count()).select_from(Product)) == 64
        assert work.session.scalar(select(func.count()).select_from(ProductCost)) == 64
        assert work.session.scalar(select(func.count()).select_from(PriceList)) == 5
        assert letterhead.get(work).said("address", "en")
        assert settings.get_settings(work).prices_include_tax
    assert 0.25 < len(orders) / (firms or 1) < 0.4
    assert {one.state for one in orders} == set(dict(rules.ORDER_STATES))
    assert {one.state for one in quotes} == set(dict(rules.QUOTE_STATES))
    assert {one.currency for one in orders} == {"CNY", "EUR", "USD"}
    assert all((one.rate == 1) == (one.currency == "CNY") for one in orders)
    assert any(one.returns_id for one in deliveries)
    today = NOW.date()
    assert all(today - timedelta(days=366) <= one.dated_on < today for one in (*orders, *quotes))
    assert all(one.delivered_on < today for one in deliveries)
    assert any(one.state == rules.CONFIRMED and one.open_net and one.due_on < today for one in orders)
    assert max(Counter(one.order_id for one in deliveries if not one.returns_id).values()) > 1


def test_quotes_and_their_orders_fit_together(demo: Database) -> None:
    quotes = {one.id: one for one in every(demo, Quote)}
    made = [one for one in every(demo, Order) if one.quote_id]
    assert made
    for order in made:
        quote = quotes[order.quote_id]
        assert (quote.state, quote.current, quote.contact_id) == (rules.ACCEPTED, True, order.contact_id)
        assert quote.dated_on <= order.dated_on
        assert quote.total == order.total
    assert {one.id for one in quotes.values() if one.state == rules.ACCEPTED} == {one.quote_id for one in made}
    revised = [one for one in quotes.values() if one.revision == 2]
    assert revised
    for quote in revised:
        first = quotes[quote.first_id]
        assert (first.state, first.current, first.number) == (rules.REPLACED, False, quote.number)
    assert all(bool(one.lost_reason) == (one.state == rules.LOST) for one in quotes.values())


def test_prices_are_those_of_the_price_lists(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        lists = {one.id: one for one in work.session.scalars(select(PriceList))}
        agreed = {one.contact_id or 0: price_lists.prices_of(work, id_) for id_, one in lists.items() if not one.level}
        levels = {one.level: price_lists.prices_of(work, id_) for id_, one in lists.items() if one.level}
        listed = dict(work.session.execute(select(Product.id, Product.list_price)).all())
        level_of = dict(work.session.execute(select(Contact.id, Contact.level)).all())
        rows = work.session.execute(
            select(Order.contact_id, OrderLine.product_id, OrderLine.unit_price)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .where(Order.currency == "CNY", OrderLine.product_id.is_not(None))
        ).all()
    for contact_id, product_id, price in rows:
        own = agreed.get(contact_id, {}).get(product_id)
        assert price == (own or levels.get(level_of[contact_id], listed)[product_id])


def test_the_same_seed_makes_the_same_business(twins: Twins) -> None:
    language, *databases = twins
    one, other = (
        [
            [{c.key: getattr(row, c.key) for c in row.__table__.columns} for row in every(database, entity)]
            for entity in (Product, Quote, QuoteLine, Order, OrderLine, Instalment, Delivery, DeliveryLine)
        ]
        for database in databases
    )
    assert one == other
    assert any("一" <= sign <= "鿿" for sign in one[0][0]["name"]) == (language != "en")
    own = "TWD" if language == "zh_Hant" else "CNY"
    assert {row["currency"] for row in one[3]} <= {own, "EUR", "USD"}


@pytest.mark.postgres
def test_people_of_a_guarded_server_see_their_share(postgres_url: str) -> None:
    assert sessions.make_demo_company(postgres_url, contacts=200) > 20
    for login in ("owner", "chen"):
        session = sessions.log_in(public_address(postgres_url), login, PASSWORD)
        try:
            with session.database.read(session.actor) as work:
                assert work.is_guarded
                counts = [one.count(work, Listing())[0] for one in (QUOTES, ORDERS, DELIVERIES, BACKLOG)]
                priced = work.session.scalar(select(func.count()).select_from(OrderLineCost))
                paid = work.session.scalar(select(func.count()).select_from(Allocation))
        finally:
            session.database.close()
        assert all(counts[:2])
        if login == "owner":
            assert all(counts)
            assert priced
            assert paid
        else:
            assert not priced


def test_a_demo_without_any_customer_is_no_trouble(template_file: Path, tmp_path: Path) -> None:
    database = sqlite_company(template_file, tmp_path / "tiny.crm")
    assert make_demo(database, contacts=1) == 0
    database.close()


def test_every_language_has_its_words() -> None:
    from crm_desktop.app.demo.trading_words import TRADING_WORDS

    assert TRADING_WORDS.keys() == WORDS.keys()
