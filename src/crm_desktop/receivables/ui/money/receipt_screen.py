"""A new receipt in a tab: the allocation screen, worked by keys alone."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts import service as contacts
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.money import accounts, receipts
from crm_desktop.receivables.money.open_items import open_currencies, open_items
from crm_desktop.receivables.money.receipt_values import rate_of
from crm_desktop.receivables.ui.money.difference import ADVANCE, KEEP, LEAVE
from crm_desktop.receivables.ui.money.receipt_editors import OfferedAccount
from crm_desktop.receivables.ui.money.receipt_form import Opened, ReceiptForm, ReceiptNeeds
from crm_desktop.receivables.ui.money.receipt_page import ReceiptPage
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Verb
from crm_desktop.ui.heading import Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import KeyHint

ENTITY: Final = "receipt"
MONEY_ENTITIES: Final = ("invoice", "receipt", "write_off", "reschedule", "instalment", "order")
"""What changes what is open with a customer."""
SET_OFF: Final = ("invoice", "order")
"""What the journal notes when only credits were set off."""
KEPT: Final = ("dated_on", "method", "account_id")
"""What the next receipt begins with: a bank statement is worked through line by line."""
ACTIONS: Final = (
    ActionSpec("propose", N_("Propose again"), N_("Propose anew which items the amount pays"), "", "F6"),
    ActionSpec("clear_amounts", N_("Clear amounts"), N_("Take all amounts away")),
    ActionSpec(
        "leave_open", N_("Leave the difference"), N_("Leave open what is missing, or keep an advance"), "", "F7"
    ),
    ActionSpec("small_difference", N_("Small difference"), N_("The difference is small and settled"), "", "F8"),
    ActionSpec("bank_fee", N_("Bank fee"), N_("What is missing is a fee of the bank"), "", "F9"),
)


class ReceiptScreen(RecordScreen):
    """Posts one receipt after the other; `for_contact` is a tab for one customer and closes after posting."""

    entity = ENTITY
    compact_head = True

    def __init__(self, desk: Desk, needs: ReceiptNeeds, *, for_contact: bool, parent: QWidget | None = None) -> None:
        self.receipt = ReceiptForm(desk, needs)
        super().__init__(desk, None, self.receipt, parent)
        self.receipt.setParent(self)
        self.receipt.hide()
        self.needs, self._for_contact = needs, for_contact
        self._next: dict[str, Any] = {}
        self._checked: tuple[Any, ...] = ()
        self._same: tuple[receipts.Same, ...] = ()
        self.actions_here = ActionSet(self, ACTIONS, desk.actor.may)
        self.actions_here.on("propose", self.receipt.propose_again)
        self.actions_here.on("clear_amounts", self.receipt.clear_amounts)
        self.actions_here.on("leave_open", self._leave_open)
        self.actions_here.on("small_difference", self._small_difference)
        self.actions_here.on("bank_fee", self._bank_fee)
        self.page = ReceiptPage(self.receipt)
        self.page.propose_clicked.connect(self.receipt.propose_again)
        self.page.clear_clicked.connect(self.receipt.clear_amounts)
        self.add_tab("receipt", _("Receipt"), self.page, scrolls=False)
        self.cancel = Button(_("Cancel"))
        self.cancel.clicked.connect(self.close_wanted)
        self.head.set_actions((), (self.page.more, self.cancel, self.save_button))
        self.receipt.items_wanted.connect(self._read_items)
        self.receipt.edited.connect(self._look_for_same)
        self.receipt.customer.chosen.connect(lambda _id: self.title_changed.emit())
        desk.changes.changed.connect(self._money_moved)
        self.save_action.setEnabled(desk.actor.may(Permission.RECEIPT_POST))
        self.reload()

    # What the base asks --------------------------------------------------------------------------

    def _save_action(self) -> QAction:
        action = super()._save_action()
        action.setText(_("Post receipt"))
        action.setToolTip(_("Post the receipt and what it pays"))
        keys = [QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")]
        action.setShortcuts([*keys, *QKeySequence.keyBindings(QKeySequence.StandardKey.Save)])
        return action

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Post the receipt and return it; a set-off of credits alone has no record of its own."""
        receipt_id = receipts.post(
            work, values["values"], values["uses"], values["credits"], difference=values["difference"]
        )
        return receipts.get(work, receipt_id) if receipt_id is not None else Record(0, 0, values["values"])

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation posted; a set-off is known by the documents it touched."""
        receipt_id = work.stored_by(operation_id, ENTITY)
        if receipt_id is not None:
            return receipts.get(work, receipt_id)
        set_off = any(work.stored_by(operation_id, entity) is not None for entity in SET_OFF)
        return Record(0, 0, {}) if set_off else None

    def blank(self) -> Mapping[str, Any]:
        """Return what a new receipt begins with."""
        return {**self.needs.blank, **self._next}

    def describe(self, record: Record | None) -> Heading:
        """Return the title; the tab names the customer."""
        return Heading(_("New receipt"))

    def title(self) -> str:
        """Return the title with the customer, once there is one."""
        name = self.receipt.customer.customer_name()
        return _("New receipt · {customer}").format(customer=name) if name else _("New receipt")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("banknote")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("Space", _("Take all")),
            KeyHint("F6", _("Propose again")),
            KeyHint("Ctrl+Return", _("Post")),
            KeyHint("Shift+Space", _("Take the rest")),
            KeyHint("F7", _("Leave it open")),
            KeyHint("F8", _("Small difference")),
            KeyHint("F9", _("Bank fee")),
            KeyHint("Esc", _("Close")),
        )

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        return (*super().actions_offered(), *self.actions_here.offered())

    # Open items ----------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the open items again; what is typed stays."""
        super().reload()
        if self.record_id is None and self.receipt.customer.value() is not None:
            self._read_items()

    def _read_items(self) -> None:
        form = self.receipt
        contact_id, currency = form.customer.value(), form.currency.value()
        self.title_changed.emit()
        if contact_id is None:
            return
        propose = form.proposes_currency

        def read(work: Any) -> Opened:
            usual = receipts.defaults(work, contact_id) if propose else {}
            code = usual.get("currency", currency)
            items, currencies = open_items(work, contact_id, code), open_currencies(work, contact_id)
            return Opened(items, currencies, _limit(work, code), usual, _rate(work, code))

        def show(opened: Opened) -> None:
            if (form.customer.value(), form.currency.value()) == (contact_id, currency):
                form.show_opened(opened)

        self.desk.tasks.read(self, read, show, self._load_failed, coalesce="items")

    def _money_moved(self, changes: Changes) -> None:
        ours = changes.origin in self._saver.operations
        if not ours and self.receipt.customer.value() is not None and not self._saver.busy:
            if any(changes.touches(entity) for entity in MONEY_ENTITIES):
                self._read_items()

    # The same money twice ------------------------------------------------------------------------

    def _look_for_same(self) -> None:
        values = self.receipt.posting()["values"]
        asked = tuple(values[name] for name in ("contact_id", "dated_on", "currency", "amount", "reference"))
        if asked == self._checked:
            return
        self._checked = asked
        if values["contact_id"] is None or not values["amount"] or values["dated_on"] is None:
            self._show_same(())
            return
        self.desk.tasks.read(
            self,
            lambda work: receipts.duplicates(work, values),
            self._show_same,
            lambda _error: None,
            coalesce="same",
        )

    def _show_same(self, same: Sequence[receipts.Same]) -> None:
        had, self._same = bool(self._same), tuple(same)
        if not same:
            if had:
                self.say("", "")
            return
        one = same[0]
        figure = self.receipt.table.items.figure
        text = (
            _("{number} of {day} over {amount} has the same bank reference. Is this the same money?")
            if one.by_reference
            else _("{number} of {day} over {amount} looks the same. Is this the same money?")
        ).format(number=one.number, day=shown_date(one.dated_on), amount=figure(one.amount))
        self.say("warn", text, _("Open it"), lambda: self.desk.open_record(ENTITY, one.id))

    # The difference ------------------------------------------------------------------------------

    def _leave_open(self) -> None:
        self.receipt.answer.choose(LEAVE, ADVANCE)

    def _small_difference(self) -> None:
        self.receipt.answer.choose(rules.DIFFERENCE, KEEP)

    def _bank_fee(self) -> None:
        self.receipt.answer.choose(rules.BANK_FEE)

    # Posting -------------------------------------------------------------------------------------

    def save(self) -> None:
        """Take over the open box, check, and post."""
        form = self.receipt
        form.table.commit()
        if self._saver.busy or not form.validate():
            return
        if form.opened is None:
            self.say("info", _("The open items are still being read. Post when they are there."))
            return
        posting = form.posting()
        if not posting["values"]["amount"] and not posting["uses"]:
            form.field_error("amount", _("Type what was received, or set credits off against what is open."))
            return
        self.say("", "")
        self._saver.save(None, None, posting)

    def _stored(self, record: Record, sent: dict[str, Any]) -> None:
        values = sent["values"]
        name = self.receipt.customer.customer_name()
        amount = f"{values['currency']} {self.receipt.table.items.figure(values['amount'])}"
        self._next = {key: values[key] for key in KEPT}
        self._same = ()
        if self.drafts is not None:
            self.drafts.discard()
        self.receipt.load(self.blank())
        text = _("The credits of {customer} are set off.").format(customer=name)
        if record.id:
            said = _("Receipt {number} of {amount} from {customer} is posted.")
            text = said.format(number=record["number"], amount=amount, customer=name)
        self.saved.emit(record)
        self._tell_posted(text, record.id)
        self._close_after_save = False
        self.title_changed.emit()

    def _tell_posted(self, text: str, receipt_id: int) -> None:
        def open_it() -> None:
            self.desk.open_record(ENTITY, receipt_id)

        if self._for_contact or self._close_after_save:
            self.desk.toast(text, _("Open") if receipt_id else "", open_it, "success")
            self.close_wanted.emit()
        else:
            self.say("success", text, _("Open it") if receipt_id else "", open_it)
            self.receipt.customer.focus()

    def _save_failed(self, error: BaseException) -> None:
        if isinstance(error, NotEnough):
            # Somebody was faster: what is open now is shown, what was typed stays as far as it fits.
            self._read_items()
        super()._save_failed(error)

    def can_close(self) -> bool:
        """Return whether the tab may close: asks when something typed is not posted."""
        if not self.unsaved:
            return super().can_close()
        question = _("Give up this receipt?")
        verbs = (
            Verb("post", _("Post receipt"), kind="primary"),
            Verb("discard", _("Give it up")),
            Verb("keep", _("Keep editing"), safe=True),
        )
        answer = self.desk.dialogs.ask(question, _("It is not posted yet."), verbs)
        if answer == "post":
            self._close_after_save = True
            self.save()
        elif answer == "discard" and self.drafts is not None:
            self.drafts.discard()
        return answer == "discard"


def needs_of(work: Any, contact_id: int | None) -> ReceiptNeeds:
    """Read what a new receipt has to know; runs on the database lane."""
    blank = receipts.defaults(work, contact_id)
    if contact_id is not None:
        blank |= {"contact_id": contact_id, "contact_name": contacts.get(work, contact_id)["name"]}
    offered = tuple(OfferedAccount(one.id, one.name, one.currency) for one in accounts.accounts(work))
    fitting = [one.id for one in offered if one.currency in ("", blank["currency"])]
    if blank["account_id"] is None and len(fitting) == 1:
        blank["account_id"] = fitting[0]
    return ReceiptNeeds(offered, blank)


def _rate(work: Any, currency: str) -> Decimal | None:
    try:
        return rate_of(work, currency)
    except Invalid:
        return None


def _limit(work: Any, currency: str) -> Decimal | None:
    try:
        return receipts.difference_limit(work, currency)
    except Invalid:
        # Nobody ever said what this currency is worth: nothing is settled on the spot.
        return Decimal(0)
