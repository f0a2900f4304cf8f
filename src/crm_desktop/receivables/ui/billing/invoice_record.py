"""One invoice or credit note in a tab: typed, posted, paid, credited."""

from typing import Any, Final

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from crm_desktop.orders.ui.document_form import DocumentForm
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.orders.ui.document_record import DocumentRecord
from crm_desktop.orders.ui.override_dialog import offers_override
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, posting, unposting
from crm_desktop.receivables.billing.posting import MoreThanOpen, Posted
from crm_desktop.receivables.ui.billing import invoice_printing
from crm_desktop.receivables.ui.billing.claims_pane import ClaimsPane
from crm_desktop.receivables.ui.billing.credit_note_dialog import CreditNoteDialog
from crm_desktop.receivables.ui.billing.invoice_form import InvoiceForm
from crm_desktop.receivables.ui.billing.invoice_history_pane import InvoiceHistoryPane
from crm_desktop.receivables.ui.billing.invoice_needs import InvoiceNeeds, proposed
from crm_desktop.receivables.ui.billing.invoice_words import TONES, called, is_credit, lateness
from crm_desktop.receivables.ui.billing.tax_invoices_pane import TaxInvoicesPane
from crm_desktop.receivables.ui.billing.uses_pane import UsesPane
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.message_box import Verb

_WRITE: Final = Permission.INVOICE_WRITE
RECEIPT_FOR: Final = "receipt_for_contact"
ACTIONS: Final = (
    ActionSpec(
        "post",
        N_("Post"),
        N_("Give it its number; what it claims is owed from now on"),
        "",
        "Ctrl+Return",
        Permission.INVOICE_POST,
    ),
    ActionSpec(
        "receive",
        N_("Receive payment"),
        N_("Write down money of this customer"),
        "",
        "F9",
        Permission.RECEIPT_POST,
    ),
    ActionSpec(
        "preview",
        N_("Preview"),
        N_("See the paper, print it, save it or send it by mail"),
        "eye",
        QKeySequence.StandardKey.Print,
        Permission.DOCUMENT_PRINT,
    ),
    ActionSpec(
        "credit",
        N_("Credit…"),
        N_("Write a credit note for all of it or for some of its lines"),
        "undo-2",
        None,
        _WRITE,
    ),
    ActionSpec("copy", N_("Copy"), N_("Begin a new document that says the same"), "copy", None, _WRITE),
    ActionSpec(
        "write_off",
        N_("Write off…"),
        N_("What is open will not be paid"),
        "hand",
        None,
        Permission.WRITE_OFF,
    ),
    ActionSpec(
        "unpost",
        N_("Take the posting back…"),
        N_("Make it a draft again, as long as nothing depends on it"),
        "rotate-ccw",
        None,
        Permission.INVOICE_UNPOST,
    ),
    ActionSpec(
        "open_order", N_("Open the order"), N_("See the order it came from"), "clipboard", None, Permission.ORDER_READ
    ),
    ActionSpec("open_origin", N_("Open the invoice"), N_("See the invoice this corrects"), "receipt-text"),
    ActionSpec("open_customer", N_("Open the customer"), N_("See the customer with everything on it"), "building-2"),
    ActionSpec("delete", N_("Delete draft…"), N_("Throw this draft away"), "trash-2", None, _WRITE),
)
_STEPS: Final = tuple(spec.name for spec in ACTIONS)


class InvoiceRecord(DocumentRecord):
    """The document itself, once it is known what its form needs."""

    entity = invoices.ENTITY
    service = invoices
    write = _WRITE
    specs = ACTIONS
    primary = ("post", "receive")
    in_front = ("preview", "credit")
    in_menu = ("copy", "open_order", "open_origin", "open_customer", "write_off", "unpost", "delete")
    tab_icon = "receipt-text"

    def __init__(
        self, desk: Desk, invoice_id: int | None, needs: InvoiceNeeds, stored: Record | None, parent: QWidget
    ) -> None:
        self.kind = needs.kind
        self.claims: ClaimsPane | None = None
        self.uses: UsesPane | None = None
        self.tax: TaxInvoicesPane | None = None
        self.history: InvoiceHistoryPane | None = None
        super().__init__(desk, invoice_id, needs, stored, parent, order=False)
        for name in _STEPS:
            self.actions_here.on(name, getattr(self, f"_{name}"))
        # Here the key posts, as on a receipt.
        self.document.lines.grid.actions_here["line_insert"].setShortcut("Ctrl+Shift+Return")

    # What the base asks --------------------------------------------------------------------------

    def make_form(self, desk: Desk, needs: DocumentNeeds, *, order: bool) -> DocumentForm:
        """Return the form, not laid out yet."""
        assert isinstance(needs, InvoiceNeeds)
        return InvoiceForm(desk, needs)

    def proposed(self, work: Any, contact_id: int) -> Any:
        """Return what a new document for this customer begins with; runs on the database lane."""
        return proposed(work, contact_id, self.kind)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new document of its kind or what was changed of it, and return it."""
        new = {"kind": self.kind} if record_id is None else {}
        return super().store(work, record_id, version, values | new)

    def describe(self, record: Record | None) -> Heading:
        """Return number, status, customer, where it came from, and the three figures."""
        if record is None:
            new = _("New credit note") if self.kind == rules.CREDIT else _("New invoice")
            return Heading(new if self.record_id is None else _("Invoice"), [(_("Draft"), "neutral")])
        status = str(record["status"])
        pills = [(_(dict(rules.STATUSES)[status]), TONES[status])]
        if is_credit(record.values):
            pills.insert(0, (_("Credit note"), "neutral"))
        names = self.desk.names
        facts = [
            str(record["contact_name"]),
            _("order {number}").format(number=record["order_number"]) if record["order_number"] else "",
            _("delivery {number}").format(number=record["delivery_number"]) if record["delivery_number"] else "",
            _("corrects {number}").format(number=record["origin_number"]) if record["origin_number"] else "",
            names.get(record["salesperson"] or 0, ""),
            _("Opening balance") if record["taken_over"] else "",
        ]
        saved = _("Saved {time} by {person}").format(
            time=self._formats().instant(record["updated_at"]),
            person=names.get(record["updated_by"] or 0) or _("the program"),
        )
        return Heading(called(record.values), pills, facts, self._figures(record), saved)

    def title(self) -> str:
        """Return the number, or for a draft whose it is."""
        if self.record is not None and not self.record["number"]:
            return _("Draft · {customer}").format(customer=self.record["contact_name"])
        return super().title()

    def can_step(self, name: str, record: Record | None) -> bool:
        """Return whether the state of the document allows the action."""
        draft = record is None or record["state"] == rules.DRAFT
        if name == "post":
            return draft
        if record is None:
            return False
        invoice = not is_credit(record.values)
        allowed = {
            "receive": not draft and invoice and bool(record["open_amount"]),
            "credit": not draft and invoice,
            "write_off": not draft and invoice and bool(record["open_amount"]),
            "unpost": not draft,
            "delete": draft and not record["number"],
            "open_order": record["order_id"] is not None,
            "open_origin": record["origin_id"] is not None,
        }
        return allowed.get(name, True)

    def writable_names(self, record: Record) -> frozenset[str] | None:
        """Return what the state of the document still lets change."""
        return None if record["state"] == rules.DRAFT else invoices.AFTER_POSTING

    def _settle_tab_order(self) -> None:
        super()._settle_tab_order()
        if self.kind == rules.CREDIT:
            names = ("contact_id", "dated_on", "reason", "reference", "currency", "rate", "prices_include_tax")
            self.form.settle_tab_order(*(name for name in (*names, "lines", "terms", "notes")))

    def _figures(self, record: Record) -> list[Figure]:
        currency = str(record["currency"])
        tax = _("with tax") if record["tax"] else _("no tax")
        figures = [Figure(_("Total"), figure(record["total"]), f"{currency} · {tax}")]
        if record["state"] == rules.DRAFT:
            return figures
        opened = record["open_amount"]
        if is_credit(record.values):
            below = _("to be used or paid back") if opened else _("all of it is used")
            return [*figures, Figure(_("Not used yet"), figure(opened), below)]
        settled = record["settled_on"]
        below = _("settled on {day}").format(day=shown_date(settled)) if settled else self._settled_in_parts(record)
        figures.append(Figure(_("Still open"), figure(opened), below, "text" if opened else "success"))
        due = record["next_due_on"]
        if due is not None:
            late = rules.is_overdue(due, self.desk.today)
            below = lateness(due, self.desk.today)
            figures.append(Figure(_("Next due"), shown_date(due), below, "danger" if late else "text"))
        return figures

    def _settled_in_parts(self, record: Record) -> str:
        if not record["claims"]:
            return _("claimed by the order")
        settled = record["total"] - record["open_amount"]
        if not settled:
            return _("nothing paid yet")
        return _("{amount} settled").format(amount=figure(settled))

    def _show_loaded(self, record: Record) -> None:
        super()._show_loaded(record)
        if record["state"] == rules.POSTED:
            self._show_money(record)
        if self.history is None and self.desk.actor.may(Permission.INVOICE_READ):
            self.history = InvoiceHistoryPane(self.desk, record.id)
            self.add_tab("history", _("History"), self.history, scrolls=False)
        elif self.history is not None:
            self.history.reload()

    def _show_money(self, record: Record) -> None:
        """Show what is claimed and what went to it, on pages of their own."""
        invoice = not is_credit(record.values)
        if invoice and self.claims is None:
            self.claims = self._page("claims", _("Instalments"), ClaimsPane(self.desk))
        if self.uses is None and self.desk.actor.may(Permission.RECEIPT_READ):
            text = _("Payments and credits") if invoice else _("Used for")
            self.uses = self._page("uses", text, UsesPane(self.desk))
        if invoice and self.tax is None:
            self.tax = self._page("tax", _("Tax invoices"), TaxInvoicesPane(self.desk))
        if self.claims is not None:
            self.set_count("claims", len(record["instalments"]))
        for pane in (self.claims, self.uses, self.tax):
            if pane is not None:
                pane.show_invoice(record)

    def _page(self, key: str, text: str, pane: Any) -> Any:
        pane.began.connect(self._saver.operations.add)
        pane.changed.connect(self.read_again)
        if hasattr(pane, "counted"):
            pane.counted.connect(lambda count: self.set_count(key, count))
        return self.add_tab(key, text, pane, scrolls=False)

    # Steps ---------------------------------------------------------------------------------------

    def _post(self) -> None:
        self._post_with("", beyond=False)

    def _post_with(self, override: str, *, beyond: bool) -> None:
        def posted(done: Posted) -> None:
            said = _("Credit note {number} is posted") if self.kind == rules.CREDIT else _("Invoice {number} is posted")
            self.desk.toast(said.format(number=done.number), _("Preview"), self._preview)

        def post(work: Any, invoice_id: int, version: int) -> Posted:
            return posting.post(work, invoice_id, version, override=override, beyond=beyond)

        def failed(error: BaseException) -> None:
            if isinstance(error, MoreThanOpen) and not beyond:
                if self._means_more(error):
                    self._post_with(override, beyond=True)
            elif not offers_override(
                error, _("Post all the same"), self, lambda reason: self._post_with(reason, beyond=beyond)
            ):
                self.step_failed(error)

        self.first_save(lambda: self.step(post, posted, failed=failed))

    def _means_more(self, error: MoreThanOpen) -> bool:
        verbs = (
            Verb("correct", _("Correct the quantity"), safe=True),
            Verb("post", _("Post all the same"), kind="primary"),
        )
        title = _("Invoice more than is open on the order?")
        if self.desk.dialogs.ask(title, str(error), verbs) == "post":
            return True
        grid = self.document.lines.grid
        grid.setFocus()
        grid.go(error.position - 1, "quantity")
        return False

    def _receive(self) -> None:
        if self.record is not None:
            self.desk.open_record(RECEIPT_FOR, self.record["contact_id"])

    def _credit(self) -> None:
        def open_dialog() -> None:
            if self.record is not None:
                number, of_order = str(self.record["number"]), self.record["order_id"] is not None
                dialog = CreditNoteDialog(self.desk, self.record.id, number, self, of_order=of_order)
                dialog.began.connect(self._saver.operations.add)
                dialog.posted.connect(lambda id_: self.desk.open_record(self.entity, id_))
                dialog.open()

        self.first_save(open_dialog)

    def _write_off(self) -> None:
        from crm_desktop.receivables.ui.money.money_dialogs import WriteOffDialog

        record = self.record
        if record is None or self.claims is None:
            return
        found = list(self.claims.open.values())
        dialog = WriteOffDialog(self.desk, str(record["currency"]), found, self)
        dialog.began.connect(self._saver.operations.add)
        dialog.carried_out.connect(lambda _done: self.read_again())
        dialog.open()

    def _unpost(self) -> None:
        def check(text: str) -> str | None:
            return None if text.strip() else _("Say why, for those who ask later.")

        reason = self.desk.dialogs.input_text(
            _("Take back the posting of {number}?").format(number=called(self.record.values) if self.record else ""),
            _("It becomes a draft that keeps its number. Why?"),
            verb=_("Take back"),
            check=check,
        )
        if reason:
            said = _("It is a draft again; its number stays")
            self.first_save(
                lambda: self.step(
                    lambda work, id_, version: unposting.unpost(work, id_, version, reason),
                    lambda _done: self.desk.toast(said),
                )
            )

    def _copy(self) -> None:
        self.first_save(
            lambda: self.step(
                lambda work, id_, _version: invoices.copy(work, id_),
                lambda id_: self.desk.open_record(self.entity, id_),
            )
        )

    def _open_order(self) -> None:
        if self.record is not None:
            self.desk.open_record("order", self.record["order_id"])

    def _open_origin(self) -> None:
        if self.record is not None:
            self.desk.open_record(self.entity, self.record["origin_id"])

    def _open_customer(self) -> None:
        if self.record is not None:
            self.desk.open_record("contact", self.record["contact_id"])

    def _delete(self) -> None:
        if not self.desk.dialogs.confirm(
            _("Delete this draft?"), _("It has no number yet; nothing else depends on it."), _("Delete draft")
        ):
            return
        self.form.load(self.record or {})
        self.step(invoices.delete, lambda _done: self.close_wanted.emit(), again=False)

    def _preview(self) -> None:
        def show() -> None:
            if self.record is not None:
                invoice_printing.preview_invoice(self.desk, self.record, self)

        self.first_save(show)
