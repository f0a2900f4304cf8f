"""The orders of Northwind come in from their sheet: every order, every line, every cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crm_desktop.access import rules
from crm_desktop.access.model import Company, User, UserRole
from crm_desktop.app.checks import check_database
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets.context import context
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.orders import proof, reports
from crm_desktop.orders.lists import BACKLOG
from crm_desktop.orders.model import Delivery, Instalment, Order, OrderLine
from crm_desktop.orders.target import ORDERS
from crm_desktop.products import service as products
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.importing import ImportRow, Verdict
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked
from tests.exchange.rows import bring_in, check, take_back
from tests.journeys.northwind import CURRENCY, SAMPLE, read_sheets

pytestmark = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the sample workbook northwind.xlsx is not in shared/samples beside the checkout"
)

NET = Money(Decimal("1265793.29"), CURRENCY)


@pytest.fixture
def sellers(database: Database) -> dict[str, int]:
    """The company with its people, customers and products, and no order yet."""
    sheets = read_sheets()
    ids: dict[str, int] = {}
    with database.begin(SYSTEM) as work:
        company = Company(
            id=1,
            dataset_id="n",
            name="Northwind",
            currency=CURRENCY,
            timezone="UTC",
            language="en",
            created_at=work.now,
        )
        work.session.add(company)
        for row in sheets["Staff"]:
            login = row["Name"].split()[0].lower()
            user = User(login=login, login_key=login, name=row["Name"], created_at=work.now)
            work.session.add(user)
            work.session.flush()
            work.session.add(UserRole(user_id=user.id, role="sales_rep"))
            ids[row["Name"]] = user.id
    with database.begin(boss(ids)) as work:
        for row in sheets["Customers"]:
            values = {"kind": "company", "name": row["Company Name"], "code": row["Customer ID"], "status": "customer"}
            contacts.create(work, values)
        for row in sheets["Products"]:
            named = {"code": f"NW-{row['Product ID']:02}", "name": row["Product Name"], "tax_percent": Decimal(0)}
            product_id = products.create(work, named)
            if row["Discontinued"] == "Yes":
                products.set_active(work, [product_id], active=False)
    return ids


def boss(ids: dict[str, int]) -> Actor:
    return rules.combine(user_id=ids["Andrew Fuller"], login="andrew", name="Andrew Fuller", roles=["owner"])


def order_rows(database: Database, by: Actor) -> list[ImportRow]:
    """The sheet's rows as the wizard reads them, its columns found by their headers."""
    book = read_book(SAMPLE)
    (sheet,) = (one for one in book.sheets if one.name == "Orders")
    with database.read(by) as work:
        draft = Draft(book, sheet, ORDERS, context(work, ORDERS))
    assert draft.readings["discount_percent"].key == "fraction"
    return draft.rows()


def test_every_order_comes_in_to_the_cent_and_goes_again(database: Database, sellers: dict[str, int]) -> None:
    andrew = boss(sellers)
    given = order_rows(database, andrew)
    assert len(given) == 2155
    planned = check(database, andrew, ORDERS, given)
    assert {one.verdict for one in planned} == {Verdict.NEW}
    assert len(planned) == 830
    assert sum(one.lines for one in planned) == 2155
    done = bring_in(database, andrew, ORDERS, given)
    assert done.counts["new"] == 830
    assert done.counts["rows"] == 2155
    unshipped = {str(row["Order No"]) for row in read_sheets()["Orders"] if row["Shipped Date"] is None}
    with database.read(SYSTEM) as work:
        ask = work.session.scalar
        assert ask(select(func.count()).select_from(OrderLine)) == 2155
        assert sum(work.session.scalars(select(OrderLine.net))) == 126579329
        assert set(work.session.scalars(select(Order.number).where(Order.state == "confirmed"))) == unshipped
        assert ask(select(func.count()).select_from(Delivery)) == 830 - len(unshipped)
        assert ask(select(func.count()).select_from(Instalment)) == len(unshipped)
        assert set(work.session.scalars(select(Order.created_by))) == {None}
        assert list(proof.findings(work)) == []
    with database.read(andrew) as work:
        table = reports.sales(work, Asked(by="salesperson"))
        assert [row[table.place("net")] for row in table.totals()] == [NET]
        assert {row[0] for row in table.rows} == {row["Salesperson"] for row in read_sheets()["Orders"]}
        open_lines = sum(
            row["Order No"] is not None and str(row["Order No"]) in unshipped for row in read_sheets()["Orders"]
        )
        assert BACKLOG.count(work, Listing())[0] == open_lines
    if not database.engine.dialect.name.startswith("postgres"):
        assert check_database(database) == []
    again = check(database, andrew, ORDERS, given)
    assert {one.verdict for one in again} == {Verdict.SKIP}
    undone = take_back(database, andrew, done.batch, ORDERS)
    assert (undone.removed, undone.kept) == (830, ())
    with database.read(SYSTEM) as work:
        for table in (Order, OrderLine, Delivery, Instalment):
            assert work.session.scalar(select(func.count()).select_from(table)) == 0
        assert list(proof.findings(work)) == []
