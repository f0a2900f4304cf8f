"""Colour: contrast of every pair text may stand in, computed again from the tables."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QDateEdit, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.ui.style_sheet import GROUND_TOKENS, INK_TOKENS
from crm_desktop.ui.theme import install_theme, set_ink, set_property, theme, token
from crm_desktop.ui.tokens import DARK, LIGHT

GROUNDS = ("window", "surface", "sunken", "raised", "accent-soft", "selection", "hover")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("text", "text2", "muted", "accent", "danger") for ground in GROUNDS],
    *[(ink, ground) for ink in ("success", "warn") for ground in GROUNDS],
    *[(ink, f"{tone}-soft") for tone in ("success", "warn", "danger") for ink in (tone, "text")],
    *[("on-fill", ground) for ground in ("fill", "fill-hover", "danger-fill")],
]
LINE_PAIRS = [("field", "surface"), ("focus", "surface"), ("focus", "window"), ("focus", "selection")]


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of "#RRGGBB"."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def ground_of(widget) -> QColor:
    # Not `grab`: a screen of 16 bits would round the colour.
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    widget.render(image)
    return image.pixelColor(widget.width() - 20, widget.height() // 2)


def test_contrast_itself_is_computed_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_every_ground(tokens, ink, ground):
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINE_PAIRS)
def test_borders_and_focus_can_be_seen(tokens, line, ground):
    assert contrast(tokens[line], tokens[ground]) >= 3


def test_both_tables_have_the_same_tokens():
    assert LIGHT.keys() == DARK.keys()
    assert set(INK_TOKENS) | set(GROUND_TOKENS) <= LIGHT.keys()


def test_choosing_dark_repaints_with_the_dark_table(qapp, qtbot):
    shown = install_theme(qapp, "light")
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    with qtbot.waitSignal(shown.changed):
        shown.choose("dark")
    assert shown.dark
    assert token("surface") == QColor(DARK["surface"])
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(DARK["surface"])
    assert ground_of(line) == QColor(DARK["surface"])
    shown.choose("light")
    assert ground_of(line) == QColor(LIGHT["surface"])


def test_the_system_is_followed_only_when_chosen(qapp):
    shown = install_theme(qapp, "dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert shown.dark
    shown.choose("light")
    assert not theme().dark
    with pytest.raises(ValueError, match="sepia"):
        shown.choose("sepia")


def test_an_ink_follows_the_theme(qapp, qtbot):
    from crm_desktop.ui.labels import text_label

    shown = install_theme(qapp, "light")
    label = text_label("late", ink="danger")
    qtbot.addWidget(label)
    label.show()
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT["danger"])
    shown.choose("dark")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK["danger"])
    set_ink(label, "muted")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK["muted"])
    shown.choose("light")


@pytest.mark.parametrize("make", [QLineEdit, QDateEdit])
def test_focus_and_errors_do_not_move_the_text(qapp, qtbot, make):
    install_theme(qapp, "light")
    window = QWidget()
    qtbot.addWidget(window)
    first, editor = QLineEdit(), make()
    column = QVBoxLayout(window)
    column.addWidget(first)
    column.addWidget(editor)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    first.setFocus()
    line = editor if isinstance(editor, QLineEdit) else editor.findChild(QLineEdit)

    def place():
        corner = line.mapTo(window, line.cursorRect().topLeft())
        return corner, editor.geometry()

    line.setCursorPosition(0)
    before = place()
    editor.setFocus()
    line.setCursorPosition(0)
    assert place() == before
    set_property(editor, "error", True)
    line.setCursorPosition(0)
    assert place() == before
