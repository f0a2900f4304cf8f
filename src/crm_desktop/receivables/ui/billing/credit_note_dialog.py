"""Crediting an invoice: all of it or line by line; what comes out is a draft to look at before posting."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.orders.ui.delivery_dialog import MoveDialog
from crm_desktop.receivables.billing import credit_notes
from crm_desktop.receivables.billing.credit_notes import Creditable
from crm_desktop.shared.i18n import _
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the invoice as the rows of quantities want it."""

    line_id: int
    code: str
    name: str
    unit: str
    quantity: Decimal
    open: Decimal


class CreditNoteDialog(MoveDialog):
    """Everything not credited yet is filled in. `posted` carries the id of the draft credit note."""

    def __init__(self, desk: Desk, invoice_id: int, number: str, parent: QWidget, *, of_order: bool) -> None:
        super().__init__(desk, _("Credit {number}").format(number=number), _("Write the credit note"), parent)
        self.explain(_("What is written is a draft: change its prices or lines there, then post it."))
        self._invoice_id = invoice_id
        self.reopens = TickEditor("reopens", _("These quantities are to be invoiced again"))
        self.reopens.set_value(True)
        self.reopens.widget.setVisible(of_order)
        desk.tasks.read(self, lambda work: credit_notes.creditable(work, invoice_id), self._show, self._refused)

    def _show(self, lines: Sequence[Creditable]) -> None:
        left = [
            _Line(one.line_id, str(getattr(one, "code", "")), one.name, one.unit, one.quantity, one.open)
            for one in lines
            if one.open > 0
        ]
        self.build(left, (_("Invoiced"), _("Can be credited"), _("To credit")), whole=True)

    def travel(self) -> QHBoxLayout:
        """Return what stands below the lines."""
        row = QHBoxLayout()
        row.addWidget(self.reopens.widget)
        row.addStretch(1)
        return row

    def nothing_text(self) -> str:
        """Return what to say when nothing is left to credit."""
        return _("All of this invoice is credited already.")

    def act(self, quantities: dict[int, Decimal]) -> Any:
        """Return what writes the draft; everything that can be is credited as a whole, to the cent."""
        rows = self.rows
        whole = rows is not None and quantities == {line.line_id: line.open for line in rows.lines}
        invoice_id, reopens = self._invoice_id, bool(self.reopens.value())
        lines = None if whole else quantities
        return lambda work: credit_notes.from_invoice(work, invoice_id, lines, reopens=reopens)
