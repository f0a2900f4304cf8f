"""What a price could be: last paid by this customer, level and list; shown beside the cell, never in its way."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from crm_desktop.orders.ui.floating import round_off
from crm_desktop.ui.buttons import key_frame_width, key_text, paint_key
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.shapes import paint_panel
from crm_desktop.ui.theme import token

TAKE_KEY: Final = "F4"
LINE_PX: Final = 23
INSET: Final = 12
GAP: Final = 14


@dataclass(frozen=True, slots=True)
class Hint:
    """What the hint says, already translated: rows of (label, text); `key` stands after the first row."""

    first: tuple[str, str] = ("", "")
    others: tuple[tuple[str, str], ...] = ()
    key: str = ""
    warning: str = ""

    @property
    def says_nothing(self) -> bool:
        """Return whether there is nothing to show."""
        return not (self.first[1] or self.others or self.warning)


class PriceHint(QFrame):
    """A window that never takes the focus; below the cell, above it where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint = Hint()

    def show_hint(self, hint: Hint, cell: QRect) -> None:
        """Show `hint` beside `cell` (global pixels), right edges aligned; an empty one hides it."""
        self.hint = hint
        if hint.says_nothing:
            self.hide()
            return
        width, height = self._size()
        screen = QGuiApplication.screenAt(cell.center()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        top = cell.bottom() + px(6)
        if top + height > room.bottom():
            top = cell.top() - height - px(6)
        self.setGeometry(max(cell.right() - width, room.left()), top, width, height)
        said = [" ".join(pair) for pair in (hint.first, *hint.others)]
        self.setAccessibleName(". ".join(part for part in (*said, hint.warning) if part.strip()))
        round_off(self)
        self.show()
        self.update()

    def _rows(self) -> int:
        return bool(self.hint.first[1]) + bool(self.hint.others) + bool(self.hint.warning)

    def _label_width(self) -> int:
        labels = [self.hint.first[0] if self.hint.first[1] else "", self.hint.others[0][0] if self.hint.others else ""]
        return max(QFontMetrics(font(LABEL)).horizontalAdvance(label) for label in labels)

    def _size(self) -> tuple[int, int]:
        label, value = QFontMetrics(font(LABEL)), QFontMetrics(font(BODY, MEDIUM))
        key = key_frame_width(key_text(self.hint.key)) + px(10) if self.hint.key else 0
        first = self._label_width() + px(GAP) + value.horizontalAdvance(self.hint.first[1]) + key
        second = self._label_width() + px(GAP)
        for place, (name, text) in enumerate(self.hint.others):
            second += value.horizontalAdvance(text) + px(GAP)
            second += label.horizontalAdvance(name) + px(8) if place else 0
        widest = max(first, second, value.horizontalAdvance(self.hint.warning))
        return widest + 2 * px(INSET), self._rows() * px(LINE_PX) + px(14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and its rows."""
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), token("raised"), token("line"), 6)
        top = px(7)
        left = px(INSET)
        value_left = left + self._label_width() + px(GAP)
        if self.hint.first[1]:
            self._write(painter, left, top, self.hint.first[0], LABEL, "muted")
            right = self._write(painter, value_left, top, self.hint.first[1], BODY, "text", MEDIUM)
            if self.hint.key:
                width = key_frame_width(key_text(self.hint.key))
                frame = QRectF(right + px(10), top + (px(LINE_PX) - px(18)) / 2, width, px(18))
                paint_key(painter, frame, key_text(self.hint.key))
            top += px(LINE_PX)
        for place, (name, text) in enumerate(self.hint.others):
            at = left if not place else value_left
            right = self._write(painter, at, top, name, LABEL, "muted")
            start = value_left if not place else right + px(8)
            value_left = self._write(painter, start, top, text, BODY, "text") + px(GAP)
        if self.hint.others:
            top += px(LINE_PX)
        if self.hint.warning:
            self._write(painter, left, top, self.hint.warning, BODY, "warn", MEDIUM)

    def _write(
        self, painter: QPainter, left: int, top: int, text: str, size: int, ink: str, weight: int = REGULAR
    ) -> int:
        used = font(size, weight)
        painter.setFont(used)
        painter.setPen(token(ink))
        room = QRect(left, top, self.width() - left, px(LINE_PX))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        return left + QFontMetrics(used).horizontalAdvance(text)
