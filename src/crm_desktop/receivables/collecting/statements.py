"""Statements of account: what happened between two days, or what is open on one; one customer, one currency.

The closing balance is `balances.card`, the lines explain it: opening + charged − paid = closing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import case, func, select

from crm_desktop.access.company import company
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.balances import LOOKS, Balance, Day, card, day_of, open_credits, open_items
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.ledger_model import Allocation, Receipt, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor, to_minor
from crm_desktop.shared.permissions import requires
from crm_desktop.shared.report import Asked

ACTIVITY, OPEN = "activity", "open"
FORMS: Final = ((ACTIVITY, N_("Account activity")), (OPEN, N_("Open items")))
ORDER: Final = "order"
ENTITY: Final = "statement"
WRITE_OFF: Final = "write_off"
KINDS: Final = (
    (rules.INVOICE, N_("Invoice")),
    (ORDER, N_("Contract")),
    (rules.CREDIT, N_("Credit note")),
    *rules.RECEIPT_KINDS,
    *rules.WRITE_OFF_KINDS,
)
"""What a line of a statement tells of."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line: `charged` raises what is owed, `paid` lowers it, `balance` is what is owed after it.

    In a statement of open items `charged` is what is open of a claim and `paid` what is unused of a
    receipt or credit note. `kind` is a key of KINDS; `document` names what can be opened.
    """

    dated_on: date
    kind: str
    number: str
    reference: str
    text: str
    due_on: date | None
    charged: Decimal
    paid: Decimal
    balance: Decimal
    document: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one customer in one currency; `balance` has the ageing on its last day.

    `from_on` None begins with the first document there is. `language` is the customer's, else the company's.
    """

    contact_id: int
    name: str
    currency: str
    form: str
    from_on: date | None
    to_on: date
    opening: Decimal
    lines: tuple[StatementLine, ...]
    balance: Balance
    bounds: tuple[int, ...]
    language: str

    @property
    def closing(self) -> Decimal:
        """Return what is owed on the last day."""
        return self.balance.balance

    @property
    def charged(self) -> Decimal:
        """Return the sum of what raised the balance."""
        return sum((one.charged for one in self.lines), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """Return the sum of what lowered it."""
        return sum((one.paid for one in self.lines), Decimal(0))


class _Movement(NamedTuple):
    """A change of the balance in minor units; more is owed when `amount` is above 0.

    `rank` orders what happened on one day: what was taken back stands behind what it takes back.
    """

    dated_on: date
    rank: int
    kind: str
    document: tuple[str, int]
    number: str
    reference: str
    text: str
    due_on: date | None
    amount: int


@requires(*LOOKS)
def statement(
    work: Work,
    contact_id: int,
    currency: str = "",
    *,
    form: str = ACTIVITY,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Statement:
    """Return a statement; without a currency that of the company, or else the first there is anything in.

    `to_on` None, or a day to come, is today. Raises NotFound for a customer out of sight.
    """
    contact = work.get(Contact, contact_id)
    day = last_day(work, to_on)
    currency = currency or next(iter(currencies(work, contact_id)), company(work).currency)
    balance = card(work, contact_id, day.as_of).of(currency)
    opening = from_minor(0, currency)
    if form == OPEN:
        lines = _open_lines(work, contact_id, currency, day.as_of)
        from_on = None
    else:
        if from_on is not None:
            opening = card(work, contact_id, from_on - timedelta(1)).of(currency).balance
        lines = _running(_movements(work, contact_id, currency, from_on, day.as_of), opening, currency)
    return Statement(
        contact_id=contact_id,
        name=contact.name,
        currency=currency,
        form=form,
        from_on=from_on,
        to_on=day.as_of,
        opening=opening,
        lines=tuple(lines),
        balance=balance,
        bounds=day.bounds,
        language=contact.language or company(work).language,
    )


@requires(*LOOKS)
def currencies(work: Work, contact_id: int) -> tuple[str, ...]:
    """Return the currencies there is anything in with a customer, the company's first."""
    found: set[str] = set()
    for entity in (Instalment, Receipt, Invoice):
        asked = select(entity.currency).where(entity.contact_id == contact_id, *_counts(entity)).distinct()
        found |= set(work.session.scalars(asked))
    own = company(work).currency
    return tuple(sorted(found, key=lambda one: (one != own, one)))


@requires(*LOOKS)
def customers(work: Work, to_on: date | None = None, *, moved_from: date | None = None) -> tuple[tuple[int, str], ...]:
    """Return (customer, currency) of the statements of a batch, by the customer's name.

    That is everybody with something open or unused on the day, and with `moved_from` also those for whom
    something was dated from that day on.
    """
    day = last_day(work, to_on)
    wanted = {(row[0], row[1]) for row in adding.rows(work, day.question())}
    if moved_from is not None:
        for entity, dated in (
            (Instalment, Instalment.claimed_on),
            (Receipt, Receipt.dated_on),
            (Invoice, Invoice.dated_on),
        ):
            asked = select(entity.contact_id, entity.currency).where(
                dated >= moved_from, dated <= day.as_of, *_counts(entity)
            )
            wanted |= {(row[0], row[1]) for row in work.session.execute(asked.distinct())}
    found = customers_of(work, (contact_id for contact_id, _currency in wanted))
    return tuple(sorted((one for one in wanted if one[0] in found), key=lambda one: (found[one[0]].sort_key, *one)))


@requires(*LOOKS)
def wanted(work: Work, asked: Asked) -> Sequence[tuple[int, str]]:
    """Return (customer, currency) of the statements that are asked for."""
    if asked.contact_id is None:
        moved_from = asked.from_on if asked.form != OPEN else None
        found: Sequence[tuple[int, str]] = customers(work, asked.to_on, moved_from=moved_from)
    else:
        found = [(asked.contact_id, currency) for currency in currencies(work, asked.contact_id)]
    return [one for one in found if asked.currency in ("", one[1])]


@requires(*LOOKS)
def last_day(work: Work, to_on: date | None) -> Day:
    """Return the day a statement ends on: the one asked for, at the latest today."""
    now = day_of(work, None)
    return now if to_on is None or to_on >= now.as_of else day_of(work, to_on)


def _counts(entity: Any) -> tuple[Any, ...]:
    if entity is Instalment:
        return (Instalment.claimed_on.is_not(None),)
    if entity is Receipt:
        return (Receipt.kind == rules.RECEIPT,)
    return Invoice.kind == rules.CREDIT, Invoice.state == rules.POSTED


def _running(movements: Iterable[_Movement], opening: Decimal, currency: str) -> Iterator[StatementLine]:
    balance, none = opening, from_minor(0, currency)
    for one in movements:
        amount = from_minor(one.amount, currency)
        balance += amount
        yield StatementLine(
            one.dated_on,
            one.kind,
            one.number,
            one.reference,
            one.text,
            one.due_on,
            charged=max(amount, none),
            paid=max(-amount, none),
            balance=balance,
            document=one.document,
        )


def _open_lines(work: Work, contact_id: int, currency: str, day: date) -> Iterator[StatementLine]:
    claims = [
        _Movement(
            one.dated_on,
            0,
            ORDER if one.invoice_id is None else rules.INVOICE,
            (ORDER, one.order_id or 0) if one.invoice_id is None else (rules.INVOICE, one.invoice_id),
            one.number,
            "",
            " ".join(part for part in (one.place, one.label, one.event) if part),
            one.due_on,
            to_minor(one.open, currency),
        )
        for one in open_items(work, contact_id, day, currency)
    ]
    unused = [
        _Movement(
            one.dated_on,
            1,
            one.kind,
            (rules.INVOICE if one.kind == rules.CREDIT else rules.RECEIPT, one.id),
            one.number,
            "",
            "",
            None,
            -to_minor(one.open, currency),
        )
        for one in open_credits(work, contact_id, day, currency)
    ]
    return _running([*claims, *unused], from_minor(0, currency), currency)


def _movements(work: Work, contact_id: int, currency: str, from_on: date | None, to_on: date) -> Sequence[_Movement]:
    period = _Period(work, contact_id, currency, from_on, to_on)
    found = [*period.claims(), *period.credits(), *period.receipts(), *period.written_off(), *period.spent()]
    return sorted(found, key=lambda one: (one.dated_on, one.rank, one.number, one.document))


@dataclass(frozen=True, slots=True)
class _Period:
    """What moved the balance of one customer between two days, inclusive.

    An instalment that was moved to another day is no movement: what ends is what begins.
    """

    work: Work
    contact_id: int
    currency: str
    from_on: date | None
    to_on: date

    def within(self, entity: Any, dated: Any) -> tuple[Any, ...]:
        """Return the conditions of customer, currency and days."""
        since = () if self.from_on is None else (dated >= self.from_on,)
        return entity.contact_id == self.contact_id, entity.currency == self.currency, dated <= self.to_on, *since

    def claims(self) -> Iterator[_Movement]:
        """Yield what invoices, or confirmed orders, claimed."""
        first, last = func.min(Instalment.due_on), func.max(Instalment.due_on)
        undated = func.count() - func.count(Instalment.due_on)
        order_id: Any = case((Instalment.invoice_id.is_(None), Instalment.order_id))
        asked = (
            select(
                *(Instalment.claimed_on, Instalment.invoice_id, order_id),
                *(func.sum(Instalment.amount), first, last, undated),
            )
            .where(*self.within(Instalment, Instalment.claimed_on), Instalment.moved_from_id.is_(None))
            .group_by(Instalment.claimed_on, Instalment.invoice_id, order_id)
        )
        rows: Sequence[Any] = self.work.session.execute(asked).all()
        invoices = self._named(Invoice, {row[1] for row in rows if row[1] is not None})
        orders = self._named(Order, {row[2] for row in rows if row[1] is None})
        for dated_on, invoice_id, of_order, amount, first_due, last_due, without in rows:
            kind, id_ = (ORDER, of_order) if invoice_id is None else (rules.INVOICE, invoice_id)
            number, reference, subject = (orders if invoice_id is None else invoices).get(id_, ("", "", ""))
            due = first_due if first_due == last_due and not without else None
            yield _Movement(dated_on, 0, kind, (kind, id_), number, reference, subject, due, int(amount))

    def credits(self) -> Iterator[_Movement]:
        """Yield the credit notes."""
        asked = select(Invoice.dated_on, Invoice.id, Invoice.number, Invoice.reference, Invoice.reason, Invoice.total)
        asked = asked.where(*self.within(Invoice, Invoice.dated_on), *_counts(Invoice))
        for dated_on, id_, number, reference, reason, total in self.work.session.execute(asked):
            document = (rules.INVOICE, id_)
            yield _Movement(dated_on, 1, rules.CREDIT, document, number or "", reference, reason, None, -total)

    def receipts(self) -> Iterator[_Movement]:
        """Yield the money that came in."""
        asked = select(Receipt.dated_on, Receipt.id, Receipt.number, Receipt.reference, Receipt.amount)
        asked = asked.where(*self.within(Receipt, Receipt.dated_on), *_counts(Receipt))
        for dated_on, id_, number, reference, amount in self.work.session.execute(asked):
            document = (rules.RECEIPT, id_)
            yield _Movement(dated_on, 2, rules.RECEIPT, document, number, reference, "", None, -amount)

    def written_off(self) -> Iterator[_Movement]:
        """Yield what will not be paid, and what was written off by mistake."""
        taken_back = Allocation.amount < 0
        asked = (
            select(Allocation.dated_on, WriteOff.id, WriteOff.kind, WriteOff.reason, func.sum(Allocation.amount))
            .join(WriteOff, WriteOff.id == Allocation.write_off_id)
            .where(*self.within(Allocation, Allocation.dated_on))
            .group_by(Allocation.dated_on, WriteOff.id, WriteOff.kind, WriteOff.reason, taken_back)
        )
        for dated_on, id_, kind, reason, amount in self.work.session.execute(asked):
            rank = 3 if amount > 0 else 4
            yield _Movement(dated_on, rank, kind, (WRITE_OFF, id_), "", "", reason, None, -int(amount))

    def spent(self) -> Iterator[_Movement]:
        """Yield what used received money up: given back, never arrived, or kept."""
        taken_back = Allocation.amount < 0
        named = (Receipt.id, Receipt.kind, Receipt.number, Receipt.reference, Receipt.reason)
        asked = (
            select(Allocation.dated_on, *named, func.sum(Allocation.amount))
            .join(Receipt, Receipt.id == Allocation.spent_id)
            .where(*self.within(Allocation, Allocation.dated_on))
            .group_by(Allocation.dated_on, *named, taken_back)
        )
        for dated_on, id_, kind, number, reference, reason, amount in self.work.session.execute(asked):
            rank, document = 5 if amount > 0 else 6, (rules.RECEIPT, id_)
            yield _Movement(dated_on, rank, kind, document, number, reference, reason, None, int(amount))

    def _named(self, entity: Any, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        wanted, found = sorted(ids), dict[int, tuple[str, str, str]]()
        for start in range(0, len(wanted), _AT_ONCE):
            asked = select(entity.id, entity.number, entity.reference, entity.subject).where(
                entity.id.in_(wanted[start : start + _AT_ONCE])
            )
            found.update({row[0]: (row[1] or "", row[2], row[3]) for row in self.work.session.execute(asked)})
        return found
