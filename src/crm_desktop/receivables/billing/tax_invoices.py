"""The register of tax invoices (发票): issued elsewhere, written down here beside what they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access.company import today
from crm_desktop.contacts.customers import customer
from crm_desktop.db.work import Work
from crm_desktop.orders.composing import MOST_MINOR
from crm_desktop.orders.documents import names_of
from crm_desktop.orders.model import Order
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import rules
from crm_desktop.receivables.model import Invoice, TaxInvoice
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor, to_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import clean_line, clean_multiline

ENTITY: Final = "tax_invoice"
_EDITABLE: Final = frozenset({"number", "kind", "dated_on", "amount", "notes"})
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One tax invoice of a document; a cancelled one counts nothing."""

    id: int
    version: int
    number: str
    kind: str
    dated_on: date
    amount: Decimal
    notes: str
    cancelled_on: date | None


@dataclass(frozen=True, slots=True)
class TaxInvoiced:
    """What tax invoices cover of a document; `open` is below 0 when they are more than its total."""

    entries: tuple[Entry, ...]
    currency: str
    total: Decimal
    sum: Decimal

    @property
    def open(self) -> Decimal:
        """Return what is still to be covered."""
        return self.total - self.sum


@requires(Permission.INVOICE_READ)
def get(work: Work, tax_invoice_id: int) -> Record:
    """Return one tax invoice with the document it is for. Raises NotFound."""
    row = work.get(TaxInvoice, tax_invoice_id)
    values = {name: getattr(row, name) for name in ("contact_id", "number", "kind", "dated_on", "currency", "notes")}
    values |= {name: getattr(row, name) for name in ("invoice_id", "order_id", "cancelled_on")}
    values |= {name: getattr(row, name) for name in ("created_at", "created_by", "updated_at", "updated_by")}
    values["amount"] = from_minor(row.amount, row.currency)
    values["contact_name"] = names_of(work, (row.contact_id,)).get(row.contact_id, "")
    for name, entity, id_ in (("invoice_number", Invoice, row.invoice_id), ("order_number", Order, row.order_id)):
        found = work.session.scalar(select(entity.number).where(entity.id == id_)) if id_ else None
        values[name] = found or ""
    return Record(row.id, row.version, values)


@requires(Permission.INVOICE_READ)
def of_invoice(work: Work, invoice_id: int) -> TaxInvoiced:
    """Return the tax invoices of an invoice, the oldest first, and what they cover. Raises NotFound."""
    return _covered(work, work.get(Invoice, invoice_id), TaxInvoice.invoice_id)


@requires(Permission.INVOICE_READ, Permission.ORDER_READ)
def of_order(work: Work, order_id: int) -> TaxInvoiced:
    """Return the tax invoices written down for an order itself, and what they cover. Raises NotFound."""
    return _covered(work, work.get(Order, order_id), TaxInvoice.order_id)


@requires(Permission.INVOICE_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a tax invoice for an invoice or an order, or for a customer alone; return its id.

    Customer and currency are the document's. Raises Invalid beside what is missing, NotFound.
    """
    document = _document(work, values)
    contact = customer(work, values.get("contact_id") if document is None else document.contact_id)
    currency = str(values.get("currency") or "") if document is None else document.currency
    if len(currency) != 3:
        raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    row = TaxInvoice(
        **_cleaned(work, {"kind": "special", "dated_on": today(work)} | dict(values), currency),
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        currency=currency,
        invoice_id=values.get("invoice_id"),
        order_id=values.get("order_id"),
        created_at=work.now,
        created_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
    _check_unique(work, row.number, None)
    work.session.add(row)
    work.session.flush()
    _tell(work, row)
    return row.id


@requires(Permission.INVOICE_WRITE)
def save(work: Work, tax_invoice_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed values over `version` and return the new version; what it is for stays.

    Raises Conflict, Invalid, WrongState for a cancelled one, NotFound.
    """
    if fixed := changes.keys() - _EDITABLE:
        raise Invalid(sorted(fixed)[0], N_("This stays. Cancel the entry and write a new one."))
    currency = work.get(TaxInvoice, tax_invoice_id).currency
    noted = dict(changes)
    if "amount" in changes:
        noted["amount"] = _amount(changes["amount"], currency)
    row = work.edit(TaxInvoice, tax_invoice_id, version, noted)
    if row.cancelled_on is not None:
        raise WrongState(N_("This tax invoice is cancelled, so it stays as it is."))
    before = {name: getattr(row, name) for name in _EDITABLE} | {"amount": from_minor(row.amount, currency)}
    for name, value in _cleaned(work, before | dict(changes), currency).items():
        setattr(row, name, value)
    _check_unique(work, row.number, row.id)
    row.updated_at, row.updated_by = work.now, work.actor.user_id
    work.session.flush()
    _tell(work, row)
    return row.version


@requires(Permission.INVOICE_WRITE)
def cancel(work: Work, tax_invoice_id: int, version: int, on: date | None = None) -> None:
    """Mark a tax invoice as made void or corrected by a red one; its number may be written down again.

    Raises WrongState when it is already, Invalid("cancelled_on"), Conflict, NotFound.
    """
    row = work.get(TaxInvoice, tax_invoice_id, version)
    if row.cancelled_on is not None:
        raise WrongState
    day = on or today(work)
    if not row.dated_on <= day <= today(work):
        raise Invalid("cancelled_on", N_("It is cancelled on its own day or later, and not in the future."))
    row.cancelled_on = day
    row.updated_at, row.updated_by = work.now, work.actor.user_id
    work.session.flush()
    work.note(ENTITY, row.id, "cancel", contact_id=row.contact_id, version=row.version)
    _tell(work, row)


def _tell(work: Work, row: TaxInvoice) -> None:
    if row.invoice_id is not None:
        work.touch("invoice", row.invoice_id)


@open_to_all("a figure on invoices, within the reach of whoever reads them")
def sum_of(work: Work, *, invoice_id: int) -> int:
    """Return what tax invoices cover of an invoice, in minor units."""
    counted = select(func.sum(TaxInvoice.amount)).where(
        TaxInvoice.invoice_id == invoice_id, TaxInvoice.cancelled_on.is_(None)
    )
    return int(work.session.scalar(counted) or 0)


def _covered(work: Work, document: Any, column: Any) -> TaxInvoiced:
    rows = work.session.scalars(
        select(TaxInvoice).where(column == document.id).order_by(TaxInvoice.dated_on, TaxInvoice.id)
    )
    entries = tuple(
        Entry(
            row.id,
            row.version,
            row.number,
            row.kind,
            row.dated_on,
            from_minor(row.amount, row.currency),
            row.notes,
            row.cancelled_on,
        )
        for row in rows
    )
    counted = sum((one.amount for one in entries if one.cancelled_on is None), Decimal(0))
    return TaxInvoiced(entries, document.currency, from_minor(document.total, document.currency), counted)


def _document(work: Work, values: Mapping[str, Any]) -> Any:
    """Return the invoice or order a tax invoice is for, None for a customer alone. Raises Invalid, NotFound."""
    if values.get("invoice_id") and values.get("order_id"):
        raise Invalid("order_id", N_("A tax invoice is written down for an invoice or for an order, not for both."))
    if values.get("invoice_id"):
        invoice = work.get(Invoice, values["invoice_id"])
        if invoice.state != rules.POSTED:
            raise Invalid("invoice_id", N_("Post the invoice first."))
        return invoice
    return work.get(Order, values["order_id"]) if values.get("order_id") else None


def _cleaned(work: Work, values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    number = clean_line(str(values.get("number") or ""))
    if not number or len(number) > _LONGEST:
        raise Invalid("number", N_("A tax invoice has a number of at most {most} characters."), most=_LONGEST)
    if values.get("kind") not in dict(rules.TAX_INVOICE_KINDS):
        raise Invalid("kind", N_("This value is not known. Choose one of the list."))
    dated_on = values.get("dated_on")
    if not isinstance(dated_on, date):
        raise Invalid("dated_on", N_("A date is needed here."))
    if dated_on > today(work):
        raise Invalid("dated_on", N_("This day is still to come. Choose today or an earlier day."))
    return {
        "number": number,
        "kind": values["kind"],
        "dated_on": dated_on,
        "amount": _amount(values.get("amount"), currency),
        "notes": clean_multiline(str(values.get("notes") or "")),
    }


def _amount(value: Any, currency: str) -> int:
    """Return a typed amount in minor units; a red tax invoice is below 0. Raises Invalid("amount")."""
    try:
        number = Decimal(str(value))
        minor = to_minor(number, currency) if number.is_finite() and abs(number) < 10**15 else 0
    except InvalidOperation:
        minor = 0
    if not minor or abs(minor) >= MOST_MINOR or from_minor(minor, currency) != number:
        raise Invalid("amount", N_("This is not an amount."))
    return minor


def _check_unique(work: Work, number: str, own: int | None) -> None:
    with work.system_rights("whether a number was written down already, whoever may see that customer"):
        same = select(TaxInvoice.id).where(TaxInvoice.number == number, TaxInvoice.cancelled_on.is_(None))
        found = work.session.scalar(same.where(TaxInvoice.id != own) if own else same)
    if found is not None:
        raise Invalid("number", N_("{number} is written down already."), number=number)
