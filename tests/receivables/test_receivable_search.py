"""Ctrl+K and the quick filter find invoices and receipts by number, reference, amount and customer; on both engines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables.billing import tax_invoices
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES, RECEIPTS
from crm_desktop.receivables.ui.specs import find_receivables
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Listing
from tests.companies import Firm
from tests.orders.documents import customer, line
from tests.receivables.billing import draft, posted_invoice
from tests.receivables.documents import pay, posted


@pytest.fixture
def owed(database: Database, firm: Firm, accountant: Actor) -> dict[str, Any]:
    huaxin = customer(database, firm.anna, "宁波华新轴承有限公司")
    other = customer(database, firm.chen, "Borealis")
    made = {"huaxin": huaxin}
    made["invoice"] = posted_invoice(
        database, accountant, huaxin, line(quantity=2, price=1450, tax=0), reference="PO-77/1"
    )
    made["draft"] = draft(database, accountant, huaxin, line(price=3))
    made["yen"] = posted(database, other, 2900, currency="JPY", number="J-1").id
    made["same"] = posted(database, other, 29, number="B-9").id
    made["receipt"] = pay(database, accountant, huaxin, "2900.50", reference="ICBC 88121")
    return made


def found(database: Database, actor: Actor, listing: Any, text: str) -> set[int]:
    with database.read(actor) as work:
        ids = set(listing.ids(work, Listing(text=text))[0])
        assert {hit[0] for hit in listing.search(work, text)} <= ids
        return ids


def test_an_invoice_is_found_by_every_word_people_know_it_by(
    database: Database, accountant: Actor, owed: dict[str, Any]
) -> None:
    for typed in ("INV2026-0001", "inv2026", "1", "po-77", "PO77/1", "华新", "nbhx", "2900", "2,900.00", "华新 2900"):
        assert owed["invoice"] in found(database, accountant, INVOICES, typed), typed
    for typed in ("2900.01", "INV2027", "Borealis", "华新 2901"):
        assert owed["invoice"] not in found(database, accountant, INVOICES, typed), typed


def test_an_amount_is_that_amount_in_whichever_currency(
    database: Database, accountant: Actor, owed: dict[str, Any]
) -> None:
    """2,900 yen are 2900 minor units, 29.00 are as many: neither is the other."""
    assert found(database, accountant, INVOICES, "2900") == {owed["invoice"], owed["yen"]}
    assert found(database, accountant, INVOICES, "29") == {owed["same"]}
    assert found(database, accountant, INVOICES, "29.000") == {owed["same"]}


def test_a_receipt_is_found_by_its_amount_and_the_bank_s_reference(
    database: Database, accountant: Actor, owed: dict[str, Any]
) -> None:
    for typed in ("RC2026-0001", "2,900.50", "icbc", "ICBC88121", "华新 icbc88121"):
        assert found(database, accountant, RECEIPTS, typed) == {owed["receipt"]}, typed
    assert found(database, accountant, RECEIPTS, "2900") == set()


def test_due_items_are_found_by_their_invoice_and_its_amount(
    database: Database, accountant: Actor, owed: dict[str, Any]
) -> None:
    with database.read(accountant) as work:
        for typed in ("INV2026-0001", "po77", "2900", "华新"):
            page = INSTALMENTS.first_page(work, Listing(text=typed), ("invoice",))
            assert "INV2026-0001" in {row[1] for row in page.rows}, typed
        assert INSTALMENTS.count(work, Listing(text="nothing at all")) == (0, False)


def test_the_search_everywhere_opens_what_it_finds(
    database: Database, firm: Firm, accountant: Actor, owed: dict[str, Any]
) -> None:
    with database.begin(accountant) as work:
        tax_invoices.create(work, {"number": "25332000", "amount": Decimal(100), "invoice_id": owed["invoice"]})
    with database.read(accountant) as work:
        hits = find_receivables(work, "华新")
        assert [(hit.entity, hit.id, hit.title) for hit in hits] == [
            ("invoice", owed["draft"], "Draft invoice"),
            ("invoice", owed["invoice"], "INV2026-0001"),
            ("receipt", owed["receipt"], "RC2026-0001"),
            ("invoice", owed["invoice"], "25332000"),
        ]
        assert [hit.detail for hit in hits][:3] == [
            "宁波华新轴承有限公司 · Draft",
            "宁波华新轴承有限公司 · Unpaid",
            "宁波华新轴承有限公司 · Receipt",
        ]
        assert [hit.id for hit in find_receivables(work, "2533")] == [owed["invoice"]]
    for outside in (firm.buyer, firm.admin):
        with database.read(outside) as work:
            assert find_receivables(work, "华新") == []
    with database.read(firm.chen) as work:
        assert find_receivables(work, "INV2026-0001") == []
