"""Rows of two lines: what it is called, and what there is to know about it."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.theme import token

DETAIL_ROLE: Final = Qt.ItemDataRole.UserRole + 11
ICON_ROLE: Final = Qt.ItemDataRole.UserRole + 12
ROW_PX: Final = 52

AnyIndex = QModelIndex | QPersistentModelIndex


class TwoLineDelegate(QStyledItemDelegate):
    """Paints the display text, below it `DETAIL_ROLE`, in front of both the icon named by `ICON_ROLE`."""

    def __init__(self, parent: QWidget, icon: str = "") -> None:
        super().__init__(parent)
        self._icon = icon

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return the height of two lines; rows never scroll sideways."""
        return QSize(px(120), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the row from tokens."""
        area = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, token("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, token("hover"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), token("line"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), token("accent"))
        left = area.left() + px(16)
        name = str(index.data(ICON_ROLE) or self._icon)
        if name:
            paint_icon(painter, QRectF(left, area.top(), px(16), area.height()), name, "muted")
            left += px(28)
        width = area.right() - left - px(12)
        for text, used, ink, top in (
            (index.data(), font(BODY, MEDIUM), "text", px(7)),
            (index.data(DETAIL_ROLE), font(LABEL, REGULAR), "muted", px(27)),
        ):
            self._line(painter, QRectF(left, area.top() + top, width, px(18)), str(text or ""), used, ink)
        painter.restore()

    def _line(self, painter: QPainter, place: QRectF, text: str, used: Any, ink: str) -> None:
        painter.setFont(used)
        painter.setPen(token(ink))
        shown = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
