"""The tax invoices of one invoice: their numbers, what they cover and what is still to be covered."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import tax_invoices
from crm_desktop.receivables.billing.tax_invoices import Entry, TaxInvoiced
from crm_desktop.receivables.ui.billing.tax_invoice_dialog import TaxInvoiceDialog
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.sheet_area import SheetArea

_AMOUNT_PX: Final = 130


class TaxInvoicesPane(SheetArea):
    """A block per tax invoice; `began` carries the operation of what is written down here."""

    counted = Signal(int)
    began = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._record: Record | None = None
        self.found: TaxInvoiced | None = None
        self.new = Button(_("New tax invoice…"), icon="plus")
        self.cancel: dict[int, Button] = {}

    def show_invoice(self, record: Record) -> None:
        """Read and show the tax invoices of an invoice."""
        self._record = record
        invoice_id = record.id
        self._desk.tasks.read(
            self, lambda work: tax_invoices.of_invoice(work, invoice_id), self._show, coalesce="tax_invoices"
        )

    def _show(self, found: TaxInvoiced) -> None:
        self.found, self.cancel = found, {}
        self.counted.emit(sum(one.cancelled_on is None for one in found.entries))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(8), px(20), px(20))
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, px(4), 0, px(8))
        head.addWidget(text_label(_covered(found), BODY, REGULAR, "text2"), 1)
        if self._desk.actor.may(Permission.INVOICE_WRITE):
            # The page before it goes away with everything on it.
            self.new = Button(_("New tax invoice…"), icon="plus")
            self.new.clicked.connect(self._write)
            head.addWidget(self.new)
        column.addLayout(head)
        column.addWidget(hairline())
        for one in found.entries:
            column.addWidget(self._block(one))
            column.addWidget(hairline())
        if not found.entries:
            text = _("The number of each tax invoice is written down here when it has been issued.")
            column.addWidget(EmptyState("badge-check", _("No tax invoice yet"), text))
        column.addStretch(1)
        self.show_page(page)

    def _block(self, one: Entry) -> QWidget:
        block = QWidget()
        row = QHBoxLayout(block)
        row.setContentsMargins(0, px(9), 0, px(9))
        row.setSpacing(px(12))
        void = one.cancelled_on is not None
        number = Button(one.number, "link")
        number.clicked.connect(lambda: self._edit(one))
        row.addWidget(number)
        row.addWidget(text_label(shown_date(one.dated_on), BODY, MEDIUM))
        said = [_(dict(rules.TAX_INVOICE_KINDS)[one.kind]), one.notes]
        if one.cancelled_on is not None:
            said.insert(0, _("void since {day}").format(day=shown_date(one.cancelled_on)))
        row.addWidget(text_label(" · ".join(part for part in said if part), LABEL, REGULAR, "muted"), 1)
        if not void and self._desk.actor.may(Permission.INVOICE_WRITE):
            button = Button(_("Void…"), "quiet", icon="circle-x")
            button.clicked.connect(lambda: self._void(one))
            self.cancel[one.id] = button
            row.addWidget(button)
        amount = text_label(number_text(one.amount), BODY, REGULAR, "muted" if void else "text")
        amount.setMinimumWidth(px(_AMOUNT_PX))
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(amount)
        return block

    def _write(self) -> None:
        if self._record is not None and self.found is not None:
            self._open(
                TaxInvoiceDialog(self._desk, self, of=(rules.INVOICE, self._record), open_amount=self.found.open)
            )

    def _edit(self, one: Entry) -> None:
        def show(stored: Record) -> None:
            self._open(TaxInvoiceDialog(self._desk, self, stored=stored))

        self._desk.tasks.read(self, lambda work: tax_invoices.get(work, one.id), show, coalesce="tax_invoice")

    def _open(self, dialog: TaxInvoiceDialog) -> None:
        dialog.began.connect(self.began)
        dialog.saved.connect(lambda _id: self.changed.emit())
        dialog.open()

    def _void(self, one: Entry) -> None:
        if not self._desk.dialogs.confirm(
            _("Void tax invoice {number}?").format(number=one.number),
            _("It stays in the register and covers nothing any more."),
            _("Void tax invoice"),
        ):
            return

        def done(_done: Any) -> None:
            self._desk.toast(_("Tax invoice {number} is void").format(number=one.number))
            self.changed.emit()

        task = self._desk.tasks.write(
            self, lambda work: tax_invoices.cancel(work, one.id, one.version), done, label=_("Saving")
        )
        self.began.emit(task.operation_id)


def _covered(found: TaxInvoiced) -> str:
    values = {"currency": found.currency, "sum": number_text(found.sum), "total": number_text(found.total)}
    if found.open == 0:
        return _("{currency} {sum}: all of it is covered by tax invoices.").format(**values)
    if found.open > 0:
        said = _("{currency} {sum} of {total} are covered, {open} still to be.")
        return said.format(**values, open=number_text(found.open))
    return _("{currency} {sum} are {more} more than the total of {total}.").format(
        **values, more=number_text(-found.open)
    )
