"""The main window keeps the day before one's eyes: the page of a new day, the count, reminders, the tray."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.activities import kinds, reminders, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.waiting import Waiting
from crm_desktop.app.ui import tray as trays
from crm_desktop.app.ui.day_guard import DayGuard, count_words, show_new_day
from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.app.ui.tray import Tray, badged
from crm_desktop.contacts.model import Contact
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme

LONG_MS = 20_000


@pytest.fixture
def open_window(
    qapp: QApplication, qtbot: Any, log_in: Callable[[str], Any], tmp_path: Path
) -> Iterator[Callable[..., Any]]:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    made: list[Any] = []

    def open_for(login: str = "owner", settings: Settings | None = None) -> Any:
        dialogs = Dialogs()
        dialogs.will_answer()
        window = build_main_window(
            log_in(login), settings or Settings(tmp_path / f"{login}.ini"), dialogs, tmp_path / "drafts"
        )
        made.append(window)
        window.show()
        qtbot.waitUntil(lambda: window.tasks.idle, timeout=LONG_MS)
        return window

    yield open_for
    for window in made:
        for guard in window.findChildren(DayGuard):
            guard.stop()
        window.leave()
        window.deleteLater()


def remind(window: Any) -> int:
    with window.session.begin(operation_id="plan", writes=True) as work:
        call = next(one.id for one in kinds.kinds(work) if one.key == "call")
        contact = work.session.scalars(select(Contact.id).where(Contact.is_customer).limit(1)).one()
        values = {"kind_id": call, "subject": "Ask", "due_on": today(work) - timedelta(1), "due_time": "09:00",
                  "user_id": work.actor.user_id}  # fmt: skip
        id_ = service.plan(work, contact, values)
        reminders.plan(work, work.get(Activity, id_), 0)
        return id_


def begin(window: Any, qtbot: Any) -> DayGuard:
    guard = DayGuard(window.session, window, 0)
    qtbot.waitUntil(lambda: guard.watch is not None and not guard.watch._busy and window.tasks.idle, timeout=LONG_MS)
    return guard


def test_the_page_of_the_day_opens_once_a_day(open_window: Callable[..., Any], tmp_path: Path) -> None:
    settings = Settings(tmp_path / "shared.ini")
    window = open_window("owner", settings)
    assert show_new_day(window.session, window)
    assert window.tabs.front.key == ("screen", "day")
    assert not show_new_day(window.session, window), "not twice on one day"
    other = open_window("chen", settings)
    assert show_new_day(other.session, other), "another person has a day of their own"


def test_the_rail_counts_and_reminders_come_up(open_window: Callable[..., Any], qtbot: Any) -> None:
    window = open_window()
    id_ = remind(window)
    guard = begin(window, qtbot)
    assert guard.watch is not None
    qtbot.waitUntil(lambda: guard.watch.popup.isVisible(), timeout=LONG_MS)
    assert id_ in [one.activity_id for one in guard.watch.popup.reminders]
    button = window.rail.buttons["day"]
    assert button.count > 0
    assert button.is_late
    assert "overdue" in button.accessibleName()
    assert window.toasts.bottom_px > guard.watch.popup.height() - 30, "toasts stand above it"
    guard.stop()
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=LONG_MS)
    with window.session.begin(operation_id="", writes=False) as work:
        assert reminders.due(work), "what nobody answered waits for the next window"


def test_locked_nothing_of_it_is_seen(open_window: Callable[..., Any], qtbot: Any) -> None:
    from crm_desktop.access.ui.lock_screen import IdleLock

    window = open_window()
    remind(window)
    guard = begin(window, qtbot)
    assert guard.watch is not None
    qtbot.waitUntil(lambda: guard.watch.popup.isVisible(), timeout=LONG_MS)
    lock = IdleLock(window, window.tasks, lambda _password: None, "Lin Wei", 15)
    lock.lock()
    assert not guard.watch.popup.isVisible()
    guard.watch.look()
    qtbot.waitUntil(lambda: not guard.watch._busy, timeout=LONG_MS)
    assert not guard.watch.popup.isVisible()
    lock.unlock()


def test_without_a_tray_nothing_breaks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    icon = Tray(qapp, "Harbour & Lin")
    icon.set_count(3, late=True, said="3 to do")
    icon.tell(2)
    assert not icon.stands
    icon.stop()


def test_with_a_tray_the_icon_carries_the_count(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(trays.QSystemTrayIcon, "show", lambda _self: None)
    icon = Tray(qapp, "Harbour & Lin")
    icon.set_count(3, late=True, said="3 to do until today")
    assert icon.stands
    shown = icon.findChild(QSystemTrayIcon)
    assert shown is not None
    assert shown.toolTip() == "Harbour & Lin\n3 to do until today"
    with qtbot.waitSignal(icon.show_wanted):
        shown.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    icon.stop()
    plain, three, many = (badged(count, late=False).pixmap(64, 64).toImage() for count in (0, 3, 250))
    assert plain != three != many


def test_the_words_of_the_count() -> None:
    assert count_words(Waiting(0, 0)) == ""
    assert count_words(Waiting(3, 0)) == "3 to do until today"
    assert count_words(Waiting(3, 2)) == "3 to do until today, 2 of them overdue"
