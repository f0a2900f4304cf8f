"""The open instalments of one customer, two lines each: which document and how much, how late and what is said."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crm_desktop.receivables.collecting.balances import OpenItem
from crm_desktop.receivables.ui.billing.invoice_words import lateness
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.row_painter import BAR
from crm_desktop.ui.shapes import SHAPE_PX, Shape, paint_shape
from crm_desktop.ui.theme import set_ground, token

ITEM_ROLE: Final = Qt.ItemDataRole.UserRole + 1
DETAIL_ROLE: Final = Qt.ItemDataRole.UserRole + 2
ROW_PX: Final = 44
AnyIndex = QModelIndex | QPersistentModelIndex


def called(item: OpenItem) -> str:
    """Return what an instalment is called: the document, and which part of it."""
    return " ".join(part for part in (item.number, item.place) if part) or item.label


def said_of(item: OpenItem, today: date) -> str:
    """Return when it is due, how late it is, and what the customer says against it."""
    when = f"{shown_date(item.due_on)} · {lateness(item.due_on, today)}" if item.due_on else item.event
    dispute = _("disputed: {reason}").format(reason=item.dispute_reason) if item.disputed_on else ""
    return " · ".join(part for part in (when or _("no day yet"), dispute) if part)


class _Claims(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: tuple[OpenItem, ...] = ()
        self.today = date.min

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of instalments."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name and the amount, what is said of it, or the instalment itself."""
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return called(item)
        if role in (DETAIL_ROLE, Qt.ItemDataRole.ToolTipRole):
            return said_of(item, self.today)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{called(item)}, {item.currency} {number_text(item.open)}, {said_of(item, self.today)}"
        return None

    def show_items(self, items: Sequence[OpenItem], today: date) -> None:
        """Show other instalments."""
        self.beginResetModel()
        self.items, self.today = tuple(items), today
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return the height of two lines."""
        return QSize(px(120), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the row from tokens; the amount is never cut, the words are."""
        item: OpenItem = index.data(ITEM_ROLE)
        area = QRectF(option.rect)
        painter.save()
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, token("selection" if selected and focused else "sunken" if selected else "surface"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), token("line"))
        if selected:
            painter.fillRect(QRectF(area.left(), area.top(), BAR, area.height()), token("accent"))
        inner = area.adjusted(px(16), px(4), -px(16), -px(5))
        late = (item.late or 0) > 0
        amount = number_text(item.open)
        painter.setFont(font(BODY, MEDIUM if late else REGULAR))
        wide = QFontMetrics(painter.font()).horizontalAdvance(amount) + px(10)
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        lower = upper.translated(0, upper.height())
        painter.setPen(token("danger" if late else "text"))
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, amount)
        _draw(painter, upper.adjusted(0, 0, -wide, 0), called(item), font(BODY, MEDIUM), "text")
        if item.disputed_on is not None:
            side = px(SHAPE_PX)
            shape = QRectF(lower.left(), lower.center().y() - side / 2, side, side)
            paint_shape(painter, shape, Shape.DIAMOND, token("warn"))
            lower = lower.adjusted(side + px(6), 0, 0, 0)
        _draw(painter, lower, index.data(DETAIL_ROLE), font(LABEL, REGULAR), "text2")
        painter.restore()


def _draw(painter: QPainter, rect: QRectF, text: str, used: Any, ink: str) -> None:
    painter.setFont(used)
    painter.setPen(token(ink))
    shown = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class ClaimList(QListView):
    """Shows instalments; one is current. `opened` tells of Enter and double click."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.claims = _Claims(self)
        self.setModel(self.claims)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(_("Open instalments"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        set_ground(self, "surface")
        self.doubleClicked.connect(lambda _index: self._open())

    @property
    def current(self) -> OpenItem | None:
        """Return the chosen instalment."""
        found: OpenItem | None = self.currentIndex().data(ITEM_ROLE)
        return found

    def show_items(self, items: Sequence[OpenItem], today: date) -> None:
        """Show other instalments; the same one stays chosen, else the first."""
        before = self.current
        self.claims.show_items(items, today)
        if items:
            place = next((n for n, one in enumerate(items) if before is not None and one.id == before.id), 0)
            self.setCurrentIndex(self.claims.index(place, 0))

    def choose(self, instalment_id: int) -> None:
        """Make an instalment current."""
        for place, one in enumerate(self.claims.items):
            if one.id == instalment_id:
                self.setCurrentIndex(self.claims.index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; letters belong to the screen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
            event.accept()
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which one is chosen."""
        super().focusInEvent(event)
        self.viewport().update()

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)
