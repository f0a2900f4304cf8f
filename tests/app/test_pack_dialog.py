"""The monthly pack as a person takes it from the reports screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from crm_desktop.app.ui.pack_dialog import PackDialog, months
from crm_desktop.app.ui.reports_screen import ReportsScreen
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff
from tests.orders.documents import confirmed_order, customer, line

__all__ = ["app", "idle", "open_office", "staff"]


@pytest.fixture
def office(file_database: Database, staff: Firm, open_office: Callable[[Actor], Office]) -> Office:
    atlas = customer(file_database, staff.anna, "Atlas")
    for day, price in ((date(2026, 10, 5), 100), (date(2026, 11, 2), 300)):
        confirmed_order(file_database, staff.anna, atlas, line(price=price), dated_on=day)
    return open_office(staff.manager)


@pytest.fixture
def open_pack(qtbot: Any, office: Office, idle: Any) -> Callable[[], PackDialog]:
    screen = ReportsScreen(office.desk)
    qtbot.addWidget(screen)
    screen.resize(1100, 700)
    with qtbot.waitExposed(screen):
        screen.show()
    idle(office)

    def opened() -> PackDialog:
        screen.actions_here["pack"].trigger()
        dialog = screen.findChildren(PackDialog)[-1]
        qtbot.waitExposed(dialog)
        return dialog

    return opened


def test_a_month_goes_to_one_workbook(
    qtbot: Any, office: Office, open_pack: Any, idle: Any, file_database: Database, tmp_path: Path
) -> None:
    dialog = open_pack()
    assert dialog.month.currentText() == "2026-10", "last month"
    for name, box in dialog.boxes.items():
        box.setChecked(name in ("sales", "ageing"))
    path = tmp_path / "pack.xlsx"
    office.desk.dialogs.will_answer(tmp_path / "pack")
    dialog.month.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(path.exists)
    idle(office)
    book = load_workbook(path, data_only=True)
    assert book.sheetnames == ["Sales", "Ageing"]
    net = [cell.value for cell in book.worksheets[0][1]].index("Net")
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [(row[0], row[net]) for row in rows] == [("Atlas", 100), ("Total", 100)], "only that month, and its sum"
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, PackDialog) and one.isVisible()]
    with file_database.read(SYSTEM) as work:
        told = work.session.scalars(select(JournalEntry.after).where(JournalEntry.entity == "report")).all()
    assert told == [{"reports": ["sales", "ageing"], "format": "xlsx", "rows": 1}]


def test_the_choice_is_remembered_and_none_is_no_pack(
    qtbot: Any, office: Office, open_pack: Any, idle: Any, tmp_path: Path
) -> None:
    dialog = open_pack()
    assert all(box.isChecked() for box in dialog.boxes.values())
    for name, box in dialog.boxes.items():
        box.setChecked(name == "sales")
    dialog.boxes["sales"].setFocus()
    qtbot.keyClick(dialog.boxes["sales"], Qt.Key.Key_Space)
    assert not dialog.go.isEnabled()
    qtbot.keyClick(dialog.boxes["sales"], Qt.Key.Key_Space)
    assert dialog.go.isEnabled()
    office.desk.dialogs.will_answer(tmp_path / "pack.xlsx")
    dialog.go.click()
    qtbot.waitUntil((tmp_path / "pack.xlsx").exists)
    idle(office)
    again = open_pack()
    assert [one.name for one in again.chosen()] == ["sales"]
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    assert not again.isVisible()


def test_a_file_that_cannot_be_written_leaves_the_dialog_open(
    qtbot: Any, office: Office, open_pack: Any, idle: Any, tmp_path: Path
) -> None:
    dialog = open_pack()
    office.desk.dialogs.will_answer(tmp_path / "no such folder" / "pack.xlsx")
    dialog.go.click()
    qtbot.waitUntil(dialog.note.isVisible)
    idle(office)
    assert dialog.isVisible()
    assert dialog.go.isEnabled()


def test_cancelled_it_leaves_no_file(qtbot: Any, office: Office, open_pack: Any, idle: Any, tmp_path: Path) -> None:
    dialog = open_pack()
    office.desk.dialogs.will_answer(tmp_path / "pack.xlsx")
    dialog.go.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(dialog.note.isVisible)
    idle(office)
    assert dialog.isVisible()
    assert list(tmp_path.glob("pack*")) == []


def test_who_may_not_take_reports_out_is_not_offered_the_pack(
    qtbot: Any, office: Office, staff: Firm, open_office: Callable[[Actor], Office], idle: Any
) -> None:
    rep = open_office(staff.anna)
    screen = ReportsScreen(rep.desk)
    qtbot.addWidget(screen)
    idle(rep)
    assert [one.text() for one in screen.actions_offered() if "pack" in one.text().lower()] == []


def test_months_begin_with_this_one() -> None:
    found = months(date(2026, 1, 31))
    assert found[:3] == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]
    assert len(found) == 24
