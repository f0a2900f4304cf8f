"""Money that comes in: entered with what it pays in one step, kept as an advance as far as it pays nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import or_, select

from crm_desktop.access.company import company, today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE
from crm_desktop.db.work import Work
from crm_desktop.orders.documents import names_of, raise_version
from crm_desktop.orders.rules import reference_key
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Account
from crm_desktop.receivables.money.differences import check_difference, largest_difference
from crm_desktop.receivables.money.noting import claims_of, note_amounts
from crm_desktop.receivables.money.open_items import open_currencies
from crm_desktop.receivables.money.pouring import pour
from crm_desktop.receivables.money.receipt_entry import Entry, entry_of
from crm_desktop.receivables.money.receipt_rows import add_receipt, customer_of, day_of
from crm_desktop.receivables.money.receipt_values import EDITABLE, clean_currency, means, minor, rate_of
from crm_desktop.receivables.money.uses import uses_of
from crm_desktop.receivables.money.write_offs import settled_with
from crm_desktop.receivables.money.writing_off import add_write_off
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record

ENTITY: Final = "receipt"
_NONE: Final[Mapping[Any, Decimal]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Same:
    """A receipt that may be the very same money: equal in customer, amount and day, or `by_reference`."""

    id: int
    number: str
    dated_on: date
    amount: Decimal
    reference: str
    by_reference: bool


@requires(Permission.RECEIPT_READ)
def defaults(work: Work, contact_id: int | None = None) -> dict[str, Any]:
    """Return what a new receipt says before anybody typed: today, and currency, method and account as last time.

    `rate` is None when nothing tells what the currency is worth.
    """
    values: dict[str, Any] = dict.fromkeys(("reference", "payer", "notes"), "")
    values |= dict.fromkeys(("amount", "account_id", "matures_on"))
    values |= {"contact_id": contact_id, "dated_on": today(work), "currency": company(work).currency}
    values["method"] = "transfer"
    if contact_id is not None:
        asked = select(Receipt).where(Receipt.contact_id == contact_id, Receipt.kind == rules.RECEIPT)
        last = work.session.scalars(asked.order_by(Receipt.dated_on.desc(), Receipt.id.desc()).limit(1)).first()
        if last is not None:
            values |= {"currency": last.currency, "method": last.method, "account_id": last.account_id}
        opened = open_currencies(work, contact_id)
        if opened and values["currency"] not in opened:
            values |= {"currency": opened[0], "account_id": None}
    try:
        values["rate"] = rate_of(work, values["currency"])
    except Invalid:
        values["rate"] = None
    return values


@requires(Permission.RECEIPT_READ)
def difference_limit(work: Work, currency: str, rate: Decimal | None = None) -> Decimal | None:
    """Return the largest difference this person settles on the spot, in that currency; None: any.

    Raises Invalid("rate") when nothing tells what the currency is worth.
    """
    return largest_difference(work, currency, rate)


@requires(Permission.RECEIPT_READ)
def duplicates(work: Work, values: Mapping[str, Any]) -> tuple[Same, ...]:
    """Return what was received already and may be the same money, newest first; nothing that was reversed.

    `values` are those of a new receipt: contact_id, currency, amount, dated_on, reference. Raises Invalid.
    """
    currency = clean_currency(values.get("currency"))
    amount = minor("amount", values.get("amount"), currency, zero=True)
    key = reference_key(str(values.get("reference") or ""))
    same = (Receipt.amount == amount) & (Receipt.dated_on == values.get("dated_on"))
    back = select(Receipt.origin_id).where(Receipt.kind == rules.REVERSAL, Receipt.origin_id.is_not(None))
    asked = select(Receipt).where(
        Receipt.contact_id == values.get("contact_id"),
        Receipt.kind == rules.RECEIPT,
        Receipt.currency == currency,
        or_(same, Receipt.reference_key == key) if key else same,
        Receipt.id.not_in(back),
    )
    return tuple(
        Same(
            row.id,
            row.number,
            row.dated_on,
            from_minor(row.amount, currency),
            row.reference,
            bool(key) and row.reference_key == key,
        )
        for row in work.session.scalars(asked.order_by(Receipt.dated_on.desc(), Receipt.id.desc()).limit(20))
    )


@requires(Permission.RECEIPT_POST, Permission.RECEIPT_ALLOCATE)
def post(
    work: Work,
    values: Mapping[str, Any],
    uses: Mapping[int, Decimal] = _NONE,
    taken: Mapping[tuple[str, int], Decimal] = _NONE,
    *,
    difference: tuple[str, Decimal] | None = None,
) -> int | None:
    """Enter money of a customer with what it pays, and return the id of the receipt; it gets its number now.

    `values`: contact_id, dated_on, currency, amount, rate, method, account_id, reference, payer,
    matures_on, notes. `uses` say how much of each instalment is settled altogether, `taken` how much of
    credit notes ("credit", id) and earlier receipts ("receipt", id) goes into that. What comes in above it
    stays as an advance. `difference` ("difference" or "bank_fee", amount) settles what is missing within
    the limit of the role, or keeps that much of a small surplus. With an amount of 0 only credits are set
    off: no receipt is made and None returned.

    Raises NotEnough when somebody was faster, Invalid: contact_id, dated_on, currency, amount, rate,
    method, account_id, matures_on, uses, taken, difference.
    """
    contact = customer_of(work, values.get("contact_id"))
    day = day_of(work, values.get("dated_on"))
    entry = entry_of(values, uses, taken, difference)
    rate = rate_of(work, entry.currency, values.get("rate"))
    check_difference(work, entry.currency, entry.missing + entry.surplus, rate)
    columns = means(work, values, entry.currency)
    made, number = None, ""
    if entry.amount:
        made, number = add_receipt(
            work, contact, rules.RECEIPT, entry.currency, entry.amount, day, rate=rate, **columns
        )
    ledger.allocate(work, contact.id, _used(work, contact, entry, made, day, rate), day)
    _note(work, contact.id, made, number, entry)
    return made


@requires(Permission.RECEIPT_POST)
def save(work: Work, receipt_id: int, version: int, changes: Mapping[str, Any]) -> None:
    """Change how the money came: method, account_id, reference, payer, matures_on, notes.

    Raises Conflict, Invalid(field), NotFound.
    """
    currency = work.get(Receipt, receipt_id).currency
    columns = means(work, {name: changes[name] for name in EDITABLE if name in changes}, currency)
    row = work.edit(Receipt, receipt_id, version, columns)
    for name, value in columns.items():
        setattr(row, name, value)
    raise_version(work, row)


@requires(Permission.RECEIPT_READ)
def get(work: Work, receipt_id: int) -> Record:
    """Return a receipt, refund, reversal or kept surplus with what it was used for.

    `uses` are `uses.Used`, `settled` the differences and fees settled with it, `reversed_by` the reversal
    of a receipt that never arrived. Raises NotFound.
    """
    row = work.get(Receipt, receipt_id)
    names = ("kind", "number", "dated_on", "contact_id", "currency", "rate", "method", "account_id", "reference")
    more = ("payer", "matures_on", "origin_id", "reason", "notes", "salesperson_id", "settled_on", "taken_over")
    stamps = ("created_at", "created_by", "updated_at", "updated_by")
    values = {name: getattr(row, name) for name in (*names, *more, *stamps)}
    back = select(Receipt.id).where(Receipt.origin_id == row.id, Receipt.kind == rules.REVERSAL)
    return Record(
        row.id,
        row.version,
        values
        | {
            "contact_name": names_of(work, (row.contact_id,)).get(row.contact_id, ""),
            "account_name": _name(work, Account.name, Account.id, row.account_id),
            "origin_number": _name(work, Receipt.number, Receipt.id, row.origin_id),
            "reversed_by": work.session.scalar(back.limit(1)),
            "amount": from_minor(row.amount, row.currency),
            "open": from_minor(row.open_amount, row.currency),
            "uses": uses_of(work, receipt_id=row.id),
            "settled": settled_with(work, row.id),
        },
    )


def _used(work: Work, contact: Contact, entry: Entry, made: int | None, day: date, rate: Decimal) -> list[Use]:
    """Return what pays what, after storing what settles a difference."""
    sources = list(entry.credits)
    if made is not None:
        sources.append(("receipt_id", made, entry.amount))
    if entry.missing:
        lost = add_write_off(work, contact, entry.kind, entry.currency, entry.missing, day, receipt_id=made)
        sources.append(("write_off_id", lost, entry.missing))
    moved = pour(sources, entry.targets)
    if made is not None and entry.surplus:
        given: dict[str, Any] = {"rate": rate, "origin_id": made, "method": "other"}
        kept, _number = add_receipt(work, contact, rules.KEPT, entry.currency, entry.surplus, day, **given)
        moved.append(Use(entry.surplus, receipt_id=made, spent_id=kept))
    return moved


def _note(work: Work, contact_id: int, made: int | None, number: str, entry: Entry) -> None:
    """Tell it on the receipt, on every document it pays and on every credit it takes."""
    claims = claims_of(work, (id_ for id_, _amount in entry.targets))
    paid = [
        {"number": claims[id_].number, "amount": from_minor(amount, entry.currency)} for id_, amount in entry.targets
    ]
    if made is not None:
        work.note(ENTITY, made, CREATE, after={"uses": paid}, contact_id=contact_id)
    note_amounts(work, "pay", claims.values(), dict(entry.targets), {"receipt": number})
    for column, id_, amount in entry.credits:
        entity = rules.INVOICE if column == "credit_id" else ENTITY
        told = {"receipt": number, "uses": paid, "amount": from_minor(amount, entry.currency)}
        work.note(entity, id_, "allocate", after=told, contact_id=contact_id)


def _name(work: Work, name: Any, key: Any, id_: int | None) -> str:
    return "" if id_ is None else work.session.scalar(select(name).where(key == id_)) or ""
