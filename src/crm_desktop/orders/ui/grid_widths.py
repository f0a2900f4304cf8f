"""How wide the columns of the line grid are: figures whole, the product takes the rest."""

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QFontMetrics

from crm_desktop.orders.totals import Totals
from crm_desktop.orders.ui.line_columns import AMOUNT
from crm_desktop.orders.ui.line_delegate import column_width
from crm_desktop.ui.fonts import BODY, SEMIBOLD, font, px

if TYPE_CHECKING:
    from crm_desktop.orders.ui.line_grid import LineGrid

NARROWEST_NAME_PX: Final = 180


class GridWidths:
    """Sets the widths of a grid; an amount is never cut off."""

    def __init__(self, grid: "LineGrid") -> None:
        self._grid = grid
        self._largest = 0

    def fit(self) -> None:
        """Give each column its width and the product what is left."""
        grid = self._grid
        header, columns = grid.labels, grid.lines.columns
        if not columns or header.count() != len(columns):
            return
        widths = {
            place: max(column_width(column), header.label_width(place))
            for place, column in enumerate(columns)
            if not column.stretch
        }
        amount = grid.lines.column_of(AMOUNT)
        if amount in widths:
            widths[amount] = max(widths[amount], self._amount_width()) + px(8)
        widths[0] = column_width(columns[0]) + px(4)
        spare = grid.viewport().width() - sum(widths.values())
        for place, column in enumerate(columns):
            header.resizeSection(place, max(spare, px(NARROWEST_NAME_PX)) if column.stretch else widths[place])
        grid.place_editor()

    def follow(self, totals: Totals) -> None:
        """Widen the amounts when a larger one than any before comes up."""
        grid = self._grid
        amount = grid.lines.column_of(AMOUNT)
        if amount < 0 or len(totals.lines) != len(grid.lines.lines):
            return
        largest = max((abs(line.amount) for line in totals.lines), default=0)
        if largest > self._largest:
            self._largest = largest
            if self._amount_width() > grid.columnWidth(amount):
                self.fit()

    def _amount_width(self) -> int:
        lines = self._grid.lines.totals.lines
        largest = max((abs(line.amount) for line in lines), default=0)
        row = next((row for row, line in enumerate(lines) if abs(line.amount) == largest), -1)
        text = self._grid.lines.text(row, AMOUNT) if 0 <= row < len(self._grid.lines.lines) else ""
        return QFontMetrics(font(BODY, SEMIBOLD)).horizontalAdvance(text) + px(16)
