"""Reminders on screen: never twice, never lost, and never in the way of somebody who types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from crm_desktop.activities import reminders, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.reminder_watch import ReminderWatch, snoozed_until
from crm_desktop.activities.watching import GONE_SECONDS, RENEW_SECONDS
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from tests.activities.reminded import customer, planned
from tests.companies import NOW, Firm
from tests.contacts.conftest import Office


class Stopwatch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Window:
    """A window of a person: a field somebody types in, and the reminders over it."""

    def __init__(self, office: Office, qtbot: Any) -> None:
        self.office, self.qtbot = office, qtbot
        self.sheet = QWidget()
        qtbot.addWidget(self.sheet)
        self.field = QLineEdit()
        QVBoxLayout(self.sheet).addWidget(self.field)
        self.sheet.resize(900, 600)
        with qtbot.waitActive(self.sheet):
            self.sheet.show()
            self.sheet.activateWindow()
        self.stopwatch = Stopwatch()
        self.watch = ReminderWatch(
            office.desk, self.sheet, self.sheet, first_after_ms=3_600_000, stopwatch=self.stopwatch
        )

    def look(self) -> list[str]:
        """Look once and return what is on screen."""
        self.watch.look()
        self.settle()
        return self.shown

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.office.desk.tasks.idle and not self.watch._busy)

    @property
    def shown(self) -> list[str]:
        popup = self.watch.popup
        return [one.subject for one in popup.reminders] if popup.isVisible() else []

    def die(self) -> None:
        """Be gone as a killed program is: nothing is given back."""
        self.watch._stopped = True
        self.watch._timer.stop()
        self.sheet.hide()


@pytest.fixture
def window(open_office: Callable[..., Office], staff: Firm, qtbot: Any) -> Iterator[Callable[..., Window]]:
    made: list[Window] = []

    def open_for(actor: Any = None) -> Window:
        made.append(Window(open_office(actor or staff.anna), qtbot))
        return made[-1]

    yield open_for
    for one in made:
        # What was shown on screen is closed, and gone, before this.
        if isValid(one.watch):
            one.watch.stop()


@pytest.fixture
def mill(file_database: Database, staff: Firm) -> int:
    return customer(file_database, staff.anna)


def test_it_stands_in_one_window_only_and_the_typing_goes_on(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    first, second = window(), window()
    planned(file_database, staff.anna, mill)
    second.field.setFocus()
    QTest.keyClicks(second.field, "Dear ")
    assert second.look() == ["Ask about the sample"]
    assert QApplication.focusWidget() is second.field
    QTest.keyClicks(QApplication.focusWidget(), "Mr Lin")
    assert second.field.text() == "Dear Mr Lin"
    assert first.look() == []
    assert second.look() == ["Ask about the sample"]


def test_clicking_later_leaves_the_keyboard_where_it_is(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    one = window()
    planned(file_database, staff.anna, mill)
    one.look()
    one.field.setFocus()
    row = one.watch.popup.rows[0]
    qtbot.mouseClick(row.close_button, Qt.MouseButton.LeftButton)
    one.settle()
    assert one.shown == []
    assert one.field.hasFocus()
    file_database.clock.instant = NOW + timedelta(days=9)  # type: ignore[attr-defined]
    assert one.look() == []


def test_several_stand_in_one_popup_and_all_can_wait(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int
) -> None:
    one = window()
    for nth in range(6):
        planned(file_database, staff.anna, mill, subject=f"Call {nth}")
    assert one.look() == [f"Call {nth}" for nth in range(6)]
    one.watch.popup.all_later.menu().actions()[1].trigger()
    one.settle()
    assert one.shown == []
    file_database.clock.instant = NOW + timedelta(minutes=59)  # type: ignore[attr-defined]
    assert one.look() == []
    file_database.clock.instant = NOW + timedelta(minutes=60)  # type: ignore[attr-defined]
    assert len(one.look()) == 6


def test_the_one_that_took_it_is_killed(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int
) -> None:
    first, second = window(), window()
    planned(file_database, staff.anna, mill)
    assert len(first.look()) == 1
    first.die()
    assert second.look() == []
    second.stopwatch.seconds = GONE_SECONDS - 1
    assert second.look() == []
    second.stopwatch.seconds = GONE_SECONDS
    assert second.look() == ["Ask about the sample"]


def test_the_one_that_is_still_there_keeps_it_for_hours(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int
) -> None:
    first, second = window(), window()
    planned(file_database, staff.anna, mill)
    first.look()
    for minute in range(1, 30):
        now = minute * (RENEW_SECONDS + 1)
        file_database.clock.instant = NOW + timedelta(seconds=now)  # type: ignore[attr-defined]
        first.stopwatch.seconds = second.stopwatch.seconds = now
        assert len(first.look()) == 1
        assert second.look() == []


def test_closing_gives_it_back_at_once(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int
) -> None:
    first, second = window(), window()
    planned(file_database, staff.anna, mill)
    first.look()
    first.watch.stop()
    first.qtbot.waitUntil(lambda: first.office.desk.tasks.idle)
    assert second.look() == ["Ask about the sample"]


def test_done_elsewhere_it_goes_by_itself(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    one = window()
    id_ = planned(file_database, staff.anna, mill)
    one.look()
    with file_database.begin(staff.anna) as work:
        service.complete(work, id_, work.get(Activity, id_).version, {})
    qtbot.waitUntil(lambda: not one.watch.popup.isVisible())


def test_done_opens_the_form_that_asks_what_next(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    one = window()
    id_ = planned(file_database, staff.anna, mill)
    one.look()
    qtbot.mouseClick(one.watch.popup.rows[0].done, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(found.isVisible() for found in one.sheet.findChildren(ActivityDialog)))
    assert one.shown == ["Ask about the sample"], "it stays until it is done"
    qtbot.waitUntil(lambda: one.office.desk.tasks.idle)
    dialog = next(found for found in one.sheet.findChildren(ActivityDialog) if found.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not one.watch.popup.isVisible())
    with file_database.read(SYSTEM) as work:
        assert work.get(Activity, id_).state == "done"


def test_open_leads_to_the_customer_and_it_stays(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    one = window()
    planned(file_database, staff.anna, mill)
    one.look()
    qtbot.mouseClick(one.watch.popup.rows[0].open, Qt.MouseButton.LeftButton)
    assert one.office.opened == [("contact", mill)]
    assert one.shown == ["Ask about the sample"]


def test_the_keyboard_gets_there_when_it_is_asked_for(
    window: Callable[..., Window], file_database: Database, staff: Firm, mill: int, qtbot: Any
) -> None:
    one = window()
    planned(file_database, staff.anna, mill)
    planned(file_database, staff.anna, mill, subject="Second")
    one.look()
    one.watch.popup.take_keyboard()
    popup = one.watch.popup
    assert QApplication.focusWidget() is popup.rows[0].done
    with file_database.begin(staff.anna) as work:
        reminders.dismiss(work, [popup.reminders[0].activity_id])
    one.look()
    assert one.shown == ["Second"]
    assert popup.isAncestorOf(QApplication.focusWidget()), "the keyboard stays with the reminders"


def test_a_name_with_marks_and_long_texts_is_shown_as_it_is(
    window: Callable[..., Window], file_database: Database, staff: Firm
) -> None:
    one = window()
    other = customer(file_database, staff.anna, "<b>上海纺织</b> " + "很长的名字" * 20)
    planned(file_database, staff.anna, other, subject="<img src=x> " + "word " * 35)
    one.look()
    popup = one.watch.popup
    assert popup.rows[0].width() <= popup.width()
    assert popup.geometry().right() <= one.sheet.width()
    assert popup.geometry().bottom() <= one.sheet.height() + 14


def test_who_only_reads_is_not_reminded(window: Callable[..., Window], staff: Firm) -> None:
    one = window(staff.admin)
    one.watch.look()
    one.settle()
    assert one.shown == []


def test_tomorrow_is_nine_in_the_companys_zone() -> None:
    assert snoozed_until("ten", NOW, "Asia/Shanghai") == NOW + timedelta(minutes=10)
    assert snoozed_until("tomorrow", NOW, "Asia/Shanghai").isoformat() == "2026-11-21T09:00:00+08:00"
    late = NOW + timedelta(hours=8)
    assert snoozed_until("tomorrow", late, "Asia/Shanghai").isoformat() == "2026-11-22T09:00:00+08:00"


def test_what_waits_is_counted(window: Callable[..., Window], file_database: Database, staff: Firm, mill: int) -> None:
    one = window()
    counts: list[tuple[int, int]] = []
    one.watch.counted.connect(lambda found: counts.append((found.due, found.overdue)))
    one.look()
    planned(file_database, staff.anna, mill, minutes=None)
    one.look()
    assert counts[0] == (0, 0)
    assert counts[-1] == (1, 0)
