"""Allocations as people read them, told from whichever side they look: what paid what, when, by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import or_, select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.places import places_of
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires

INSTALMENT: Final = "instalment"
WRITE_OFF: Final = "write_off"
RESCHEDULE: Final = "reschedule"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Used:
    """One allocation. A row that takes another one back has a negative amount and its id in `reverses_id`.

    `source` is "receipt", "credit", "write_off" or "reschedule"; `target` "instalment", or the kind of what
    used the money up ("refund", "reversal", "kept"). The target's number is the invoice's, or the order's
    when the order claims.
    """

    id: int
    dated_on: date
    amount: Decimal
    currency: str
    source: str
    source_id: int
    source_number: str
    target: str
    target_id: int
    target_number: str
    invoice_id: int | None
    order_id: int | None
    place: str
    label: str
    due_on: date | None
    reverses_id: int | None
    reversed_on: date | None
    by: int | None
    at: datetime

    @property
    def may_unallocate(self) -> bool:
        """Return whether it stands and can be taken back by hand."""
        money = self.source in (rules.RECEIPT, rules.CREDIT) and self.target == INSTALMENT
        return money and self.reverses_id is None and self.reversed_on is None


@requires(Permission.RECEIPT_READ)
def uses_of(
    work: Work,
    *,
    receipt_id: int | None = None,
    credit_id: int | None = None,
    invoice_id: int | None = None,
    order_id: int | None = None,
    instalment_id: int | None = None,
    write_off_id: int | None = None,
    contact_id: int | None = None,
) -> tuple[Used, ...]:
    """Return the allocations of one thing, oldest first.

    Exactly one id is given. A receipt tells what it paid; a refund, reversal or kept surplus which money it
    used up; an invoice and an order what went to their instalments.
    """
    wanted = {
        (Allocation.receipt_id, Allocation.spent_id): receipt_id,
        (Allocation.credit_id,): credit_id,
        (Instalment.invoice_id,): invoice_id,
        (Instalment.order_id,): order_id,
        (Allocation.instalment_id,): instalment_id,
        (Allocation.write_off_id,): write_off_id,
        (Allocation.contact_id,): contact_id,
    }
    ((columns, id_),) = ((columns, id_) for columns, id_ in wanted.items() if id_ is not None)
    asked = select(Allocation, Instalment).outerjoin(Instalment, Instalment.id == Allocation.instalment_id)
    found = asked.where(or_(*(column == id_ for column in columns)))
    rows = list(work.session.execute(found.order_by(Allocation.dated_on, Allocation.id)).all())
    names = _names(work, rows)
    return tuple(_used(row, claim, names) for row, claim in rows)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rows of allocations point to: numbers and kinds by id."""

    receipts: Mapping[int, tuple[str, str]]
    invoices: Mapping[int, str]
    orders: Mapping[int, str]
    places: Mapping[int, str]
    reversed_on: Mapping[int, date]


def _names(work: Work, rows: Sequence[Any]) -> _Names:
    receipt_ids = {id_ for row, _claim in rows for id_ in (row.receipt_id, row.spent_id)}
    claims = [claim for _row, claim in rows if claim is not None]
    invoice_ids = {row.credit_id for row, _claim in rows} | {claim.invoice_id for claim in claims}
    return _Names(
        receipts={
            id_: (kind, number)
            for id_, kind, number in _read(work, Receipt.id, receipt_ids, Receipt.kind, Receipt.number)
        },
        invoices=dict(_read(work, Invoice.id, invoice_ids, Invoice.number)),
        orders=dict(_read(work, Order.id, {claim.order_id for claim in claims}, Order.number)),
        places=places_of(work, ((claim.invoice_id, claim.order_id) for claim in claims)),
        reversed_on=dict(_read(work, Allocation.reverses_id, {row.id for row, _claim in rows}, Allocation.dated_on)),
    )


def _read(work: Work, key: Any, ids: set[int | None], *columns: Any) -> list[Any]:
    wanted = sorted(id_ for id_ in ids if id_ is not None)
    found: list[Any] = []
    for start in range(0, len(wanted), _AT_ONCE):
        found += work.session.execute(select(key, *columns).where(key.in_(wanted[start : start + _AT_ONCE]))).all()
    return found


def _used(row: Allocation, claim: Instalment | None, names: _Names) -> Used:
    sources = (
        (rules.RECEIPT, row.receipt_id, names.receipts.get(row.receipt_id or 0, ("", ""))[1]),
        (rules.CREDIT, row.credit_id, names.invoices.get(row.credit_id or 0, "")),
        (WRITE_OFF, row.write_off_id, ""),
        (RESCHEDULE, row.reschedule_id, ""),
    )
    source, source_id, source_number = next((kind, id_, number) for kind, id_, number in sources if id_ is not None)
    invoice_id, order_id = (claim.invoice_id, claim.order_id) if claim is not None else (None, None)
    target, target_number = names.receipts.get(row.spent_id or 0, (INSTALMENT, ""))
    if invoice_id is not None:
        target_number = names.invoices.get(invoice_id, "")
    elif order_id is not None:
        target_number = names.orders.get(order_id, "")
    return Used(
        id=row.id,
        dated_on=row.dated_on,
        amount=from_minor(row.amount, row.currency),
        currency=row.currency,
        source=source,
        source_id=source_id,
        source_number=source_number or "",
        target=target,
        target_id=row.instalment_id if row.instalment_id is not None else row.spent_id or 0,
        target_number=target_number or "",
        invoice_id=invoice_id,
        order_id=order_id,
        place=names.places.get(row.instalment_id or 0, ""),
        label=claim.label if claim is not None else "",
        due_on=claim.due_on if claim is not None else None,
        reverses_id=row.reverses_id,
        reversed_on=names.reversed_on.get(row.id),
        by=row.created_by,
        at=row.created_at,
    )
