"""Home on screen: parts arrive, every figure opens its list, keys reach all of it, and it is taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt

from crm_desktop.app import report_files
from crm_desktop.db.work import Database
from crm_desktop.home.ui.home_screen import HomeScreen
from crm_desktop.home.ui.months_chart_view import scale
from crm_desktop.home.ui.specs import HOME
from crm_desktop.receivables.ui import report_seam
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Listing
from tests.activities.reminded import customer
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff
from tests.receivables.documents import pay

__all__ = ["app", "idle", "open_office", "staff"]
Show = Callable[[Actor], "tuple[HomeScreen, Office, list[tuple[str, Listing | None]]]"]


@pytest.fixture
def database(file_database: Database) -> Database:
    return file_database


@pytest.fixture
def show_home(qtbot: Any, open_office: Any, idle: Callable[[Office], None]) -> Show:
    def show(actor: Actor) -> Any:
        office = open_office(actor)
        opened: list[tuple[str, Listing | None]] = []
        office.desk = replace(office.desk, open_list=lambda name, listing=None: opened.append((name, listing)))
        screen = HomeScreen(office.desk)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        qtbot.waitUntil(lambda: screen.complete, timeout=10_000)
        return screen, office, opened

    return show


@pytest.fixture
def written() -> Iterator[None]:
    before = list(report_seam._files)
    report_seam.attach(lambda: report_files)
    yield
    report_seam._files[:] = before


def test_parts_arrive_and_every_figure_opens_its_list(books: Database, firm: Firm, show_home: Show, qtbot: Any) -> None:
    screen, _office, opened = show_home(firm.boss)
    assert list(screen.headlines) == ["received", "invoiced", "overdue", "to_deliver"]
    for headline in screen.headlines.values():
        assert headline.figure is not None
        assert headline.accessibleName().startswith(headline.figure.label)
        qtbot.mouseClick(headline, Qt.MouseButton.LeftButton)
        assert opened[-1] == (headline.figure.opens.name, headline.figure.opens.listing)
    for section in screen.sections.values():
        for bar in section.bars:
            bar.setFocus()
            qtbot.keyClick(bar, Qt.Key.Key_Return)
            assert opened[-1] == (bar.figure.opens.name, bar.figure.opens.listing)
            screen.headlines["received"].setFocus()
            screen.setFocus()  # as when its tab comes back in front
            assert bar.hasFocus()
    screen.sections["owed"].total.click()
    assert opened[-1] == ("ageing", None)


def test_the_debtors_open_customer_list_and_collections(
    books: Database, firm: Firm, show_home: Show, qtbot: Any
) -> None:
    screen, office, opened = show_home(firm.boss)
    debtors = screen.lists["debtors"]
    table = debtors.table
    assert table is not None
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    row = table.plain.rows[table.currentIndex().row()]
    assert office.opened[-1] == row.record
    qtbot.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert opened[-1] == ("instalments", row.figure.opens.listing)
    place = table.visualRect(table.plain.index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened[-1][1] == table.plain.rows[0].figure.opens.listing
    debtors.more.click()
    assert opened[-1] == ("collections", None)


def test_the_chart_is_walked_and_opened_by_keys_and_pressed(
    books: Database, firm: Firm, show_home: Show, qtbot: Any
) -> None:
    screen, _office, opened = show_home(firm.boss)
    chart = screen.chart
    assert chart is not None
    view = chart.view
    view.setFocus()
    assert "so far" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert "invoiced" in view.accessibleDescription()
    assert "Oct 2026" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened[-1][0] == "invoices"
    view.repaint()
    rect, month, series = view._bars[-1]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(rect.center().x()), round(rect.bottom()) - 4))
    assert opened[-1][1] == view.chart.months[month].figures[series].opens.listing
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert chart.table is not None
    assert chart.table.isVisible()
    assert len(chart.table.plain.rows) == 12
    qtbot.keyClick(chart.table, Qt.Key.Key_Return)
    assert opened[-1][0] == "receipts"
    qtbot.keyClick(chart.table, Qt.Key.Key_T)
    assert view.isVisible()


def test_another_currency_is_chosen_and_the_rest_is_not_added(
    books: Database, firm: Firm, show_home: Show, qtbot: Any
) -> None:
    screen, _office, _opened = show_home(firm.boss)
    codes = [screen.currency.itemData(place) for place in range(screen.currency.count())]
    assert codes == ["CNY", "EUR", "USD"]
    screen.currency.setCurrentIndex(2)
    screen.currency.activated.emit(2)
    qtbot.waitUntil(lambda: screen.headlines["received"].figure.value.currency == "USD", timeout=10_000)
    qtbot.waitUntil(lambda: not screen._waiting, timeout=10_000)
    assert screen.chart is not None
    assert screen.chart.view.chart.currency == "USD"
    assert any("Not added: CNY" in line for line in screen.headlines["received"].lines())


def test_what_comes_in_is_seen(books: Database, firm: Firm, accountant: Actor, show_home: Show, qtbot: Any) -> None:
    screen, office, _opened = show_home(firm.boss)
    before = screen.headlines["received"].figure.value.amount
    customer = screen.lists["debtors"].table.plain.rows[0].record[1]
    books.published.append(office.desk.changes.publish)
    pay(books, accountant, customer, "1000", None, method="transfer", currency="CNY")
    qtbot.waitUntil(lambda: screen.headlines["received"].figure.value.amount == before + 1000, timeout=10_000)


def test_a_rep_has_own_figures_and_no_export(books: Database, firm: Firm, show_home: Show) -> None:
    screen, _office, _opened = show_home(firm.anna)
    assert list(screen.headlines) == ["ordered", "received", "chances", "overdue"]
    offered = {action.objectName() for action in screen.actions_offered()}
    assert offered == {"print"}
    assert not HOME.offered_to(firm.buyer)
    assert not HOME.offered_to(firm.admin)


def test_this_page_goes_to_excel_and_is_noted(
    books: Database, firm: Firm, show_home: Show, qtbot: Any, tmp_path: Path, written: None,
    idle: Callable[[Office], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    screen, office, _opened = show_home(firm.boss)
    path = tmp_path / "home.xlsx"
    monkeypatch.setattr(office.desk.dialogs, "choose_save_file", lambda *_asked: path)
    screen.actions_here["export"].trigger()
    qtbot.waitUntil(path.exists, timeout=10_000)
    idle(office)
    sheet = load_workbook(path).active
    told = {(row[0].value, row[1].value): row[2].value for row in sheet.iter_rows(min_row=2)}
    assert told["Today", "Overdue"] == pytest.approx(float(screen.headlines["overdue"].figure.value.amount))


def test_a_company_without_business_says_so(database: Database, firm: Firm, show_home: Show) -> None:
    customer(database, firm.boss)
    screen, _office, opened = show_home(firm.boss)
    assert screen.headlines["received"].figure.value.amount == 0
    assert screen.lists["debtors"].nothing.isVisible()
    assert screen.sections["pipeline"].nothing.isVisible()
    assert opened == []


@pytest.mark.parametrize("width", [700, 1178, 1700])
def test_no_width_cuts_a_figure(books: Database, firm: Firm, show_home: Show, qtbot: Any, width: int) -> None:
    screen, _office, _opened = show_home(firm.boss)
    screen.resize(width, 700)
    qtbot.waitUntil(lambda: screen.width() >= min(width, 700))
    for headline in screen.headlines.values():
        assert headline.width() >= headline.minimumSizeHint().width()


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 0.0), (0.0, 1.0), (0.0, 742.1), (-50.0, 300.0), (0.0, 999.0), (0.0, 1001.0), (-1e9, 3e9)]
)
def test_an_axis_has_at_most_three_lines_around_its_columns(low: float, high: float) -> None:
    first, last, step = scale(low, high)
    assert first <= low
    assert last >= high
    assert round((last - first) / step) <= 2
    assert last > first
