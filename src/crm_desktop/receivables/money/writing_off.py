"""The rows of write-offs: made with whatever settles a claim without money, and reversed with it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.receivables import ledger
from crm_desktop.receivables.ledger_model import Allocation, WriteOff
from crm_desktop.receivables.money.noting import claims_of, note_amounts


def add_write_off(
    work: Work,
    contact: Contact,
    kind: str,
    currency: str,
    amount: int,
    day: date,
    *,
    reason: str = "",
    approved_by: int | None = None,
    receipt_id: int | None = None,
) -> int:
    """Store a write-off in minor units, which nothing is allocated from yet, and return its id."""
    row = WriteOff(
        kind=kind,
        dated_on=day,
        currency=currency,
        amount=amount,
        reason=reason,
        approved_by=approved_by if approved_by is not None else work.actor.user_id,
        receipt_id=receipt_id,
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def undo(work: Work, contact_id: int, write_off_ids: Iterable[int], reason: str) -> None:
    """Reverse what is allocated from these write-offs of a locked customer, and tell it on both sides."""
    ids = list(write_off_ids)
    rows = standing(work, ids)
    ledger.reverse(work, contact_id, [row.id for row in rows])
    amounts: dict[int, int] = {}
    for row in rows:
        amounts[row.instalment_id] = amounts.get(row.instalment_id, 0) + row.amount
    note_amounts(work, "take_back_write_off", claims_of(work, amounts).values(), amounts, {"reason": reason})
    for id_ in ids:
        work.note("write_off", id_, "take_back", after={"reason": reason}, contact_id=contact_id)


def standing(work: Work, write_off_ids: Sequence[int]) -> list[Any]:
    """Return id, instalment and amount (minor units) of what was allocated from write-offs and not taken back."""
    of = Allocation.write_off_id.in_(write_off_ids)
    back = select(Allocation.reverses_id).where(of, Allocation.reverses_id.is_not(None))
    asked = select(Allocation.id, Allocation.instalment_id, Allocation.amount)
    return list(work.session.execute(asked.where(of, Allocation.amount > 0, Allocation.id.not_in(back))))
