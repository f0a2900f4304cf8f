"""Widths of list columns: by their content, the spare room to the name, what was dragged is kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QFontMetrics

from crm_desktop.ui.fonts import BODY, font, px
from crm_desktop.ui.record_header import RecordHeader
from crm_desktop.ui.row_painter import PAD, RowPainter, first_text_left

if TYPE_CHECKING:
    from crm_desktop.ui.painted_table import PaintedTable

NAME_AT_LEAST = 240
WIDEST = 320


class ColumnWidths(QObject):
    """Keeps the widths of the columns of one view, by field name, in pixels at the usual text size."""

    dragged = Signal()

    def __init__(self, view: "PaintedTable", header: RecordHeader) -> None:
        super().__init__(view)
        self._view = view
        self._header = header
        self._chosen: dict[str, int] = {}
        self._grown: dict[str, int] = {}
        self._sharing = False
        self._widen_soon = QTimer(self)
        self._widen_soon.setSingleShot(True)
        self._widen_soon.timeout.connect(self.share_out)
        header.sectionResized.connect(self._take_dragged)

    def chosen(self) -> dict[str, int]:
        """Return the widths a person has dragged, by field name."""
        return dict(self._chosen)

    def choose(self, widths: Mapping[str, int]) -> None:
        """Use these widths."""
        self._chosen = dict(widths)
        self.share_out()

    def share_out(self) -> None:
        """Set every width: chosen, else by content; the name takes what is left."""
        columns = self._view.table.columns
        if not columns or self._header.count() != len(columns):
            return
        self._sharing = True
        try:
            taken = 0
            for section in range(1, len(columns)):
                width = self._width(section)
                taken += width
                self._header.resizeSection(section, width)
            chosen = self._chosen.get(columns[0].name, px(NAME_AT_LEAST))
            self._header.resizeSection(0, max(chosen, self._view.viewport().width() - taken))
        finally:
            self._sharing = False
        self._view.columns_stand_elsewhere()

    def widen_for(self, rows: RowPainter) -> None:
        """Note cells that may not be elided and were; they get their room after this repaint."""
        for column in rows.columns:
            if column.widest and column.described.name not in self._chosen:
                wanted = column.width + column.widest - column.room
                if wanted > self._grown.get(column.described.name, 0):
                    self._grown[column.described.name] = wanted
                    self._widen_soon.start(0)
            column.widest = 0

    def _width(self, section: int) -> int:
        described = self._view.table.columns[section]
        chosen = self._chosen.get(described.name)
        if chosen is not None:
            return chosen
        look = self._view.table.looks.get(described.name)
        chars = look.chars if look is not None and look.chars else described.chars
        content = QFontMetrics(font(BODY)).averageCharWidth() * chars + 2 * px(PAD)
        wanted = max(min(content, px(WIDEST)), self._header.label_width(section))
        return max(wanted, self._grown.get(described.name, 0))

    def _take_dragged(self, section: int, _before: int, width: int) -> None:
        if self._sharing or section >= len(self._view.table.columns):
            return
        least = first_text_left() if section == 0 else 0
        self._chosen[self._view.table.columns[section].name] = max(width, least)
        self._view.columns_stand_elsewhere()
        self.dragged.emit()
