"""The one style sheet, filled from the tokens, and the few images it needs as files.

`min-height` in a style sheet is the content alone: 20 and 2 × (4 + 1) make an input of 30 px. Heights grow
with the text size, borders and paddings do not: 1 px less padding for 1 px more border must stay exact.
There is no `::item` rule for tables (delegates paint rows), only for the list of a combo box.
There is no font size: fonts come from `fonts`.
"""

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from crm_desktop.shared.resources import resource
from crm_desktop.ui.fonts import px

_MARKS: Final = {
    # name in the style sheet: (icon, token, stroke width on the 24-unit grid of the icon)
    "check": ("check", "on-fill", "3.5"),
    "check_muted": ("check", "muted", "3.5"),
    "dash": ("minus", "on-fill", "3.5"),
    "down": ("chevron-down", "muted", "2"),
    "up": ("chevron-up", "muted", "2"),
    "right": ("chevron-right", "muted", "2"),
    "left": ("chevron-left", "muted", "2"),
    "calendar": ("calendar", "muted", "1.75"),
    "close": ("x", "muted", "1.75"),
    "tick": ("check", "accent", "2.5"),
}
_DOT: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 14 14"><circle cx="7" cy="7" r="3" fill="{colour}"/></svg>'
)

INK_TOKENS: Final = ("text", "text2", "muted", "accent", "success", "warn", "danger", "on-fill")
GROUND_TOKENS: Final = (
    *("window", "surface", "sunken", "raised"),
    *("accent-soft", "selection", "success-soft", "warn-soft", "danger-soft"),
)


def recoloured(svg: str, colour: str, stroke: str = "1.75") -> str:
    """Return the drawing `svg` of the icon set with its lines in `colour` and of width `stroke`."""
    return svg.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')


def write_marks(tokens: Mapping[str, str], folder: str, prefix: str) -> dict[str, str]:
    """Write the images of the style sheet in the colours of `tokens`; returns their paths by name.

    Raises OSError when the folder cannot be written.
    """
    # A new prefix per theme: Qt caches an image by its path and would keep showing the old colours.
    drawings = {}
    for name, (icon, colour, stroke) in _MARKS.items():
        drawing = resource(f"icons/{icon}.svg").read_text(encoding="utf-8")
        drawings[name] = recoloured(drawing, tokens[colour], stroke)
    drawings["dot"] = _DOT.format(colour=tokens["on-fill"])
    paths = {}
    for name, drawing in drawings.items():
        path = Path(folder) / f"{prefix}-{name}.svg"
        path.write_text(drawing, encoding="utf-8")
        paths[name] = path.as_posix()
    return paths


def style_sheet(tokens: Mapping[str, str], marks: Mapping[str, str]) -> str:
    """Return the style sheet in the colours of `tokens` with the images of `marks`."""
    names = {name.replace("-", "_"): value for name, value in tokens.items()}
    names |= {"input": f"{px(30) - 10}px", "dense": f"{px(26) - 10}px", "tab": f"{px(32) - 11}px"}
    names |= {"mark": f"{px(14) - 2}px", "mark_ring": f"{px(14) - 4}px", "mark_radius": f"{px(14) // 2}px"}
    names |= {f"img_{name}": f'url("{path}")' for name, path in marks.items()}
    inks = [f'QLabel[ink="{ink}"] {{ color: {tokens[ink]}; }}' for ink in INK_TOKENS]
    grounds = [f'*[ground="{name}"] {{ background-color: {tokens[name]}; }}' for name in GROUND_TOKENS]
    return "\n".join([Template(_SHEET).substitute(names), *inks, *grounds])


_INPUTS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $surface; color: $text; border: 1px solid $field; border-radius: 4px;
  padding: 4px 7px; min-height: $input; selection-background-color: $selection; selection-color: $text; }
QPlainTextEdit, QTextEdit { padding: 4px 5px; }
QAbstractSpinBox { padding: 3px 7px 2px 7px; }
QLineEdit[dense="true"], QComboBox[dense="true"], QAbstractSpinBox[dense="true"] { min-height: $dense; }
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {
  border: 2px solid $focus; padding: 3px 6px; }
QAbstractSpinBox:focus { padding: 2px 6px 1px 6px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 3px 4px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: $sunken; color: $muted; border: 1px solid $line; }
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QAbstractSpinBox[readOnly="true"] {
  background: $sunken; border-color: $line; }
QLineEdit[readOnly="true"]:focus, QPlainTextEdit[readOnly="true"]:focus { border-color: $focus; }
QLineEdit[error="true"], QComboBox[error="true"], QAbstractSpinBox[error="true"] {
  border: 2px solid $danger; padding: 3px 6px; }
QAbstractSpinBox[error="true"] { padding: 2px 6px 1px 6px; }
QPlainTextEdit[error="true"] { border: 2px solid $danger; padding: 3px 4px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus,
QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:disabled, QComboBox QLineEdit:disabled,
  QAbstractSpinBox QLineEdit[readOnly="true"] {
  border: 0; padding: 0; min-height: 0; background: transparent; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {
  border: 0; width: 24px; subcontrol-origin: padding; subcontrol-position: center right; }
QComboBox::down-arrow { image: $img_down; width: 14px; height: 14px; }
QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: $img_calendar; width: 14px; height: 14px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  subcontrol-origin: padding; width: 1px; border: 0; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow, QSpinBox::down-arrow, QDoubleSpinBox::up-arrow, QDoubleSpinBox::down-arrow { width: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: 4px;
  selection-background-color: $selection; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 4px; border: 0; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $text; }
"""

_CHECKS = """
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator { width: $mark; height: $mark;
  border: 1px solid $field; background: $surface; border-radius: 3px; }
QRadioButton::indicator { border-radius: $mark_radius; }
QCheckBox::indicator:checked, QCheckBox::indicator:indeterminate, QRadioButton::indicator:checked {
  background: $fill; border-color: $fill; }
QCheckBox::indicator:checked { image: $img_check; }
QCheckBox::indicator:indeterminate { image: $img_dash; }
QRadioButton::indicator:checked { image: $img_dot; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
  border: 2px solid $focus; width: $mark_ring; height: $mark_ring; }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $sunken; border-color: $line; }
QCheckBox::indicator:checked:disabled { image: $img_check_muted; }
"""

_BUTTONS = """
QPushButton { background: $surface; color: $text; border: 1px solid $field; border-radius: 4px;
  padding: 4px 12px; min-height: $input; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 2px solid $focus; padding: 3px 11px; }
QPushButton:disabled { color: $muted; border-color: $line; background: $sunken; }
QToolButton { background: transparent; color: $text2; border: 1px solid transparent; border-radius: 4px;
  padding: 4px; }
QToolButton:hover, QToolButton:open { background: $hover; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:focus { border: 2px solid $focus; padding: 3px; }
QToolButton::menu-indicator { image: none; width: 0; }
"""

_POPUPS = """
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 14px; height: 14px; padding-left: 8px; }
QMenu::indicator:checked { image: $img_tick; }
QMenu::right-arrow { image: $img_right; width: 14px; height: 14px; }
QMenuBar { background: $window; } QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: $selection; border-radius: 4px; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $sunken; }
QCalendarWidget QToolButton { color: $text; padding: 2px 6px; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: $img_left; }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: $img_right; }
QCalendarWidget QSpinBox { min-height: 0; padding: 0; }
"""

_FRAME = """
QDialog, QWizard { background: $surface; }
QMainWindow, QStatusBar { background: $window; }
QStatusBar { border-top: 1px solid $line; } QStatusBar::item { border: 0; }
QFrame[hairline="true"] { background: $line; border: 0; }
QSplitter::handle { background: $line; }
QAbstractItemView { background: $surface; border: 0; outline: 0; }
QScrollArea { border: 0; background: transparent; }
QTabWidget::pane { border: 0; }
QTabBar { background: $window; }
QTabBar::tab { background: transparent; color: $text2; border: 1px solid transparent; border-bottom: 0;
  border-top-left-radius: 6px; border-top-right-radius: 6px; padding: 5px 12px; min-height: $tab; }
QTabBar::tab:hover:!selected { background: $hover; }
QTabBar::tab:selected { background: $surface; color: $text; border-color: $line; }
QTabBar::tab:selected:focus { border: 2px solid $focus; border-bottom: 0; padding: 4px 11px 5px 11px; }
QTabBar::close-button { image: $img_close; width: 14px; height: 14px; border-radius: 4px; }
QTabBar::close-button:hover { background: $selection; }
QTabBar[kind="inner"] { background: $surface; }
QTabBar[kind="inner"]::tab { border: 0; border-bottom: 2px solid transparent; border-radius: 0;
  padding: 7px 0 6px 0; margin-right: 22px; color: $text2; }
QTabBar[kind="inner"]::tab:hover:!selected { background: transparent; color: $text; }
QTabBar[kind="inner"]::tab:selected { color: $text; border-bottom: 2px solid $accent;
  background: transparent; }
QTabBar[kind="inner"]::tab:selected:focus { color: $accent; border: 0; border-bottom: 2px solid $focus;
  padding: 7px 0 6px 0; }
QHeaderView { background: $sunken; border: 0; }
QHeaderView::section { background: $sunken; color: $muted; border: 0; border-top: 1px solid $line;
  border-bottom: 1px solid $line; padding: 0 8px; }
QHeaderView::section:first { padding-left: 16px; }
QHeaderView::up-arrow { image: $img_up; width: 12px; height: 12px; }
QHeaderView::down-arrow { image: $img_down; width: 12px; height: 12px; }
QTableCornerButton::section { background: $sunken; border: 0; border-bottom: 1px solid $line; }
QProgressBar { background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $fill; border-radius: 3px; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 10px; } QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $field; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; } QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""

_SHEET = _INPUTS + _CHECKS + _BUTTONS + _POPUPS + _FRAME
