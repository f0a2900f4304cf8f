"""Taking back what money was used for, on both sides of the journal."""

from collections.abc import Sequence

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.receivables import ledger
from crm_desktop.receivables.ledger_model import Allocation
from crm_desktop.receivables.money.noting import note_uses


def take_back_uses(work: Work, contact_id: int, rows: Sequence[Allocation], reason: str) -> list[int]:
    """Reverse allocations of money to instalments of a locked customer, and tell it on both sides."""
    made = ledger.reverse(work, contact_id, [row.id for row in rows])
    undone = set(work.session.scalars(select(Allocation.reverses_id).where(Allocation.id.in_(made))))
    told = [
        ("receipt_id", row.receipt_id, row.instalment_id, row.amount)
        if row.receipt_id is not None
        else ("credit_id", row.credit_id, row.instalment_id, row.amount)
        for row in rows
        if row.id in undone
    ]
    note_uses(work, contact_id, "unallocate", "unallocate", told, reason=reason)
    return made
