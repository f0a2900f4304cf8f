"""Widths of list columns: by their content, the spare room to the name, what was dragged is kept."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QFontMetrics

from crm_desktop.shared.fields import Kind
from crm_desktop.ui.fonts import BODY, font, px
from crm_desktop.ui.record_header import RecordHeader
from crm_desktop.ui.row_painter import PAD, RowPainter, first_text_left

if TYPE_CHECKING:
    from crm_desktop.ui.painted_table import PaintedTable

NAME_AT_LEAST = 240
NARROW_NAME = 160
"""The name in a list that would else have to be moved sideways."""
_KEPT = 0.5
_KEPT_FOR_FAVOURED = 0.38
_SHORT_CHARS = 10
"""A text this short is a code or a time: half of it says nothing."""
_MAY_SHRINK = frozenset({Kind.TEXT, Kind.NOTE, Kind.TAGS, Kind.USER, Kind.EMAIL, Kind.CHOICE})
"""Words can be elided; figures, dates, phones and states never are."""
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
        self._needed: dict[str, int] = {}
        self._name_px = NARROW_NAME
        self._whole: frozenset[str] = frozenset()
        self._sharing = self._tight = False
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

    def favour(self, name_px: int, *columns: str) -> None:
        """Leave the name `name_px` and these columns whole where there is room for it; other words give way."""
        self._name_px, self._whole = name_px, frozenset(columns)

    def share_out(self) -> None:
        """Set every width: chosen, else by content; the name takes what is left."""
        columns = self._view.table.columns
        if not columns or self._header.count() != len(columns):
            return
        self._sharing = True
        try:
            room = self._view.viewport().width()
            wanted = [self._width(section) for section in range(len(columns))]
            self._tight = sum(wanted) > room
            name, *others = self._squeezed(wanted, room)
            for section, width in enumerate(others, 1):
                self._header.resizeSection(section, width)
            self._header.resizeSection(0, max(name, room - sum(others)))
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
            # Once for each column: a list must not shift under the eyes while it scrolls.
            if column.needed and column.described.name not in self._needed:
                self._needed[column.described.name] = column.needed + column.width - column.room + px(2)
                if self._tight:
                    self._widen_soon.start(0)

    def _squeezed(self, widths: list[int], room: int) -> list[int]:
        """Return `widths` that fit into `room` when words can give way for it, else as they are.

        First what no text needs goes, then the spare room of the name, then the ends of the texts.
        """
        missing = sum(widths) - room
        least = self._steps(widths, favoured=True)
        if sum(steps[-1] for steps in least) > room:
            least = self._steps(widths, favoured=False)
        if not 0 < missing <= sum(widths) - sum(steps[-1] for steps in least):
            return widths
        for step in range(3):
            gives = [max(0, width - steps[step]) for width, steps in zip(widths, least, strict=True)]
            asked = min(missing, sum(gives))
            # Rounded up, so that nothing is left to scroll.
            given = [min(give, -(-give * asked // max(1, sum(gives)))) for give in gives]
            widths = [width - give for width, give in zip(widths, given, strict=True)]
            missing = max(0, missing - sum(given))
        return widths

    def _steps(self, widths: Sequence[int], *, favoured: bool) -> list[list[int]]:
        """Return how narrow each column may become in each step of squeezing."""
        return [
            [self._least(section, width, step, favoured=favoured) for step in range(3)]
            for section, width in enumerate(widths)
        ]

    def _least(self, section: int, width: int, step: int, *, favoured: bool) -> int:
        """Return how narrow a column of `width` may become in a step of squeezing."""
        described = self._view.table.columns[section]
        if described.name in self._chosen:
            return width
        if section == 0:
            return min(width, px(self._name_px if favoured else NARROW_NAME)) if step else width
        if favoured and described.name in self._whole:
            return width
        if described.kind not in _MAY_SHRINK or described.chars <= _SHORT_CHARS:
            return width
        label = self._header.label_width(section)
        if step < 2:
            return min(width, max(label, self._needed.get(described.name, width)))
        kept = _KEPT_FOR_FAVOURED if favoured and self._whole else _KEPT
        return min(width, max(label, round(width * kept)))

    def _width(self, section: int) -> int:
        """Return the width a column would like to have; the name takes spare room besides."""
        described = self._view.table.columns[section]
        chosen = self._chosen.get(described.name)
        if chosen is not None:
            return chosen
        if section == 0:
            return px(NAME_AT_LEAST)
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
