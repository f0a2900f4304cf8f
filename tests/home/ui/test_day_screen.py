"""My day as somebody uses it: by keyboard, with a way back, without anything vanishing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from crm_desktop.activities import service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.db.work import Database
from crm_desktop.home.ui.day_moving import next_monday
from crm_desktop.home.ui.day_rows import Heading, Told
from crm_desktop.home.ui.day_screen import DayScreen
from crm_desktop.shared.actor import SYSTEM
from tests.activities.reminded import TODAY, customer, planned
from tests.companies import Firm
from tests.contacts.conftest import Office


@pytest.fixture
def mill(file_database: Database, staff: Firm) -> int:
    return customer(file_database, staff.anna)


@pytest.fixture
def show(open_office: Callable[..., Office], qtbot: Any, staff: Firm) -> Callable[..., tuple[DayScreen, Office]]:
    def show_for(actor: Any = None, width: int = 1100) -> tuple[DayScreen, Office]:
        office = open_office(actor or staff.anna)
        screen = DayScreen(office.desk)
        qtbot.addWidget(screen)
        screen.resize(width, 620)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.setFocus()
        qtbot.waitUntil(lambda: office.desk.tasks.idle and screen.day is not None)
        return screen, office

    return show_for


def lines(screen: DayScreen) -> list[str]:
    return [row.text if isinstance(row, Heading) else row.what for row in screen.rows.rows]


def current(screen: DayScreen) -> str:
    line = screen.view.line()
    return line.what if line is not None else ""


def plan_some(database: Database, staff: Firm, mill: int) -> dict[str, int]:
    some = {"Late": -3, "Now": 0, "Also now": 0, "Next": 2}
    return {
        words: planned(database, staff.anna, mill, subject=words, due_on=TODAY + timedelta(days), minutes=None)
        for words, days in some.items()
    }


def test_it_reads_overdue_today_and_the_week(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any]
) -> None:
    plan_some(file_database, staff, mill)
    screen, _office = show()
    assert lines(screen) == ["Overdue", "Late", "Today", "Now", "Also now", "The next 7 days", "Next"]
    assert screen.said.text() == "1 overdue · 2 today"
    told = screen.rows.rows[1]
    assert isinstance(told, Told)
    assert (told.when, told.late) == ("3 d late", True)


def test_the_arrows_walk_past_headings_and_enter_opens_the_customer(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any]
) -> None:
    plan_some(file_database, staff, mill)
    screen, office = show()
    assert current(screen) == "Late"
    walked = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        walked.append(current(screen))
    assert walked == ["Now", "Also now", "Next", "Next"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home)
    assert current(screen) == "Late"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert office.opened == [("contact", mill)]


def test_d_completes_it_and_the_next_line_is_current(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any], qtbot: Any
) -> None:
    ids = plan_some(file_database, staff, mill)
    screen, _office = show()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_D)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(ActivityDialog)))
    assert "Late" in lines(screen), "asking is not doing"
    dialog = next(one for one in screen.findChildren(ActivityDialog) if one.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Late" not in lines(screen))
    assert current(screen) == "Now"
    with file_database.read(SYSTEM) as work:
        assert work.get(Activity, ids["Late"]).state == "done"


def test_m_moves_it_and_undo_puts_it_back(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any], qtbot: Any
) -> None:
    ids = plan_some(file_database, staff, mill)
    screen, office = show()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    menu = next(one for one in screen.findChildren(QMenu) if one.isVisible())
    QTest.keyClick(menu, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: lines(screen)[0] == "Today")
    assert lines(screen) == ["Today", "Now", "Also now", "The next 7 days", "Late", "Next"]
    assert current(screen) == "Late", "what was moved stays the current one"
    (_said, action, undo) = office.toasts[-1]
    assert action == "Undo"
    undo()
    qtbot.waitUntil(lambda: lines(screen)[0] == "Overdue")
    with file_database.read(SYSTEM) as work:
        assert work.get(Activity, ids["Late"]).due_on == TODAY - timedelta(3)


def test_what_somebody_else_did_meanwhile_is_not_moved(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any], qtbot: Any
) -> None:
    ids = plan_some(file_database, staff, mill)
    screen, office = show()
    line = screen.view.line()
    with file_database.begin(staff.anna) as work:
        service.complete(work, ids["Late"], work.get(Activity, ids["Late"]).version, {})
    screen.moving.to(line, TODAY)
    qtbot.waitUntil(lambda: bool(office.toasts))
    assert "done or dropped meanwhile" in office.toasts[-1][0]


def test_a_new_task_comes_by_itself(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any], qtbot: Any
) -> None:
    screen, _office = show()
    assert screen.stack.state is not None
    planned(file_database, staff.anna, mill, minutes=None)
    qtbot.waitUntil(lambda: lines(screen) == ["Today", "Ask about the sample"])
    assert screen.stack.state is None


def test_a_manager_looks_at_a_colleagues_day(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any], qtbot: Any
) -> None:
    plan_some(file_database, staff, mill)
    screen, _office = show(staff.manager)
    assert screen.who.isVisible()
    assert lines(screen) == ["Today"]
    screen.who.setCurrentIndex(screen.who.findText("Anna Weber"))
    screen.who.activated.emit(screen.who.currentIndex())
    qtbot.waitUntil(lambda: len(lines(screen)) == 7)
    assert screen.view.shows_people
    rep, _ = show(staff.anna)
    assert not rep.who.isVisible()


def test_the_blocks_arrive_and_open_their_lists(
    file_database: Database, staff: Firm, show: Callable[..., Any], qtbot: Any
) -> None:
    from tests.orders.documents import sent_quote

    mill = customer(file_database, staff.anna)
    sent_quote(file_database, staff.boss, mill, valid_until=TODAY + timedelta(3))
    screen, office = show()
    qtbot.waitUntil(lambda: screen.complete)
    block = screen.blocks["expiring"]
    assert block.section is not None
    assert block.section.count == 1
    assert block.count.text() == "Show all 1"
    opened: list[Any] = []
    block.list_wanted.connect(opened.append)
    block.count.click()
    assert opened[0].name == "quotes"
    block.rows.setFocus()
    QTest.keyClick(block.rows, Qt.Key.Key_Return)
    assert office.opened[-1][0] == "quote"


def test_a_narrow_window_puts_the_blocks_below(show: Callable[..., Any]) -> None:
    screen, _office = show(width=700)
    assert screen.splitter.orientation() == Qt.Orientation.Vertical
    screen.resize(1200, 620)
    assert screen.splitter.orientation() == Qt.Orientation.Horizontal


def test_who_only_reads_can_change_nothing(
    file_database: Database, staff: Firm, mill: int, show: Callable[..., Any]
) -> None:
    from dataclasses import replace

    from crm_desktop.shared.permissions import Permission

    plan_some(file_database, staff, mill)
    reader = replace(staff.anna, permissions=staff.anna.permissions - {Permission.ACTIVITY_WRITE})
    screen, _office = show(reader)
    assert {"done", "move", "plan"}.isdisjoint(action.objectName() for action in screen.actions_offered())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_D)
    assert not screen.findChildren(ActivityDialog)


@pytest.mark.parametrize(("day", "monday"), [(20, 23), (22, 23), (23, 30), (24, 30)])
def test_next_week_begins_on_monday(day: int, monday: int) -> None:
    assert next_monday(date(2026, 11, day)) == date(2026, 11, monday)
