"""Using advances and credits later, and taking back what was used wrongly."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.receivables import ledger
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Allocation
from crm_desktop.receivables.money.noting import claims_of, note_uses
from crm_desktop.receivables.money.receipt_entry import COLUMNS
from crm_desktop.receivables.money.receipt_rows import day_of
from crm_desktop.receivables.money.receipt_values import minor
from crm_desktop.receivables.money.reversing import take_back_uses
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires

Source = tuple[str, int]
"""("receipt", id) or ("credit", id)."""


@requires(Permission.RECEIPT_ALLOCATE)
def allocate_later(
    work: Work, contact_id: int, pairs: Sequence[tuple[Source, int, Decimal]], *, dated_on: date | None = None
) -> list[int]:
    """Use advances and credit notes for instalments: (source, instalment id, amount); return the allocations.

    Dated today unless a day is given. Raises NotEnough, Invalid(amount, dated_on), NotFound.
    """
    ledger.lock_customer(work, contact_id)
    day = day_of(work, dated_on)
    claims = claims_of(work, (instalment_id for _source, instalment_id, _amount in pairs))
    uses = []
    for (kind, id_), instalment_id, amount in pairs:
        if instalment_id not in claims:
            raise NotFound
        source: dict[str, Any] = {COLUMNS[kind]: id_}
        some = minor("amount", amount, claims[instalment_id].currency)
        uses.append(Use(some, instalment_id=instalment_id, **source))
    made = ledger.allocate(work, contact_id, uses, day)
    note_uses(work, contact_id, "pay", "allocate", [(*use.source(), use.instalment_id, use.amount) for use in uses])
    return made


@requires(Permission.RECEIPT_ALLOCATE)
def unallocate(work: Work, contact_id: int, allocation_ids: Collection[int], *, reason: str = "") -> list[int]:
    """Take back what money was used for, by rows dated today; return their ids.

    The money is usable again, the instalments are open again; every day before today stays as it was. What
    was taken back already is left out. Raises NotFound, Invalid for a write-off, a refund or a rescheduling.
    """
    ledger.lock_customer(work, contact_id)
    asked = select(Allocation).where(Allocation.id.in_(list(allocation_ids)), Allocation.contact_id == contact_id)
    rows = list(work.session.scalars(asked))
    if len(rows) < len(set(allocation_ids)):
        raise NotFound
    if any(row.instalment_id is None or (row.receipt_id is None and row.credit_id is None) for row in rows):
        raise Invalid("allocation", N_("Only what a receipt or a credit note paid can be taken back here."))
    return take_back_uses(work, contact_id, rows, reason)
