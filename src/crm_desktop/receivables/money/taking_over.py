"""Money received in the system before: it keeps its number of there and pays what it paid there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.rules import reference_key
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires

OTHER: str = "other"
"""How money came that a file says nothing about."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt of the system before, in minor units; `uses` are (instalment id, number of its document, amount).

    Each use is dated with the receipt, or with its claim if that began later. `created_at` None is now.
    """

    contact_id: int
    number: str
    dated_on: date
    currency: str
    amount: int
    rate: Decimal
    uses: tuple[tuple[int, str, int], ...] = ()
    method: str = OTHER
    account_id: int | None = None
    reference: str = ""
    payer: str = ""
    matures_on: date | None = None
    notes: str = ""
    salesperson_id: int | None = None
    created_by: int | None = None
    created_at: datetime | None = field(default=None)


@requires(Permission.RECEIPT_POST, Permission.RECEIPT_ALLOCATE)
def take_over(work: Work, given: Sequence[Taken]) -> list[int]:
    """Store receipts with what they paid and return their ids in the order given.

    Raises NotEnough when more is paid than is open, Invalid for a closed day or a number that is used, NotFound.
    """
    if not given:
        return []
    customers = ledger.lock_customers(work, {one.contact_id for one in given})
    days = ledger.open_days(work)
    for one in given:
        days.check(one.dated_on)
    _check_numbers(work, [one.number for one in given])
    rows = [_columns(work, one, customers[one.contact_id]) for one in given]
    # Told by their numbers: asked for in the order given, SQLite would be given row by row.
    made: Any = insert(Receipt).returning(Receipt.number, Receipt.id)
    by_number = dict(work.session.execute(made, rows).all())
    ids = [by_number[one.number] for one in given]
    ledger.allocate_many(
        work,
        [
            (one.contact_id, Use(amount, receipt_id=id_, instalment_id=instalment_id), one.dated_on)
            for id_, one in zip(ids, given, strict=True)
            for instalment_id, _number, amount in one.uses
        ],
    )
    # An advance has no allocation, so nothing was computed of it yet.
    ledger.recompute(work, receipts=[id_ for id_, one in zip(ids, given, strict=True) if not one.uses])
    for id_, one, row in zip(ids, given, rows, strict=True):
        work.notes.add(Receipt.journal_entity, id_, Note(CREATE, {}, _told(one, row), 1, one.contact_id))
    return ids


@open_to_all("tells whether a number is used, and nothing of who used it")
def numbers_used(work: Work, numbers: Iterable[str]) -> set[str]:
    """Return those numbers that receipts, refunds or reversals have already, whoever may see them."""
    found: set[str] = set()
    with work.system_rights("whether a number is used, whoever may see that document"):
        for some in portions(sorted(set(numbers))):
            found |= set(work.session.scalars(select(Receipt.number).where(Receipt.number.in_(some))))
    return found


def _check_numbers(work: Work, numbers: Sequence[str]) -> None:
    for number in numbers_used(work, numbers):
        raise Invalid("number", N_("The number {number} is there already."), number=number)


def _columns(work: Work, one: Taken, contact: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "kind": rules.RECEIPT,
        "taken_over": True,
        "number": one.number,
        "serial": 0,
        "dated_on": one.dated_on,
        "currency": one.currency,
        "amount": one.amount,
        "open_amount": one.amount,
        "rate": one.rate,
        "method": one.method,
        "account_id": one.account_id,
        "reference": one.reference,
        "reference_key": reference_key(one.reference),
        "payer": one.payer,
        "matures_on": one.matures_on,
        "notes": one.notes,
        "reason": "",
        "contact_id": contact.id,
        "owner_key": contact.owner_key,
        "contact_sort": contact.sort_key,
        "salesperson_id": one.salesperson_id or contact.owner_id,
        "created_at": one.created_at or work.now,
        "created_by": one.created_by,
        "updated_at": work.now,
        "updated_by": None,
    }


def _told(one: Taken, row: dict[str, Any]) -> dict[str, Any]:
    names = ("number", "taken_over", "dated_on", "currency", "amount", "method", "reference", "payer", "notes")
    told = {name: plain(row[name]) for name in names if row[name]}
    uses = [{"number": number, "amount": str(from_minor(some, one.currency))} for _id, number, some in one.uses]
    return told | {"uses": uses}
