"""A list whose rows are told in words: headings between lines; lights up, opens and asks for the menu of a line."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from crm_desktop.ui.plain_table import set_up_rows
from crm_desktop.ui.theme import set_ground, theme


class ToldList(QTableView):
    """`line_at(row)` returns what a row tells of, None for a heading; a model of one column, painted by a delegate."""

    opened = Signal(object)
    """What the row tells of."""
    menu_wanted = Signal(object, object)
    """What the row tells of and the global place."""

    def __init__(
        self,
        rows: QAbstractItemModel,
        line_at: Callable[[int], Any],
        name: str,
        line_px: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._line_at = line_at
        self.hovered = -1
        self.setModel(rows)
        set_up_rows(self, name, line_px)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        set_ground(self.viewport(), "surface")
        theme().changed.connect(self.viewport().update)
        self.doubleClicked.connect(self._open_index)

    def current(self) -> Any:
        """Return what the current row tells of, None without one."""
        return self._line_at(self.currentIndex().row())

    def _open_index(self, index: QModelIndex) -> None:
        if (line := self._line_at(index.row())) is not None:
            self.opened.emit(line)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the line, below it when the keyboard asked."""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        if (line := self.current()) is not None:
            self.menu_wanted.emit(line, at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the line under the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: Any) -> None:
        """Put the light out."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        row = row if self._line_at(row) is not None else -1
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()
