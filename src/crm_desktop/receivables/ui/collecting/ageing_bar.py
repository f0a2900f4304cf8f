"""The ageing bar, as a widget and in cells: what is not due, then each bucket; its figures are told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.receivables.collecting.balances import Balance, CustomerCard, bucket_labels
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import px
from crm_desktop.ui.shapes import paint_ageing_bar

BAR_PX: Final = 6


@dataclass(frozen=True, order=True, slots=True)
class Ages:
    """What a cell with a bar holds: what is late (it is sorted by that), all slots, and the figures in words."""

    late: Decimal
    slots: tuple[Decimal, ...]
    words: str

    def __str__(self) -> str:
        return self.words


def ages_of(not_due: Decimal, buckets: Sequence[Decimal], bounds: Sequence[int]) -> Ages:
    """Return the cell of a row that owes these amounts."""
    return Ages(sum(buckets, Decimal(0)), (not_due, *buckets), slots_text(not_due, buckets, bounds))


def paint_ages(painter: QPainter, rect: QRect, value: Ages) -> None:
    """Draw the bar in the cell `rect`: a `paint` of `ui.looks.Look`."""
    paint_ageing_bar(painter, QRectF(rect), value.slots, px(BAR_PX))


class AgeingBar(QWidget):
    """One balance drawn; nothing is drawn where nothing is owed."""

    def __init__(self) -> None:
        super().__init__()
        self._amounts: tuple[Decimal, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the bar."""
        return QSize(px(200), px(BAR_PX + 2))

    def show_balance(self, balance: Balance, bounds: Sequence[int]) -> None:
        """Draw a balance; its figures become the tooltip and what a screen reader says."""
        self.show_slots((balance.not_due, *balance.buckets), ageing_text(balance, bounds))

    def show_slots(self, slots: Sequence[Decimal], text: str) -> None:
        """Draw what is not due and each bucket; `text` tells the figures."""
        self._amounts = tuple(slots)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the segments."""
        painter = QPainter(self)
        paint_ageing_bar(painter, QRectF(self.rect()), self._amounts, px(BAR_PX))
        painter.end()


def aged_text(card: CustomerCard) -> str:
    """Return every balance by age, a line per currency; the code stands in front where there are several."""
    lines = [(one.currency, ageing_text(one, card.bounds)) for one in card.balances]
    return "\n".join(f"{currency}   {text}" if len(lines) > 1 else text for currency, text in lines)


def ageing_text(balance: Balance, bounds: Sequence[int]) -> str:
    """Return a balance by age in one line; what is nothing is left out."""
    rest = [(_("No day yet"), balance.undated), (_("Not allocated"), -balance.unapplied)]
    return _told([*_slots(balance.not_due, balance.buckets, bounds), *rest])


def slots_text(not_due: Decimal, buckets: Sequence[Decimal], bounds: Sequence[int]) -> str:
    """Return what the bar itself shows in one line."""
    return _told(_slots(not_due, buckets, bounds))


def _slots(not_due: Decimal, buckets: Sequence[Decimal], bounds: Sequence[int]) -> list[tuple[str, Decimal]]:
    days = _("{days} days")
    late = zip(bucket_labels(bounds), buckets, strict=True)
    return [(_("Not due"), not_due), *((days.format(days=label), amount) for label, amount in late)]


def _told(parts: Sequence[tuple[str, Decimal]]) -> str:
    return "   ·   ".join(f"{label} {number_text(amount)}" for label, amount in parts if amount)
