"""The mark of the program: three bars of a ledger on petrol."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import token

# Of the 40 px square: left, top, width, opacity; the last bar is the amber of what is due.
_BARS = ((11, 13, 18, 1.0, ""), (11, 19, 12, 0.75, ""), (11, 25, 7, 1.0, "age2"))


class Mark(QWidget):
    """The mark, 40 px; it says nothing to a screen reader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return 40 × 40 layout pixels."""
        return QSize(px(40), px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the square and its bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        side = min(self.width(), self.height())
        painter.setBrush(token("fill"))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.15, side * 0.15)
        for left, top, width, opacity, name in _BARS:
            colour = QColor(token(name or "on-fill"))
            colour.setAlphaF(opacity)
            painter.setBrush(colour)
            bar = QRectF(left, top, width, 4)
            scale = side / 40
            box = QRectF(bar.left() * scale, bar.top() * scale, bar.width() * scale, bar.height() * scale)
            painter.drawRoundedRect(box, scale, scale)
