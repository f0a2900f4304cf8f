"""One short list on a page of a customer's record, with its heading."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.shared.display import Formats
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption, section_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView


class RowSection(QWidget):
    """One short list with its heading; it says when there is nothing."""

    counted = Signal(int)
    opened = Signal(int)

    def __init__(
        self, desk: Desk, title: str, nothing: str, source: RowSource, columns: Sequence[str], looks: Any
    ) -> None:
        super().__init__()
        self._desk = desk
        self.table = RecordTable(desk.tasks, source, self._formats, looks, self)
        self.view = RecordView(self.table, self)
        self.view.setAccessibleName(title)
        self.view.setMinimumHeight(px(84))
        self._columns = tuple(name for name in columns if name in {field.name for field in source.fields})
        self.heading = QHBoxLayout()
        self.heading.setContentsMargins(px(20), px(10), px(20), px(6))
        self.heading.setSpacing(px(10))
        self.heading.addWidget(section_label(title))
        self._said = caption("")
        self.heading.addWidget(self._said)
        self.heading.addStretch(1)
        self._nothing = caption(nothing)
        self._nothing.setContentsMargins(px(20), 0, px(20), px(10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.heading)
        column.addWidget(self._nothing)
        column.addWidget(self.view, 1)
        self.view.opened.connect(self.opened)
        self.view.sort_wanted.connect(
            lambda sorts: self.table.show(Listing("", self.table.listing.filters, sorts, self._columns))
        )
        self.table.counted.connect(self._show_count)

    def show_contact(self, contact_id: int) -> None:
        """Show the rows of one contact."""
        self.show_rows(Filter("contact", "is", (contact_id,)))

    def show_rows(self, *filters: Filter) -> None:
        """Show the rows that fit the filters."""
        self.table.show(Listing(filters=filters, columns=self._columns))

    def _show_count(self, count: Count) -> None:
        self._said.setText("   ·   ".join(count.totals))
        self._nothing.setVisible(not count.rows)
        self.view.setVisible(bool(count.rows))
        self.counted.emit(count.rows)

    def _formats(self) -> Formats:
        return Formats.of(self._desk.today, self._desk.names)
