"""The form of an invoice or a credit note: the document's fields, and when it falls due."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from crm_desktop.orders.ui.document_form import DocumentForm
from crm_desktop.receivables import rules
from crm_desktop.receivables.ui.billing.due_pane import DuePane, days_after
from crm_desktop.receivables.ui.billing.invoice_needs import InvoiceNeeds
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.text_editors import LineEditor

_KNOWN: Final = ("state", "order_id", "instalments", "claims", "total")
"""What the record knows besides the fields, and the foot follows."""


class InvoiceForm(DocumentForm):
    """Editors of an invoice; a credit note has a reason in place of payment terms."""

    def __init__(self, desk: Desk, needs: InvoiceNeeds) -> None:
        self.credit = needs.kind == rules.CREDIT
        self.invoice_needs = needs
        self.due = None if self.credit else DuePane()
        self._known: dict[str, Any] = {}
        super().__init__(desk, needs, order=False)

    def _days(self) -> tuple[tuple[str, str], ...]:
        return () if self.credit else (("due_on", _("Due")),)

    def _short_names(self) -> tuple[str, ...]:
        if self.credit:
            return ("dated_on", "reason", "reference", "currency", "rate", "prices_include_tax")
        return ("reference", "dated_on", "payment_term_id", "due_on", "currency", "rate", "prices_include_tax")

    def _foot_pane(self) -> QWidget | None:
        return self.due

    def _header_editors(self) -> list[Editor]:
        more = LineEditor("reason", _("Why credited"), 26) if self.credit else self._term_editor()
        return [*super()._header_editors(), more]

    def load(self, record: Record | Mapping[str, Any]) -> None:
        """Show a record, and what it claims."""
        self._learn(record)
        super().load(record)

    def rebase(self, record: Record | Mapping[str, Any], sent: Mapping[str, Any] | None = None) -> None:
        """Take what is stored now; what was typed stays on top of it."""
        self._learn(record)
        super().rebase(record, sent)

    def _learn(self, record: Record | Mapping[str, Any]) -> None:
        values = record.values if isinstance(record, Record) else record
        self._known |= {name: values[name] for name in _KNOWN if name in values}

    def _show_totals(self) -> None:
        super()._show_totals()
        if self.due is not None:
            self._show_due(self.due)

    def _show_due(self, due: DuePane) -> None:
        agreed: Sequence[Mapping[str, Any]] = self._known.get("instalments") or ()
        if self._known.get("state") == rules.POSTED:
            remark = "" if self._known.get("claims", True) else _("The order claims this; its instalments stand there.")
            due.show_instalments(agreed, remark)
        elif self._known.get("order_id") is not None:
            due.show_instalments(agreed, _("As agreed on the order."))
        else:
            model = self.lines.grid.lines
            dated_on = self.editor("dated_on").value() or self.desk.today
            term_id, due_on = self.editor("payment_term_id").value(), self.editor("due_on").value()
            term = next((one for one in self.needs.terms if one.id == term_id), None)
            if term is None and due_on is None:
                due_on = days_after(dated_on, self.invoice_needs.due_days)
            parts = term.parts if term is not None else None
            due.show_proposed(parts, model.totals.total, model.document.currency, dated_on, due_on)
