"""Claims that will not be paid: written off with a reason and who approved it, never shown as paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Allocation, WriteOff
from crm_desktop.receivables.money.noting import claims_of, note_amounts
from crm_desktop.receivables.money.receipt_rows import day_of
from crm_desktop.receivables.money.receipt_values import clean_reason, minor
from crm_desktop.receivables.money.writing_off import add_write_off, standing, undo
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """A write-off; `taken_back` is how much of `amount` stands open again."""

    id: int
    kind: str
    dated_on: date
    currency: str
    amount: Decimal
    taken_back: Decimal
    reason: str
    approved_by: int | None
    receipt_id: int | None
    created_by: int | None


@requires(Permission.WRITE_OFF)
def write_off(
    work: Work,
    amounts: Mapping[int, Decimal],
    reason: str,
    *,
    approved_by: int | None = None,
    kind: str = rules.BAD_DEBT,
    dated_on: date | None = None,
) -> int:
    """Write off part or all of instalments of one customer in one currency and return the id of the write-off.

    `approved_by` is who decided it, oneself when nobody is named. Raises Invalid: reason, approved_by,
    kind, amounts, dated_on; NotEnough, NotFound.
    """
    if kind not in dict(rules.WRITE_OFF_KINDS):
        raise Invalid("kind", N_("This value is not known. Choose one of the list."))
    said = clean_reason(reason)
    day = day_of(work, dated_on)
    claims = claims_of(work, amounts)
    if not amounts or len(claims) < len(amounts):
        raise NotFound
    first = next(iter(claims.values()))
    if any((one.contact_id, one.currency) != (first.contact_id, first.currency) for one in claims.values()):
        raise Invalid("amounts", N_("One write-off is for one customer in one currency."))
    parts = {id_: minor("amounts", amount, first.currency) for id_, amount in amounts.items()}
    contact = ledger.lock_customer(work, first.contact_id)
    made = add_write_off(
        work,
        contact,
        kind,
        first.currency,
        sum(parts.values()),
        day,
        reason=said,
        approved_by=_approver(work, approved_by),
    )
    uses = [Use(amount, write_off_id=made, instalment_id=id_) for id_, amount in parts.items()]
    ledger.allocate(work, contact.id, uses, day)
    note_amounts(work, "write_off", claims.values(), parts, {"reason": said, "kind": kind})
    return made


@requires(Permission.WRITE_OFF)
def take_back(work: Work, write_off_id: int, *, reason: str = "") -> None:
    """Open the claims of a write-off again, dated today. Raises NotFound, Invalid when nothing of it stands."""
    row = work.get(WriteOff, write_off_id)
    contact_id = row.contact_id
    ledger.lock_customer(work, contact_id)
    if not standing(work, [row.id]):
        raise Invalid("write_off", N_("This write-off was taken back already."))
    undo(work, contact_id, [row.id], reason)


@requires(Permission.RECEIPT_READ)
def write_offs_of(
    work: Work, *, contact_id: int | None = None, invoice_id: int | None = None
) -> tuple[WrittenOff, ...]:
    """Return the write-offs of a customer or of an invoice, newest first; exactly one id is given."""
    if contact_id is not None:
        return _written_off(work, WriteOff.contact_id == contact_id)
    through = (
        select(Allocation.write_off_id)
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .where(Instalment.invoice_id == invoice_id, Allocation.write_off_id.is_not(None))
    )
    return _written_off(work, WriteOff.id.in_(through))


@requires(Permission.RECEIPT_READ)
def settled_with(work: Work, receipt_id: int) -> tuple[WrittenOff, ...]:
    """Return the differences and fees that were settled with a receipt."""
    return _written_off(work, WriteOff.receipt_id == receipt_id)


def _written_off(work: Work, of: ColumnElement[bool]) -> tuple[WrittenOff, ...]:
    used = select(func.coalesce(func.sum(Allocation.amount), 0)).where(Allocation.write_off_id == WriteOff.id)
    rows = work.session.execute(
        select(WriteOff, used.scalar_subquery()).where(of).order_by(WriteOff.dated_on.desc(), WriteOff.id.desc())
    )
    return tuple(
        WrittenOff(
            id=row.id,
            kind=row.kind,
            dated_on=row.dated_on,
            currency=row.currency,
            amount=from_minor(row.amount, row.currency),
            taken_back=from_minor(row.amount - int(left), row.currency),
            reason=row.reason,
            approved_by=row.approved_by,
            receipt_id=row.receipt_id,
            created_by=row.created_by,
        )
        for row, left in rows
    )


def _approver(work: Work, user_id: int | None) -> int | None:
    if user_id is None:
        return work.actor.user_id
    found = work.session.scalar(select(User.id).where(User.id == user_id, User.active))
    if found is None:
        raise Invalid("approved_by", N_("This person does not exist any more."))
    return found
