"""Home and My day before there is a contact: they say what will stand there, and the first step is one key away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.db.work import Database
from crm_desktop.home.ui.day_screen import DayScreen
from crm_desktop.home.ui.home_screen import HomeScreen
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.empty import EmptyState
from tests.activities.reminded import customer
from tests.companies import Firm
from tests.contacts.conftest import Office

Screens = type[HomeScreen] | type[DayScreen]
Show = Callable[[Screens, Actor], tuple[Any, Office, list[str]]]


@pytest.fixture
def show(open_office: Callable[..., Office], qtbot: Any) -> Show:
    def show_for(kind: Screens, actor: Actor) -> tuple[Any, Office, list[str]]:
        office = open_office(actor)
        imports: list[str] = []

        def open_import(name: str, files: Any) -> None:
            imports.append(name)

        office.desk = replace(office.desk, open_import=open_import)
        screen = kind(office.desk)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.setFocus()
        qtbot.waitUntil(lambda: office.desk.tasks.idle and screen.complete, timeout=10_000)
        return screen, office, imports

    return show_for


def verbs(screen: Any) -> list[str]:
    state = screen.stack.state
    return [button.text() for button in state.buttons] if isinstance(state, EmptyState) else []


@pytest.mark.parametrize("kind", [HomeScreen, DayScreen])
def test_the_owner_of_an_empty_company_begins_by_keyboard(kind: Screens, show: Show, staff: Firm, qtbot: Any) -> None:
    screen, office, imports = show(kind, staff.boss)
    assert verbs(screen) == ["Import contacts", "New contact"]
    assert QApplication.focusWidget() is screen.stack.state.buttons[0]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert imports == ["contacts"]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert office.opened == [("contact", None)]


@pytest.mark.parametrize("kind", [HomeScreen, DayScreen])
def test_the_first_contact_brings_the_figures(
    kind: Screens, show: Show, staff: Firm, file_database: Database, qtbot: Any
) -> None:
    screen, _office, _imports = show(kind, staff.boss)
    customer(file_database, staff.boss)
    qtbot.waitUntil(lambda: "New contact" not in verbs(screen), timeout=5_000)
    if kind is HomeScreen:
        qtbot.waitUntil(lambda: screen.stack.state is None)
        screen.setFocus()
        assert QApplication.focusWidget() is screen.headlines["received"]
    else:
        assert verbs(screen) == ["Plan a task", "Log a call or visit…"]


@pytest.mark.parametrize("kind", [HomeScreen, DayScreen])
def test_a_rep_without_customers_is_told_though_colleagues_have_some(
    kind: Screens, show: Show, staff: Firm, file_database: Database
) -> None:
    customer(file_database, staff.chen)
    screen, _office, _imports = show(kind, staff.anna)
    assert "New contact" in verbs(screen)
    beside, _office, _imports = show(kind, staff.chen)
    assert "New contact" not in verbs(beside)


@pytest.mark.parametrize("kind", [HomeScreen, DayScreen])
def test_the_keyboard_comes_to_the_first_verb_of_what_was_empty_before(kind: Screens, show: Show, staff: Firm) -> None:
    screen, _office, _imports = show(kind, staff.boss)
    screen.stack.state.buttons[0].clearFocus()
    screen.setFocus()
    assert QApplication.focusWidget() is screen.stack.state.buttons[0]


def test_a_call_is_logged_from_an_empty_day_by_its_key(
    show: Show, staff: Firm, file_database: Database, qtbot: Any
) -> None:
    customer(file_database, staff.anna)
    screen, _office, _imports = show(DayScreen, staff.anna)
    assert QApplication.focusWidget() is screen.stack.state.buttons[0]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_L)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(ActivityDialog)))


def test_an_empty_block_of_the_day_says_what_would_stand_there(show: Show, staff: Firm) -> None:
    screen, _office, _imports = show(DayScreen, staff.boss)
    assert screen.blocks["quiet"].said.text() == "Nothing · silent for longer than their own rhythm"


def test_a_chart_without_amounts_has_one_zero_and_a_sentence(
    show: Show, staff: Firm, file_database: Database, tmp_path: Path
) -> None:
    customer(file_database, staff.boss)
    screen, _office, _imports = show(HomeScreen, staff.boss)
    view = screen.chart.view
    drawn: list[list[float]] = []
    grid = view._grid
    view._grid = lambda painter, plot, ticks, low, high: (drawn.append(ticks), grid(painter, plot, ticks, low, high))
    view.grab()
    assert drawn[-1] == [0.0]
