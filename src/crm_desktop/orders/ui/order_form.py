"""The form of an order: that of a document, with the customer's credit above the lines."""

from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.orders.rules import DRAFT
from crm_desktop.orders.ui import above
from crm_desktop.orders.ui.above import OrderNow
from crm_desktop.orders.ui.document_form import DocumentForm
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.desk import Desk


class OrderForm(DocumentForm):
    """Tells the credit strip, when there is one, what is typed; `credit` is that strip."""

    def __init__(self, desk: Desk, needs: DocumentNeeds) -> None:
        make = above.attached().credit_strip
        self.credit: Any = make(desk) if make is not None else None
        super().__init__(desk, needs, order=True)

    def above_lines(self) -> QWidget | None:
        """Return the credit strip."""
        strip: QWidget | None = self.credit
        return strip

    def _show_totals(self) -> None:
        super()._show_totals()
        if self.credit is None:
            return
        model = self.lines.grid.lines
        currency = model.document.currency
        rate = self.editor("rate").value() if currency != self.desk.currency else Decimal(1)
        loaded = self._loaded
        self.credit.show_order(
            OrderNow(
                contact_id=self.customer.value(),
                state=str(loaded.get("state") or DRAFT),
                total=from_minor(model.totals.total, currency),
                stored=Decimal(loaded.get("total") or 0),
                rate=rate,
                to_come=any(line.get("open", 0) > 0 for line in loaded.get("lines") or ()),
            )
        )
