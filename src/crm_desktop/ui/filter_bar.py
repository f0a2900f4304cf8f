"""The second row of a list: quick filter, filter chips, + Filter, columns and density."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Filter
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.chip import AddChip, Chip
from crm_desktop.ui.filter_popup import FilterPopup, filters_by_field, needs_offers
from crm_desktop.ui.filter_words import filters_words, offered_values
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.list_source import ListSource
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import theme

TYPING_MS = 180
"""A pause this long means the word is typed; the list follows then."""


class QuickFilter(QLineEdit):
    """Filters the list as one types; Down and Enter go to the rows, Esc empties it first."""

    filtered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("dense", True)
        self.setFixedWidth(px(190))
        place = QLineEdit.ActionPosition.LeadingPosition
        self._sign = self.addAction(icon("list-filter", "muted", 16), place)
        theme().changed.connect(self._draw_sign)
        self.retranslate()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_MS)
        self._pause.timeout.connect(self._tell)
        self._told = ""
        self.textEdited.connect(self._wait)

    def retranslate(self) -> None:
        """Say what it is, in the language on screen."""
        self.setPlaceholderText(_("Filter this list"))
        self.setAccessibleName(_("Filter this list"))

    def show_text(self, text: str) -> None:
        """Show a text without filtering by it."""
        self._pause.stop()
        self._told = text
        if text != self.text():
            self.setText(text)

    def take_typed(self, text: str) -> None:
        """Take over what was typed on the list."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.deselect()
        self.end(False)
        self.insert(text)
        self._pause.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave, empty, or type."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._tell()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self._tell()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    def _wait(self) -> None:
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.filtered.emit(self._told)

    def _draw_sign(self) -> None:
        self._sign.setIcon(icon("list-filter", "muted", 16))


class FilterBar(QWidget):
    """Shows and changes text and filters of a list; knows no rows."""

    text_changed = Signal(str)
    filters_changed = Signal(object)
    """A tuple of `Filter`."""
    left = Signal()
    density_toggled = Signal()

    def __init__(
        self,
        source: ListSource,
        tasks: Tasks,
        formats: Callable[[], Formats],
        columns_menu: Callable[[], QMenu],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._formats = source, tasks, formats
        self._columns_menu = columns_menu
        self._fields = {field.name: field for field in source.fields if Use.FILTER in field.uses}
        self._filters: tuple[Filter, ...] = ()
        self.chips: dict[str, Chip] = {}
        self.quick = QuickFilter(self)
        self.quick.filtered.connect(self.text_changed)
        self.quick.left.connect(self.left)
        self.add_chip = AddChip(_("Filter"), self)
        self.add_chip.clicked.connect(self._offer_fields)
        self.columns_button = IconButton("columns-3", _("Columns"), parent=self)
        self.columns_button.clicked.connect(self._open_columns)
        self.density_button = IconButton("rows-3", _("Row height"), parent=self)
        self.density_button.clicked.connect(self.density_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(16), px(10))
        row.setSpacing(px(6))
        row.addWidget(self.quick)
        self._chips_row = QHBoxLayout()
        self._chips_row.setSpacing(px(6))
        row.addLayout(self._chips_row)
        row.addWidget(self.add_chip)
        row.addStretch()
        row.addWidget(self.columns_button)
        row.addWidget(self.density_button)

    def show_filters(self, text: str, filters: Sequence[Filter]) -> None:
        """Show what is in force."""
        self.quick.show_text(text)
        self._filters = tuple(filters)
        grouped = filters_by_field(filters)
        for name in [name for name in self.chips if name not in grouped]:
            chip = self.chips.pop(name)
            self._chips_row.removeWidget(chip)
            chip.deleteLater()
        for name, of_field in grouped.items():
            described = self._fields.get(name)
            if described is None:
                self._add_unnamed(name)
                continue
            words = filters_words(described, of_field, self._formats())
            if name in self.chips:
                self.chips[name].set_value(words)
            else:
                self._add_chip(described, words)

    def retranslate(self) -> None:
        """Say everything again in the language on screen."""
        self.quick.retranslate()
        self.add_chip.setText(_("Filter"))
        self.columns_button.set_tip(_("Columns"))
        self.density_button.set_tip(_("Row height"))
        filters, self._filters = self._filters, ()
        self.show_filters(self.quick.text(), ())
        self.show_filters(self.quick.text(), filters)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_chips_row"):
            self.retranslate()

    def open_filter(self, name: str) -> None:
        """Open the popup of a field, asking the source first when it knows what to offer."""
        described = self._fields[name]
        if not needs_offers(described):
            self._open_popup(described, offered_values(described, self._formats().names))
            return
        source = self._source
        self._tasks.read(
            self,
            lambda work: source.offers(work, name),
            lambda offers: self._open_popup(described, offers),
            coalesce="offers",
        )

    def _add_chip(self, described: Field, words: str) -> None:
        name = described.name
        chip = Chip(_(described.label), words)
        chip.clicked.connect(lambda: self.open_filter(name))
        chip.removed.connect(lambda: self._change(name, ()))
        self.chips[name] = chip
        self._chips_row.addWidget(chip)

    def _add_unnamed(self, name: str) -> None:
        """Show a filter that only another page sets, such as one customer: it can be seen and taken away."""
        if name not in self.chips:
            chip = Chip(_("Also"), _("as it was opened"))
            chip.removed.connect(lambda: self._change(name, ()))
            self.chips[name] = chip
            self._chips_row.addWidget(chip)

    def _open_popup(self, described: Field, offers: Sequence[tuple[Any, str]]) -> None:
        of_field = filters_by_field(self._filters).get(described.name, ())
        popup = FilterPopup(described, of_field, offers, self._formats(), self)
        name = described.name
        popup.chosen.connect(lambda filters: self._change(name, filters))
        popup.open_under(self.chips.get(name, self.add_chip))

    def _change(self, name: str, of_field: Sequence[Filter]) -> None:
        grouped = filters_by_field(self._filters)
        grouped[name] = tuple(of_field)
        self.filters_changed.emit(tuple(one for filters in grouped.values() for one in filters))

    def fields_menu(self) -> QMenu:
        """Return the menu of fields that are not filtered yet."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, described in self._fields.items():
            if name not in self.chips:
                action = menu.addAction(_(described.label))
                action.setData(name)
                action.triggered.connect(lambda _checked=False, chosen=name: self.open_filter(chosen))
        return menu

    def _offer_fields(self) -> None:
        _open_below(self.fields_menu(), self.add_chip)

    def _open_columns(self) -> None:
        _open_below(self._columns_menu(), self.columns_button)


def _open_below(menu: QMenu, widget: QWidget) -> None:
    menu.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
