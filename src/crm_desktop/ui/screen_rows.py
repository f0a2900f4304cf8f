"""The rows a screen begins with: its title and actions, and what can be asked of it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.ui.fonts import px


def head_row() -> tuple[QWidget, QHBoxLayout]:
    """Return the row of the title and the actions, and its layout to be filled."""
    row, layout = _row(8, 8)
    row.setMinimumHeight(px(48))
    return row, layout


def questions_row() -> tuple[QWidget, QHBoxLayout]:
    """Return the row below it, with filters and choices, and its layout to be filled."""
    return _row(0, 10)


def _row(above: int, below: int) -> tuple[QWidget, QHBoxLayout]:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(px(16), px(above), px(16), px(below))
    layout.setSpacing(px(8))
    return row, layout
