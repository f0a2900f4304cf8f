"""Pill: a state in the header of a record, a soft ground with its own ink."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from crm_desktop.ui.fonts import LABEL, MEDIUM, px, set_font
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_panel
from crm_desktop.ui.theme import token

TONES: Final = {
    # tone: (ground, ink, border)
    "neutral": ("sunken", "text2", "line"),
    "info": ("accent-soft", "accent", None),
    "success": ("success-soft", "success", None),
    "warn": ("warn-soft", "warn", None),
    "danger": ("danger-soft", "danger", None),
}


class Pill(QLabel):
    """One word or two on a soft ground, 20 px high; in record headers only."""

    def __init__(self, text: str, tone: str = "neutral", *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._tone, self._icon_name = tone, icon
        set_font(self, LABEL, MEDIUM)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room its text, icon and padding need."""
        icon = px(17) if self._icon_name else 0
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + icon + px(18), max(px(20), self.fontMetrics().height() + 4))

    def minimumSizeHint(self) -> QSize:
        """Return the same as `sizeHint`: its text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        ground, ink, border = TONES[self._tone]
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint_panel(painter, box, token(ground), token(border) if border else None, box.height() / 2)
        left = px(9)
        if self._icon_name:
            paint_icon(painter, QRectF(left, 0, px(13), box.height()), self._icon_name, ink)
            left += px(17)
        painter.setPen(token(ink))
        painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
