"""A ranking as horizontal bars: the label at the left, the figure at the right, in one column."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.fonts import LABEL, font, px
from crm_desktop.ui.theme import token

MOST_BARS = 12
_ROW_PX = 20
_BAR_PX = 10
_LABEL_SHARE = 0.32

Bar = tuple[str, Decimal | int, str]
"""Label, length, and the figure as text."""


class BarsChart(QWidget):
    """Bars from one zero line; more than `MOST_BARS` are left to the table below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[tuple[str, Decimal | int]], shown: Callable[[Decimal | int], str]) -> None:
        """Show the first bars; nothing to compare hides the chart."""
        self.bars = tuple((label, value, shown(value)) for label, value in bars[:MOST_BARS])
        self.setVisible(len(self.bars) > 1)
        self.setAccessibleDescription(", ".join(f"{label}: {text}" for label, _value, text in self.bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of all bars."""
        return QSize(px(320), px(_ROW_PX) * len(self.bars) + px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars on the ground of the sheet."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        written = font(LABEL)
        painter.setFont(written)
        metrics = QFontMetricsF(written)
        longest = max((abs(float(value)) for _label, value, _text in self.bars), default=0.0)
        left, right = px(16), self.width() - px(16)
        names = (right - left) * _LABEL_SHARE
        figures = max((metrics.horizontalAdvance(text) for _label, _value, text in self.bars), default=0.0)
        room = max(right - left - names - figures - px(24), 1)
        for place, (label, value, text) in enumerate(self.bars):
            top = px(8) + place * px(_ROW_PX)
            row = QRectF(left, top, right - left, px(_ROW_PX))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setPen(token("text2"))
            name = metrics.elidedText(label, Qt.TextElideMode.ElideRight, names)
            painter.drawText(QRectF(left, top, names, row.height()), Qt.AlignmentFlag.AlignLeft | middle, name)
            painter.setPen(token("text"))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, text)
            length = room * abs(float(value)) / longest if longest else 0.0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(token("c1" if value >= 0 else "c3"))
            bar = QRectF(left + names + px(12), top + (row.height() - px(_BAR_PX)) / 2, length, px(_BAR_PX))
            painter.drawRoundedRect(bar, 2, 2)
