"""Invoices where a PostgreSQL server enforces the scope of every person by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Order
from crm_desktop.receivables import settings
from crm_desktop.receivables.billing import (
    credit_notes,
    invoices,
    invoicing,
    opening,
    posting,
    stored_papers,
    tax_invoices,
    unposting,
)
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.errors import NotFound, Unavailable
from tests.db.server_company import ServerCompany
from tests.orders.documents import line

pytestmark = pytest.mark.postgres


def begin(company: ServerCompany, login: str) -> Any:
    return Database(company.engine(login)).begin(company.actor(login))


def ordered(company: ServerCompany, login: str) -> int:
    with begin(company, login) as work:
        contact_id = contacts.create(work, {"name": "Atlas", "is_customer": True})
        order_id = orders.create(work, {"contact_id": contact_id, "lines": [line(quantity=10)]})
        orders.confirm(work, order_id, work.get(Order, order_id).version)
    return order_id


def test_the_accountant_bills_what_others_sold(company: ServerCompany) -> None:
    order_id = ordered(company, "ann")
    with begin(company, "abe") as work:
        assert work.is_guarded
        lines = invoicing.open_lines(work, order_id)
        first = invoicing.from_order(work, order_id, {lines[0].line_id: Decimal(4)})
        number = posting.post(work, first, 1).number
    with begin(company, "abe") as work:
        second = invoicing.from_order(work, order_id)
        posting.post_many(work, [(second, 1)])
        stored_papers.keep_many(work, [second])
        note = credit_notes.from_invoice(work, second)
        posting.post(work, note, 1)
        tax_invoices.create(work, {"number": "7", "amount": Decimal(10), "invoice_id": first})
    with begin(company, "ann") as work:
        assert invoices.get(work, first)["number"] == number
        assert stored_papers.paper(work, first).startswith(b"%PDF")
        assert orders.get(work, order_id)["invoiced_percent"] == 40
        quantities = {one.line_id: Decimal(1) for one in deliveries.open_lines(work, order_id)}
        deliveries.deliver(work, order_id, work.get(Order, order_id).version, quantities)
        assert orders.get(work, order_id)["invoiced_percent"] == 40
    with begin(company, "bob") as work, pytest.raises(NotFound):
        stored_papers.paper(work, first)
    with pytest.raises(Unavailable, match="role"), begin(company, "ann") as work:
        work.get(Invoice, first).total = 1


def test_the_owner_takes_the_last_one_back(company: ServerCompany) -> None:
    order_id = ordered(company, "ann")
    with begin(company, "abe") as work:
        made = invoicing.from_order(work, order_id)
        posting.post(work, made, 1)
    with begin(company, "olga") as work:
        unposting.unpost(work, made, work.get(Invoice, made).version, "wrong price")
    with begin(company, "abe") as work:
        assert posting.post(work, made, work.get(Invoice, made).version).number.endswith("0001")


def test_opening_balances_and_contracts_that_claim(company: ServerCompany) -> None:
    with begin(company, "abe") as work:
        settings.save_settings(work, settings.get_settings(work).version, {"claims_by": "contract"})
    order_id = ordered(company, "ann")
    with begin(company, "abe") as work:
        contact_id = work.get(Order, order_id).contact_id
        row = {"contact_id": contact_id, "number": "A-1", "dated_on": date(2026, 1, 5), "currency": "EUR"}
        opening.take_over(work, [row | {"total": Decimal(900), "open": Decimal(300)}])
        orders.close_short(work, order_id, work.get(Order, order_id).version, "not needed")
