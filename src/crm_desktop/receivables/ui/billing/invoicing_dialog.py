"""What of an order is invoiced now: everything that is left, one delivery, or one instalment."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from crm_desktop.receivables.billing import invoicing
from crm_desktop.receivables.billing.invoiceable import Way, ways_to_invoice
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog


class InvoicingDialog(SheetDialog):
    """A choice of ways; `made` carries the id of the draft invoice, `began` the operation that writes it."""

    made = Signal(int)
    began = Signal(str)

    def __init__(self, desk: Desk, order_number: str, ways: tuple[Way, ...], parent: QWidget) -> None:
        title = _("Invoice {number}").format(number=order_number)
        text = _("What is written is a draft; look at it, then post it.")
        super().__init__(title, _("Write the invoice"), text, width=520, parent=parent)
        self.desk = desk
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self.choices: list[tuple[QRadioButton, Way]] = []
        column = QVBoxLayout()
        column.setSpacing(px(6))
        kind = ""
        for way in ways:
            if way.kind != kind:
                kind = way.kind
                if _heading(kind):
                    column.addSpacing(px(6))
                    column.addWidget(caption(_heading(kind)))
            button = QRadioButton(_said(way))
            self.choices.append((button, way))
            column.addWidget(button)
        self.body.addLayout(column)
        self.body.addStretch(1)
        if self.choices:
            self.choices[0][0].setChecked(True)
            self.choices[0][0].setFocus()
        self.go.clicked.connect(self.write)

    def write(self) -> None:
        """Write the draft for what is chosen."""
        way = next(way for button, way in self.choices if button.isChecked())
        self.go.setEnabled(False)
        task = self.desk.tasks.write(self, writer(way), self._done, self._refused, label=_("Saving"))
        self.began.emit(task.operation_id)

    def _done(self, invoice_id: int) -> None:
        self.made.emit(invoice_id)
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)


def begin_invoice(desk: Desk, order_id: int, parent: QWidget) -> None:
    """Ask what of an order to invoice when there is a choice, write the draft, and open it."""

    def made(invoice_id: int) -> None:
        desk.open_record("invoice", invoice_id)

    def choose(found: tuple[str, tuple[Way, ...]]) -> None:
        number, ways = found
        if len(ways) == 1:
            desk.tasks.write(parent, writer(ways[0]), made, label=_("Saving"))
        elif ways:
            dialog = InvoicingDialog(desk, number, ways, parent)
            dialog.made.connect(made)
            dialog.open()
        else:
            desk.dialogs.inform(
                _("Everything is invoiced"), _("What stands on drafts counts too; look among the invoices.")
            )

    desk.tasks.read(parent, lambda work: ways_to_invoice(work, order_id), choose, coalesce="invoicing")


def begin_invoice_of_delivery(desk: Desk, delivery_id: int, parent: QWidget) -> None:
    """Write the draft for what a delivery carried, and open it."""
    desk.tasks.write(
        parent,
        lambda work: invoicing.from_delivery(work, delivery_id),
        lambda invoice_id: desk.open_record("invoice", invoice_id),
        label=_("Saving"),
    )


def writer(way: Way) -> Callable[[Any], int]:
    """Return what writes the draft for a way; runs on the database lane."""
    makes: dict[str, Callable[[Any, int], int]] = {
        "order": invoicing.from_order,
        "delivery": invoicing.from_delivery,
        "instalment": invoicing.from_instalment,
    }
    return lambda work: makes[way.kind](work, way.id)


def _heading(kind: str) -> str:
    return {"delivery": _("One delivery"), "instalment": _("One instalment, on account")}.get(kind, "")


def _said(way: Way) -> str:
    if way.kind == "order":
        return _("Everything that is not invoiced yet")
    day = shown_date(way.day) if way.day is not None else ""
    amount = f"{way.currency} {number_text(way.amount)}" if way.amount is not None else ""
    return " · ".join(part for part in (way.called, day, way.event, amount) if part)
