"""The lists of documents as a person uses them: views, filter, totals, opening, export, the customer's tab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from crm_desktop.db.work import Database
from crm_desktop.exchange.ui.export_dialog import ExportDialog
from crm_desktop.orders import deliveries
from crm_desktop.orders.model import Order
from crm_desktop.orders.ui.customer_sales import CustomerSales
from crm_desktop.orders.ui.specs import backlog_screen, find_documents, orders_screen, quotes_screen
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Listing
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.documents import confirmed_order, customer, line, new_order, sent_quote


@pytest.fixture
def sold(file_database: Database, staff: Firm) -> dict[str, int]:
    atlas = customer(file_database, staff.anna, "Atlas 华新")
    made = {"atlas": atlas}
    made["late"] = confirmed_order(
        file_database, staff.anna, atlas, line(quantity=4, price=25), due_on=date(2020, 11, 1), reference="PO-9"
    )
    made["draft"] = new_order(file_database, staff.anna, atlas, line(price=3))
    made["quote"] = sent_quote(file_database, staff.anna, atlas, line(price=99))
    return made


@pytest.fixture
def show(qtbot: Any, open_office: Callable[[Actor], Office], idle: Callable[[Office], None]) -> Any:
    def opened(actor: Actor, make: Callable[..., Any], *arguments: Any) -> tuple[Any, Office]:
        office = open_office(actor)
        screen = make(office.desk, *arguments)
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


def test_the_list_shows_totals_and_opens_with_enter(
    qtbot: Any, staff: Firm, show: Any, sold: dict[str, int], idle: Any
) -> None:
    screen, office = show(staff.anna, orders_screen)
    assert sorted(cells(screen, "total")) == ["CNY 113.00", "CNY 3.39"]
    assert screen.footer.totals.text() == "CNY 116.39"
    assert screen.footer.count.text() == "2 orders"
    screen.show_rows(Listing(columns=("net",)))
    idle(office)
    assert sorted(cells(screen, "net")) == ["CNY 100.00", "CNY 3.00"]
    assert screen.footer.totals.text() == "CNY 116.39 · 103.00 without tax"
    screen.view.setFocus()
    first = screen.view.current_id
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    assert office.opened == [("order", first)]
    screen.action("new").trigger()
    assert office.opened[-1] == ("order", None)


def test_the_pane_shows_prices_with_the_decimals_of_their_currency(
    qtbot: Any, staff: Firm, show: Any, file_database: Database, sold: dict[str, int]
) -> None:
    new_order(file_database, staff.anna, sold["atlas"], line(quantity=20, price="127.6"), line(price="0.3125"))
    screen, _office = show(staff.anna, orders_screen)

    def said() -> list[str]:
        return [label.text() for label in screen.preview.findChildren(QLabel)]

    qtbot.waitUntil(lambda: any("× 127.60" in text for text in said()))
    assert any("× 0.3125" in text for text in said())


def test_typing_filters_by_the_customer_s_reference(
    qtbot: Any, staff: Firm, show: Any, idle: Any, sold: dict[str, int]
) -> None:
    screen, office = show(staff.anna, orders_screen)
    screen.view.setFocus()
    qtbot.keyClicks(screen.view, "po9")
    qtbot.waitUntil(lambda: screen.table.listing.text == "po9")
    idle(office)
    assert [screen.table.id_at(row) for row in range(screen.table.rowCount())] == [sold["late"]]


def test_a_delivery_elsewhere_leaves_the_backlog_at_once(
    qtbot: Any, file_database: Database, staff: Firm, show: Any, idle: Any, sold: dict[str, int]
) -> None:
    screen, office = show(staff.anna, backlog_screen)
    assert cells(screen, "open") == ["4"]
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.opened == [("order", sold["late"])])
    with file_database.begin(staff.boss) as work:
        (only,) = deliveries.open_lines(work, sold["late"])
        deliveries.deliver(work, sold["late"], work.get(Order, sold["late"]).version, {only.line_id: Decimal(4)})
    qtbot.waitUntil(lambda: screen.table.rowCount() == 0)
    idle(office)


def test_the_list_goes_to_excel_and_the_journal(
    qtbot: Any, staff: Firm, show: Any, idle: Any, sold: dict[str, int], tmp_path: Path
) -> None:
    screen, office = show(staff.manager, quotes_screen)
    screen.action("export").trigger()
    dialog = screen.findChild(ExportDialog)
    path = tmp_path / "quotes.xlsx"
    office.desk.dialogs.will_answer(path)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(path.exists)
    idle(office)
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet[1]][:2] == ["Customer", "Quote"]
    assert sheet.max_row == 3
    assert any("1 quote" in text for text, _action, _call in office.toasts)


def test_a_rep_is_offered_no_export(staff: Firm, show: Any, sold: dict[str, int]) -> None:
    screen, _office = show(staff.anna, orders_screen)
    assert "export" not in [action.objectName() for action in screen.actions_offered()]


def test_the_customer_s_tab_shows_what_is_going_on(qtbot: Any, staff: Firm, show: Any, sold: dict[str, int]) -> None:
    pane, office = show(staff.anna, CustomerSales, sold["atlas"])
    shown = {name: section.table.rowCount() for name, section in pane.sections.items()}
    assert shown == {"order": 2, "order_line": 1, "quote": 1}
    section = pane.sections["order_line"]
    section.view.setFocus()
    qtbot.keyClick(section.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.opened == [("order", sold["late"])])


def test_search_everywhere_finds_documents_within_the_scope(
    file_database: Database, staff: Firm, sold: dict[str, int]
) -> None:
    with file_database.read(staff.anna) as work:
        assert {(one.entity, one.id) for one in find_documents(work, "华新")} == {
            ("order", sold["late"]),
            ("order", sold["draft"]),
            ("quote", sold["quote"]),
        }
        assert [one.title for one in find_documents(work, "PO-9")] == ["S2026-0001"]
    for other in (staff.outsider, staff.buyer):
        with file_database.read(other) as work:
            assert find_documents(work, "华新") == []
