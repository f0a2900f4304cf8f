"""The lists of receivables as a person uses them: views, filter, totals, opening, posting many, export, the rail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from crm_desktop.app.ui import screens
from crm_desktop.db.work import Database
from crm_desktop.exchange.ui.export_dialog import ExportDialog
from crm_desktop.receivables.billing import invoices, tax_invoices
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.ui.billing.tax_invoice_dialog import TaxInvoiceDialog
from crm_desktop.receivables.ui.specs import (
    instalments_screen,
    invoices_screen,
    receipts_screen,
    tax_invoices_screen,
)
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.listing import Listing
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.documents import confirmed_order, line
from tests.receivables.documents import credit, pay, posted
from tests.receivables.ui.offices import money_above_orders

__all__ = ["money_above_orders"]

Show = Callable[..., tuple[Any, Office]]


@pytest.fixture
def owed(file_database: Database, kangda: int, accountant: Actor) -> dict[str, Any]:
    """A late invoice partly paid, one that is settled, a credit note, an advance, a draft."""
    late = posted(
        file_database,
        kangda,
        (600, date(2020, 11, 10)),
        (400, date(2027, 1, 5)),
        number="INV-1",
        dated_on=date(2020, 10, 1),
    )
    paid = posted(file_database, kangda, (250, date(2027, 1, 5)), number="INV-2")
    note = credit(file_database, kangda, 90, number="CN-1")
    pay(
        file_database, accountant, kangda, 450, {late.instalments[0]: 200, paid.instalments[0]: 250}, reference="ICBC 7"
    )
    advance = pay(file_database, accountant, kangda, 30)
    with file_database.begin(accountant) as work:
        draft = invoices.create(work, {"contact_id": kangda, "lines": (line(quantity=2, price=10, tax=0),)})
    return {"late": late, "paid": paid, "note": note, "advance": advance, "draft": draft}


@pytest.fixture
def show(qtbot: Any, open_office: Callable[[Actor], Office], idle: Callable[[Office], None]) -> Show:
    def opened(actor: Actor, make: Callable[..., Any]) -> tuple[Any, Office]:
        office = open_office(actor)
        screen = make(office.desk)
        qtbot.addWidget(screen)
        screen.resize(1200, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        idle(office)
        return screen, office

    return opened


def cells(screen: Any, column: str) -> list[str]:
    place = [field.name for field in screen.table.columns].index(column)
    return [screen.table.data(screen.table.index(row, place)) for row in range(screen.table.rowCount())]


def look(screen: Any, key: str) -> None:
    screen.show_view(next(view for view in screen.spec.views if view.key == key))


def test_the_invoices_say_what_is_open_and_add_it_up(
    show: Show, idle: Any, accountant: Actor, owed: dict[str, Any]
) -> None:
    screen, office = show(accountant, invoices_screen)
    assert screen.footer.count.text() == "4 invoices"
    assert screen.footer.totals.text() == "CNY 710.00 open of 1,180.00"
    screen.show_rows(Listing(columns=("net",)))
    idle(office)
    assert screen.footer.totals.text() == "CNY 710.00 open of 1,180.00 · 1,180.00 without tax"
    look(screen, "overdue")
    idle(office)
    assert (cells(screen, "number"), cells(screen, "open_amount")) == (["INV-1"], ["CNY 800.00"])
    assert int(cells(screen, "late")[0].replace(",", "")) > 2000
    for view, numbers in (
        ("open", ["INV-1"]),
        ("drafts", [""]),
        ("settled", ["INV-2"]),
        ("credit", ["CN-1"]),
    ):
        look(screen, view)
        idle(office)
        assert cells(screen, "number") == numbers, view
    assert cells(screen, "open_amount") == ["CNY \u221290.00"]


def test_enter_opens_and_the_buttons_begin_new_documents(
    qtbot: Any, show: Show, accountant: Actor, owed: dict[str, Any]
) -> None:
    screen, office = show(accountant, invoices_screen)
    screen.view.setFocus()
    first = screen.view.current_id
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    screen.action("new").trigger()
    screen.action("new_credit").trigger()
    assert office.opened == [("invoice", first), ("invoice", None), ("credit_note", None)]


def test_drafts_are_posted_from_the_list(
    file_database: Database,
    qtbot: Any,
    show: Show,
    idle: Any,
    accountant: Actor,
    money_above_orders: None,
    owed: dict[str, Any],
) -> None:
    screen, office = show(accountant, invoices_screen)
    look(screen, "drafts")
    idle(office)
    screen.view.setFocus()
    screen.action("post").trigger()
    idle(office)
    assert office.toasts[-1][0] == "INV2026-0001 is posted"
    with file_database.read(SYSTEM) as work:
        assert work.get(Invoice, owed["draft"]).state == "posted"
    qtbot.waitUntil(lambda: screen.table.rowCount() == 0)


def test_receipts_say_what_is_not_allocated(
    qtbot: Any, show: Show, idle: Any, accountant: Actor, owed: dict[str, Any]
) -> None:
    screen, office = show(accountant, receipts_screen)
    assert screen.footer.totals.text() == "CNY 480.00, of which 30.00 not allocated"
    look(screen, "unused")
    idle(office)
    assert cells(screen, "amount") == ["CNY 30.00"]
    look(screen, "all")
    idle(office)
    screen.view.setFocus()
    qtbot.keyClicks(screen.view, "icbc")
    qtbot.waitUntil(lambda: screen.table.listing.text == "icbc")
    idle(office)
    assert cells(screen, "reference") == ["ICBC 7"]
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    assert office.opened[-1][0] == "receipt"


def test_due_items_open_their_invoice_and_hear_of_payments(
    file_database: Database,
    qtbot: Any,
    show: Show,
    idle: Any,
    staff: Firm,
    accountant: Actor,
    kangda: int,
    owed: dict[str, Any],
) -> None:
    confirmed_order(file_database, staff.anna, kangda, line(quantity=1, price=7, tax=0))
    screen, office = show(accountant, instalments_screen)
    assert cells(screen, "open_amount") == ["CNY 400.00", "CNY 400.00"]
    screen.view.setFocus()
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    idle(office)
    assert office.opened == [("invoice", owed["late"].id)]
    pay(file_database, accountant, kangda, 400, {owed["late"].instalments[0]: 400})
    idle(office)
    qtbot.waitUntil(lambda: cells(screen, "open_amount") == ["CNY 400.00"])
    look(screen, "planned")
    idle(office)
    assert (cells(screen, "amount"), cells(screen, "invoice")) == (["CNY 7.00"], [""])


def test_a_tax_invoice_is_written_down_from_the_register(
    file_database: Database, qtbot: Any, show: Show, idle: Any, accountant: Actor, kangda: int
) -> None:
    screen, office = show(accountant, tax_invoices_screen)
    screen.action("new").trigger()
    asked = next(one for one in screen.findChildren(TaxInvoiceDialog) if one.isVisible())
    finder = asked.editors["contact_id"].line
    finder.setFocus()
    qtbot.keyClicks(finder, "kangda")
    qtbot.waitUntil(lambda: bool(finder.lines))
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    asked.editors["number"].set_value("044001")
    asked.editors["amount"].set_value(Decimal("12.50"))
    asked.go.click()
    idle(office)
    qtbot.waitUntil(lambda: cells(screen, "number") == ["044001"])
    assert cells(screen, "amount") == ["CNY 12.50"]
    screen.view.setFocus()
    screen._open(screen.table.id_at(0))
    idle(office)
    again = next(one for one in screen.findChildren(TaxInvoiceDialog) if one.isVisible())
    again.editors["notes"].set_value("Sent by post")
    again.go.click()
    idle(office)
    with file_database.read(accountant) as work:
        assert tax_invoices.get(work, screen.table.id_at(0))["notes"] == "Sent by post"


def test_the_list_of_invoices_goes_to_excel_as_it_is_seen(
    show: Show, idle: Any, accountant: Actor, owed: dict[str, Any], tmp_path: Path
) -> None:
    screen, office = show(accountant, invoices_screen)
    look(screen, "open")
    idle(office)
    path = tmp_path / "open.xlsx"
    office.desk.dialogs.will_answer(path)
    screen.action("export").trigger()
    asked = next(one for one in screen.findChildren(ExportDialog) if one.isVisible())
    asked.go.click()
    idle(office)
    sheet = load_workbook(path).active
    assert [cell.value for cell in next(sheet.iter_rows())][:3] == ["Customer", "Invoice", "Status"]
    assert sheet["B2"].value == "INV-1"


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("anna", {"invoices", "receipts", "instalments", "tax_invoices"}),
        ("boss", {"invoices", "receipts", "instalments", "tax_invoices"}),
        ("buyer", set()),
        ("admin", set()),
    ],
)
def test_the_rail_has_receivables_for_those_who_sell(staff: Firm, person: str, expected: set[str]) -> None:
    offered = {spec.name for spec in screens.rail_of(getattr(staff, person)) if spec.group == "receivables"}
    assert offered >= expected
    assert bool(offered) == bool(expected)
