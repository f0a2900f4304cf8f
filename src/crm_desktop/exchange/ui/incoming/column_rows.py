"""The columns of the file: what each is called, what stands in it first, what it is taken for and why."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.exchange.sheets.columns import ColumnMatch
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ID_FIELD
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px, set_font
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground, set_ink

_COMBO_PX: Final = 200
_SAMPLES_JOINED: Final = "  ·  "


class FieldChoice(QComboBox):
    """What a column is taken for; the wheel scrolls the page instead of changing it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class ColumnRows(SheetArea):
    """A row per column of the file."""

    mapped = Signal(int, str)
    """A person took the column at a place for a field, "" to leave it out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choices: dict[int, FieldChoice] = {}
        self._hows: dict[int, QLabel] = {}
        self._offered = QStandardItemModel(self)

    def show_columns(self, columns: Sequence[ColumnMatch], fields: Sequence[Field], needed: frozenset[str]) -> None:
        """Show other columns, and offer other fields."""
        self.choices, self._hows = {}, {}
        self._offer(fields, needed)
        if any(column.field == ID_FIELD for column in columns):
            self._add_item(_("Record it was exported from"), ID_FIELD)
        page = QWidget()
        set_ground(page, "surface")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(px(16), px(4), px(16), px(12))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        for place, stretch in ((1, 3), (2, 5)):
            grid.setColumnStretch(place, stretch)
        for place, label in enumerate(
            ("", _("Column of the file"), _("First values"), _("Is taken for"), _("Because"))
        ):
            grid.addWidget(caption(label), 0, place)
        grid.addWidget(hairline(), 1, 0, 1, 5)
        for row, column in enumerate(columns, 2):
            self._add_row(grid, row, column)
        outer.addLayout(grid)
        outer.addStretch(1)
        self.show_page(page)
        self.refresh(columns)

    def _offer(self, fields: Sequence[Field], needed: frozenset[str]) -> None:
        self._offered.clear()
        self._add_item(_("Leave out"), "")
        groups = (
            (_("Needed"), [field for field in fields if field.name in needed]),
            (_("More"), [field for field in fields if field.name not in needed]),
        )
        for title, members in groups:
            if members and groups[0][1]:
                heading = QStandardItem(title)
                heading.setEnabled(False)
                self._offered.appendRow(heading)
            for field in members:
                if field.name != ID_FIELD:
                    self._add_item(_(field.label), field.name)

    def _add_item(self, text: str, name: str) -> None:
        item = QStandardItem(text)
        item.setData(name, Qt.ItemDataRole.UserRole)
        self._offered.appendRow(item)

    def _add_row(self, grid: QGridLayout, row: int, column: ColumnMatch) -> None:
        shown = words.header_text(column)
        name = _one_line(shown, MEDIUM, "text")
        sample = _one_line(_SAMPLES_JOINED.join(column.sample), REGULAR, "text2")
        choice = FieldChoice()
        choice.setModel(self._offered)
        choice.setMinimumWidth(px(_COMBO_PX))
        choice.setAccessibleName(_("Column {name} is taken for").format(name=shown))
        choice.setProperty("dense", True)
        choice.activated.connect(lambda _index, at=column.place: self._tell(at))
        how = text_label("", LABEL, REGULAR, "muted")
        letters = text_label(words.column_letters(column.place), LABEL, REGULAR, "muted")
        for place, widget in enumerate((letters, name, sample, choice, how)):
            grid.addWidget(widget, row, place)
        self.choices[column.place], self._hows[column.place] = choice, how

    def _tell(self, place: int) -> None:
        self.mapped.emit(place, str(self.choices[place].currentData() or ""))

    def refresh(self, columns: Sequence[ColumnMatch]) -> None:
        """Show what the same columns are taken for now."""
        for column in columns:
            choice = self.choices[column.place]
            choice.setCurrentIndex(max(0, choice.findData(column.field)))
            how = words.MATCHED.get(column.how, "")
            self._hows[column.place].setText(_(how) if how and (column.field or column.how == "person") else "")
            choice.setAccessibleDescription(self._hows[column.place].text())


def _one_line(text: str, weight: int, ink: str) -> ElidedLabel:
    label = ElidedLabel()
    set_font(label, BODY, weight)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    set_ink(label, ink)
    label.show_text(text)
    return label
