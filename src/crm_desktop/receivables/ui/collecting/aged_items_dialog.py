"""What one figure of an ageing is made of; Enter opens the document."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.receivables.collecting import aged_items
from crm_desktop.receivables.collecting.aged_items import AgedItem, Figure
from crm_desktop.receivables.collecting.ageing import CUSTOMER
from crm_desktop.receivables.ui.collecting.aged_rows import ITEM_FIELDS, ITEM_LOOKS, items_source
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.sheet_dialog import SheetDialog

_WIDTH_PX: Final = 860


class AgedItemsDialog(SheetDialog):
    """Instalments, receipts and credit notes behind a figure, with their sum."""

    def __init__(self, desk: Desk, title: str, said: str, figure: Figure, parent: QWidget) -> None:
        super().__init__(title, _("Open the document"), said, width=_WIDTH_PX, parent=parent)
        self._desk = desk
        # Where the row is one customer its name stands in the title.
        hidden = "customer" if figure.group == CUSTOMER else ""
        self._columns = tuple(field.name for field in ITEM_FIELDS if field.name != hidden)
        self.items: tuple[AgedItem, ...] = ()
        self.total = Decimal(0)
        self.table = RecordTable(desk.tasks, RowsSource("aged_item", ITEM_FIELDS, {}), self._formats, ITEM_LOOKS)
        self.view = RecordView(self.table)
        self.table.setParent(self.view)
        self.view.setAccessibleName(title)
        self.view.setMinimumHeight(px(320))
        self.view.opened.connect(self._open)
        self.view.sort_wanted.connect(self._sort)
        self.footer = ListFooter()
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.footer)
        self.leave.setText(_("Close"))
        self.go.clicked.connect(lambda: self._open(self.view.current_id or 0))
        self.go.setEnabled(False)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        desk.tasks.read(self, lambda work: aged_items.aged_items(work, figure), self._show)

    def _formats(self) -> Formats:
        return Formats.of(self._desk.today, self._desk.names, self._desk.timezone)

    def _show(self, items: Sequence[AgedItem]) -> None:
        self.items = tuple(items)
        self.table.source = items_source(items)
        self.table.show(Listing(columns=self._columns))
        self.go.setEnabled(bool(items))
        self.total = sum((one.open for one in items), Decimal(0))
        words = ngettext("{count} document", "{count} documents", len(items)).format(count=f"{len(items):,}")
        currency = items[0].currency if items else ""
        totals = (f"{currency} {number_text(self.total)}",) if items else ()
        self.footer.show_count(words, Count(len(items), totals=totals))

    def _sort(self, sorts: tuple[Sort, ...]) -> None:
        self.table.show(Listing(columns=self._columns, sorts=sorts))

    def _open(self, place: int) -> None:
        if 1 <= place <= len(self.items):
            self.accept()
            self._desk.open_record(*self.items[place - 1].document)
