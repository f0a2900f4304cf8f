"""What becomes of the rows of a list of receipts; nothing here is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts.incoming.links import CustomerLinks, Named, named_in
from crm_desktop.db.work import Work
from crm_desktop.receivables import rules
from crm_desktop.receivables.incoming.cells import (
    Cells,
    first_problem,
    given,
    number_of,
    planned_or_refused,
    stored_text,
    text_of,
)
from crm_desktop.receivables.incoming.matching import Stored, check_same, wanted_changes
from crm_desktop.receivables.incoming.open_claims import OpenClaims, Paid
from crm_desktop.receivables.incoming.receipt_fields import LABELS
from crm_desktop.receivables.incoming.receipt_groups import (
    by_number,
    head_of,
    parts_of,
    total_of,
    without_doubles,
)
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Account
from crm_desktop.receivables.money.taking_over import OTHER
from crm_desktop.receivables.numbering import OF_RECEIPTS, is_own_number
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared import import_reasons
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import (
    CLEAR,
    Candidate,
    Difference,
    ImportOptions,
    ImportRow,
    Planned,
    Verdict,
)
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import fold

UNALLOCATED: Final = "unallocated"
ADVANCE: Final = "advance"
OLDEST: Final = "oldest"
_PIECE: Final = 500
_EDITABLE: Final = {
    **{name: name for name in ("method", "reference", "payer", "matures_on", "notes")},
    "account": "account_id",
}


@dataclass(slots=True)
class Incoming:
    """A new receipt: its columns, its customer as the file names it, and what it pays (instalment, number, minor)."""

    named: Named
    contact_id: int | None
    """None when the customer is to be created."""
    number: str
    dated_on: date
    currency: str
    amount: int
    rate: Decimal
    means: Mapping[str, Any]
    created_by: int | None
    uses: list[tuple[int, str, int]] = field(default_factory=list)


def plan(work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
    """Return what would become of each receipt, in their order. Raises Cancelled."""
    plan_of = _Plan(work, rows, options)
    planned: list[Planned] = []
    groups = by_number(rows)
    for place, group in enumerate(groups):
        if place % _PIECE == 0:
            progress.step(place, len(groups))
        kept, doubles = without_doubles(group)
        with planned_or_refused(kept, planned):
            planned.append(plan_of.one(kept))
        for row, same in doubles:
            why = import_reasons.same_as(same.number)
            planned.append(Planned(Verdict.DUPLICATE, [row], why=why))
    if options.chosen.get(UNALLOCATED) == OLDEST:
        plan_of.pay_oldest([one.payload for one in planned if one.verdict is Verdict.NEW])
    return sorted(planned, key=lambda one: one.number)


class _Plan:
    def __init__(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions) -> None:
        self.work = work
        self.options = options
        self.settings = get_settings(work)
        self.cells = Cells(work)
        self.customers = CustomerLinks(work, options).find({named_in(row) for row in rows})
        self.stored = Stored(work, Receipt, rows, (_number(row) for row in rows), LABELS)
        self.accounts = list(work.session.scalars(select(Account).order_by(Account.id)))
        self.claims = OpenClaims(work, options, (text_of(row, "invoice") for row in rows))

    def one(self, rows: list[ImportRow]) -> Planned:
        """Return what becomes of a receipt. Raises Invalid, Refused."""
        for row in rows:
            if (bad := first_problem(row)) is not None:
                return Planned(Verdict.INVALID, rows, why=bad.why, field=bad.field)
        head = head_of(rows)
        number = number_of(head, "number", "reference")
        found = self.stored.match(head, number)
        if found is None:
            return self.new(rows, head, number)
        if text_of(head, "number"):
            check_same("number", LABELS["number"], number, found.number)
        return self.known(rows, head, found)

    def new(self, rows: list[ImportRow], head: ImportRow, number: str) -> Planned:
        """Return what rows that are not here yet bring. Raises Invalid, Refused."""
        if is_own_number(number, self.settings, OF_RECEIPTS):
            message = N_(
                "The program numbers its own receipts like {number}. Let them begin otherwise in the settings."
            )
            raise Invalid("number", message, number=number)
        dated_on = self.cells.day(head, "dated_on")
        if dated_on is None:
            raise Invalid("dated_on", N_("The date is missing."))
        paid_first = next((text for row in rows if (text := text_of(row, "invoice"))), "")
        currency = self.cells.currency(head)
        if paid_first and not text_of(head, "currency"):
            currency = self.claims.currency_of(paid_first) or currency
        named = named_in(head)
        contact_id = self._customer(named, paid_first)
        rate = self.cells.rate(head, currency)
        amount = total_of(rows, self.cells, currency)
        parts = parts_of(rows, self.cells, currency)
        means = self._means(head, currency)
        paid = Paid(contact_id, self._name(named, contact_id), currency, dated_on)
        uses = self.claims.pay(paid, parts, amount)
        made = Incoming(
            named, contact_id, number, dated_on, currency, amount, rate, means, given(head, "created_by"), uses
        )
        return Planned(Verdict.NEW, rows, payload=made)

    def known(self, rows: list[ImportRow], head: ImportRow, found: Receipt) -> Planned:
        """Return what becomes of rows whose receipt is here already. Raises Invalid, Refused."""
        self._check_fixed(rows, head, found)
        means: dict[str, Any] = {name: stored_text(head, name) for name in ("method", "reference", "payer", "notes")}
        means |= {"matures_on": given(head, "matures_on"), "account": self._account(head, found.currency)}
        if head.values.get("method") is CLEAR:
            raise Invalid("method", N_("A receipt says how the money came."))
        changes = wanted_changes(head, found, _EDITABLE, means)
        self.stored.check_unchanged(head, changes)
        told = [self._difference(column, getattr(found, column), new) for column, new in changes.items()]
        planned = self.stored.becomes(head, found, self.options, told)
        planned.rows, planned.payload = rows, changes
        return planned

    def pay_oldest(self, made: Sequence[Incoming]) -> None:
        """Let what names no invoice pay what is due first, the earlier money first."""
        wanting = [one for one in made if one.contact_id is not None and _rest(one)]
        self.claims.load({one.contact_id for one in wanting if one.contact_id is not None})
        for one in sorted(wanting, key=lambda one: one.dated_on):
            assert one.contact_id is not None
            one.uses += self.claims.oldest(one.contact_id, one.currency, _rest(one))

    def _customer(self, named: Named, paid_first: str) -> int | None:
        link = self.customers[named]
        if link.why:
            raise Refused(link.field or "customer", link.why, link.candidates)
        if link.missing:
            if not self.options.create_missing:
                called = named.name or named.code or named.registration
                raise Refused(link.field or "customer", _("There is no customer {name}.").format(name=called))
            return None
        if link.id is not None:
            return link.id
        found = self.claims.customer_of(paid_first) if paid_first else None
        if found is None:
            raise Invalid("customer", N_("The customer is missing."))
        return found

    def _name(self, named: Named, contact_id: int | None) -> str:
        link = self.customers[named]
        return link.label if link.id is not None and link.id == contact_id else named.name or named.code

    def _means(self, head: ImportRow, currency: str) -> dict[str, Any]:
        return {
            **{name: stored_text(head, name) for name in ("reference", "payer", "notes")},
            "method": given(head, "method") or OTHER,
            "account_id": self._account(head, currency),
            "matures_on": given(head, "matures_on"),
        }

    def _account(self, head: ImportRow, currency: str) -> int | None:
        text = fold(text_of(head, "account"))
        if not text:
            return None
        if ("account", text) in self.options.answers:
            return self.options.answers["account", text]
        fits = [one for one in self.accounts if text in (fold(one.name), fold(one.number))]
        usable = [one for one in fits if one.currency in ("", currency)]
        if len(usable) == 1:
            return usable[0].id
        offered = tuple(
            Candidate(one.id, one.name) for one in usable or self.accounts if one.currency in ("", currency)
        )
        why = _("Several accounts are called {name}.") if usable else _("There is no account {name} for {currency}.")
        raise Refused("account", why.format(name=text_of(head, "account"), currency=currency), offered)

    def _check_fixed(self, rows: Sequence[ImportRow], head: ImportRow, found: Receipt) -> None:
        """Raise Refused when the file says something else of what a receipt keeps."""
        link = self.customers[named_in(head)]
        if any(named_in(head)) and found.contact_id not in {link.id, *(one.id for one in link.candidates)}:
            check_same("customer", LABELS["customer"], None, self.stored.customers.get(found.contact_id, ""))
        if (dated_on := given(head, "dated_on")) is not None:
            check_same("dated_on", LABELS["dated_on"], dated_on, found.dated_on)
        if text_of(head, "currency"):
            check_same("currency", LABELS["currency"], self.cells.currency(head), found.currency)
        if any(given(row, "amount") is not None for row in rows):
            sign = 1 if found.kind == rules.RECEIPT else -1
            received = from_minor(found.amount, found.currency)
            several = sum(Decimal(given(row, "amount") or 0) * sign for row in rows)
            said = {several, *(given(row, "amount") * sign for row in rows if given(row, "amount") is not None)}
            if received not in said:
                check_same("amount", LABELS["amount"], None, received * sign)

    def _difference(self, column: str, old: Any, new: Any) -> Difference:
        name = next(field for field, one in _EDITABLE.items() if one == column)
        return Difference(name, _(LABELS[name]), self._shown(column, old), self._shown(column, new))

    def _shown(self, column: str, value: Any) -> str:
        if value is None:
            return ""
        if column == "account_id":
            return next((one.name for one in self.accounts if one.id == value), str(value))
        return _(dict(rules.METHODS).get(value, value)) if column == "method" else str(value)


def _number(row: ImportRow) -> str:
    return text_of(row, "number") or text_of(row, "reference")


def _rest(one: Incoming) -> int:
    return one.amount - sum(some for _id, _number, some in one.uses)
