"""Sales and quote reports, on both engines: the figures, the scope, and who sees margins."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.contacts import handover
from crm_desktop.db.work import Database
from crm_desktop.orders import quote_reports, quotes, reports
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked, ReportTable
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, product, sent_quote, version_of


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def column(table: ReportTable, name: str) -> list[object]:
    return [row[table.place(name)] for row in table.rows]


@pytest.fixture
def sold(database: Database, firm: Firm) -> None:
    bolt = product(database, "B-1", cost="6", category="Fasteners")
    nut = product(database, "N-1", category="Fasteners", name="Nut")
    atlas = customer(database, firm.anna, "Atlas")
    borealis = customer(database, firm.chen, "Borealis")
    confirmed_order(database, firm.anna, atlas, line("Bolt", 10, 10, product_id=bolt), dated_on=date(2026, 3, 4))
    confirmed_order(
        database,
        firm.anna,
        atlas,
        line("Bolt", 5, 10, product_id=bolt),
        line("Nut", 100, "0.5", product_id=nut),
        dated_on=date(2026, 4, 4),
    )
    confirmed_order(
        database,
        firm.chen,
        borealis,
        line("Bolt", 3, 2, product_id=bolt),
        dated_on=date(2026, 4, 9),
        currency="USD",
        rate=Decimal(7),
    )
    new_order(database, firm.anna, atlas, line("Bolt", 1000, 10, product_id=bolt), dated_on=date(2026, 4, 10))


@pytest.mark.usefixtures("sold")
def test_sales_by_customer_are_net_and_per_currency(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        table = reports.sales(work, Asked(by="customer"))
    assert table.rows[0][:3] == ("Atlas", 2, cny("200.00"))
    assert table.rows[1][:3] == ("Borealis", 1, Money(Decimal("6.00"), "USD"))
    assert [row[table.place("net")] for row in table.totals()] == [cny("200.00"), Money(Decimal("6.00"), "USD")]
    assert table.bars("CNY") == (("Atlas", Decimal("200.00")),)


@pytest.mark.usefixtures("sold")
def test_margins_are_in_the_company_s_currency(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        table = reports.sales(work, Asked(by="product"))
    by_name = {row[0]: row for row in table.rows}
    # In yuan: 150 sold at a cost of 90; the nut has no cost; 42 sold in dollars at a cost of 18.
    margins = {(row[0], row[table.place("net")].currency): row[table.place("margin")] for row in table.rows}
    assert margins == {("Bolt", "CNY"): cny("60.00"), ("Nut", "CNY"): cny("50.00"), ("Bolt", "USD"): cny("24.00")}
    assert by_name["Nut"][table.place("quantity")] == Decimal(100)


@pytest.mark.usefixtures("sold")
def test_groupings_agree_with_each_other(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        tables = {key: reports.sales(work, Asked(by=key)) for key, _label in reports.GROUPINGS}
    nets = {key: [row[table.place("net")] for row in table.totals()] for key, table in tables.items()}
    assert all(net == nets["customer"] for net in nets.values())
    assert column(tables["month"], "month") == ["2026-03", "2026-04", "2026-04"]
    assert column(tables["salesperson"], "salesperson") == [firm.anna.name, firm.chen.name]
    assert column(tables["category"], "category") == ["Fasteners", "Fasteners"]


@pytest.mark.usefixtures("sold")
def test_a_period_has_both_its_days(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        table = reports.sales(work, Asked(date(2026, 4, 4), date(2026, 4, 8), "customer"))
    assert column(table, "net") == [cny("100.00")]
    assert "4 Apr" in table.said


@pytest.mark.usefixtures("sold")
def test_a_rep_sees_own_customers_and_no_margin(database: Database, firm: Firm) -> None:
    with database.read(firm.chen) as work:
        table = reports.sales(work, Asked(by="product"))
        assert [field.name for field in table.fields] == ["product", "orders", "quantity", "net"]
        assert column(table, "net") == [Money(Decimal("6.00"), "USD")]
    with pytest.raises(NotAllowed), database.read(firm.buyer) as work:
        reports.sales(work, Asked())


@pytest.mark.usefixtures("sold")
def test_a_report_follows_the_customer_not_the_salesperson(database: Database, firm: Firm) -> None:
    """Statistics keep the salesperson; sight moves with the customer."""
    with database.begin(firm.boss) as work:
        ids = [row[0] for row in work.session.execute(select(Order.contact_id))]
        handover.assign(work, ids, firm.chen.user_id)
    with database.read(firm.chen) as work:
        assert column(reports.sales(work, Asked(by="salesperson")), "salesperson") == [firm.anna.name, firm.chen.name]
    with database.read(firm.anna) as work:
        assert reports.sales(work, Asked(by="salesperson")).rows == ()


def test_the_backlog_report_is_the_list(database: Database, firm: Firm) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    confirmed_order(database, firm.anna, atlas, line("Late", 3), due_on=date(2026, 11, 1))
    confirmed_order(database, firm.anna, atlas, line("Some day", 4))
    with database.read(firm.anna) as work:
        assert column(reports.backlog(work, Asked()), "product") == ["Late", "Some day"]
        assert column(reports.backlog(work, Asked(to_on=date(2026, 11, 20))), "product") == ["Late"]


def test_hit_rate_and_reasons(database: Database, firm: Firm) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    won, lost, revised = (sent_quote(database, firm.anna, atlas, line(price=price)) for price in (10, 20, 40))
    sent_quote(database, firm.anna, atlas, line(price=30))
    with database.begin(firm.anna) as work:
        quotes.accept(work, won, version_of(database, Quote, won))
        quotes.lose(work, lost, version_of(database, Quote, lost), "price", "Too dear")
        quotes.revise(work, revised, version_of(database, Quote, revised))
    with database.read(firm.anna) as work:
        table = quote_reports.hit_rate(work, Asked(by="salesperson"))
        assert table.rows == ((firm.anna.name, 3, 1, 1, 1, Decimal("50.0"), cny("10.00")),)
        reasons = quote_reports.lost_reasons(work, Asked())
        assert reasons.rows == (("Price too high", 1, cny("20.00")),)
    with database.read(firm.chen) as work:
        assert quote_reports.hit_rate(work, Asked()).rows == ()
