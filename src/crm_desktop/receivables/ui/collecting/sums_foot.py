"""The foot of a table of figures: what each column adds up to, under the column."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame

from crm_desktop.receivables.ui.collecting.ageing_bar import Ages, paint_ages
from crm_desktop.receivables.ui.collecting.figure_view import FigureView
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Kind
from crm_desktop.ui.fonts import BODY, SEMIBOLD, font, px
from crm_desktop.ui.row_painter import PAD, first_text_left
from crm_desktop.ui.theme import set_ground, token


class SumsFoot(QFrame):
    """Follows the columns of `view`; `sums` is by field name."""

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "sunken")
        self.sums: Mapping[str, Any] = {}
        self.label = ""
        self._view: FigureView | None = None
        self.setMinimumHeight(px(36))

    def sizeHint(self) -> QSize:
        """Return the height of a foot."""
        return QSize(px(400), px(36))

    def follow(self, view: FigureView) -> None:
        """Stand under the columns of another view."""
        self._view = view
        view.header.sectionResized.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)

    def show_sums(self, label: str, sums: Mapping[str, Any]) -> None:
        """Show what columns add up to; `label` stands under the names."""
        self.label, self.sums = label, sums
        said = [f"{name} {number_text(value)}" for name, value in sums.items() if not isinstance(value, Ages)]
        self.setAccessibleName("; ".join([label, *said]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every sum where its column stands."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), token("sunken"))
        painter.fillRect(0, 0, self.width(), 1, token("line"))
        if self._view is None:
            return
        used = font(BODY, SEMIBOLD)
        painter.setFont(used)
        painter.setPen(token("text"))
        metrics = QFontMetrics(used)
        header = self._view.header
        for section, field in enumerate(self._view.table.columns):
            left = header.sectionViewportPosition(section)
            cell = QRect(left, 0, header.sectionSize(section), self.height())
            inner = cell.adjusted(first_text_left() if section == 0 else px(PAD), 0, -px(PAD), 0)
            value = self.sums.get(field.name)
            if section == 0:
                shown = metrics.elidedText(self.label, Qt.TextElideMode.ElideRight, inner.width())
                painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            elif isinstance(value, Ages):
                paint_ages(painter, inner, value)
            elif value is not None and field.kind is Kind.DECIMAL:
                # A sum is never cut: it may stand out to the left of its column.
                wide = max(inner.width(), metrics.horizontalAdvance(number_text(value)) + 1)
                place = QRect(inner.right() - wide, 0, wide, self.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number_text(value))
        painter.end()
