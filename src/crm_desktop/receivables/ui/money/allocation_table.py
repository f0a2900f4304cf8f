"""The allocation table: open items of a customer, each with a box for how much of it is paid."""

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.receivables.ui.money.allocation_delegate import (
    BOX_PX,
    ROW_PX,
    AllocationDelegate,
    AllocationHeader,
)
from crm_desktop.receivables.ui.money.allocation_model import ALLOCATE, COLUMNS, PLACES, TICK, AllocationModel
from crm_desktop.receivables.ui.money.allocation_rows import OpenRow
from crm_desktop.receivables.ui.money.allocation_widths import AllocationWidths
from crm_desktop.shared.i18n import _
from crm_desktop.ui.cell_editor import CellEditor
from crm_desktop.ui.fonts import px
from crm_desktop.ui.typed_grid import TypedGrid

_PAGE: Final = 10
_Keys = Qt.Key


class AllocationTable(TypedGrid):
    """Up, Down, Enter and Tab go from box to box, Space takes all of a row, Shift+Space what the money still allows.

    `rest_wanted` asks whoever knows the money how much that is; `said` carries the sentence about a wrong amount.
    """

    rest_wanted = Signal(int)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = AllocationModel(self)
        self.painter = AllocationDelegate(self, self.items)
        self.labels = AllocationHeader(self.items, self)
        self.editor = CellEditor(self.press, self._claims, self.viewport())
        self.editor.textEdited.connect(self._typed)
        self._stay = ""
        self._typed_before: tuple[str, str, int] | None = None
        self.widths = AllocationWidths(self)
        self._set_up()
        self.items.modelAboutToBeReset.connect(self._before_reset)
        self.items.modelReset.connect(self._after_reset)
        self.items.amounts_changed.connect(self._amounts_changed)

    def _set_up(self) -> None:
        self.setObjectName("allocation")
        self.setAccessibleName(_("Open items"))
        self.set_up(self.items, self.labels, ROW_PX)

    # What is shown -------------------------------------------------------------------------------

    def open_row(self) -> OpenRow | None:
        """Return the line the keyboard is on."""
        return self.items.rows[self.row] if 0 <= self.row < len(self.items.rows) else None

    def set_writable(self, writable: bool) -> None:
        """Let amounts be typed or only read."""
        self.items.writable = writable
        self.editor.setVisible(False)
        self.viewport().update()

    def focus(self) -> None:
        """Put the keyboard into the first box, or back into the one it left."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, row: int) -> bool:
        """Bring the keyboard to a row; return whether there is something to type."""
        if not 0 <= row < len(self.items.rows) or self.items.rows[row].is_heading:
            return False
        self.setCurrentIndex(self.items.index(row, PLACES[ALLOCATE]))
        return True

    def commit(self) -> None:
        """Take over what stands in the open box."""
        self._commit_at(self.row)

    def mark(self, key: str, sentence: str) -> None:
        """Say what is wrong with the amount of a row and go there."""
        row = self.items.row_of(key)
        if row >= 0:
            self.items.wrong[key] = (self.items.text(row, ALLOCATE), sentence)
            self.setFocus()
            self.go(row)
            self.said.emit(sentence)

    # The open box --------------------------------------------------------------------------------

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Take over what was typed in one box and open the other."""
        self._commit_at(previous.row())
        super().currentChanged(current, previous)
        self.viewport().update()
        if self.painter.awake:
            self.enter()

    def enter(self) -> None:
        """Open the box of the row, its amount selected."""
        row = self.open_row()
        if row is None or row.is_heading or not self.items.writable:
            self.editor.hide()
            return
        self.scrollTo(self.currentIndex())
        name = _("Allocate to {name}, open {open}").format(name=row.number, open=self.items.text(self.row, "open"))
        self.editor.enter(self.items.text(self.row, ALLOCATE), right=True, name=name)
        self._tell_wrong()
        self.place_editor()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_wrong(self) -> None:
        row = self.open_row()
        wrong = self.items.wrong.get(row.key) if row is not None else None
        self.editor.setToolTip(wrong[1] if wrong else "")
        self.editor.setAccessibleDescription(wrong[1] if wrong else "")
        self.said.emit(wrong[1] if wrong else "")

    def place_editor(self) -> None:
        """Lay the open box over its place."""
        box = self.painter.box(self.visualRect(self.items.index(self.row, PLACES[ALLOCATE])))
        self.editor.setGeometry(box.left(), box.top(), box.width(), px(BOX_PX))

    def _typed(self, text: str) -> None:
        if self.open_row() is not None:
            self.items.type_text(self.row, text)

    def _commit_at(self, row: int) -> None:
        if not self.editor.isVisible() or not 0 <= row < len(self.items.rows):
            return
        if self.editor.text() != self.editor.original:
            self.editor.original = self.editor.text()
            self.items.type_text(row, self.editor.text())
        wrong = self.items.wrong.get(self.items.rows[row].key)
        self.said.emit(wrong[1] if wrong else "")

    def _amounts_changed(self) -> None:
        self.viewport().update()
        if self.editor.isVisible() and self.open_row() is not None and self.editor.untouched:
            text = self.items.text(self.row, ALLOCATE)
            if text != self.editor.text():
                self.editor.enter(text, right=True, name=self.editor.accessibleName())

    # Keys ----------------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means to the table; return whether it meant something."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if modifiers and not shift:
            return False
        if key == _Keys.Key_Space:
            self._take(rest=shift)
            return True
        if key == _Keys.Key_Escape:
            return self._restore()
        if key in (_Keys.Key_Tab, _Keys.Key_Backtab):
            forward = key == _Keys.Key_Tab and not shift
            if not self._step(1 if forward else -1):
                self.leave(forward=forward)
            return True
        steps = {
            _Keys.Key_Down: 1,
            _Keys.Key_Up: -1,
            _Keys.Key_Return: 1,
            _Keys.Key_Enter: 1,
            _Keys.Key_PageDown: _PAGE,
            _Keys.Key_PageUp: -_PAGE,
        }
        if key not in steps:
            return False
        if not self._step(steps[_Keys(key)]) and key in (_Keys.Key_Return, _Keys.Key_Enter):
            self.leave(forward=True)
        return True

    def _claims(self, event: QKeyEvent) -> bool:
        """Return whether the table wants a key before a shortcut of the window takes it."""
        if event.key() == _Keys.Key_Escape:
            return self.editor.text() != self.editor.original
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return not modifiers and event.key() in (_Keys.Key_Space, _Keys.Key_Return, _Keys.Key_Enter)

    def _step(self, by: int) -> bool:
        """Go to the next line that can be typed in, at most `by` lines away; return whether there is one."""
        last = len(self.items.rows) - 1
        wanted = min(max(self.row + by, 0), last)
        toward = 1 if by > 0 else -1
        while 0 <= wanted <= last and self.items.rows[wanted].is_heading:
            wanted += toward
        if wanted == self.row:
            return False
        return self.go(wanted)

    def _take(self, *, rest: bool) -> None:
        self._commit_at(self.row)
        if rest:
            self.rest_wanted.emit(self.row)
        else:
            self.items.take(self.row)
        self._show_taken()

    def take_most(self, row: int, most: Decimal) -> None:
        """Take what the money allows of a row."""
        self.items.take(row, most)
        self._show_taken()

    def _show_taken(self) -> None:
        if self.editor.isVisible():
            self.enter()

    def _restore(self) -> bool:
        row = self.open_row()
        if row is None or self.editor.text() == self.editor.original:
            return False
        self.items.type_text(self.row, self.editor.original)
        self.enter()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer keys to the table where no box is open."""
        if self.editor.hasFocus() or not self.press(event):
            super().keyPressEvent(event)

    # Focus ---------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open the box of the row; the first time of the first row, or the last when coming backwards."""
        back = event.reason() == Qt.FocusReason.BacktabFocusReason
        if self.items.rows and (not self.currentIndex().isValid() or event.reason() == Qt.FocusReason.TabFocusReason):
            self.go(0)
        if back and self.items.rows:
            self.go(len(self.items.rows) - 1)
        super().focusInEvent(event)
        if self._leaving:
            return
        self.painter.awake = True
        self.viewport().update()
        self.enter()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the box of the row; a click on the tick takes all of it."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or not self.go(index.row()):
            return
        if not self.painter.awake:
            self.setFocus()
        elif not self.editor.isVisible():
            self.enter()
        if COLUMNS[index.column()].name == TICK and self.items.writable:
            self._take(rest=False)

    # Qt ------------------------------------------------------------------------------------------

    def _before_reset(self) -> None:
        row, editor = self.open_row(), self.editor
        typed = editor.isVisible() and editor.text() != editor.original
        self._stay = row.key if row is not None else ""
        self._typed_before = (editor.text(), editor.original, editor.cursorPosition()) if typed else None
        editor.original = editor.text()

    def _after_reset(self) -> None:
        self.widths.measure()
        stay = self.items.row_of(self._stay) if self._stay else -1
        if stay >= 0 or self.painter.awake:
            self.go(max(stay, 0))
        if not self.items.rows:
            self._close_box()
        elif stay >= 0 and self.editor.isVisible() and self._typed_before is not None:
            # Somebody is in the middle of an amount while the items were read again.
            text, self.editor.original, place = self._typed_before
            self.editor.setText(text)
            self.editor.setCursorPosition(place)
            self.items.type_text(stay, text)

    def _close_box(self) -> None:
        """Take the open box away, without the keyboard leaving the table."""
        self._leaving = True
        if self.editor.hasFocus():
            self.setFocus()
        self.editor.hide()
        self._leaving = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the spare width to the number."""
        super().resizeEvent(event)
        self.widths.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the font or the language changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange) and hasattr(self, "widths"):
            self.widths.measure()
