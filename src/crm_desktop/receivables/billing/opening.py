"""Opening balances: what customers owed, or had to their credit, when the company moved here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import insert, select

from crm_desktop.access.company import company
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.customers import check_customer
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.orders import totals
from crm_desktop.orders.composing import MOST_MINOR
from crm_desktop.orders.drafting import last_rate
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.orders.rules import ITEM, reference_key
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.receivables.numbering import is_own_number
from crm_desktop.receivables.settings import get_settings
from crm_desktop.reports.paper_text import amount, in_language
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor, to_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line, clean_multiline

_CALLED: Final = {
    rules.INVOICE: N_("Open rest of invoice {number} over {total} {currency}"),
    rules.CREDIT: N_("Unused rest of credit note {number} over {total} {currency}"),
}
_WHOLE: Final = {
    rules.INVOICE: N_("Invoice {number}, taken over"),
    rules.CREDIT: N_("Credit note {number}, taken over"),
}
_LONGEST: Final = 60


@requires(Permission.INVOICE_WRITE, Permission.INVOICE_POST)
def take_over(work: Work, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Store what was open in the system before and return the ids in the order given.

    Each row has `contact_id`, `number` (of there, kept), `dated_on`, `currency`, `total`, `open`, and may
    have `kind` ("credit" for what a customer had to its credit), `due_on`, `event`, `rate`, `reference`,
    `subject`, `notes`, `salesperson`, `created_by` (else whoever takes it over). What is open is claimed
    since the day of the document; the original total stands in its one line. It is no turnover. Raises Invalid
    with the place of the row.
    """
    given = list(rows)
    if not given:
        return []
    customers = _customers(work, {row.get("contact_id") for row in given})
    taking = _Taking(work)
    documents = [taking.document(place, row, customers) for place, row in enumerate(given, 1)]
    _check_numbers(work, documents)
    # Told by their numbers: asked for in the order given, SQLite would be given row by row.
    made: Any = insert(Invoice).returning(Invoice.number, Invoice.id)
    by_number = dict(work.session.execute(made, [one.columns for one in documents]).all())
    ids = [by_number[one.columns["number"]] for one in documents]
    work.session.execute(insert(InvoiceLine), [one.line | {"invoice_id": id_} for id_, one in _with(ids, documents)])
    claims = [one.claim(id_) for id_, one in _with(ids, documents) if one.columns["kind"] == rules.INVOICE]
    instalments = list(work.session.scalars(insert(Instalment).returning(Instalment.id), claims)) if claims else []
    ledger.recompute(work, instalments=instalments, invoices=ids)
    for id_, one in _with(ids, documents):
        after = {name: plain(value) for name, value in one.columns.items() if name in _TOLD and value}
        work.notes.add(Invoice.journal_entity, id_, Note(CREATE, {}, after, 1, one.columns["contact_id"]))
    return ids


_TOLD: Final = ("number", "kind", "dated_on", "currency", "total", "reference", "subject", "taken_over", "due_on")


class _Opening:
    """One document that is taken over: its columns, its one line, and when it is due."""

    def __init__(self, columns: dict[str, Any], line: dict[str, Any], event: str) -> None:
        self.columns = columns
        self.line = line
        self.event = event

    def claim(self, invoice_id: int) -> dict[str, Any]:
        """Return the instalment that is claimed."""
        followed = ("contact_id", "owner_key", "contact_sort", "currency", "salesperson_id", "due_on", "dated_on")
        return {name: self.columns[name] for name in followed} | {
            "invoice_id": invoice_id,
            "position": 0,
            "label": "",
            "amount": self.columns["total"],
            "event": self.event,
            "claimed_on": self.columns["dated_on"],
            "open_amount": 0,
            "dispute_reason": "",
            "dunning_level": 0,
        }


class _Taking:
    """What all rows have in common, asked once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.settings = get_settings(work)
        self.language = company(work).language
        self.rates: dict[str, Decimal] = {}
        self.days = ledger.open_days(work)

    def document(self, place: int, row: Mapping[str, Any], customers: Mapping[int, Contact]) -> _Opening:
        """Return a row as a document. Raises Invalid."""
        contact = customers[row["contact_id"]]
        kind = row.get("kind") or rules.INVOICE
        number = clean_line(str(row.get("number") or ""))
        if kind not in _CALLED:
            raise Invalid("kind", N_("This value is not known. Choose one of the list."))
        if not number or len(number) > _LONGEST:
            raise Invalid("number", N_("Row {place}: the number of the document is missing."), place=place)
        if is_own_number(number, self.settings):
            raise Invalid(
                "number",
                N_(
                    "Row {place}: the program numbers its own invoices like {number}. Let them begin otherwise in "
                    "the settings first."
                ),
                place=place,
                number=number,
            )
        currency = clean_line(str(row.get("currency") or "")).upper()
        if len(currency) != 3:
            raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
        dated_on = row.get("dated_on")
        if not isinstance(dated_on, date):
            raise Invalid("dated_on", N_("Row {place}: the date is missing."), place=place)
        self.days.check(dated_on)
        left, total = _amounts(place, row, currency)
        columns = self._columns(row, contact, currency, left)
        columns |= {"kind": kind, "number": number, "dated_on": dated_on, "due_on": row.get("due_on")}
        name = in_language((_WHOLE if left == total else _CALLED)[kind], self.language)
        told = name.format(number=number, total=amount(from_minor(total, currency), currency), currency=currency)
        line = {"position": 0, "kind": ITEM, "name": told, "quantity": Decimal(1), "covered": Decimal(0)}
        line |= {"unit_price": from_minor(left, currency), "amount": left, "net": left, "tax": 0}
        return _Opening(columns, line, clean_line(str(row.get("event") or "")))

    def _columns(self, row: Mapping[str, Any], contact: Contact, currency: str, left: int) -> dict[str, Any]:
        reference = clean_line(str(row.get("reference") or ""))
        return {
            "version": 1,
            "state": rules.POSTED,
            "taken_over": True,
            "serial": None,
            "contact_id": contact.id,
            "owner_key": contact.owner_key,
            "contact_sort": contact.sort_key,
            "salesperson_id": row.get("salesperson") or contact.owner_id,
            "currency": currency,
            "rate": row.get("rate") or self._rate(currency),
            "prices_include_tax": True,
            "tax_method": totals.PER_DOCUMENT,
            "reference": reference,
            "reference_key": reference_key(reference),
            "subject": clean_line(str(row.get("subject") or "")),
            "notes": clean_multiline(str(row.get("notes") or "")),
            "subtotal": left,
            "net": left,
            "total": left,
            "posted_at": self.work.now,
            "posted_by": self.work.actor.user_id,
            "created_at": self.work.now,
            "created_by": row.get("created_by", self.work.actor.user_id),
            "updated_at": self.work.now,
            "updated_by": self.work.actor.user_id,
        }

    def _rate(self, currency: str) -> Decimal:
        if currency not in self.rates:
            self.rates[currency] = last_rate(self.work, currency, Invoice)
        return self.rates[currency]


def _with(ids: Sequence[int], documents: Sequence[_Opening]) -> Iterable[tuple[int, _Opening]]:
    return zip(ids, documents, strict=True)


def _customers(work: Work, ids: set[Any]) -> dict[int, Contact]:
    """Return the customers by id, their money locked. Raises Invalid("contact_id")."""
    found: dict[int, Contact] = {}
    for some in portions(sorted(id_ for id_ in ids if id_ is not None)):
        asked = select(Contact).where(Contact.id.in_(some), in_sales_reach(Contact, work.actor))
        found |= {contact.id: contact for contact in work.session.scalars(asked)}
    for id_ in ids:
        check_customer(found.get(id_))
    return ledger.lock_customers(work, found)


def _amounts(place: int, row: Mapping[str, Any], currency: str) -> tuple[int, int]:
    """Return what is open and the original total, in minor units. Raises Invalid."""
    found = []
    for name in ("open", "total"):
        try:
            number = Decimal(str(row.get(name) if row.get(name) is not None else row.get("open")))
            minor = to_minor(number, currency) if number.is_finite() and abs(number) < 10**15 else 0
        except InvalidOperation:
            minor = 0
        if not 0 < minor < MOST_MINOR or from_minor(minor, currency) != number:
            raise Invalid(name, N_("Row {place}: this is not an amount above 0."), place=place)
        found.append(minor)
    if found[0] > found[1]:
        raise Invalid("open", N_("Row {place}: more is open than the document was over."), place=place)
    return found[0], found[1]


def _check_numbers(work: Work, documents: Sequence[_Opening]) -> None:
    seen: set[str] = set()
    for one in documents:
        if one.columns["number"] in seen:
            raise Invalid("number", N_("The number {number} is there already."), number=one.columns["number"])
        seen.add(one.columns["number"])
    with work.system_rights("whether a number is used, whoever may see that document"):
        for some in portions(sorted(seen)):
            used = work.session.scalar(select(Invoice.number).where(Invoice.number.in_(some)).limit(1))
            if used is not None:
                raise Invalid("number", N_("The number {number} is there already."), number=used)
