"""The form of a new receipt: who paid how much and how, and which open items it settles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Signal

from crm_desktop.orders.ui.document_editors import CustomerEditor
from crm_desktop.receivables import rules
from crm_desktop.receivables.money.open_items import OpenItems
from crm_desktop.receivables.money.proposing import propose
from crm_desktop.receivables.ui.money.allocation_rows import CLAIM, ids_of, row_key, rows_of
from crm_desktop.receivables.ui.money.allocation_table import AllocationTable
from crm_desktop.receivables.ui.money.difference import NOTHING, Placement, Standing, placed
from crm_desktop.receivables.ui.money.difference_pane import AnswerEditor
from crm_desktop.receivables.ui.money.difference_words import below_words, end_words, question_words
from crm_desktop.receivables.ui.money.proposal_words import proposal_words
from crm_desktop.receivables.ui.money.receipt_editors import (
    AccountEditor,
    MoneyEditor,
    OfferedAccount,
    OneOf,
    Remark,
    UsesEditor,
)
from crm_desktop.shared.i18n import _
from crm_desktop.shared.merge import same
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.text_editors import LineEditor, NumberEditor

NEEDED: Final = {"contact_id": (True, None)}
MATURES: Final = ("cheque", "acceptance")
"""Ways of paying that have a day on which the money is really there."""
MORE: Final = ("payer", "notes")


@dataclass(frozen=True, slots=True)
class ReceiptNeeds:
    """What the form has to know before it is built."""

    accounts: tuple[OfferedAccount, ...] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open with a customer in one currency; `limit` is what this person settles on the spot, None any.

    `usual` says how this customer pays, for what nobody chose yet.
    """

    items: OpenItems
    currencies: tuple[str, ...]
    limit: Decimal | None
    usual: Mapping[str, Any] = field(default_factory=dict)
    rate: Decimal | None = None
    """What one unit is worth in the company's currency, as last time."""


class ReceiptForm(RecordForm):
    """Editors of a receipt, the table of open items among them; the page is laid out by `ReceiptPage`.

    `items_wanted` asks for the open items of the customer in the currency that is chosen; `reckoned` is
    emitted after the figures changed.
    """

    items_wanted = Signal()
    reckoned = Signal()
    proposed = Signal(str)

    def __init__(self, desk: Desk, needs: ReceiptNeeds) -> None:
        super().__init__((), EditorContext(today=lambda: desk.today, actor=desk.actor), limits=NEEDED)
        self.desk = desk
        self.opened: Opened | None = None
        self.by_hand = False
        """Whether somebody typed amounts: then nothing is proposed unasked."""
        self.table = AllocationTable()
        # Before the editor tells of it: what is typed by hand is not proposed over.
        self.table.items.allocated.connect(self._allocated)
        self.customer = CustomerEditor("contact_id", _("Customer"), desk)
        self.amount = MoneyEditor("amount", _("Received"), desk.currency)
        self.currency = OneOf("currency", _("Currency"), None, 5)
        self.currency.offer([(desk.currency, desk.currency)])
        self.account = AccountEditor(needs.accounts)
        self.uses = UsesEditor(self.table)
        self.answer = AnswerEditor()
        self._known: list[str] = []
        self._last_asked: tuple[Any, Any] = (None, None)
        self._add_editors()
        self._rate_shown: Decimal | None = None
        self.edited.connect(self._follow)
        self.customer.line.textChanged.connect(self._customer_named)
        # A long name shows its beginning.
        self.customer.chosen.connect(lambda _id: self.customer.line.setCursorPosition(0))
        self.customer.committed.disconnect()
        self.customer.committed.connect(self.amount.focus)
        self.amount.committed.disconnect()
        self.amount.committed.connect(self.uses.focus)
        self.table.items.amounts_changed.connect(self.reckon)
        self.table.rest_wanted.connect(self._take_rest)

    def _add_editors(self) -> None:
        methods = [(key, _(text)) for key, text in rules.METHODS]
        for editor in (
            self.customer,
            DateEditor("dated_on", _("Date"), self.context.today),
            self.amount,
            self.currency,
            NumberEditor("rate", _("Rate"), 9),
            ChoiceEditor("method", _("Method"), methods, None, 13),
            self.account,
            LineEditor("reference", _("Bank reference"), 17),
            DateEditor("matures_on", _("Matures on"), self.context.today),
            LineEditor("payer", _("Paid by somebody else (if any)"), 30),
            Remark("notes", _("Notes for colleagues")),
            self.uses,
            self.answer,
        ):
            self.add_editor(editor.name, editor)

    def value(self, name: str) -> Any:
        """Return the value of one field."""
        return self.editor(name).value()

    # Open items ----------------------------------------------------------------------------------

    def load(self, record: Any) -> None:
        """Begin a new receipt."""
        self.by_hand = False
        values = dict(record)
        if values.get("contact_id") is not None and values.get("contact_name"):
            self.customer.names[values["contact_id"]] = str(values["contact_name"])
        if values.get("currency"):
            self._offer_currencies((values["currency"],))
        self._rate_shown = values.get("rate")
        super().load(values)
        self._follow()

    def apply(self, values: Mapping[str, Any]) -> None:
        """Put in a restored draft; its amounts wait for the open items."""
        if values.get("currency"):
            self._offer_currencies((values["currency"],))
        super().apply(values)
        self.by_hand = self.by_hand or bool(values.get("uses"))

    def _offer_currencies(self, currencies: Sequence[str]) -> None:
        self._known = list(dict.fromkeys((*self._known, *currencies, self.desk.currency)))
        self.currency.offer([(one, one) for one in self._known])

    def _follow(self) -> None:
        """Bring everything in line with customer, currency and amount."""
        self._take_currency()
        currency = str(self.currency.value() or self.desk.currency)
        asked = (self.customer.value(), currency)
        if asked != self._last_asked:
            if self._last_asked[0] is not None and self.uses.pending is None:
                self.by_hand = False
            self._last_asked = asked
            self.opened = None
            self.proposed.emit("")
            if asked[0] is None:
                self.table.items.show_rows((), currency)
            else:
                self.items_wanted.emit()
        if not self.by_hand:
            self.propose()
        self.reckon()

    @property
    def proposes_currency(self) -> bool:
        """Return whether another customer may bring another currency: nobody chose one, nothing is allocated."""
        return self.opened is None and self.currency.value() == self._baseline.get("currency") and not self.by_hand

    def show_opened(self, opened: Opened) -> None:
        """Show what is open now; amounts typed before stay as far as they are still open."""
        if self.opened is not None and self.opened.items == opened.items and self.uses.pending is None:
            # Nothing moved: whoever types is left alone.
            self.opened = opened
            return
        first, self.opened = self.opened is None, opened
        self._offer_currencies((*opened.currencies, opened.items.currency))
        self._take_usual(opened.usual)
        if first:
            self._take_rate(opened.rate)
        self.table.items.show_rows(rows_of(opened.items.instalments, opened.items.credits), opened.items.currency)
        self.uses.take_pending()
        if first and not self.by_hand:
            self.propose()
        self.reckon()

    def _take_usual(self, usual: Mapping[str, Any]) -> None:
        """Take over how the customer pays, where nobody typed something else."""
        for name in ("currency", "method", "account_id"):
            editor = self.editor(name)
            if usual.get(name) is not None and same(editor.value(), self._baseline.get(name)):
                editor.set_value(usual[name])
                self._baseline[name] = editor.value()
                if name == "currency":
                    self._take_currency()
        self._last_asked = (self.customer.value(), str(self.currency.value()))

    def _customer_named(self) -> None:
        """A restored draft knows its customer's id at once and the name a moment later."""
        if self.customer.value() != self._last_asked[0]:
            self._follow()

    def _take_rate(self, rate: Decimal | None) -> None:
        editor = self.editor("rate")
        if same(editor.value(), self._rate_shown) or editor.is_empty():
            editor.set_value(rate)
            self._baseline["rate"] = editor.value()
        self._rate_shown = rate

    def _take_currency(self) -> None:
        currency = str(self.currency.value() or self.desk.currency)
        if currency != self.amount.currency:
            self.amount.set_currency(currency)
            self.account.follow_currency(currency)

    def propose(self) -> None:
        """Put in what the amount most likely pays, and say why."""
        if self.opened is None:
            return
        items, amount = self.opened.items, self.amount.value() or NOTHING
        self.by_hand = False
        if not amount:
            # Nothing is typed yet; credits alone are set off only when asked for.
            self.uses.propose({})
            self.proposed.emit("")
            return
        self._take_proposal(items, amount)

    def propose_again(self) -> None:
        """Propose anew, whatever was typed; without an amount the credits are set off."""
        if self.opened is not None:
            amount = self.amount.value() or NOTHING
            self._take_proposal(self.opened.items, amount)
            self.by_hand = not amount
            self._tell_dirty()
            self.edited.emit()

    def _take_proposal(self, items: OpenItems, amount: Decimal) -> None:
        proposal = propose(items.instalments, amount, items.credits)
        amounts = {row_key(CLAIM, id_): some for id_, some in proposal.uses.items()}
        amounts |= {row_key(*key): some for key, some in proposal.credits.items()}
        self.uses.propose(amounts)
        self.by_hand = False
        self.proposed.emit(proposal_words(items, amount, proposal, self.table.items.figure))

    def clear_amounts(self) -> None:
        """Take all amounts away; from now on only what is typed counts."""
        self.by_hand = True
        self.table.items.set_amounts({}, by_hand=True)
        self.proposed.emit("")

    def _allocated(self) -> None:
        self.by_hand = True

    def _take_rest(self, row: int) -> None:
        """Take of a row what the money still allows; of a credit what is still missing."""
        one, standing = self.table.items.rows[row], self.standing()
        own = self.table.items.amounts.get(one.key, NOTHING)
        rest = standing.difference if one.is_claim else -standing.difference
        self.table.take_most(row, max(rest + own, NOTHING))

    # Figures -------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """Return what is received, used and allocated now."""
        items = self.table.items
        claims, unused = items.placed(claims=True), items.placed(claims=False)
        received = self.amount.value() if self.amount.problem() is None else NOTHING
        return Standing(received or NOTHING, sum(unused.values(), NOTHING), sum(claims.values(), NOTHING))

    def placement(self) -> Placement:
        """Return what is to be posted."""
        items = self.table.items
        return placed(self.standing(), self.answer.chosen(), items.placed(claims=True), items.placed(claims=False))

    def balance(self) -> tuple[Decimal, Decimal] | None:
        """Return what the customer owes before and after, None while it is not known."""
        if self.opened is None:
            return None
        before, settles = self.opened.items.balance, self.placement().settles
        settled = settles[1] if settles else NOTHING
        after = before - self.standing().received
        return before, after - settled if self.standing().side == "missing" else after + settled

    def reckon(self) -> None:
        """Show figures and the question about the difference anew."""
        standing, pane, figure = self.standing(), self.answer.pane, self.table.items.figure
        limit = self.opened.limit if self.opened is not None else NOTHING
        self.answer.follow(
            standing,
            limit,
            below_words(standing, limit, self.table.items, figure),
            waiting=self.uses.pending is not None,
        )
        pane.show_standing(standing, figure)
        known = self.opened is not None
        pane.question.setText(question_words(standing, figure) if known else "")
        pane.show_end(*end_words(standing, self.answer.chosen(), figure, known=known))
        self.reckoned.emit()

    # What is stored ------------------------------------------------------------------------------

    def posting(self) -> dict[str, Any]:
        """Return what `store` needs: values, uses, credits, difference."""
        placement = self.placement()
        names = ("contact_id", "dated_on", "currency", "rate", "method", "account_id", "reference", "matures_on", *MORE)
        values = {name: self.value(name) for name in names}
        if values["method"] not in MATURES:
            values["matures_on"] = None
        values["amount"] = self.amount.value() or NOTHING
        return {
            "values": values,
            "uses": {id_: placement.claims[row_key(kind, id_)] for kind, id_ in ids_of(placement.claims)},
            "credits": {(kind, id_): placement.credits[row_key(kind, id_)] for kind, id_ in ids_of(placement.credits)},
            "difference": placement.settles,
        }
