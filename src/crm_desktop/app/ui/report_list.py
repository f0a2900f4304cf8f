"""The reports by name: as wide as the longest, scrolling where the window is low."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.app.ui.rail import RailButton, RailEntry
from crm_desktop.shared.i18n import _
from crm_desktop.shared.report import Report
from crm_desktop.ui.fonts import BODY, SEMIBOLD, font, px
from crm_desktop.ui.labels import grounded, title_label
from crm_desktop.ui.sheet_area import SheetArea

_NARROWEST_PX: Final = 196
_WIDEST_PX: Final = 260
_BESIDE_PX: Final = 34 + 8 + 16 + 10
"""Icon, end of the line, the margins of the list and its scroll bar."""


class ReportList(QWidget):
    """One line per report; `chosen` carries the name of the one that was pressed."""

    chosen = Signal(str)

    def __init__(self, reports: Iterable[Report], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, RailButton] = {}
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(px(8), 0, px(8), px(8))
        lines.setSpacing(px(1))
        for report in reports:
            button = RailButton(RailEntry(report.name, _(report.title), "chart-no-axes-column"))
            button.setToolTip(_(report.explains))
            button.clicked.connect(self._pressed)
            self.buttons[report.name] = button
            lines.addWidget(button)
        lines.addStretch(1)
        self._area = SheetArea()
        self._area.show_page(page)
        ground = grounded("sunken")
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, px(10), 0, 0)
        column.setSpacing(0)
        title = title_label(_("Reports"))
        title.setContentsMargins(px(16), px(2), 0, px(10))
        column.addWidget(title)
        column.addWidget(self._area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ground)
        measured = QFontMetrics(font(BODY, SEMIBOLD))
        longest = max((measured.horizontalAdvance(one.text()) for one in self.buttons.values()), default=0)
        self.setFixedWidth(min(max(px(_NARROWEST_PX), longest + px(_BESIDE_PX)), px(_WIDEST_PX)))

    def choose(self, name: str) -> None:
        """Mark the report that is shown."""
        for key, button in self.buttons.items():
            button.setChecked(key == name)
        self._area.ensureWidgetVisible(self.buttons[name])

    def _pressed(self) -> None:
        button = self.sender()
        assert isinstance(button, RailButton)
        self.chosen.emit(button.entry.name)
