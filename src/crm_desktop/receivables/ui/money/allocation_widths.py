"""How wide the columns of the allocation table are: figures whole, the number takes the rest."""

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QFontMetrics

from crm_desktop.receivables.ui.money.allocation_delegate import PAD, SIDE
from crm_desktop.receivables.ui.money.allocation_model import ALLOCATE, COLUMNS, TICK
from crm_desktop.ui.fonts import BODY, MEDIUM, font, px

if TYPE_CHECKING:
    from crm_desktop.receivables.ui.money.allocation_table import AllocationTable

NARROWEST_NAME_PX: Final = 130
_TICK_PX: Final = 20


class AllocationWidths:
    """Sets the widths of a table; an amount is never cut off."""

    def __init__(self, table: "AllocationTable") -> None:
        self._table = table
        self._widths: dict[str, int] = {}

    def measure(self) -> None:
        """Find the width every column needs, and set them.

        Typed amounts and what is left are never longer than what is open.
        """
        items, labels = self._table.items, self._table.labels
        metrics = QFontMetrics(font(BODY, MEDIUM))
        rows = range(len(items.rows))
        longest = {
            name: max((metrics.horizontalAdvance(items.text(row, name)) for row in rows), default=0)
            for name in ("late", "amount", "open")
        }
        longest |= {ALLOCATE: longest["open"], "left": longest["open"]}
        figure = metrics.horizontalAdvance("0")
        self._widths = {
            column.name: max(figure * column.figures, longest.get(column.name, 0), labels.label_width(place))
            + px(2 * PAD)
            for place, column in enumerate(COLUMNS)
        }
        self._widths[TICK] = px(SIDE + _TICK_PX)
        self._widths["left"] += px(SIDE - PAD)
        self._widths[ALLOCATE] += px(PAD)
        self.fit()

    def fit(self) -> None:
        """Give each column its width and the number what is left."""
        if not self._widths:
            self.measure()
            return
        table = self._table
        others = sum(width for name, width in self._widths.items() if name != "number")
        spare = table.viewport().width() - others
        for place, column in enumerate(COLUMNS):
            wide = max(spare, px(NARROWEST_NAME_PX)) if column.stretch else self._widths[column.name]
            table.labels.resizeSection(place, wide)
        if table.editor.isVisible():
            table.place_editor()
