"""A tax invoice in a dialog: its number, kind, day and amount, and what it is for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.orders.ui.document_editors import AmountEditor, CurrencyEditor, CustomerEditor
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import tax_invoices
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.text_editors import LineEditor, NoteEditor

_EDITED: Final = ("number", "kind", "dated_on", "amount", "notes")


class TaxInvoiceDialog(SheetDialog):
    """A new tax invoice for an invoice or an order (`of`), or for any customer; or a stored one (`stored`).

    `saved` carries its id, `began` the operation that stores it.
    """

    saved = Signal(int)
    began = Signal(str)

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        of: tuple[str, Record] | None = None,
        open_amount: Decimal | None = None,
        stored: Record | None = None,
    ) -> None:
        title = _("Tax invoice {number}").format(number=stored["number"]) if stored else _("New tax invoice")
        super().__init__(title, _("Save"), width=560, parent=parent)
        self.desk, self._of, self._stored = desk, of, stored
        self.boxes: dict[str, FieldBox] = {}
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self.editors: dict[str, Editor] = {editor.name: editor for editor in self._made()}
        self._lay_out()
        self._fill(open_amount)
        self.go.setAutoDefault(False)
        self.go.setDefault(False)
        self.go.clicked.connect(self.store)
        self.editors["contact_id" if "contact_id" in self.editors else "number"].focus()

    def _made(self) -> list[Editor]:
        kinds = [(key, _(text)) for key, text in rules.TAX_INVOICE_KINDS]
        whose: list[Editor] = []
        if self._of is None and self._stored is None:
            whose = [
                CustomerEditor("contact_id", _("Customer"), self.desk),
                CurrencyEditor("currency", _("Currency")),
            ]
        return [
            *whose,
            LineEditor("number", _("Number"), 24),
            ChoiceEditor("kind", _("Kind"), kinds, None, 18),
            DateEditor("dated_on", _("Date"), lambda: self.desk.today),
            AmountEditor("amount", _("Amount with tax"), 14),
            NoteEditor("notes", _("Notes")),
        ]

    def _lay_out(self) -> None:
        needed = ("contact_id", "currency", "number", "dated_on", "amount")
        for name, editor in self.editors.items():
            self.boxes[name] = FieldBox(editor.label, editor.widget, needed=name in needed)
        for names in (("contact_id", "currency"), ("number", "kind"), ("dated_on", "amount")):
            row = QHBoxLayout()
            row.setSpacing(px(12))
            for name in names:
                if name in self.boxes:
                    row.addWidget(self.boxes[name], 1 if name in ("contact_id", "number") else 0)
            if "number" not in names and "contact_id" not in names:
                row.addStretch(1)
            if row.count():
                self.body.addLayout(row)
        self.body.addWidget(self.boxes["notes"])
        self.body.addStretch(1)

    def _fill(self, open_amount: Decimal | None) -> None:
        start: dict[str, Any] = {"kind": "special", "dated_on": self.desk.today, "currency": self.desk.currency}
        if open_amount is not None and open_amount > 0:
            start["amount"] = open_amount
        if self._stored is not None:
            start = dict(self._stored.values)
        for name, editor in self.editors.items():
            if name in start:
                editor.set_value(start[name])
        if self._stored is not None and self._stored["cancelled_on"] is not None:
            for editor in self.editors.values():
                editor.set_read_only(True)
            self.go.hide()

    def store(self) -> None:
        """Check and store; what is refused stands beside its field."""
        for box in self.boxes.values():
            box.set_error("")
        self.note.clear()
        for name, editor in self.editors.items():
            problem = editor.problem()
            if problem:
                self.boxes[name].set_error(problem)
                editor.focus()
                return
        self.go.setEnabled(False)
        task = self.desk.tasks.write(self, self._job(), self._done, self._refused, label=_("Saving"))
        self.began.emit(task.operation_id)

    def _job(self) -> Callable[[Any], int]:
        values = {name: editor.value() for name, editor in self.editors.items()}
        stored = self._stored
        if stored is None:
            if self._of is not None:
                entity, record = self._of
                values[f"{entity}_id"] = record.id
            return lambda work: tax_invoices.create(work, values)
        changes = {name: values[name] for name in _EDITED if values[name] != stored[name]}
        id_, version = stored.id, stored.version

        def save(work: Any) -> int:
            tax_invoices.save(work, id_, version, changes)
            return id_

        return save

    def _done(self, id_: int) -> None:
        self.saved.emit(id_)
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, Invalid) and error.field in self.boxes:
            self.boxes[error.field].set_error(str(error))
            self.editors[error.field].focus()
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)
