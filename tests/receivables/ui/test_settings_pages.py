"""The settings of receivables, accounts and dunning letters, changed as people change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from crm_desktop.db.work import Database
from crm_desktop.receivables import settings
from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.money import accounts
from crm_desktop.receivables.settings import ReceivableProfile
from crm_desktop.receivables.ui import specs_settings
from crm_desktop.receivables.ui.collecting.dunning_levels_screen import LevelDialog
from crm_desktop.receivables.ui.money.accounts_screen import AccountDialog
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.screen import Screen
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


@pytest.fixture
def show(qtbot: Any, idle: Idle) -> Callable[[Office, Screen], Any]:
    def open_page(office: Office, screen: Screen) -> Any:
        qtbot.addWidget(screen)
        screen.resize(1178, 740)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen

    return open_page


def stored(database: Database, staff: Firm) -> ReceivableProfile:
    with database.read(staff.boss) as work:
        return settings.get_settings(work)


def retype(qtbot: Any, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


def fill(qtbot: Any, screen: Any, values: dict[str, str]) -> None:
    for name, text in values.items():
        retype(qtbot, screen.form.editor(name).line, text)


def press(qtbot: Any, screen: Any, named: str) -> None:
    """Click the one button with these words, or this name for a screen reader."""
    buttons = [*screen.findChildren(Button), *screen.findChildren(IconButton)]
    (found,) = (one for one in buttons if named in (one.text(), one.accessibleName()) and one.isVisible())
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def texts(screen: Any) -> list[str]:
    return [label.text() for label in screen.findChildren(QLabel) if label.isVisible()]


def dialog(screen: Any, kind: type[Any]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def test_the_settings_of_receivables_are_changed(
    qtbot: Any, open_office: Any, idle: Idle, show: Any, file_database: Database, staff: Firm
) -> None:
    office = open_office(staff.boss)
    screen = show(office, specs_settings.settings_screen(office.desk))
    assert not screen.unsaved
    assert screen.form.editor("buckets").value() == "30, 60, 90, 180"
    fill(
        qtbot,
        screen,
        {
            "due_days": "45",
            "buckets": "15; 30 60",
            "credit_limits.A": "500,000",
            "credit_limits.D": "0",
            "overdue_days": "60",
            "difference_limits.accountant": "12.50",
            "dunning_gap_days": "10",
            "refund_prefix": "RF",
        },
    )
    screen.form.editor("closed_through").set_value(date(2026, 10, 31))
    qtbot.keyClick(screen, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    screen.save()
    idle(office)
    found = stored(file_database, staff)
    assert (found.due_days, found.buckets, found.overdue_days) == (45, (15, 30, 60), 60)
    assert found.credit_limits == {"A": Decimal(500_000), "D": Decimal(0)}
    assert found.difference_limits["accountant"] == Decimal("12.50")
    assert (found.closed_through, found.dunning_gap_days, found.refund_prefix) == (date(2026, 10, 31), 10, "RF")
    assert not screen.unsaved
    fill(qtbot, screen, {"credit_limits.D": ""})
    screen.save()
    idle(office)
    assert stored(file_database, staff).credit_limits == {"A": Decimal(500_000)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("buckets", "30, thirty"),
        ("buckets", "60, 30"),
        ("buckets", ""),
        ("credit_limits.B", "-1"),
        ("due_days", "99999"),
        ("refund_prefix", ""),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    qtbot: Any,
    open_office: Any,
    idle: Idle,
    show: Any,
    file_database: Database,
    staff: Firm,
    name: str,
    text: str,
) -> None:
    before = stored(file_database, staff)
    office = open_office(staff.boss)
    screen = show(office, specs_settings.settings_screen(office.desk))
    fill(qtbot, screen, {name: text})
    screen.save()
    idle(office)
    assert screen.form.errors[name]
    assert stored(file_database, staff) == before


def test_accounts_are_opened_and_closed(
    qtbot: Any, open_office: Any, idle: Idle, show: Any, file_database: Database, staff: Firm
) -> None:
    office = open_office(staff.boss)
    screen = show(office, specs_settings.accounts_screen(office.desk))
    press(qtbot, screen, "Add an account")
    asked = dialog(screen, AccountDialog)
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert asked._boxes["name"].error
    qtbot.keyClicks(asked.name.line, "Bank of Ningbo")
    qtbot.keyClicks(asked.number.line, "6222 0012")
    qtbot.keyClicks(asked.currency.line, "usd")
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert {"Bank of Ningbo", "6222 0012 · USD"} <= set(texts(screen))
    press(qtbot, screen, "Change Bank of Ningbo")
    asked = dialog(screen, AccountDialog)
    asked.active.box.click()
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert "Bank of Ningbo (closed)" in texts(screen)
    with file_database.read(staff.boss) as work:
        assert accounts.accounts(work) == ()
        assert [one.currency for one in accounts.accounts(work, inactive=True)] == ["USD"]


def test_a_letter_is_written_in_each_language(
    qtbot: Any, open_office: Any, idle: Idle, show: Any, file_database: Database, staff: Firm
) -> None:
    office = open_office(staff.boss)
    screen = show(office, specs_settings.dunning_levels_screen(office.desk))
    press(qtbot, screen, "Change Dunning level 1")
    asked = dialog(screen, LevelDialog)
    retype(qtbot, asked.days.line, "12")
    retype(qtbot, asked.subject.line, "A friendly word")
    place = asked.language.combo.findData("zh_Hans")
    asked.language.combo.setFocus()
    while asked.language.combo.currentIndex() != place:
        qtbot.keyClick(asked.language.combo, Qt.Key.Key_Down)
    assert asked.subject.value() != "A friendly word"
    retype(qtbot, asked.subject.line, "Fukuan")
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    with file_database.read(staff.boss) as work:
        level = next(one for one in dunning.levels(work) if one.level == 1)
    assert level.days == 12
    assert level.texts["en"]["subject"] == "A friendly word"
    assert level.texts["zh_Hans"]["subject"] == "Fukuan"
    assert level.texts["en"]["body"]
    assert any(text.startswith("12 days overdue") for text in texts(screen))


def test_who_keeps_no_settings_is_not_offered_them(staff: Firm) -> None:
    for actor, offered in ((staff.boss, 3), (staff.manager, 0), (staff.anna, 0), (staff.admin, 0)):
        assert sum(spec.offered_to(actor) for spec in specs_settings.SETTINGS) == offered
