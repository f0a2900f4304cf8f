"""Buttons, chips, views, notes, toasts, states and field boxes, used by mouse and keyboard."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import ENGLISH
from crm_desktop.ui.busy import ProgressStrip, time_left_text
from crm_desktop.ui.buttons import Button, key_text
from crm_desktop.ui.chip import Chip
from crm_desktop.ui.empty import Offer, StateStack, never_had, no_match
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.notes import Note
from crm_desktop.ui.shapes import Shape, paint_ageing_bar, paint_shape
from crm_desktop.ui.theme import install_theme, token
from crm_desktop.ui.toast import ToastStack
from crm_desktop.ui.views_bar import ViewsBar


@pytest.fixture(autouse=True)
def dressed(qapp):
    install_fonts(qapp, ENGLISH, 1.0)
    install_theme(qapp, "light")


def picture_of(draw, width=60, height=16):
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def test_a_key_stands_inside_its_button(qtbot):
    button = Button("Save", "primary")
    qtbot.addWidget(button)
    without = button.sizeHint().width()
    button.set_key("Ctrl+S")
    assert button.key_hint() in ("Ctrl S", "⌘S")
    assert button.sizeHint().width() > without + 30
    assert button.sizeHint().height() == 30
    button.resize(button.sizeHint())
    drawn = button.grab().toImage()
    button.set_key("")
    assert drawn != button.grab().toImage()


@pytest.mark.parametrize("kind", ["plain", "primary", "quiet", "danger", "link"])
def test_a_button_shows_focus_and_being_off(qtbot, kind):
    button = Button("Do it", kind)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    usual = button.grab().toImage()
    button.setEnabled(False)
    assert button.grab().toImage() != usual
    with pytest.raises(ValueError, match="loud"):
        button.set_kind("loud")


def test_a_button_answers_the_keyboard(qtbot):
    button = Button("Save")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_chip_is_removed_by_cross_and_by_key(qtbot):
    chip = Chip("Status", "Customer")
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    with qtbot.waitSignal(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, chip.height() // 2))
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    with qtbot.waitSignal(chip.clicked), qtbot.assertNotEmitted(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(20, chip.height() // 2))
    assert "Status" in chip.accessibleName()
    assert "Customer" in chip.accessibleName()


def test_views_are_chosen_by_arrow_and_from_outside(qtbot):
    bar = ViewsBar()
    qtbot.addWidget(bar)
    for key in ("mine", "team", "pool"):
        bar.add_view(key, key.title())
    assert bar.current() == "mine"
    with qtbot.waitSignal(bar.chosen) as told:
        qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert told.args == ["team"]
    with qtbot.assertNotEmitted(bar.chosen):
        bar.set_current("pool")
    assert bar.current() == "pool"


def test_a_note_says_typed_text_as_it_is(qtbot):
    note = Note("warn", "Looks like <b>A & B</b>", "Open")
    qtbot.addWidget(note)
    assert note.text() == "Looks like <b>A & B</b>"
    assert "&lt;b&gt;" in note._text.text()
    with qtbot.waitSignal(note.action_clicked):
        note._action.click()
    note.clear()
    assert note.isHidden()


def test_a_toast_offers_undo_and_is_kept_in_the_list(qtbot):
    window = QWidget()
    window.resize(800, 400)
    qtbot.addWidget(window)
    window.show()
    stack, undone = ToastStack(window), []
    toast = stack.show("3 contacts deleted", "Undo", lambda: undone.append(True))
    assert toast.geometry().right() <= window.width()
    assert toast.x() > window.width() / 2
    with qtbot.waitSignal(toast.gone):
        toast.action_button.click()
    assert undone == [True]
    assert stack.shown == []
    assert [entry.text for entry in stack.history] == ["3 contacts deleted"]


def test_a_state_stands_in_place_of_the_rows(qtbot):
    rows, cleared = QWidget(), []
    stack = StateStack(rows)
    qtbot.addWidget(stack)
    stack.show()
    stack.show_state(no_match("No contact matches", "", lambda: cleared.append(True)))
    assert not rows.isVisible()
    stack.state.buttons[0].click()
    assert cleared == [True]
    stack.show_content()
    assert rows.isVisible()
    assert stack.state is None


def test_a_never_had_state_names_itself(qtbot):
    state = never_had("users", "Everyone you trade with", "Bring your list.", Offer("Import", list))
    qtbot.addWidget(state)
    assert state.accessibleName() == "Everyone you trade with"
    assert [button.kind for button in state.buttons] == ["primary"]


def test_progress_is_silent_at_first_and_can_be_cancelled(qtbot):
    host = QWidget()
    strip = ProgressStrip()
    QVBoxLayout(host).addWidget(strip)
    qtbot.addWidget(host)
    host.show()
    strip.start("Reading 612 rows")
    assert not strip.isVisible()
    qtbot.waitUntil(strip.isVisible, timeout=2000)
    strip.set_progress(300, 612)
    with qtbot.waitSignal(strip.cancelled):
        strip._cancel.click()
    strip.finish()
    assert not strip.isVisible()


def test_time_left_is_said_in_round_words():
    assert time_left_text(500, 1, 100) == ""
    assert time_left_text(10_000, 50, 100) == "10 seconds left"
    assert time_left_text(60_000, 10, 100) == "9 minutes left"
    assert time_left_text(60_000, 100, 100) == ""


@pytest.mark.parametrize("make", [QLineEdit, QComboBox])
def test_an_error_stands_under_its_field(qtbot, make):
    box = FieldBox("E-mail", make(), needed=True)
    qtbot.addWidget(box)
    box.show()
    assert box.label.text() == "E-mail (needed)"
    assert box.label.buddy() is box.editor
    box.set_error("A comma stands where a dot belongs.")
    assert box.editor.property("error") is True
    assert box.editor.accessibleDescription() == "A comma stands where a dot belongs."
    assert box._below.isVisible()
    box.set_error("")
    assert box.editor.property("error") is False
    assert not box._below.isVisible()


def test_every_state_has_its_own_figure():
    drawn = {bytes(picture_of(lambda p, r, s=shape: paint_shape(p, r, s, "accent"), 16).constBits()) for shape in Shape}
    assert len(drawn) == len(Shape)


def test_the_ageing_bar_has_one_colour_per_bucket_owed():
    amounts = [Decimal(50), Decimal(0), Decimal("25.5"), 0, 0, Decimal(25)]
    image = picture_of(lambda p, r: paint_ageing_bar(p, r, amounts))
    row = {image.pixelColor(x, 8).name() for x in range(image.width()) if image.pixelColor(x, 8).alpha() == 255}
    assert row == {token(name).name() for name in ("age0", "age2", "age5")}
    nothing = picture_of(lambda p, r: paint_ageing_bar(p, r, [0, 0]))
    assert nothing.pixelColor(30, 8) == QColor(0, 0, 0, 0)


def test_enter_presses_the_button_with_the_ring(qtbot):
    button = Button("New contact", "primary")
    qtbot.addWidget(button)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_keys_that_are_no_sequence_are_shown_as_written():
    assert key_text("Ctrl+Shift+A") == "Ctrl Shift A"
    assert key_text("Alt+↑↓") == "Alt ↑↓"
    assert key_text("") == ""
