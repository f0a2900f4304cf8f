"""A table that people type into, before its own keys: all painted, one row height, one open cell over it."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtGui import QFocusEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from crm_desktop.ui.cell_editor import CellEditor
from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import set_ground, theme, token


class TypedGrid(QTableView):
    """Holds one cell open for the keyboard and closes it when the focus goes elsewhere.

    A grid makes its `editor` and its `painter`, which has `awake`: whether the keyboard is in the grid.
    """

    editor: CellEditor
    painter: Any
    _leaving = False

    def set_up(self, model: QAbstractItemModel, labels: QHeaderView, row_px: int) -> None:
        """Give the table its model and header and connect the open cell; Qt itself selects, edits and moves nothing."""
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(labels)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(px(20))
        rows.setDefaultSectionSize(px(row_px))
        self.setItemDelegate(self.painter)
        self.setModel(model)
        set_ground(self.viewport(), "surface")
        self.editor.hide()
        self.editor.left.connect(self._focus_gone)
        theme().changed.connect(self.viewport().update)

    @property
    def row(self) -> int:
        """Return the row of the keyboard, −1 for none."""
        return self.currentIndex().row()

    def commit(self) -> None:
        """Take over what stands in the open cell."""
        raise NotImplementedError

    def place_editor(self) -> None:
        """Lay the open cell over the active one."""
        raise NotImplementedError

    # Focus ---------------------------------------------------------------------------------------

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Sleep when the focus goes neither into the open cell nor into a popup."""
        super().focusOutEvent(event)
        if not self.editor.hasFocus() and not self._leaving:
            self._focus_gone()

    def _focus_gone(self) -> None:
        if self.hasFocus() or QGuiApplication.focusObject() is self.editor:
            return
        self.commit()
        self.editor.hide()
        self.painter.awake = False
        self.viewport().update()
        self.fell_asleep()

    def fell_asleep(self) -> None:
        """Do what else belongs to losing the keyboard; nothing unless a grid says so."""

    def leave(self, *, forward: bool) -> None:
        """Take over the open cell and give the keyboard to the field after or before the grid."""
        self._leaving = True
        self.commit()
        self.setFocus()
        self.editor.hide()
        self.focusNextPrevChild(forward)
        self._leaving = False
        if not self.hasFocus():
            self._focus_gone()

    # Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, then the cells."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), token("surface"))
        painter.end()
        super().paintEvent(event)

    def updateGeometries(self) -> None:
        """Keep the open cell in its place when rows move."""
        super().updateGeometries()
        if hasattr(self, "editor") and self.editor.isVisible():
            self.place_editor()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Take the open cell along."""
        super().scrollContentsBy(dx, dy)
        if self.editor.isVisible():
            self.place_editor()
