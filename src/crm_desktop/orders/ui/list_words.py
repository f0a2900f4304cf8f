"""How the lists of documents look and what they say."""

from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import ngettext
from crm_desktop.shared.money import round_half_away, without_zeros
from crm_desktop.ui.fonts import px
from crm_desktop.ui.looks import Look, ink_of_next_step
from crm_desktop.ui.shapes import paint_progress
from crm_desktop.ui.theme import token

_BAR_PX: Final = 36


def percent_text(value: Decimal) -> str:
    """Return a share in whole percent; only what is whole says 100."""
    whole = round_half_away(value, 0)
    return f"{number_text(Decimal(99) if whole == 100 and value < 100 else without_zeros(whole))} %"


def paint_share(painter: QPainter, rect: QRect, value: Any) -> None:
    """Draw how much is done: a short bar, and the figure at the right."""
    if value is None:
        return
    fraction = float(value) / 100
    bar = QRectF(rect.left(), rect.center().y() - 2, px(_BAR_PX), 4)
    paint_progress(painter, bar, fraction, "success" if value >= 100 else "accent")
    painter.setPen(token("text2"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent_text(value))


_CUSTOMER: Final = Look(token="text", weight=500)
_NUMBER: Final = Look(token="text", chars=12)
_SHARE: Final = Look(paint=paint_share, tip=percent_text, chars=10)
_DAY: Final = Look(chars=8)
_DUE: Final = Look(ink=ink_of_next_step, chars=9)
ORDER_LOOKS: Final = {
    "number": _NUMBER,
    "customer": _CUSTOMER,
    "dated_on": _DAY,
    "due_on": _DAY,
    "delivered_percent": _SHARE,
    "invoiced_percent": _SHARE,
    "total": Look(token="text"),
}
QUOTE_LOOKS: Final = {"number": _NUMBER, "customer": _CUSTOMER, "total": Look(token="text")}
DELIVERY_LOOKS: Final = {"number": _NUMBER, "customer": _CUSTOMER}
BACKLOG_LOOKS: Final = {"customer": _CUSTOMER, "order": _NUMBER, "due_on": _DUE, "open": Look(token="text", weight=500)}


def counted_orders(count: int) -> str:
    """Return the whole phrase for a number of orders."""
    return ngettext("{count} order", "{count} orders", count).format(count=f"{count:,}")


def counted_quotes(count: int) -> str:
    """Return the whole phrase for a number of quotes."""
    return ngettext("{count} quote", "{count} quotes", count).format(count=f"{count:,}")


def counted_deliveries(count: int) -> str:
    """Return the whole phrase for a number of deliveries."""
    return ngettext("{count} delivery", "{count} deliveries", count).format(count=f"{count:,}")


def counted_lines(count: int) -> str:
    """Return the whole phrase for a number of open lines."""
    return ngettext("{count} open line", "{count} open lines", count).format(count=f"{count:,}")
