"""Money that goes out of an advance or a credit again: refunds, kept surpluses, receipts that never arrived."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import rules as order_rules
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Allocation, Receipt, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money.allocating import Source
from crm_desktop.receivables.money.differences import check_difference
from crm_desktop.receivables.money.noting import ENTITIES
from crm_desktop.receivables.money.receipt_entry import COLUMNS
from crm_desktop.receivables.money.receipt_rows import add_receipt, day_of
from crm_desktop.receivables.money.receipt_values import clean_reason, means, minor, rate_of
from crm_desktop.receivables.money.reversing import take_back_uses
from crm_desktop.receivables.money.writing_off import undo
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line

_ENTITIES: Final[Mapping[str, type[Any]]] = {rules.RECEIPT: Receipt, rules.CREDIT: Invoice}


@requires(Permission.RECEIPT_POST, Permission.RECEIPT_ALLOCATE)
def refund(work: Work, source: Source, amount: Decimal, values: Mapping[str, Any]) -> int:
    """Pay back part of an advance ("receipt", id) or of a credit note ("credit", id); return the refund's id.

    `values`: dated_on, method, account_id, reference, payer (who got it), reason, notes. Raises NotEnough,
    NotFound, Invalid: amount, dated_on, method, account_id.
    """
    contact, row = _held(work, source)
    day = day_of(work, values.get("dated_on"))
    wanted = minor("amount", amount, row.currency)
    columns = means(work, {name: value for name, value in values.items() if name != "matures_on"}, row.currency)
    columns["reason"] = clean_line(str(values.get("reason") or ""))
    return _spend(work, contact, source, row, rules.REFUND, wanted, day, **columns)


@requires(Permission.RECEIPT_POST, Permission.RECEIPT_ALLOCATE)
def keep(work: Work, source: Source, amount: Decimal, *, reason: str = "") -> int:
    """Keep a small surplus of a receipt or credit note within the limit of the role; return the id of the row.

    Raises NotEnough, NotFound, Invalid("difference").
    """
    contact, row = _held(work, source)
    wanted = minor("difference", amount, row.currency)
    check_difference(work, row.currency, wanted, row.rate)
    given: dict[str, Any] = {"method": "other", "reason": clean_line(reason)}
    return _spend(work, contact, source, row, rules.KEPT, wanted, day_of(work, None), **given)


@requires(Permission.RECEIPT_POST, Permission.RECEIPT_ALLOCATE)
def reverse(work: Work, receipt_id: int, version: int, reason: str) -> int:
    """Take back a receipt whose money never arrived or was called back, dated today; return the reversal's id.

    Everything it paid is open again, and so is what was settled with it as a difference. Raises Conflict,
    NotFound, Invalid("reason"), Invalid("receipt") when it was reversed before or part of it was paid back.
    """
    said = clean_reason(reason)
    contact, row = _held(work, (rules.RECEIPT, receipt_id))
    if row.kind != rules.RECEIPT:
        raise order_rules.WrongState
    if row.version != version:
        raise Conflict(theirs={}, original={}, version=row.version)
    back = select(Receipt.id).where(Receipt.origin_id == row.id, Receipt.kind == rules.REVERSAL)
    if work.session.scalar(back.limit(1)) is not None:
        raise Invalid("receipt", N_("This receipt was reversed already."))
    day = day_of(work, today(work))
    number, currency, amount, rate, method = row.number, row.currency, row.amount, row.rate, row.method
    _free(work, contact.id, row, said)
    made, _number = add_receipt(
        work,
        contact,
        rules.REVERSAL,
        currency,
        amount,
        day,
        rate=rate,
        method=method,
        origin_id=receipt_id,
        reason=said,
    )
    ledger.allocate(work, contact.id, [Use(amount, receipt_id=receipt_id, spent_id=made)], day)
    work.note("receipt", receipt_id, "reverse", after={"reason": said, "number": number}, contact_id=contact.id)
    return made


def _free(work: Work, contact_id: int, row: Receipt, reason: str) -> None:
    """Take back everything the receipt was used for. Raises Invalid("receipt") when part of it was paid back."""
    standing = _standing(work, row.id)
    spent = [one.spent_id for one in standing if one.spent_id is not None]
    refunds = select(Receipt.number).where(Receipt.id.in_(spent), Receipt.kind == rules.REFUND)
    number = work.session.scalar(refunds.limit(1))
    if number is not None:
        raise Invalid(
            "receipt",
            N_("Part of this receipt was paid back with {number}, so it did arrive and cannot be reversed."),
            number=number,
        )
    fees = list(work.session.scalars(select(WriteOff.id).where(WriteOff.receipt_id == row.id)))
    take_back_uses(work, contact_id, [one for one in standing if one.instalment_id is not None], reason)
    ledger.reverse(work, contact_id, [one.id for one in standing if one.instalment_id is None])
    if fees:
        undo(work, contact_id, fees, reason)


def _standing(work: Work, receipt_id: int) -> list[Allocation]:
    mine = Allocation.receipt_id == receipt_id
    back = select(Allocation.reverses_id).where(mine, Allocation.reverses_id.is_not(None))
    return list(work.session.scalars(select(Allocation).where(mine, Allocation.amount > 0, Allocation.id.not_in(back))))


def _held(work: Work, source: Source) -> tuple[Contact, Any]:
    """Return the customer, locked, and the row of the money as it stands now. Raises NotFound."""
    kind, id_ = source
    entity = _ENTITIES[kind]
    contact = ledger.lock_customer(work, work.get(entity, id_).contact_id)
    row = work.get(entity, id_)
    work.session.refresh(row)
    return contact, row


def _spend(
    work: Work, contact: Contact, source: Source, row: Any, kind: str, amount: int, day: Any, **columns: Any
) -> int:
    """Use up money of a locked customer by a row of `kind`, and tell it on the money."""
    name, id_ = COLUMNS[source[0]], source[1]
    currency = row.currency
    rate = columns.pop("rate", None) or rate_of(work, currency, row.rate)
    origin = id_ if source[0] == rules.RECEIPT else None
    made, number = add_receipt(work, contact, kind, currency, amount, day, rate=rate, origin_id=origin, **columns)
    use: dict[str, Any] = {name: id_}
    ledger.allocate(work, contact.id, [Use(amount, spent_id=made, **use)], day)
    told = {"number": number, "amount": from_minor(amount, currency)}
    action = "refund" if kind == rules.REFUND else "keep"
    work.note(ENTITIES[name], id_, action, after=told, contact_id=contact.id)
    return made
