"""Where heads and cards of the board stand, in the coordinates of its viewport."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect

from crm_desktop.ui.fonts import px

LEAST_COLUMN_PX: Final = 248
CARD_PX: Final = 116
_GAP_PX: Final = 8
_HEAD_PX: Final = 36
_HEAD_LINE_PX: Final = 17
_MORE_PX: Final = 28
DROP_PX: Final = 44
"""Height of the strip with Won and Lost while a card is dragged."""


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """`lines` is how many currencies the longest head has, `x` and `y` how far the board is scrolled."""

    counts: tuple[int, ...]
    lines: int
    width: int
    height: int
    x: int = 0
    y: int = 0

    @property
    def column_width(self) -> int:
        """Return the width of a column: all of them fill the view, and none gets too narrow to read."""
        return max(px(LEAST_COLUMN_PX), self.width // max(1, len(self.counts)))

    @property
    def head_height(self) -> int:
        """Return the height of the heads."""
        return px(_HEAD_PX) + self.lines * px(_HEAD_LINE_PX) + (px(7) if self.lines else 0)

    @property
    def content_width(self) -> int:
        """Return the width of all columns."""
        return self.column_width * len(self.counts)

    @property
    def content_height(self) -> int:
        """Return the height of the longest column below the heads."""
        gap = px(_GAP_PX)
        return max(self.counts, default=0) * (px(CARD_PX) + gap) + gap + px(_MORE_PX)

    def column(self, place: int) -> QRect:
        """Return the whole column."""
        return QRect(place * self.column_width - self.x, 0, self.column_width, self.height)

    def head(self, place: int) -> QRect:
        """Return the head of a column."""
        return QRect(place * self.column_width - self.x, 0, self.column_width, self.head_height)

    def card(self, column: int, row: int) -> QRect:
        """Return the card."""
        gap = px(_GAP_PX)
        left = column * self.column_width - self.x + gap
        top = self.head_height + gap + row * (px(CARD_PX) + gap) - self.y
        return QRect(left, top, self.column_width - 2 * gap, px(CARD_PX))

    def below(self, column: int) -> QRect:
        """Return the line under the last card of a column."""
        last = self.card(column, self.counts[column])
        return QRect(last.left(), last.top(), last.width(), px(_MORE_PX))

    def column_at(self, point: QPoint) -> int | None:
        """Return the column under a point."""
        place = (point.x() + self.x) // self.column_width
        return place if 0 <= place < len(self.counts) else None

    def place_at(self, point: QPoint) -> tuple[int, int] | None:
        """Return the card under a point, None beside the cards and on the heads."""
        column = self.column_at(point)
        if column is None or point.y() < self.head_height:
            return None
        row = (point.y() - self.head_height - px(_GAP_PX) + self.y) // (px(CARD_PX) + px(_GAP_PX))
        if not 0 <= row < self.counts[column] or not self.card(column, row).contains(point):
            return None
        return column, row

    def drop_strip(self) -> QRect:
        """Return the strip with Won and Lost."""
        return QRect(0, self.height - px(DROP_PX), self.width, px(DROP_PX))
