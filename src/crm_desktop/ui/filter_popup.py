"""The popup in which one field is filtered: values to tick, a text, a span of days or of figures."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Filter
from crm_desktop.shared.typed_date import read_date
from crm_desktop.ui.filter_words import DATE_KINDS, NUMBER_KINDS, PRESETS, preset_of, value_words
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption
from crm_desktop.ui.theme import set_ground

SEARCHED_FROM = 9
"""A list of values this long gets a field to search it."""
VALUE_ROLE = Qt.ItemDataRole.UserRole
_TICKABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable


class FilterPopup(QFrame):
    """Opens under a chip; what was chosen counts when it closes, Esc leaves everything as it was."""

    chosen = Signal(object)
    """The filters of this field, a tuple; empty takes them away."""

    def __init__(
        self,
        described: Field,
        filters: Sequence[Filter],
        offers: Sequence[tuple[Any, str]],
        formats: Formats,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("filter_popup")
        self.setAccessibleName(_(described.label))
        set_ground(self, "raised")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._field = described
        self._before = tuple(filters)
        self._formats = formats
        self._dropped = False
        self._values: QListWidget | None = None
        self._search: QLineEdit | None = None
        self._edits: dict[str, QLineEdit] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(8), px(8), px(8), px(8))
        self._column.setSpacing(px(6))
        self._column.addWidget(caption(_(described.label)))
        self.setMinimumWidth(px(220))
        self._build(offers)

    def open_under(self, widget: QWidget) -> None:
        """Show the popup below `widget` with the keyboard in it."""
        self.adjustSize()
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
        self.show()
        first = self._search or self._values or next(iter(self._edits.values()))
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def filters(self) -> tuple[Filter, ...]:
        """Return what is chosen now."""
        if self._field.kind in DATE_KINDS:
            return self._chosen_days()
        if self._values is not None:
            ticked = tuple(item.data(VALUE_ROLE) for item in self._items() if _is_ticked(item))
            return (Filter(self._field.name, "is", ticked),) if ticked else ()
        if self._field.kind in NUMBER_KINDS:
            return self._chosen_limits(_read_number)
        text = self._edits["contains"].text().strip()
        return (Filter(self._field.name, "contains", (text,)),) if text else ()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand over what was chosen."""
        super().closeEvent(event)
        if not self._dropped:
            self._dropped = True
            chosen = self.filters()
            if chosen != self._before:
                self.chosen.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it, Esc drops it."""
        if event.key() == Qt.Key.Key_Escape:
            self._dropped = True
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    # What is inside

    def _build(self, offers: Sequence[tuple[Any, str]]) -> None:
        if self._field.kind in DATE_KINDS:
            self._add_presets()
            self._add_limits()
        elif self._field.kind in NUMBER_KINDS:
            self._add_limits()
        elif offers:
            self._add_values(offers)
        else:
            typed = self._before[0].values[:1] if self._before else ()
            edit = QLineEdit("".join(str(value) for value in typed))
            edit.setPlaceholderText(_("Contains…"))
            edit.setAccessibleName(_(self._field.label))
            self._edits["contains"] = edit
            self._column.addWidget(edit)

    def _add_values(self, offers: Sequence[tuple[Any, str]]) -> None:
        values = QListWidget()
        values.setAccessibleName(_(self._field.label))
        ticked = set(self._before[0].values) if self._before else set()
        for value, label in offers:
            item = QListWidgetItem(label, values)
            item.setData(VALUE_ROLE, value)
            item.setFlags(_TICKABLE)
            item.setCheckState(Qt.CheckState.Checked if value in ticked else Qt.CheckState.Unchecked)
        self._values = values
        if len(offers) >= SEARCHED_FROM:
            self._search = QLineEdit()
            self._search.setPlaceholderText(_("Search the values"))
            self._search.setAccessibleName(_("Search the values"))
            self._search.textChanged.connect(self._show_found)
            self._column.addWidget(self._search)
        values.itemActivated.connect(_turn)
        values.setFixedHeight(px(26) * min(len(offers), 10) + px(6))
        self._column.addWidget(values)

    def _add_presets(self) -> None:
        values = QListWidget()
        values.setAccessibleName(_(self._field.label))
        current = preset_of(self._before)
        for preset in PRESETS:
            item = QListWidgetItem(_(preset.title), values)
            item.setData(VALUE_ROLE, preset)
            if preset is current:
                values.setCurrentItem(item)
        values.setFixedHeight(px(24) * len(PRESETS) + px(6))
        values.itemClicked.connect(self._take_preset)
        values.itemActivated.connect(self._take_preset)
        self._values = values
        self._column.addWidget(values)

    def _add_limits(self) -> None:
        row = QHBoxLayout()
        typed = self._before if preset_of(self._before) is None else ()
        known = {one.op: one.values[0] for one in typed if one.values}
        for op, words in (("from", _("From")), ("to", _("To"))):
            edit = QLineEdit(value_words(self._field, known[op], self._formats) if op in known else "")
            edit.setPlaceholderText(words)
            edit.setAccessibleName(words)
            edit.setFixedWidth(px(110))
            self._edits[op] = edit
            row.addWidget(edit)
        self._column.addLayout(row)

    # What is chosen

    def _items(self) -> list[QListWidgetItem]:
        assert self._values is not None
        return [self._values.item(row) for row in range(self._values.count())]

    def _show_found(self, text: str) -> None:
        for item in self._items():
            item.setHidden(text.casefold() not in item.text().casefold())

    def _take_preset(self, _item: QListWidgetItem) -> None:
        for edit in self._edits.values():
            edit.clear()
        self.close()

    def _chosen_days(self) -> tuple[Filter, ...]:
        typed = self._chosen_limits(lambda text: read_date(text, self._formats.today))
        if typed or any(edit.text() for edit in self._edits.values()):
            return typed
        item = self._values.currentItem() if self._values is not None else None
        return item.data(VALUE_ROLE).filters(self._field.name) if item is not None else ()

    def _chosen_limits(self, read: Callable[[str], object]) -> tuple[Filter, ...]:
        found = []
        for op, edit in self._edits.items():
            text = edit.text().strip()
            if not text:
                continue
            try:
                found.append(Filter(self._field.name, op, (read(text),)))
            except ValueError:
                continue
        return tuple(found)


def filters_by_field(filters: Sequence[Filter]) -> dict[str, tuple[Filter, ...]]:
    """Return filters grouped by field, in the order the fields first appear."""
    grouped: dict[str, tuple[Filter, ...]] = {}
    for one in filters:
        grouped[one.field] = (*grouped.get(one.field, ()), one)
    return grouped


def needs_offers(described: Field) -> bool:
    """Return whether the source has to be asked what a filter on this field may offer."""
    return described.kind in (Kind.TAGS, Kind.TEXT)


def _read_number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("−", "-"))
    except InvalidOperation as error:
        raise ValueError(text) from error


def _is_ticked(item: QListWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _turn(item: QListWidgetItem) -> None:
    item.setCheckState(Qt.CheckState.Unchecked if _is_ticked(item) else Qt.CheckState.Checked)
