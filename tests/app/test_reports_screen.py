"""The reports screen as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics

from crm_desktop.app.ui.reports_screen import ALL, LAST_MONTH, THIS_YEAR, ReportsScreen, period
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.fonts import BODY, SEMIBOLD, font, px
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff
from tests.orders.documents import confirmed_order, customer, line
from tests.receivables.documents import posted

__all__ = ["app", "idle", "open_office", "staff"]


@pytest.fixture
def screen(
    qtbot: Any, file_database: Database, staff: Firm, open_office: Callable[[Actor], Office], idle: Any
) -> tuple[ReportsScreen, Office]:
    atlas, borealis = (customer(file_database, staff.anna, name) for name in ("Atlas", "Borealis"))
    for contact_id, price in ((atlas, 100), (borealis, 300)):
        confirmed_order(file_database, staff.anna, contact_id, line(price=price), dated_on=date(2026, 11, 2))
    office = open_office(staff.manager)
    made = ReportsScreen(office.desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    idle(office)
    return made, office


def shown(screen: ReportsScreen) -> list[list[str]]:
    table = screen.view.table  # type: ignore[union-attr]
    return [
        [table.data(table.index(row, column)) for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_sales_by_customer_stand_in_table_chart_and_footer(screen: tuple[ReportsScreen, Office]) -> None:
    reports, _office = screen
    assert [row[:3] for row in shown(reports)] == [["Borealis", "1", "CNY 300.00"], ["Atlas", "1", "CNY 100.00"]]
    assert [bar[0] for bar in reports.chart.bars] == ["Borealis", "Atlas"]
    assert "CNY 400.00" in reports.footer.totals.text()


def test_another_grouping_and_period_ask_again(qtbot: Any, screen: tuple[ReportsScreen, Office], idle: Any) -> None:
    reports, office = screen
    reports.by.setCurrentIndex(reports.by.findData("month"))
    idle(office)
    assert [row[0] for row in shown(reports)] == ["2026-11"]
    reports.period.setCurrentIndex(reports.period.findData(LAST_MONTH))
    idle(office)
    assert reports.stack.state is not None
    reports.period.setCurrentIndex(reports.period.findData(THIS_YEAR))
    idle(office)
    assert len(shown(reports)) == 1


def test_a_forecast_begins_with_all_days_and_the_others_keep_their_period(
    screen: tuple[ReportsScreen, Office], idle: Any
) -> None:
    reports, office = screen
    reports.show_report("forecast")
    assert (reports.asked().from_on, reports.asked().to_on) == (None, None)
    reports.period.setCurrentIndex(reports.period.findData(LAST_MONTH))
    reports.show_report("funnel")
    assert reports.period.currentData() == THIS_YEAR
    reports.show_report("forecast")
    assert reports.period.currentData() == LAST_MONTH
    reports.period.setCurrentIndex(reports.period.findData(ALL))
    idle(office)
    assert reports.stack.state is not None
    assert not reports.stack.state.buttons  # there is no period left to choose


def test_a_click_on_a_column_sorts(qtbot: Any, screen: tuple[ReportsScreen, Office], idle: Any) -> None:
    reports, office = screen
    assert reports.view is not None
    header = reports.view.header
    place = [field.name for field in reports.view.table.columns].index("net")
    middle = QPoint(header.sectionViewportPosition(place) + header.sectionSize(place) // 2, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    idle(office)
    assert [row[0] for row in shown(reports)] == ["Atlas", "Borealis"]


@pytest.mark.parametrize("ending", [".xlsx", ".pdf"])
def test_the_report_goes_to_a_file(
    qtbot: Any, screen: tuple[ReportsScreen, Office], idle: Any, tmp_path: Path, ending: str
) -> None:
    reports, office = screen
    path = tmp_path / f"sales{ending}"
    office.desk.dialogs.will_answer(path)
    reports.actions_here["export"].trigger()
    qtbot.waitUntil(path.exists)
    idle(office)
    if ending == ".pdf":
        assert path.read_bytes().startswith(b"%PDF")
        return
    sheet = load_workbook(path).active
    assert [cell.value for cell in sheet["A"]][:3] == ["Customer", "Borealis", "Atlas"]


def test_periods_have_both_their_days() -> None:
    assert period(LAST_MONTH, date(2026, 1, 15)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert period(THIS_YEAR, date(2026, 1, 15)) == (date(2026, 1, 1), date(2026, 12, 31))


def test_an_ageing_asks_for_one_day_and_a_form(
    qtbot: Any, file_database: Database, screen: tuple[ReportsScreen, Office], idle: Any
) -> None:
    reports, office = screen
    contact_id = customer(file_database, office.desk.actor, "Owing")
    posted(file_database, contact_id, (100, date(2026, 10, 20)), dated_on=date(2026, 10, 1))
    qtbot.mouseClick(reports.list.buttons["ageing"], Qt.MouseButton.LeftButton)
    idle(office)
    assert reports.as_of.widget.isVisible()
    assert not reports.period.isVisible()
    assert [row[:3] for row in shown(reports)] == [["Owing", "CNY 0.00", "CNY 0.00"]]
    reports.as_of.widget.setFocus()
    qtbot.keyClicks(reports.as_of.widget, "2026-10-21")
    idle(office)
    assert [row[:3] for row in shown(reports)] == [["Owing", "CNY 0.00", "CNY 100.00"]]
    reports.form.setCurrentIndex(reports.form.findData("invoice"))
    idle(office)
    assert [row[0] for row in shown(reports)] == ["Owing"]
    assert "by invoice date" in reports.answer.said  # type: ignore[union-attr]
    reports.show_report("sales")
    idle(office)
    assert reports.period.isVisible()
    assert not reports.as_of.widget.isVisible()
    assert not reports.form.isVisible()


def test_report_names_are_read_whole_and_a_low_window_scrolls_them(screen: tuple[ReportsScreen, Office]) -> None:
    reports, _office = screen
    for button in reports.list.buttons.values():
        assert QFontMetrics(font(BODY, SEMIBOLD)).horizontalAdvance(button.text()) <= button.width() - px(42)
    assert reports.minimumSizeHint().height() < px(400)
