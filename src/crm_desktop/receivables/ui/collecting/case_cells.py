"""The cells of Collections: the name with its bar, what was said last, and the next step, two lines each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from crm_desktop.receivables.ui.collecting.ageing_bar import Ages, paint_ages
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import SHAPE_PX, Shape, paint_shape
from crm_desktop.ui.theme import token

_BAR_WIDEST: Final = 200
_TICK_PX: Final = 14
_GAP: Final = 6


@dataclass(frozen=True, order=True, slots=True)
class Late:
    """Days overdue, said as days and sorted as a number."""

    days: int

    def __str__(self) -> str:
        return _("{days} d").format(days=self.days)


@dataclass(frozen=True, slots=True)
class Named:
    """A customer with its bar below the name; a diamond says that some of it is in dispute, a tick that it is done."""

    name: str
    ages: Ages
    disputed: Decimal
    worked: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class TwoLines:
    """What a cell says in two lines; `ink` colours the second, `tip` is all of it."""

    first: str
    second: str
    ink: str = "text2"
    tip: str = ""

    def __str__(self) -> str:
        return " · ".join(part for part in (self.first, self.second) if part)


def halves(rect: QRect) -> tuple[QRect, QRect]:
    """Return the two lines of a cell."""
    body = QFontMetrics(font(BODY)).height()
    label = QFontMetrics(font(LABEL)).height()
    top = rect.top() + max(0, (rect.height() - body - label - px(1)) // 2)
    return QRect(rect.left(), top, rect.width(), body), QRect(rect.left(), top + body + px(1), rect.width(), label)


def paint_named(painter: QPainter, rect: QRect, value: Named) -> None:
    """Draw the name, and below it the bar with the marks: the name needs all the width there is."""
    upper, lower = halves(rect)
    used = font(BODY, MEDIUM)
    shown = QFontMetrics(used).elidedText(value.name, Qt.TextElideMode.ElideRight, upper.width())
    painter.setFont(used)
    painter.setPen(token("text"))
    painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    marks = [px(_TICK_PX) if value.worked else 0, px(SHAPE_PX) if value.disputed else 0]
    room = rect.width() - sum(mark + px(_GAP) for mark in marks if mark)
    bar = QRect(rect.left(), lower.top(), min(room, px(_BAR_WIDEST)), lower.height())
    paint_ages(painter, bar, value.ages)
    left = bar.right() + 1 + px(_GAP)
    if value.disputed:
        side = px(SHAPE_PX)
        box = QRectF(left, lower.center().y() - side / 2 + 0.5, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shape(painter, box, Shape.DIAMOND, token("warn"))
        painter.restore()
        left += side + px(_GAP)
    if value.worked:
        side = px(_TICK_PX)
        paint_icon(painter, QRect(left, lower.center().y() - side // 2, side, side), "check", "success")


def tip_of_named(value: Named) -> str:
    """Return the name and every figure of the bar, what is in dispute, and that it is done."""
    lines = [value.name, value.ages.words]
    if value.disputed:
        lines.append(_("{amount} in dispute").format(amount=number_text(value.disputed)))
    if value.worked:
        lines.append(_("Talked to today"))
    return "\n".join(line for line in lines if line)


def paint_two_lines(painter: QPainter, rect: QRect, value: TwoLines) -> None:
    """Draw what is said in two lines; both may be cut, the tooltip has all of it."""
    upper, lower = halves(rect)
    lines: tuple[tuple[QRect, str, QFont, str], ...] = (
        (upper, value.first, font(BODY, REGULAR), "text"),
        (lower, value.second, font(LABEL), value.ink),
    )
    if not value.second:
        lines = ((rect, value.first, font(BODY, REGULAR), value.ink),)
    for place, text, used, ink in lines:
        painter.setFont(used)
        painter.setPen(token(ink))
        shown = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def tip_of_two_lines(value: TwoLines) -> str:
    """Return everything the cell says."""
    return value.tip or str(value)
