"""Settings → Activities: kinds and results renamed, added, put in order, put away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from crm_desktop.activities import kinds
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.kinds_screen import KindDialog, ResultDialog
from crm_desktop.db.work import Database
from crm_desktop.ui.buttons import IconButton
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


@pytest.fixture
def boss(open_office: Callable[..., Office], staff: Firm) -> Office:
    return open_office(staff.boss)


@pytest.fixture
def page(boss: Office, qtbot: Any, idle: Idle) -> Any:
    page = specs.settings_screen(boss.desk)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitExposed(page):
        page.show()
    idle(boss)
    return page


def stored(database: Database, boss: Office) -> tuple[tuple[kinds.Kind, ...], tuple[kinds.Result, ...]]:
    with database.read(boss.actor) as work:
        return kinds.kinds(work, all=True), kinds.results(work, all=True)


def words(page: Any) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def test_a_kind_of_their_own_is_added_with_its_picture(
    page: Any, boss: Office, idle: Idle, file_database: Database
) -> None:
    page._edit_kind(None)
    (dialog,) = page.findChildren(KindDialog)
    dialog.go.click()
    idle(boss)
    assert dialog.isVisible(), "a kind has a name"
    dialog.name.set_value("展会拜访")
    dialog.icon.set_value("handshake")
    dialog.go.click()
    idle(boss)
    added = stored(file_database, boss)[0][-1]
    assert (added.name, added.icon, added.is_contact, added.active) == ("展会拜访", "handshake", True, True)
    assert "展会拜访" in words(page)


def test_a_shipped_kind_keeps_its_own_words_unless_it_is_renamed(
    page: Any, boss: Office, idle: Idle, file_database: Database
) -> None:
    visit = stored(file_database, boss)[0][1]
    page._edit_kind(visit)
    (dialog,) = page.findChildren(KindDialog)
    assert dialog.name.value() == "Visit"
    dialog.counts.set_value(False)
    dialog.go.click()
    idle(boss)
    visit = stored(file_database, boss)[0][1]
    assert (visit.name, visit.is_contact) == ("", False)


def test_a_result_proposes_after_other_days_and_is_put_away(
    page: Any, boss: Office, idle: Idle, file_database: Database
) -> None:
    page._edit_result(stored(file_database, boss)[1][1])
    (dialog,) = page.findChildren(ResultDialog)
    dialog.days.line.setText("soon")
    dialog.go.click()
    assert dialog.isVisible()
    dialog.days.line.setText("2")
    dialog.active.set_value(False)
    dialog.go.click()
    idle(boss)
    result = stored(file_database, boss)[1][1]
    assert (result.next_days, result.active) == (2, False)
    assert any("put away" in text for text in words(page))


def test_the_order_is_the_order_of_the_digits(page: Any, boss: Office, idle: Idle, file_database: Database) -> None:
    before = [one.key for one in stored(file_database, boss)[0]]
    down = next(one for one in page.findChildren(IconButton) if one.toolTip() == "Move Call down")
    down.click()
    idle(boss)
    after = [one.key for one in stored(file_database, boss)[0]]
    assert after[:2] == [before[1], before[0]]
    up = next(one for one in page.findChildren(IconButton) if one.toolTip() == "Move Visit up")
    assert not up.isEnabled()
