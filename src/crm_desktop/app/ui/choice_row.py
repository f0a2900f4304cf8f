"""Rows of the first-run window: an icon, what it is, a line about it; arrows move, Enter chooses."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import token

_ICON = 20


class ChoiceRow(QAbstractButton):
    """One row, 52 px: a title in weight 500 and a muted line below; without an icon it is a small one."""

    delete_wanted = Signal()

    def __init__(self, icon: str = "", *, chevron: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._chevron = icon, chevron
        self._below = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, title: str, below: str, tip: str = "") -> None:
        """Show `title` and the line `below` it."""
        self._below = below
        self.setText(title)
        self.setToolTip(tip)
        self.setAccessibleName(title)
        self.setAccessibleDescription(tip or below)
        self.updateGeometry()
        self.update()

    @property
    def below(self) -> str:
        """Return the second line."""
        return self._below

    def sizeHint(self) -> QSize:
        """Return the room both lines need; the width is the layout's."""
        lines = self._height_of(BODY, MEDIUM) + self._height_of(LABEL)
        return QSize(px(120), max(px(52 if self._icon else 40), lines + px(12)))

    def minimumSizeHint(self) -> QSize:
        """Return the same height, a narrow width: long names are elided."""
        return QSize(px(80), self.sizeHint().height())

    def _height_of(self, size: int, weight: int = 400) -> int:
        return QFontMetrics(font(size, weight)).height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, ring, icon and the two lines from tokens."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        focused = self.hasFocus()
        if focused or self.underMouse():
            paint_panel(painter, box, token("selection" if focused else "hover"), None)
        if focused:
            paint_focus_ring(painter, box)
        left = px(12) if self._icon else px(8)
        if self._icon:
            side = px(_ICON)
            place = QRectF(left, (box.height() - side) / 2, side, side)
            paint_icon(painter, place, self._icon, "accent" if focused else "text2")
            left += side + px(14)
        right = box.right() - px(12 if self._chevron else 8)
        if self._chevron:
            side = px(16)
            place = QRectF(right - side, (box.height() - side) / 2, side, side)
            paint_icon(painter, place, "chevron-right", "muted")
            right -= side + px(8)
        self._paint_lines(painter, left, right - left)

    def _paint_lines(self, painter: QPainter, left: float, width: float) -> None:
        heights = self._height_of(BODY, MEDIUM), self._height_of(LABEL)
        gap = px(2)
        top = (self.height() - sum(heights) - gap) / 2
        for text, size, weight, ink, height in (
            (self.text(), BODY, MEDIUM, "text", heights[0]),
            (self._below, LABEL, 400, "muted", heights[1]),
        ):
            painter.setFont(font(size, weight))
            painter.setPen(token(ink))
            line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(width))
            painter.drawText(QRectF(left, top, width, height), Qt.AlignmentFlag.AlignVCenter, line)
            top += height + gap

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses like Space; Delete asks to take the row away; the rest goes up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            # QAbstractButton would move to whatever stands nearest; the column knows better.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the ring where the pointer chose."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mouseReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is on it."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has left."""
        self.update()
        super().leaveEvent(event)


class ChoiceColumn(QWidget):
    """Rows below each other; Up, Down, Home and End move between them, Left and Right leave."""

    sideways = Signal(int)
    """-1 or 1: the person wants to the column at that side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ChoiceRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(2))

    @property
    def rows(self) -> Sequence[ChoiceRow]:
        """Return the rows from above."""
        return tuple(self._rows)

    def add(self, row: ChoiceRow) -> ChoiceRow:
        """Put `row` at the end."""
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()
        return row

    def clear(self) -> None:
        """Take all rows away."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()

    def focus_row(self, index: int = 0) -> bool:
        """Give the row at `index` (the last one when there are fewer) the focus; False without rows."""
        if not self._rows:
            return False
        self._rows[min(max(index, 0), len(self._rows) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move among the rows."""
        here = next((at for at, row in enumerate(self._rows) if row.hasFocus()), 0)
        to = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._rows) - 1,
        }.get(Qt.Key(event.key()))
        if to is not None:
            self.focus_row(to)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)
