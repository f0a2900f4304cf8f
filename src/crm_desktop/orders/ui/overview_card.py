"""The latest orders at the right of a customer's overview: state, amount, and how far each has come."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from crm_desktop.orders import latest_orders, rules
from crm_desktop.orders.latest_orders import LatestOrder
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.card import Card, CardTable
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.looks import SHAPE_TOKENS
from crm_desktop.ui.plain_table import PAD, PlainColumn, PlainDelegate
from crm_desktop.ui.shapes import SHAPE_PX, Shape, paint_parts, paint_shape

_STATES: Final = dict(rules.ORDER_STATES)
_SHAPES: Final = dict(rules.ORDER_SHAPES)
_SHAPE_GAP: Final = 16


class LatestOrders(Card):
    """Hidden while there is no order."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(_("Latest orders"))
        self._desk, self._contact_id = desk, contact_id
        self.say(_("delivered · invoiced · paid"))
        self.hide()

    def reload(self) -> None:
        """Read them again."""
        contact_id = self._contact_id
        self._desk.tasks.read(self, lambda work: latest_orders.latest(work, contact_id), self._show, coalesce="orders")

    def _show(self, orders: Sequence[LatestOrder]) -> None:
        if not orders:
            self.show_page(None)
            return
        formats = Formats.of(self._desk.today, self._desk.names)
        own = all(one.total.currency == self._desk.currency for one in orders)

        def amount(one: LatestOrder) -> str:
            text = number_text(one.total.amount)
            return text if own else f"{one.total.currency} {text}"

        columns = (
            PlainColumn("number", _("Order"), 13, lambda one: one.number or _("Draft"), grows=True),
            PlainColumn("dated_on", _("Date"), 8, lambda one: formats.day(one.dated_on), ink="text2"),
            PlainColumn("state", _("State"), 11, lambda one: _(_STATES[one.state]), ink="text2"),
            PlainColumn("total", self._desk.currency if own else _("Total"), 11, amount, right=True),
            PlainColumn("parts", "", 7, _shares),
        )
        table = CardTable(columns, _("Latest orders"), orders)
        table.setItemDelegate(_Delegate(table))
        table.opened.connect(lambda one: self._desk.open_record("order", one.id))
        self.show_page(table)


def _shares(one: LatestOrder) -> str:
    return _("{delivered} % delivered, {invoiced} % invoiced, {paid} % paid").format(
        delivered=round(one.delivered * 100), invoiced=round(one.invoiced * 100), paid=round(one.paid * 100)
    )


class _Delegate(PlainDelegate):
    """Draws the shape before the state, and three short bars in the last column."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Paint a cell."""
        view: Any = self.parent()
        name, one = view.plain.columns[index.column()].name, view.plain.rows[index.row()]
        if name == "parts":
            self.paint_row_ground(painter, option.rect, index)
            bars = QRectF(option.rect).adjusted(px(PAD), 0, -px(PAD), 0)
            paint_parts(painter, bars, (one.delivered, one.invoiced, one.paid))
            return
        if name != "state":
            super().paint(painter, option, index)
            return
        shape = Shape(_SHAPES[one.state])
        whole = QRectF(option.rect)
        option.rect = option.rect.adjusted(px(_SHAPE_GAP), 0, 0, 0)
        super().paint(painter, option, index)
        self.paint_row_ground(painter, whole.adjusted(0, 0, px(_SHAPE_GAP + PAD) - whole.width(), 0).toRect(), index)
        box = QRectF(whole.left() + px(PAD), whole.top(), px(SHAPE_PX), whole.height())
        paint_shape(painter, box, shape, SHAPE_TOKENS[shape.value])
