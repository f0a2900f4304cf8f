"""F1: the keys of the screen in front, and those that work everywhere."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, key_frame_width, key_text, paint_key
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.screen import KeyHint
from crm_desktop.ui.theme import set_ground


class _Key(QWidget):
    """A key in its frame."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._text = key_text(keys)
        self.setAccessibleName(self._text)

    def sizeHint(self) -> QSize:
        """Return the frame around the text."""
        return QSize(key_frame_width(self._text), px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        paint_key(QPainter(self), QRectF(self.rect()), self._text, "text2", "field")


def everywhere() -> list[KeyHint]:
    """Return the keys of the window itself."""
    return [
        KeyHint("Ctrl+K", _("Find a record, a screen or a command")),
        KeyHint("Ctrl+W", _("Close the tab")),
        KeyHint("Ctrl+Tab", _("Next tab")),
        KeyHint("Ctrl+Shift+Tab", _("Previous tab")),
        KeyHint("F10", _("Menu")),
        KeyHint("F1", _("These keys")),
        KeyHint("Ctrl+L", _("Log a call or visit")),
        KeyHint("Ctrl+Shift+L", _("Lock")),
        KeyHint("Ctrl+Q", _("Quit")),
    ]


class KeysHelp(QDialog):
    """A list to glance at; Esc closes it."""

    def __init__(self, screen_title: str, hints: Sequence[KeyHint], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        inside = QWidget()
        set_ground(inside, "surface")
        grid = QGridLayout(inside)
        grid.setContentsMargins(px(20), px(16), px(20), px(8))
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for title, keys in ((screen_title, hints), (_("Everywhere"), everywhere())):
            self._add(grid, title, [hint for hint in keys if hint.keys])
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        close = Button(_("Close"), "plain", key="Esc")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(8), px(20), px(16))
        foot.addStretch()
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addLayout(foot)
        self.resize(px(460), px(560))

    def _add(self, grid: QGridLayout, title: str, hints: Sequence[KeyHint]) -> None:
        if not hints:
            return
        row = grid.rowCount()
        if row > 1:
            grid.setRowMinimumHeight(row, px(10))
            row += 1
        grid.addWidget(section_label(title or _("This screen")), row, 0, 1, 2)
        for place, hint in enumerate(hints, row + 1):
            grid.addWidget(_Key(hint.keys), place, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(text_label(hint.does, wrap=True), place, 1)
