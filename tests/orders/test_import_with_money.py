"""Orders from a sheet in a company that invoices and is owed: what is claimed, and what is not taken back then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.app.checks import check_database
from crm_desktop.db.work import Database
from crm_desktop.orders import above
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.orders.target import ORDERS
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoicing, posting
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.collecting import credit
from crm_desktop.receivables.lists import INSTALMENTS
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Listing
from tests.companies import Firm
from tests.exchange.rows import bring_in, rows, take_back
from tests.orders.documents import customer
from tests.receivables.billing import company_works
from tests.receivables.credit_books import set_terms

DAY = date(2025, 3, 4)
HEAD: dict[str, Any] = {"customer": "Atlas", "dated_on": DAY, "description": "Work", "quantity": Decimal(1)}
SHEET = (
    HEAD | {"number": "open", "unit_price": Decimal(100)},
    HEAD | {"number": "shipped", "unit_price": Decimal(100), "shipped_on": date(2025, 3, 9)},
    HEAD | {"number": "done", "unit_price": Decimal(100), "state": "closed"},
)


@pytest.fixture(autouse=True)
def _invoices_above_orders() -> Iterator[None]:
    before = above.attached()
    above.attach(InvoicesOfOrders())
    yield
    above.attach(*before)


@pytest.fixture
def atlas(file_database: Database, firm: Firm) -> int:
    return customer(file_database, firm.anna, status="customer")


def test_a_contract_that_claims_claims_what_is_open_alone(file_database: Database, firm: Firm, atlas: int) -> None:
    company_works(file_database, claims_by=rules.CONTRACT)
    done = bring_in(file_database, firm.boss, ORDERS, rows(*SHEET))
    with file_database.read(SYSTEM) as work:
        (claim,) = work.session.scalars(select(Instalment)).all()
        assert (claim.claimed_on, claim.open_amount) == (DAY, 100_00)
    assert check_database(file_database) == []
    undone = take_back(file_database, firm.boss, done.batch, ORDERS)
    assert undone.removed == 2
    assert [(one.label, one.reason) for one in undone.kept] == [("open", "It is claimed from the customer already.")]
    assert check_database(file_database) == []


def test_only_what_is_open_is_planned_and_credit_is_not_asked(file_database: Database, firm: Firm, atlas: int) -> None:
    set_terms(file_database, firm.boss, atlas, limit=Decimal(1))
    bring_in(file_database, firm.boss, ORDERS, rows(*SHEET))
    with file_database.read(firm.boss) as work:
        assert credit.standing(work, atlas).planned == Decimal(100)
        assert INSTALMENTS.count(work, Listing())[0] == 1
    assert check_database(file_database) == []


def test_an_invoiced_order_is_not_taken_back(file_database: Database, firm: Firm, atlas: int) -> None:
    done = bring_in(file_database, firm.boss, ORDERS, rows(*SHEET))
    with file_database.begin(firm.boss) as work:
        ids = dict(work.session.execute(select(Order.number, Order.id)).all())
        drafted = invoicing.from_order(work, ids["shipped"])
        posted = invoicing.from_order(work, ids["open"])
        posting.post(work, posted, work.get(Invoice, posted).version)
        assert drafted
    undone = take_back(file_database, firm.boss, done.batch, ORDERS)
    assert {one.label: one.reason for one in undone.kept} == {
        "open": "It was changed after the import.",
        "shipped": "Another document was made from it.",
    }
    assert undone.removed == 1
    assert check_database(file_database) == []
