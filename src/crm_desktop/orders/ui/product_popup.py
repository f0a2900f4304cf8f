"""The list of products that opens below the cell while one types; the keyboard stays in the cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from crm_desktop.orders.ui.floating import round_off
from crm_desktop.orders.ui.grid_line import price_text
from crm_desktop.products.rules import CatalogueItem
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import key_frame_width, paint_key
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, font, px
from crm_desktop.ui.shapes import paint_panel
from crm_desktop.ui.theme import token

ROW_PX: Final = 28
PAD: Final = 4
INSET: Final = 10
FREE: Final = "free"
REMARK: Final = "remark"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list: a product, or what else the typed text may be (`FREE`, `REMARK`)."""

    item: CatalogueItem | None = None
    what: str = ""


class ProductPopup(QFrame):
    """A window that never takes the focus; `taken` carries the `Offer` somebody clicked."""

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.offers: tuple[Offer, ...] = ()
        self.chosen = 0
        self._typed, self._currency = "", ""

    def offer(self, items: Sequence[CatalogueItem], typed: str, currency: str, cell: QRect) -> None:
        """Show `items` and what else `typed` may be, below the cell (global pixels) or above it."""
        text = " ".join(typed.split())
        others = (Offer(what=FREE), Offer(what=REMARK)) if text else ()
        self.offers = (*(Offer(item) for item in items), *others)
        self.chosen = 0
        self._typed, self._currency = text, currency
        if not self.offers:
            self.hide()
            return
        self._place(cell)
        self.setAccessibleName(self._said(self.offers[0]))
        round_off(self)
        self.show()
        self.update()

    def current(self) -> Offer | None:
        """Return the line Enter would take."""
        return self.offers[self.chosen] if self.isVisible() and self.offers else None

    def step(self, by: int) -> None:
        """Go up or down, round the end."""
        self.chosen = (self.chosen + by) % len(self.offers)
        self.setAccessibleName(self._said(self.offers[self.chosen]))
        self.update()

    def _said(self, offer: Offer) -> str:
        if offer.item is not None:
            return f"{offer.item.code} {offer.item.name}"
        if offer.what == FREE:
            return _("“{text}” as a line without a product").format(text=self._typed)
        return _("“{text}” as a remark").format(text=self._typed)

    def _place(self, cell: QRect) -> None:
        metrics = QFontMetrics(font(BODY, MEDIUM))
        names = [metrics.horizontalAdvance(o.item.name if o.item else self._said(o)) for o in self.offers]
        prices = [metrics.horizontalAdvance(self._price(o)) for o in self.offers]
        wanted = self._code_width() + max(names) + max(prices) + px(INSET) * 4 + px(24)
        width = min(max(wanted, px(420)), px(680))
        height = px(ROW_PX) * len(self.offers) + 2 * px(PAD)
        screen = QGuiApplication.screenAt(cell.center()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        top = cell.bottom() + 3
        if top + height > room.bottom():
            top = cell.top() - height - 2
        left = min(cell.left(), room.right() - width)
        self.setGeometry(max(left, room.left()), top, width, height)

    def _code_width(self) -> int:
        metrics = QFontMetrics(font(BODY))
        codes = [metrics.horizontalAdvance(o.item.code) for o in self.offers if o.item is not None]
        return min(max([*codes, px(60)]), px(190))

    def _price(self, offer: Offer) -> str:
        return price_text(offer.item.list_price, self._currency) if offer.item is not None else ""

    def _row_at(self, at: QPoint) -> int:
        row = (at.y() - px(PAD)) // px(ROW_PX)
        return row if 0 <= row < len(self.offers) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the line under the pointer."""
        row = self._row_at(event.position().toPoint())
        if row >= 0 and row != self.chosen:
            self.chosen = row
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line under the pointer."""
        row = self._row_at(event.position().toPoint())
        if row >= 0:
            self.taken.emit(self.offers[row])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel and its lines."""
        painter = QPainter(self)
        paint_panel(painter, self.rect().toRectF(), token("raised"), token("line"), 6)
        code_width = self._code_width()
        for place, offer in enumerate(self.offers):
            row = QRect(px(PAD), px(PAD) + place * px(ROW_PX), self.width() - 2 * px(PAD), px(ROW_PX))
            if place == self.chosen:
                paint_panel(painter, row.toRectF(), token("selection"), None, 4)
            if offer.what and place and not self.offers[place - 1].what:
                painter.setPen(QPen(token("line"), 1))
                painter.drawLine(row.left(), row.top(), row.right(), row.top())
            self._paint_offer(painter, row.adjusted(px(INSET), 0, -px(INSET), 0), offer, code_width, place)

    def _paint_offer(self, painter: QPainter, row: QRect, offer: Offer, code_width: int, place: int) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        if place == self.chosen:
            key = "↵"
            width = key_frame_width(key)
            frame = QRect(row.right() - width, row.center().y() - px(9), width, px(18))
            paint_key(painter, frame.toRectF(), key, frame="field")
        row = row.adjusted(0, 0, -px(30), 0)
        if offer.item is None:
            painter.setFont(font(LABEL))
            painter.setPen(token("muted"))
            said = QFontMetrics(font(LABEL)).elidedText(self._said(offer), Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, middle, said)
            return
        painter.setFont(font(BODY))
        metrics = QFontMetrics(font(BODY))
        painter.setPen(token("text2"))
        code = metrics.elidedText(offer.item.code, Qt.TextElideMode.ElideRight, code_width)
        painter.drawText(row, middle, code)
        price = self._price(offer)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, price)
        named = row.adjusted(code_width + px(16), 0, -metrics.horizontalAdvance(price) - px(16), 0)
        painter.setFont(font(BODY, MEDIUM))
        painter.setPen(token("text"))
        whole = QFontMetrics(font(BODY, MEDIUM))
        painter.drawText(named, middle, whole.elidedText(offer.item.name, Qt.TextElideMode.ElideRight, named.width()))
