"""The sheets of a workbook: which of them come in, and as what."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.exchange.ui.incoming.reading import SheetPlan
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ImportTarget
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground

_SHOWN: Final = 5
"""Rows that stand without scrolling; the preview below needs the height."""
_ROW_PX, _NAME_PX = 34, 200


class SheetChooser(SheetArea):
    """A row per sheet: a tick, its name, how many rows, what it brings in. The one whose row has the focus is shown."""

    changed = Signal(int)
    """The tick or the kind of the sheet at a place was changed by the person."""
    current_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.ticks: list[QCheckBox] = []
        self.kinds: list[QComboBox] = []
        self.names: list[Button] = []
        self._rows: list[QLabel] = []
        self._current = 0

    @property
    def current(self) -> int:
        """Return the place of the sheet that is shown."""
        return self._current

    def show_plans(self, plans: Sequence[SheetPlan], targets: Sequence[ImportTarget]) -> None:
        """Show other sheets."""
        self.ticks, self.kinds, self.names, self._rows = [], [], [], []
        page = QWidget()
        set_ground(page, "surface")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(px(16), 0, px(16), px(4))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnMinimumWidth(1, px(_NAME_PX))
        grid.setColumnStretch(4, 1)
        for column, label in enumerate((_("Import"), _("Sheet"), _("Rows"), _("It holds"))):
            side = Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(caption(label), 0, column, side)
        for place, plan in enumerate(plans):
            self._add_row(grid, place, plan, targets)
        outer.addLayout(grid)
        outer.addStretch(1)
        self.show_page(page)
        rows = min(len(plans), _SHOWN)
        self.setFixedHeight(px(_ROW_PX) * rows + px(30))
        self._current = next((place for place, plan in enumerate(plans) if plan.ticked), 0)
        self._mark_current()

    def _add_row(self, grid: QGridLayout, place: int, plan: SheetPlan, targets: Sequence[ImportTarget]) -> None:
        name = plan.sheet.name or _("Sheet")
        tick = QCheckBox()
        tick.setChecked(plan.ticked)
        tick.setAccessibleName(_("Import sheet {name}").format(name=name))
        tick.toggled.connect(lambda _on, place=place: self.changed.emit(place))
        show = Button(name, "link")
        show.setToolTip(_("Show this sheet below"))
        show.setAccessibleName(_("Show sheet {name}").format(name=name))
        show.clicked.connect(lambda _checked=False, place=place: self.set_current(place))
        counted = text_label(f"{plan.row_count:,}", LABEL, REGULAR, "text2")
        if plan.sheet.hidden:
            counted.setText(_("{count}, hidden").format(count=f"{plan.row_count:,}"))
        kind = QComboBox()
        kind.setAccessibleName(_("Sheet {name} holds").format(name=name))
        kind.setProperty("dense", True)
        kind.addItem(_("Choose…"), "")
        for target in targets:
            kind.addItem(_(target.label), target.name)
        kind.setCurrentIndex(max(0, kind.findData(plan.target.name if plan.target else "")))
        kind.setMinimumWidth(px(170))
        kind.activated.connect(lambda _index, place=place: self.changed.emit(place))
        for widget in (tick, show, kind):
            widget.setProperty("place", place)
            widget.installEventFilter(self)
        grid.addWidget(tick, place + 1, 0, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(show, place + 1, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(counted, place + 1, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(kind, place + 1, 3)
        self.ticks.append(tick)
        self.kinds.append(kind)
        self.names.append(show)
        self._rows.append(counted)

    def set_current(self, place: int) -> None:
        """Show another sheet."""
        if place != self._current:
            self._current = place
            self._mark_current()
            self.current_changed.emit(place)

    def _mark_current(self) -> None:
        for place, name in enumerate(self.names):
            name.set_icon_name("eye" if place == self._current and len(self.names) > 1 else "")

    def show_ticked(self, place: int, ticked: bool) -> None:
        """Tick a sheet or not, without telling anybody."""
        self.ticks[place].blockSignals(True)
        self.ticks[place].setChecked(ticked)
        self.ticks[place].blockSignals(False)

    def target_name(self, place: int) -> str:
        """Return the name of the chosen target, "" for none."""
        return str(self.kinds[place].currentData() or "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The sheet whose row gets the keyboard is the one shown."""
        if event.type() == QEvent.Type.FocusIn and watched.property("place") is not None:
            self.set_current(int(watched.property("place")))
        return super().eventFilter(watched, event)
