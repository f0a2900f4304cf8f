"""One shortcut logs a call from wherever one is; the menu, Ctrl+K and the list of contacts do too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.activities import following
from crm_desktop.activities.lists import ACTIVITIES
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.plan_dialog import PlanDialog
from crm_desktop.activities.ui.plan_many_dialog import PlanManyDialog
from crm_desktop.app.ui.contact_in_front import log_in_front
from crm_desktop.app.ui.main_window import MainWindow, build_main_window
from crm_desktop.app.ui.tour import list_in
from crm_desktop.orders import quotes
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qapp: Any, qtbot: Any, log_in: Any, tmp_path: Path) -> Iterator[MainWindow]:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    dialogs = Dialogs()
    dialogs.will_answer()
    window = build_main_window(log_in("chen"), Settings(tmp_path / "s.ini"), dialogs, tmp_path / "drafts")
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)
    window.open_screen("contacts")
    qtbot.waitUntil(lambda: list_in(window.tabs.front.screen) is not None, timeout=10_000)
    settle(qtbot, window)
    yield window
    window.leave()
    window.deleteLater()


def settle(qtbot: Any, window: MainWindow) -> None:
    for _round in range(3):
        qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)
        QApplication.processEvents()


@pytest.fixture
def opened(window: MainWindow, qtbot: Any) -> Callable[[], Any]:
    def wait() -> Any:
        def visible() -> list[ActivityDialog]:
            return [one for one in window.findChildren(ActivityDialog) if one.isVisible()]

        qtbot.waitUntil(lambda: bool(visible()), timeout=10_000)
        settle(qtbot, window)
        return visible()[0]

    return wait


def test_one_key_a_digit_the_words_and_ctrl_enter(window: MainWindow, qtbot: Any, opened: Any) -> None:
    listing: Any = list_in(window.tabs.front.screen)
    contact_id = listing.view.current_id
    keys = [(Qt.Key.Key_L, CONTROL), (Qt.Key.Key_3, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Return, CONTROL)]
    qtbot.keyClick(window.focusWidget(), *keys[0])
    dialog = opened()
    assert dialog.contact.value()[0] == contact_id
    qtbot.waitUntil(lambda: dialog.outcome.strip.hasFocus())
    dialog.planned.set_value(False)
    qtbot.keyClick(QApplication.focusWidget(), *keys[1])
    qtbot.keyClicks(QApplication.focusWidget(), "Rings back on Monday")
    qtbot.keyClick(QApplication.focusWidget(), *keys[2])
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(ActivityDialog)), timeout=10_000)
    settle(qtbot, window)
    with window.session.database.read(window.session.actor) as work:
        said = following.last_said(work, [contact_id])[contact_id]
    assert said.text == "Rings back on Monday"


def test_a_document_in_front_means_its_customer(window: MainWindow, qtbot: Any, opened: Any) -> None:
    window.open_screen("quotes")
    settle(qtbot, window)
    listing: Any = list_in(window.tabs.front.screen)
    listing.clear_filters()
    settle(qtbot, window)
    quote_id = listing.table.id_at(0)
    window.open_record("quote", quote_id)
    settle(qtbot, window)
    log_in_front(window)
    dialog = opened()
    with window.session.database.read(window.session.actor) as work:
        assert dialog.contact.value()[0] == quotes.get(work, quote_id)["contact_id"]


def test_from_the_settings_it_asks_with_whom(window: MainWindow, qtbot: Any, opened: Any) -> None:
    window.open_settings()
    settle(qtbot, window)
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_L, CONTROL)
    dialog = opened()
    assert dialog.contact.value() is None
    qtbot.waitUntil(lambda: dialog.contact.finder.hasFocus())


def test_the_menu_and_ctrl_k_offer_it(window: MainWindow, qtbot: Any, opened: Any) -> None:
    titles = [command.title for command in window.commands()]
    assert {"Log a call or visit…", "Plan a task…"} <= set(titles)
    assert any(action.text().startswith("Log a call or visit…") for action in window.menu.build().actions())
    next(command for command in window.commands() if command.title == "Plan a task…").run()
    assert isinstance(opened(), PlanDialog)


def test_an_activity_opens_in_its_form_and_not_in_a_tab(window: MainWindow, qtbot: Any, opened: Any) -> None:
    tabs = len(window.tabs.all)
    with window.session.database.read(window.session.actor) as work:
        activity_id = next(iter(ACTIVITIES.ids(work, Listing())[0]))
    window.open_record("activity", activity_id)
    assert opened().asked.activity.id == activity_id
    assert len(window.tabs.all) == tabs


def test_a_task_is_planned_with_many_contacts_from_their_list(window: MainWindow, qtbot: Any) -> None:
    listing: Any = list_in(window.tabs.front.screen)
    for row in range(2):
        listing.selection.toggle(listing.table.id_at(row))
    listing.action("plan_task").trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(PlanManyDialog)), timeout=10_000)


def test_the_list_of_contacts_has_the_views_of_who_is_due(window: MainWindow, qtbot: Any) -> None:
    listing: Any = list_in(window.tabs.front.screen)
    keys = {view.key for view in listing.spec.views}
    assert {"due_today", "contact_overdue", "contacted_today", "never_contacted"} <= keys
    for key in ("due_today", "contact_overdue", "contacted_today", "never_contacted"):
        listing.show_view(next(view for view in listing.spec.views if view.key == key))
        settle(qtbot, window)
        for row in range(min(listing.table.rowCount(), 5)):
            record = listing.table.record(row)
            if key == "due_today":
                assert record["next_contact"] == window.desk.today
            elif key == "contact_overdue":
                assert record["next_contact"] < window.desk.today
            elif key == "never_contacted":
                assert record["last_contact"] is None


def test_the_administrator_who_reaches_no_customer_is_not_offered_it(qapp: Any, log_in: Any, tmp_path: Path) -> None:
    dialogs = Dialogs()
    dialogs.will_answer()
    window = build_main_window(log_in("admin"), Settings(tmp_path / "s.ini"), dialogs)
    try:
        assert "Log a call or visit…" not in [command.title for command in window.commands()]
        log_in_front(window)
        assert not window.findChildren(ActivityDialog)
    finally:
        window.leave()
        window.deleteLater()
