"""Lists of invoices, receipts, instalments, tax invoices: figures, filters, sums, scope, exports; both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from crm_desktop.contacts.row_list import RowList
from crm_desktop.db.work import Database
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, tax_invoices
from crm_desktop.receivables.export import INVOICE_EXPORT
from crm_desktop.receivables.fields import status
from crm_desktop.receivables.lists import (
    INSTALMENTS,
    INVOICES,
    RECEIPTS,
    TAX_INVOICES,
    document_of_instalment,
    drafts_among,
)
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import disputes, receipts, write_offs
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.published import part_of
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order
from tests.receivables.documents import DAY, credit, pay, posted

LATE, SOON = date(2026, 11, 10), date(2026, 11, 25)


def money(amount: object, currency: str = "CNY") -> Money:
    return Money(Decimal(str(amount)), currency)


def rows(database: Database, actor: Actor, listing: RowList, columns: tuple[str, ...], **asked: Any) -> list[Any]:
    with database.read(actor) as work:
        return [row[1:] for row in listing.first_page(work, Listing(**asked), columns).rows]


@pytest.fixture
def books(database: Database, firm: Firm, accountant: Actor) -> dict[str, Any]:
    """Two customers: of Anna's one late invoice partly paid, one settled, a credit; of Chen's one in dollars."""
    atlas = customer(database, firm.anna, "Atlas")
    borealis = customer(database, firm.chen, "Borealis")
    late = posted(database, atlas, (600, LATE), (400, SOON), number="INV-1", dated_on=date(2026, 10, 10))
    paid = posted(database, atlas, (250, SOON), number="INV-2", dated_on=date(2026, 11, 1))
    credited = credit(database, atlas, 90, number="CN-1", dated_on=date(2026, 11, 5))
    dollars = posted(database, borealis, (70, None), number="INV-3", currency="USD", dated_on=date(2026, 11, 3))
    first = pay(database, accountant, atlas, 450, {late.instalments[0]: 200, paid.instalments[0]: 250})
    advance = pay(database, accountant, borealis, 30, currency="USD", rate=Decimal("7.1"), reference="WIRE 9")
    return {
        "atlas": atlas,
        "borealis": borealis,
        "late": late,
        "paid": paid,
        "credit": credited,
        "dollars": dollars,
        "first": first,
        "advance": advance,
    }


def test_an_invoice_says_what_is_open_and_how_late(
    database: Database, firm: Firm, accountant: Actor, books: dict[str, Any]
) -> None:
    columns = ("number", "kind", "status", "customer", "next_due_on", "late", "total", "open_amount")
    assert rows(database, accountant, INVOICES, columns, sorts=(Sort("next_due_on"),)) == [
        ("INV-1", "invoice", "partly_paid", "Atlas", LATE, 10, money(1000), money(800)),
        ("INV-2", "invoice", "paid", "Atlas", None, None, money(250), money(0)),
        ("CN-1", "credit", "unused", "Atlas", None, None, money(-90), money(-90)),
        ("INV-3", "invoice", "open", "Borealis", None, None, money(70, "USD"), money(70, "USD")),
    ]


def test_sums_take_credit_notes_off_and_keep_currencies_apart(
    database: Database, accountant: Actor, books: dict[str, Any]
) -> None:
    with database.read(accountant) as work:
        assert INVOICES.sums(work, Listing(), "total") == (money(1160), money(70, "USD"))
        assert INVOICES.sums(work, Listing(), "open_amount") == (money(710), money(70, "USD"))
        assert RECEIPTS.sums(work, Listing(), "amount") == (money(450), money(30, "USD"))
        assert RECEIPTS.sums(work, Listing(), "open_amount") == (money(0), money(30, "USD"))
        assert INSTALMENTS.sums(work, Listing(), "open_amount") == (money(800), money(70, "USD"))


def test_filters_answer_what_is_asked(database: Database, accountant: Actor, books: dict[str, Any]) -> None:
    def numbers(*filters: Filter) -> list[str]:
        found = rows(database, accountant, INVOICES, ("number",), filters=filters, sorts=(Sort("dated_on"),))
        return [row[0] for row in found]

    assert numbers(Filter("status", "is", ("partly_paid", "open"))) == ["INV-1", "INV-3"]
    assert numbers(Filter("next_due_on", "to", (date(2026, 11, 19),))) == ["INV-1"]
    assert numbers(Filter("settled_on", "not_empty")) == ["INV-2"]
    assert numbers(Filter("kind", "is", ("credit",))) == ["CN-1"]
    assert numbers(Filter("kind", "is", ("invoice",)), Filter("open_amount", "is_not", (Decimal(0),))) == [
        "INV-1",
        "INV-3",
    ]
    assert numbers(Filter("total", "from", (Decimal(260),))) == ["INV-1"]


def test_the_status_of_the_list_is_the_status_of_the_rules(database: Database, firm: Firm, accountant: Actor) -> None:
    """Every way an invoice can stand, asked of the database and of the rule."""
    atlas = customer(database, firm.anna)
    paid, gone, noted = (posted(database, atlas, 100) for _time in range(3))
    zero = posted(database, atlas, 0)
    half = posted(database, atlas, 100)
    credited = credit(database, atlas, 100)
    used = credit(database, atlas, 40)
    pay(database, accountant, atlas, 100, {paid.instalments[0]: 100})
    pay(database, accountant, atlas, 0, {noted.instalments[0]: 100}, {("credit", credited.id): 100})
    pay(database, accountant, atlas, 0, {half.instalments[0]: 15}, {("credit", used.id): 15})
    with database.begin(accountant) as work:
        write_offs.write_off(work, {gone.instalments[0]: Decimal(100)}, "Insolvent")
        invoices.create(work, {"contact_id": atlas, "lines": (line(),)})
    with database.read(SYSTEM) as work:
        asked = select(Invoice, status())
        said = {row.id: (row, found) for row, found in work.session.execute(asked)}
        for row, found in said.values():
            assert found == rules.status(
                row.state,
                row.kind,
                total=row.total,
                open_amount=row.open_amount,
                credited=row.credited,
                written_off=row.written_off,
                claims=invoices.makes_claims(row),
            )
        assert [said[one.id][1] for one in (paid, gone, noted, zero, half, credited, used)] == [
            *("paid", "written_off", "credited", "paid", "partly_paid", "used", "partly_used"),
        ]
        assert {found for _row, found in said.values()} >= {"draft"}


def test_due_items_hide_what_is_settled_until_it_is_asked_for(
    database: Database, firm: Firm, accountant: Actor, books: dict[str, Any]
) -> None:
    columns = ("invoice", "due_on", "late", "amount", "open_amount", "event")
    assert rows(database, accountant, INSTALMENTS, columns) == [
        ("INV-1", LATE, 10, money(600), money(400), ""),
        ("INV-1", SOON, None, money(400), money(400), ""),
        ("INV-3", None, None, money(70, "USD"), money(70, "USD"), "on acceptance"),
    ]
    settled = rows(
        database, accountant, INSTALMENTS, ("invoice", "open_amount"), filters=(Filter("archived", "is", (True,)),)
    )
    assert settled == [("INV-2", money(0))]
    with database.begin(accountant) as work:
        disputes.dispute(work, books["late"].instalments[1], "Wrong colour")
    disputed = rows(
        database, accountant, INSTALMENTS, ("due_on", "dispute_reason"), filters=(Filter("disputed_on", "not_empty"),)
    )
    assert disputed == [(SOON, "Wrong colour")]
    with database.read(accountant) as work:
        assert document_of_instalment(work, books["late"].instalments[1]) == ("invoice", books["late"].id)


def test_planned_instalments_are_those_of_binding_orders(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=2, price=100, tax=0))
    new_order(database, firm.anna, atlas, line(price=5))
    columns = ("order", "planned", "amount", "open_amount")
    with database.read(accountant) as work:
        page = INSTALMENTS.first_page(work, Listing(), columns)
        assert [row[2:] for row in page.rows] == [(True, money(200), money(0))]
        assert INSTALMENTS.count(work, Listing(filters=(Filter("planned", "is", (False,)),))) == (0, False)
        assert document_of_instalment(work, page.rows[0][0]) == ("order", order)


def test_a_receipt_tells_what_is_left_of_it(database: Database, accountant: Actor, books: dict[str, Any]) -> None:
    columns = ("customer", "kind", "amount", "open_amount", "method", "reference", "reversed")
    assert rows(database, accountant, RECEIPTS, columns, sorts=(Sort("amount"),)) == [
        ("Borealis", "receipt", money(30, "USD"), money(30, "USD"), "transfer", "WIRE 9", False),
        ("Atlas", "receipt", money(450), money(0), "transfer", "", False),
    ]
    from crm_desktop.receivables.money import paying_back

    with database.begin(accountant) as work:
        version = receipts.get(work, books["advance"]).version
        paying_back.reverse(work, books["advance"], version, "It bounced")
    assert rows(database, accountant, RECEIPTS, ("kind", "amount", "reversed"), sorts=(Sort("amount"),)) == [
        ("receipt", money(30, "USD"), True),
        ("reversal", money(-30, "USD"), False),
        ("receipt", money(450), False),
    ]


def test_tax_invoices_stand_beside_what_they_are_for(
    database: Database, accountant: Actor, books: dict[str, Any]
) -> None:
    with database.begin(accountant) as work:
        id_ = tax_invoices.create(
            work, {"number": "25332000000012345678", "amount": Decimal(1000), "invoice_id": books["late"].id}
        )
        other = tax_invoices.create(
            work, {"number": "044", "amount": Decimal(5), "contact_id": books["borealis"], "currency": "CNY"}
        )
        tax_invoices.cancel(work, other, tax_invoices.get(work, other).version)
    columns = ("number", "customer", "amount", "invoice", "cancelled_on")
    assert sorted(rows(database, accountant, TAX_INVOICES, columns)) == [
        ("044", "Borealis", money(5), None, DAY),
        ("25332000000012345678", "Atlas", money(1000), "INV-1", None),
    ]
    valid = rows(database, accountant, TAX_INVOICES, ("number",), filters=(Filter("cancelled_on", "empty"),))
    assert valid == [("25332000000012345678",)]
    with database.read(accountant) as work:
        assert [hit[0] for hit in TAX_INVOICES.search(work, "253320")] == [id_]


@pytest.mark.parametrize("listing", [INVOICES, RECEIPTS, INSTALMENTS, TAX_INVOICES])
def test_a_rep_sees_only_own_customers_and_purchasing_nothing(
    database: Database, firm: Firm, books: dict[str, Any], listing: RowList
) -> None:
    if listing is not TAX_INVOICES:
        assert {row[0] for row in rows(database, firm.chen, listing, ("customer",))} == {"Borealis"}
        assert {row[0] for row in rows(database, firm.anna, listing, ("customer",))} == {"Atlas"}
    for outside in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed), database.read(outside) as work:
            listing.first_page(work, Listing(), ("customer",))


def test_the_newest_page_goes_on_without_a_gap_for_every_sort(
    database: Database, firm: Firm, accountant: Actor, books: dict[str, Any]
) -> None:
    """Keys are compared where several rows have the same day, customer or amount."""
    atlas = books["atlas"]
    for _time in range(12):
        posted(database, atlas, (100, SOON), (100, None), dated_on=date(2026, 11, 2))
    for listing, actor in product((INVOICES, INSTALMENTS), (accountant, firm.anna)):
        sorts = [one.name for one in listing.described.fields if one.name in listing._sortable]
        for name, descending in product(sorts, (False, True)):
            asked = Listing(sorts=(Sort(name, descending=descending),))
            with database.read(actor) as work:
                ids = list(listing.ids(work, asked)[0])
                query, rest = listing._query(work, asked)
                keys = query._ordered(work, rest, (), None, 7)
                first = query.page(work, rest, ["number" if listing is INVOICES else "label"], limit=7)
                after = (*keys[-1][1:], keys[-1][0])
                second = query.page(work, rest, [first.columns[1]], after=after, limit=500)
            assert [row[0] for row in (*first.rows, *second.rows)] == ids, (name, descending)


def test_drafts_are_found_among_the_chosen(database: Database, accountant: Actor, books: dict[str, Any]) -> None:
    with database.begin(accountant) as work:
        draft = invoices.create(work, {"contact_id": books["atlas"], "lines": (line(),)})
    with database.read(accountant) as work:
        version = work.get(Invoice, draft).version
        assert drafts_among(work, [books["late"].id, draft, books["credit"].id]) == [(draft, version)]


def test_an_export_adds_up_in_excel(
    database: Database, accountant: Actor, books: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "invoices.xlsx"
    ours = Listing(filters=(Filter("currency", "is", ("CNY",)),), sorts=(Sort("dated_on"),))
    with database.read(accountant) as work:
        columns = ["number", "late", "total", "open_amount"]
        assert INVOICE_EXPORT.write_file(work, path, ours, columns) == 3
    sheet = load_workbook(part_of(path).rename(path)).active
    assert [cell.value for cell in sheet["A"]][:4] == ["Invoice", "INV-1", "INV-2", "CN-1"]
    assert [cell.value for cell in sheet["B"]][:4] == ["Days late", 10, None, None]
    assert [cell.value for cell in sheet["C"]] == ["Total", 1000, 250, -90, "=SUM(C2:C4)"]
    assert [cell.value for cell in sheet["D"]] == ["Still open", 800, 0, -90, "=SUM(D2:D4)"]
