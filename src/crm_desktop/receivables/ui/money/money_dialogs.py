"""Money given back, taken back, written off: one small dialog each, all alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from PySide6.QtWidgets import QWidget

from crm_desktop.access import people
from crm_desktop.receivables import rules
from crm_desktop.receivables.money import accounts, allocating, paying_back, write_offs
from crm_desktop.receivables.ui.money.allocation_rows import place_words
from crm_desktop.receivables.ui.money.money_dialog import Act, MoneyDialog
from crm_desktop.receivables.ui.money.receipt_editors import AccountEditor, MoneyEditor, OfferedAccount
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.record import Record
from crm_desktop.ui.choice_editors import ChoiceEditor, UserEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.text_editors import LineEditor

TOUCHED = ("invoice", "order", "receipt", "write_off")
"""What a step on claims notes in the journal: the invoice, or the order where the order claims."""


class Claim(Protocol):
    """What a dialog has to know of an open instalment; the lists of open items have it."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def event(self) -> str: ...
    @property
    def open(self) -> Decimal: ...


class RefundDialog(MoneyDialog):
    """Money of an advance ("receipt") or a credit note ("credit") goes back to the customer."""

    def __init__(
        self, desk: Desk, source: tuple[str, int], number: str, currency: str, open_amount: Decimal, parent: QWidget
    ) -> None:
        super().__init__(
            desk, _("Pay back from {number}").format(number=number), _("Write down the refund"), parent, width=560
        )
        self._source, self._open, self._currency = source, open_amount, currency
        self.explain(
            _("{amount} of it is not used. What is paid back is used up by the refund.").format(
                amount=f"{currency} {number_text(open_amount)}"
            )
        )
        self.amount = MoneyEditor("amount", _("Paid back {currency}").format(currency=currency), currency)
        self.account = AccountEditor(())
        methods = [(key, _(text)) for key, text in rules.METHODS]
        day = DateEditor("dated_on", _("Date"), lambda: desk.today)
        self.row(self.amount, day, ChoiceEditor("method", _("Method"), methods, None, 13))
        self.row(self.account, LineEditor("reference", _("Bank reference"), 30))
        self.row(LineEditor("reason", _("Why"), 30))
        self.begin({"amount": open_amount, "dated_on": desk.today, "method": "transfer"})
        self.amount.line.selectAll()
        desk.tasks.read(self, accounts.accounts, self._offer)

    def _offer(self, rows: Sequence[accounts.AccountRow]) -> None:
        self.account.accounts = tuple(OfferedAccount(one.id, one.name, one.currency) for one in rows)
        self.account.follow_currency(self._currency)

    def problem(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        amount = values["amount"]
        if not amount:
            return "amount", _("This amount is above 0.")
        if amount > self._open:
            open_text = number_text(self._open)
            return "amount", _("Only {amount} is not used yet.").format(amount=open_text)
        return None

    def act(self, values: dict[str, Any]) -> Act:
        source, amount = self._source, values.pop("amount")
        return lambda work: paying_back.refund(work, source, amount, values)


class ReverseDialog(MoneyDialog):
    """A receipt that never arrived is taken back; what it paid is open again."""

    def __init__(self, desk: Desk, receipt: Record, parent: QWidget) -> None:
        number = receipt["number"]
        super().__init__(
            desk, _("Reverse {number}").format(number=number), _("Reverse the receipt"), parent, needed=("reason",)
        )
        self._receipt_id, self._version = receipt.id, receipt.version
        self.go.set_kind("danger")
        paid = len({use.target_id for use in receipt["uses"] if use.may_unallocate})
        amount = f"{receipt['currency']} {number_text(receipt['amount'])}"
        again = ngettext("{count} instalment is open again.", "{count} instalments are open again.", paid)
        words = _("For money that never arrived: {amount} is taken back with today's date.").format(amount=amount)
        self.explain(f"{words} {again.format(count=paid)}" if paid else words)
        self.row(LineEditor("reason", _("Why"), 30))
        self.begin({})

    def act(self, values: dict[str, Any]) -> Act:
        receipt_id, version, reason = self._receipt_id, self._version, values["reason"]
        return lambda work: paying_back.reverse(work, receipt_id, version, reason)


class UnallocateDialog(MoneyDialog):
    """What a receipt or credit note paid is taken back by rows dated today; the money can be used again."""

    entities = TOUCHED

    def __init__(
        self, desk: Desk, contact_id: int, allocation_ids: Sequence[int], amount: str, called: str, parent: QWidget
    ) -> None:
        super().__init__(desk, _("Un-allocate {name}").format(name=called), _("Un-allocate"), parent)
        self._contact_id, self._ids = contact_id, tuple(allocation_ids)
        self.explain(
            _("{amount} is open again from today on and the money can be used for something else.").format(
                amount=amount
            )
        )
        self.row(LineEditor("reason", _("Why (if there is something to say)"), 30))
        self.begin({})

    def act(self, values: dict[str, Any]) -> Act:
        contact_id, ids, reason = self._contact_id, self._ids, values["reason"]

        def take_back(work: Any) -> int:
            allocating.unallocate(work, contact_id, ids, reason=reason)
            return len(ids)

        return take_back


class WriteOffDialog(MoneyDialog):
    """Instalments of one customer and currency that will not be paid: why, and who approved it."""

    entities: ClassVar[tuple[str, ...]] = ("write_off",)

    def __init__(self, desk: Desk, currency: str, instalments: Sequence[Claim], parent: QWidget) -> None:
        self._items = tuple(instalments)
        total = sum((one.open for one in self._items), Decimal(0))
        super().__init__(desk, self._title(), _("Write off"), parent, needed=("reason",))
        self.explain(
            _("It is no longer owed and never shown as paid. It can be taken back.")
            if len(self._items) == 1
            else _("{amount} is no longer owed and never shown as paid. It can be taken back.").format(
                amount=f"{currency} {number_text(total)}"
            )
        )
        self.amount = MoneyEditor("amount", _("Write off {currency}").format(currency=currency), currency)
        self.approver = UserEditor("approved_by", _("Approved by"), (), _("Myself"), 16)
        if len(self._items) == 1:
            self.row(self.amount, self.approver)
        else:
            self.row(self.approver)
        self.row(LineEditor("reason", _("Why"), 30))
        self.begin({"amount": total})
        self.amount.line.selectAll()
        desk.tasks.read(self, people.colleagues, self._offer)

    def _title(self) -> str:
        if len(self._items) == 1:
            return _("Write off {name}").format(name=called(self._items[0]))
        count = len(self._items)
        return ngettext("Write off {count} instalment", "Write off {count} instalments", count).format(count=count)

    def _offer(self, users: Sequence[tuple[int, str]]) -> None:
        for user_id, name in users:
            if user_id != self.desk.actor.user_id:
                self.approver.combo.addItem(name, user_id)

    def problem(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        amount = values.get("amount")
        if len(self._items) == 1 and (not amount or amount > self._items[0].open):
            return "amount", _("At most {amount} is open.").format(amount=number_text(self._items[0].open))
        return None

    def act(self, values: dict[str, Any]) -> Act:
        amounts = {one.id: one.open for one in self._items}
        if len(self._items) == 1:
            amounts = {self._items[0].id: values["amount"]}
        reason, approver = values["reason"], values["approved_by"]
        return lambda work: write_offs.write_off(work, amounts, reason, approved_by=approver)


class TakeBackDialog(MoneyDialog):
    """A write-off is taken back: what was written off is open again from today on."""

    entities = TOUCHED

    def __init__(self, desk: Desk, write_off_id: int, amount: str, parent: QWidget) -> None:
        super().__init__(desk, _("Take back the write-off"), _("Take it back"), parent)
        self._write_off_id = write_off_id
        self.explain(_("{amount} is open again from today on.").format(amount=amount))
        self.row(LineEditor("reason", _("Why (if there is something to say)"), 30))
        self.begin({})

    def act(self, values: dict[str, Any]) -> Act:
        write_off_id, reason = self._write_off_id, values["reason"]

        def take_back(work: Any) -> int:
            write_offs.take_back(work, write_off_id, reason=reason)
            return write_off_id

        return take_back


def called(one: Claim) -> str:
    """Return what a dialog calls an instalment: "INV-2026-0312, 1 of 2"."""
    return ", ".join(part for part in (one.number, place_words(one.place)) if part)
