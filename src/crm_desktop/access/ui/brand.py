"""The mark of the program: three bars of a ledger on petrol."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import token

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_ICON_SIDES: Final = (16, 24, 32, 48, 64, 128, 256)
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
        _paint_mark(QPainter(self), min(self.width(), self.height()))


def window_icon() -> "QIcon":
    """Return the mark as the icon of the windows, drawn sharp at each size a system asks for."""
    # The first window is painted without them.
    from PySide6.QtGui import QIcon, QPixmap

    icon = QIcon()
    for side in _ICON_SIDES:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        _paint_mark(painter, side)
        painter.end()
        icon.addPixmap(picture)
    return icon


def _paint_mark(painter: QPainter, side: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(token("fill"))
    painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.15, side * 0.15)
    for left, top, width, opacity, name in _BARS:
        colour = QColor(token(name or "on-fill"))
        colour.setAlphaF(opacity)
        painter.setBrush(colour)
        scale = side / 40
        box = QRectF(left * scale, top * scale, width * scale, 4 * scale)
        painter.drawRoundedRect(box, scale, scale)
