"""A few choices all on screen: digits, arrows, Enter, the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.ui.choice_strip import Offer, StripEditor
from tests.contacts.conftest import app

__all__ = ["app"]

OFFERS = [Offer(10, "Call"), Offer(20, "Visit"), Offer(30, "客户来访")]


@pytest.fixture
def shown(app: object, qtbot: Any) -> Callable[[StripEditor], StripEditor]:
    """Show a strip in a window, with the keyboard in it."""

    windows: list[QWidget] = []

    def show(editor: StripEditor) -> StripEditor:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        column = QVBoxLayout(window)
        column.addWidget(QLineEdit())
        column.addWidget(editor.widget)
        window.resize(500, 120)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        editor.focus()
        qtbot.waitUntil(editor.strip.hasFocus)
        return editor

    return show


def test_a_digit_chooses_and_goes_on(shown: Any, qtbot: Any) -> None:
    editor = shown(StripEditor("kind", "Kind", OFFERS))
    with qtbot.waitSignals([editor.edited, editor.committed]):
        qtbot.keyClick(editor.strip, Qt.Key.Key_2)
    assert editor.value() == 20
    with qtbot.assertNotEmitted(editor.edited):
        qtbot.keyClick(editor.strip, Qt.Key.Key_9)
    assert editor.value() == 20, "there is no ninth"


def test_digits_can_count_from_nought_and_come_from_the_keypad(shown: Any, qtbot: Any) -> None:
    editor = shown(StripEditor("when", "When", OFFERS, first=0))
    qtbot.keyClick(editor.strip, Qt.Key.Key_0, Qt.KeyboardModifier.KeypadModifier)
    assert editor.value() == 10


def test_arrows_walk_and_stay_at_the_ends(shown: Any, qtbot: Any) -> None:
    editor = shown(StripEditor("kind", "Kind", OFFERS))
    for _time in range(5):
        qtbot.keyClick(editor.strip, Qt.Key.Key_Right)
    assert editor.value() == 30
    qtbot.keyClick(editor.strip, Qt.Key.Key_Left)
    assert editor.value() == 20


def test_backspace_chooses_nothing_only_where_that_is_an_answer(shown: Any, qtbot: Any) -> None:
    needed = shown(StripEditor("kind", "Kind", OFFERS))
    needed.set_value(20)
    qtbot.keyClick(needed.strip, Qt.Key.Key_Backspace)
    assert needed.value() == 20
    free = shown(StripEditor("result", "Result", OFFERS, may_be_empty=True))
    free.set_value(20)
    qtbot.keyClick(free.strip, Qt.Key.Key_Backspace)
    assert free.value() is None
    with qtbot.waitSignal(free.committed):
        qtbot.keyClick(free.strip, Qt.Key.Key_Return)
    assert free.value() is None, "Enter passes over it"


def test_a_click_chooses_and_leaves_the_keyboard_where_it_was(shown: Any, qtbot: Any) -> None:
    editor = shown(StripEditor("kind", "Kind", OFFERS))
    line = editor.strip.window().findChild(QLineEdit)
    line.setFocus()
    qtbot.mouseClick(editor.strip.parts[2], Qt.MouseButton.LeftButton)
    assert editor.value() == 30
    assert line.hasFocus()
    qtbot.mouseClick(editor.strip.parts[2], Qt.MouseButton.LeftButton)
    assert editor.value() == 30, "a second click does not take it back"


def test_it_takes_no_part_in_composing(shown: Any) -> None:
    editor = shown(StripEditor("kind", "Kind", OFFERS))
    assert not editor.strip.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_one_that_is_off_takes_no_key(shown: Any, qtbot: Any) -> None:
    editor = shown(StripEditor("kind", "Kind", OFFERS))
    editor.set_value(10)
    editor.set_read_only(True)
    assert not editor.strip.take_digit(2)
    assert editor.value() == 10
