"""The register of tax invoices beside invoices and orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables.billing import tax_invoices
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer
from tests.receivables.billing import TODAY, draft, invoice_of, posted_invoice


def entry(database: Database, by: Actor, number: str, amount: object, **values: Any) -> int:
    with database.begin(by) as work:
        return tax_invoices.create(work, {"number": number, "amount": Decimal(str(amount)), **values})


def test_several_cover_an_invoice_until_nothing_is_open(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    entry(database, accountant, "24312000000098765432", 60, invoice_id=made)
    second = entry(database, accountant, "24312000000098765433", 63, invoice_id=made, kind="ordinary")
    with database.read(firm.anna) as work:
        covered = tax_invoices.of_invoice(work, made)
    assert ([one.number[-2:] for one in covered.entries], covered.sum, covered.open) == (
        ["32", "33"],
        Decimal("123.00"),
        Decimal("-10.00"),
    )
    with database.begin(accountant) as work:
        tax_invoices.cancel(work, second, 1)
    record = invoice_of(database, firm.anna, made)
    assert (record["tax_invoiced"], record["tax_open"]) == (Decimal("60.00"), Decimal("53.00"))
    with pytest.raises(WrongState), database.begin(accountant) as work:
        tax_invoices.save(work, second, 2, {"amount": Decimal(1)})


def test_one_is_written_down_for_an_order_or_a_customer(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas)
    made = entry(database, accountant, "1", "113", order_id=order, notes="prepaid")
    alone = entry(database, accountant, "2", "-113", contact_id=atlas, currency="CNY", dated_on=date(2026, 1, 2))
    with database.read(accountant) as work:
        assert tax_invoices.of_order(work, order).open == 0
        record, other = tax_invoices.get(work, made), tax_invoices.get(work, alone)
    assert (record["order_number"], record["contact_name"], record["dated_on"]) == ("S2026-0001", "Atlas", TODAY)
    assert (other["amount"], other["order_id"], other["currency"]) == (Decimal("-113.00"), None, "CNY")


def test_an_entry_is_corrected_over_its_version(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    first = entry(database, accountant, "7", 50, invoice_id=made)
    entry(database, accountant, "8", 50, invoice_id=made)
    with database.begin(accountant) as work:
        assert tax_invoices.save(work, first, 1, {"amount": Decimal("55"), "number": " 7a "}) == 2
        record = tax_invoices.get(work, first)
    assert (record["number"], record["amount"]) == ("7a", Decimal("55.00"))
    with pytest.raises(Invalid, match="8 is written down already"), database.begin(accountant) as work:
        tax_invoices.save(work, first, 2, {"number": "8"})
    with pytest.raises(Invalid, match="This stays"), database.begin(accountant) as work:
        tax_invoices.save(work, first, 2, {"invoice_id": None})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": " "}, "number"),
        ({"amount": "x"}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"kind": "pink"}, "kind"),
        ({"dated_on": date(2026, 11, 21)}, "dated_on"),
        ({"order_id": 1}, "order_id"),
    ],
)
def test_what_cannot_be_written_down_is_refused(
    database: Database, firm: Firm, accountant: Actor, changed: dict[str, Any], field: str
) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    with pytest.raises(Invalid) as refused, database.begin(accountant) as work:
        tax_invoices.create(work, {"number": "1", "amount": 5, "invoice_id": made} | changed)
    assert refused.value.field == field


def test_it_needs_a_posted_invoice_and_the_right(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with pytest.raises(Invalid, match="Post the invoice first"):
        entry(database, accountant, "1", 5, invoice_id=made)
    with pytest.raises(NotAllowed):
        entry(database, firm.anna, "1", 5, invoice_id=made)
