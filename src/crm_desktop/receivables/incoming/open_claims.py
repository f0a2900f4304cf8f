"""The open invoices a list of receipts pays, and what each receipt of the list leaves of them to the next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.documents import names_of
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import rules
from crm_desktop.receivables.incoming.receipt_groups import Part
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.i18n import _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import Candidate, ImportOptions
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.text import fold

_MOST_OFFERED: Final = 50


@dataclass(frozen=True, slots=True)
class Paid:
    """Whose money pays: the customer (None: one that is still to be created), the currency and the day."""

    contact_id: int | None
    name: str
    currency: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class _Document:
    id: int
    number: str
    contact_id: int
    currency: str
    kind: str


@dataclass(slots=True)
class _Claim:
    id: int
    invoice_id: int | None
    contact_id: int
    currency: str
    number: str
    due_on: date
    left: int


class OpenClaims:
    """Invoices by the numbers a file names, with what is open of their instalments."""

    def __init__(self, work: Work, options: ImportOptions, numbers: Iterable[str]) -> None:
        self.work = work
        self.answers = {text: id_ for (field, text), id_ in options.answers.items() if field == "invoice"}
        self.documents: dict[str, _Document] = {}
        self._by_id: dict[int, _Document] = {}
        self._claims: dict[int, _Claim] = {}
        self._of_invoice: dict[int, list[_Claim]] = defaultdict(list)
        self._of_customer: dict[tuple[int, str], list[_Claim]] = {}
        self._find({number for number in numbers if number})

    def currency_of(self, number: str) -> str:
        """Return the currency of an invoice, "" for a number that is not known."""
        found = self._document(number)
        return "" if found is None else found.currency

    def customer_of(self, number: str) -> int | None:
        """Return whose invoice it is. Raises Refused when there is none, or it was said to be left out."""
        found = self._document(number)
        if found is None and fold(number) not in self.answers:
            raise Refused("invoice", _("There is no invoice {number}.").format(number=number))
        return None if found is None else found.contact_id

    def pay(self, paid: Paid, parts: Sequence[Part], amount: int) -> list[tuple[int, str, int]]:
        """Take from the open invoices what a receipt pays: instalment, number and minor units. Raises Refused."""
        uses: list[tuple[int, str, int]] = []
        taken: list[tuple[_Claim, int]] = []
        left = amount
        try:
            for part in parts:
                part.row.remarks.pop("invoice", None)
                document = self._meant(paid, part)
                if document is None:
                    continue
                claims = self._of_invoice[document.id]
                opened = sum(claim.left for claim in claims)
                if part.exact and (part.amount or 0) > opened:
                    raise Refused("allocated", _too_much(document, opened))
                wanted = left if part.amount is None else part.amount
                if wanted > opened and (part.amount is not None or part is parts[-1]):
                    part.row.remarks["invoice"] = _stays(document, opened)
                for claim, some in _poured(claims, min(wanted, opened)):
                    claim.left -= some
                    left -= some
                    taken.append((claim, some))
                    uses.append((claim.id, document.number, some))
        except Refused:
            for claim, some in taken:
                claim.left += some
            raise
        return _joined(uses)

    def load(self, contact_ids: Iterable[int]) -> None:
        """Read everything open of these customers, so that money may pay what is due first."""
        for some in portions(sorted(set(contact_ids))):
            self._read(Instalment.contact_id.in_(some))
        by_customer: dict[tuple[int, str], list[_Claim]] = defaultdict(list)
        for claim in sorted(self._claims.values(), key=lambda one: (one.due_on, one.number, one.id)):
            by_customer[claim.contact_id, claim.currency].append(claim)
        self._of_customer = by_customer

    def oldest(self, contact_id: int, currency: str, amount: int) -> list[tuple[int, str, int]]:
        """Take `amount` from what is due first, after `load`; what nothing is open for stays an advance."""
        uses: list[tuple[int, str, int]] = []
        claims = self._of_customer.get((contact_id, currency), [])
        for claim, some in _poured(claims, amount):
            claim.left -= some
            uses.append((claim.id, claim.number, some))
        while claims and not claims[0].left:
            claims.pop(0)
        return uses

    def _meant(self, paid: Paid, part: Part) -> _Document | None:
        """Return the invoice a cell means, None when it was answered to be left out. Raises Refused."""
        found = self._document(part.invoice)
        if found is None:
            if fold(part.invoice) in self.answers:
                return None
            why = _("There is no invoice {number}.").format(number=part.invoice)
            raise Refused("invoice", why, self._offered(paid))
        if found.kind != rules.INVOICE:
            raise Refused("invoice", _("{number} is a credit note.").format(number=found.number))
        if found.contact_id != paid.contact_id:
            name = names_of(self.work, (found.contact_id,)).get(found.contact_id, "")
            why = _("Invoice {number} is that of {name}.").format(number=found.number, name=name)
            raise Refused("invoice", why, self._offered(paid))
        if found.currency != paid.currency:
            why = _("Invoice {number} is in {currency}.").format(number=found.number, currency=found.currency)
            raise Refused("currency", why)
        return found

    def _document(self, number: str) -> _Document | None:
        answer = self.answers.get(fold(number))
        return self._by_id.get(answer) if answer is not None else self.documents.get(number)

    def _offered(self, paid: Paid) -> tuple[Candidate, ...]:
        """Return the open invoices of the customer that pays, what is due first in front."""
        if paid.contact_id is None:
            return ()
        asked = (
            select(Invoice.id, Invoice.number, Invoice.open_amount)
            .where(Invoice.contact_id == paid.contact_id, Invoice.currency == paid.currency, Invoice.open_amount > 0)
            .where(Invoice.kind == rules.INVOICE)
            .order_by(Invoice.due_sort, Invoice.id)
            .limit(_MOST_OFFERED)
        )
        return tuple(
            Candidate(id_, f"{number} · {from_minor(left, paid.currency):,} {paid.currency}")
            for id_, number, left in self.work.session.execute(asked)
        )

    def _find(self, numbers: set[str]) -> None:
        columns = (Invoice.id, Invoice.number, Invoice.contact_id, Invoice.currency, Invoice.kind)
        asked: Any = select(*columns).where(Invoice.number.is_not(None))
        for some in portions(sorted(numbers)):
            self._keep(asked.where(Invoice.number.in_(some)))
        for ids in portions(sorted({id_ for id_ in self.answers.values() if id_ is not None})):
            self._keep(asked.where(Invoice.id.in_(ids)))
        for ids in portions(sorted(self._by_id)):
            self._read(Instalment.invoice_id.in_(ids))

    def _keep(self, asked: Any) -> None:
        for row in self.work.session.execute(asked):
            found = _Document(*row)
            self.documents[found.number] = self._by_id[found.id] = found

    def _read(self, of: Any) -> None:
        number = select(Invoice.number).where(Invoice.id == Instalment.invoice_id).scalar_subquery()
        names: tuple[Any, ...] = (Instalment.id, Instalment.invoice_id, Instalment.contact_id, Instalment.currency)
        asked: Any = select(*names, number, Instalment.due_sort, Instalment.open_amount)
        asked = asked.where(of, Instalment.claimed_on.is_not(None), Instalment.open_amount > 0)
        for id_, *rest in self.work.session.execute(asked.order_by(Instalment.due_sort, Instalment.id)):
            if id_ in self._claims:
                continue
            claim = self._claims[id_] = _Claim(id_, *rest)
            claim.number = claim.number or ""
            if claim.invoice_id is not None:
                self._of_invoice[claim.invoice_id].append(claim)


def _poured(claims: Sequence[_Claim], amount: int) -> list[tuple[_Claim, int]]:
    found: list[tuple[_Claim, int]] = []
    for claim in claims:
        if not amount:
            break
        if some := min(claim.left, amount):
            found.append((claim, some))
            amount -= some
    return found


def _joined(uses: Sequence[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """Return the uses with those of one instalment joined."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for id_, number, some in uses:
        sums[id_, number] += some
    return [(id_, number, some) for (id_, number), some in sums.items()]


def _too_much(document: _Document, opened: int) -> str:
    why = _("Only {open} {currency} of {number} are open.")
    return why.format(
        open=f"{from_minor(opened, document.currency):,}", currency=document.currency, number=document.number
    )


def _stays(document: _Document, opened: int) -> str:
    why = _("Only {open} {currency} of {number} are open, so the rest stays an advance.")
    return why.format(
        open=f"{from_minor(opened, document.currency):,}", currency=document.currency, number=document.number
    )
