"""Proves that every amount kept of invoices and money follows from dated rows; each finding is a sentence."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.orders.proof import counted, numbered, off_totals
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Allocation, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.shared.i18n import _, ngettext

_LOST: Final = (rules.BAD_DEBT, rules.ENDED)


def findings(work: Work) -> Iterator[str]:
    """Yield a sentence for everything that does not add up, over all documents and all money there is."""
    if wrong := counted(work, off_totals(Invoice, InvoiceLine, InvoiceLine.invoice_id)):
        yield ngettext(
            "{count} invoice does not add up to its total.", "{count} invoices do not add up to their totals.", wrong
        ).format(count=wrong)
    for said, statement in _CHECKS:
        if wrong := counted(work, statement()):
            yield said(wrong).format(count=wrong)
    for series, entity, conditions in (
        (rules.INVOICE, Invoice, (Invoice.kind == rules.INVOICE,)),
        (rules.CREDIT, Invoice, (Invoice.kind == rules.CREDIT,)),
        (rules.RECEIPT, Receipt, (Receipt.kind == rules.RECEIPT,)),
        (rules.REFUND, Receipt, (Receipt.kind != rules.RECEIPT,)),
    ):
        # What was taken over keeps its number of the system before and has no place in a series.
        given = work.session.scalar(select(func.count(entity.serial)).where(*conditions, entity.serial > 0))
        doubles = select(entity.number).where(*conditions).group_by(entity.number).having(func.count() > 1)
        if numbered(work, series) != given or counted(work, doubles.where(entity.number.is_not(None))):
            yield _("The numbers of a series have a gap or a double: {series}").format(series=series)


def _sum(what: Any, *of: ColumnElement[bool]) -> Any:
    return func.coalesce(select(func.sum(what)).where(*of).scalar_subquery(), 0)


def _last(what: Any, *of: ColumnElement[bool]) -> Any:
    return select(func.max(what)).where(*of).scalar_subquery()


def _differs(one: Any, other: Any) -> ColumnElement[bool]:
    return one.is_distinct_from(other)  # type: ignore[no-any-return]


def _off_instalments() -> Select[Any]:
    """Instalments whose open amount or last day is not that of their allocations, or that are overpaid."""
    mine = Allocation.instalment_id == Instalment.id
    left = Instalment.amount - _sum(Allocation.amount, mine)
    settled = case((left == 0, func.coalesce(_last(Allocation.dated_on, mine), Instalment.claimed_on)))
    claimed = Instalment.claimed_on.is_not(None)
    off = or_(
        Instalment.open_amount != left, _differs(Instalment.settled_on, settled), left < 0, left > Instalment.amount
    )
    planned = and_(
        Instalment.claimed_on.is_(None), or_(Instalment.open_amount != 0, Instalment.settled_on.is_not(None))
    )
    return select(Instalment.id).where(or_(and_(claimed, off), planned))


def _off_receipts() -> Select[Any]:
    """Receipts that more, or less, was taken of than is kept; and refunds that do not use up what they say."""
    mine = Allocation.receipt_id == Receipt.id
    left = Receipt.amount - _sum(Allocation.amount, mine)
    settled = case((left == 0, func.coalesce(_last(Allocation.dated_on, mine), Receipt.dated_on)))
    off = or_(Receipt.open_amount != left, _differs(Receipt.settled_on, settled), left < 0, left > Receipt.amount)
    spent = _sum(Allocation.amount, Allocation.spent_id == Receipt.id)
    return select(Receipt.id).where(
        case(
            (Receipt.kind == rules.RECEIPT, off), else_=or_(Receipt.amount < spent, spent < 0, Receipt.open_amount != 0)
        )
    )


def _off_credits() -> Select[Any]:
    """Credit notes that more, or less, was taken of than is kept."""
    mine = Allocation.credit_id == Invoice.id
    left = Invoice.total - _sum(Allocation.amount, mine)
    settled = case((left == 0, func.coalesce(_last(Allocation.dated_on, mine), Invoice.dated_on)))
    off = or_(Invoice.open_amount != left, _differs(Invoice.settled_on, settled), left < 0, left > Invoice.total)
    return select(Invoice.id).where(Invoice.kind == rules.CREDIT, Invoice.state == rules.POSTED, off)


def _off_invoices() -> Select[Any]:
    """Invoices whose kept amounts are not those of their instalments."""
    part = aliased(Instalment)
    mine = part.invoice_id == Invoice.id
    left = _sum(part.open_amount, mine)
    through = (Allocation.instalment_id == part.id, mine)
    lost = Allocation.write_off_id.in_(select(WriteOff.id).where(WriteOff.kind.in_(_LOST)))
    off = or_(
        Invoice.open_amount != left,
        _differs(Invoice.settled_on, case((left == 0, _last(part.settled_on, mine)))),
        _differs(
            Invoice.next_due_on, select(func.min(part.due_on)).where(mine, part.open_amount != 0).scalar_subquery()
        ),
        Invoice.credited != _sum(Allocation.amount, *through, Allocation.credit_id.is_not(None)),
        Invoice.written_off != _sum(Allocation.amount, *through, lost),
    )
    return select(Invoice.id).where(Invoice.kind == rules.INVOICE, Invoice.state == rules.POSTED, off)


def _off_claims() -> Select[Any]:
    """Posted invoices whose instalments do not add up to them; those of an order that claims have none."""
    part = aliased(Instalment)
    agreed = and_(part.invoice_id == Invoice.id, part.moved_from_id.is_(None))
    has_any = select(part.id).where(agreed).exists()
    return select(Invoice.id).where(
        Invoice.kind == rules.INVOICE,
        or_(
            and_(Invoice.state == rules.POSTED, has_any, Invoice.total != _sum(part.amount, agreed)),
            and_(Invoice.state == rules.DRAFT, has_any),
        ),
    )


def _off_sides() -> Select[Any]:
    """Allocations between different customers or currencies, or dated before one of their sides began."""
    sides_of: tuple[Any, ...] = tuple(
        aliased(entity) for entity in (Instalment, Receipt, Invoice, WriteOff, Reschedule, Receipt)
    )
    claim, receipt, credit, off, moved, spent = sides_of
    sides: tuple[tuple[Any, Any, Any], ...] = (
        (claim, Allocation.instalment_id, claim.claimed_on),
        (receipt, Allocation.receipt_id, receipt.dated_on),
        (credit, Allocation.credit_id, credit.dated_on),
        (off, Allocation.write_off_id, off.dated_on),
        (moved, Allocation.reschedule_id, moved.dated_on),
        (spent, Allocation.spent_id, spent.dated_on),
    )
    statement, wrong = select(Allocation.id), [false()]
    for side, key, began in sides:
        statement = statement.outerjoin(side, side.id == key)
        wrong += [
            side.contact_id != Allocation.contact_id,
            side.currency != Allocation.currency,
            Allocation.dated_on < began,
        ]
    return statement.where(or_(*wrong))


def _off_reversals() -> Select[Any]:
    """Reversals that do not mirror what they take back."""
    first = aliased(Allocation)
    names = ("receipt_id", "credit_id", "write_off_id", "reschedule_id", "instalment_id", "spent_id", "currency")
    differs = [_differs(getattr(Allocation, name), getattr(first, name)) for name in names]
    return (
        select(Allocation.id)
        .join(first, first.id == Allocation.reverses_id)
        .where(or_(Allocation.amount != -first.amount, Allocation.dated_on < first.dated_on, *differs))
    )


def _off_write_offs() -> Select[Any]:
    """Write-offs of which more was written off than they say."""
    used = _sum(Allocation.amount, Allocation.write_off_id == WriteOff.id)
    return select(WriteOff.id).where(or_(used < 0, used > WriteOff.amount))


def _off_reschedules() -> Select[Any]:
    """Instalments that were moved to other days, and did not all arrive there."""
    later = aliased(Instalment)
    moved = _sum(Allocation.amount, Allocation.instalment_id == Instalment.id, Allocation.reschedule_id.is_not(None))
    said = _sum(Reschedule.amount, Reschedule.instalment_id == Instalment.id)
    arrived = _sum(later.amount, later.moved_from_id == Instalment.id)
    return select(Instalment.id).where(or_(moved != arrived, moved != said))


_CHECKS: Final[tuple[tuple[Callable[[int], str], Callable[[], Select[Any]]], ...]] = (
    (
        lambda count: ngettext(
            "{count} instalment says another open amount than its payments.",
            "{count} instalments say another open amount than their payments.",
            count,
        ),
        _off_instalments,
    ),
    (
        lambda count: ngettext(
            "{count} receipt or refund does not agree with what it was used for.",
            "{count} receipts or refunds do not agree with what they were used for.",
            count,
        ),
        _off_receipts,
    ),
    (
        lambda count: ngettext(
            "{count} credit note does not agree with what it was used for.",
            "{count} credit notes do not agree with what they were used for.",
            count,
        ),
        _off_credits,
    ),
    (
        lambda count: ngettext(
            "{count} invoice says other open amounts than its instalments.",
            "{count} invoices say other open amounts than their instalments.",
            count,
        ),
        _off_invoices,
    ),
    (
        lambda count: ngettext(
            "The instalments of {count} invoice do not add up to it.",
            "The instalments of {count} invoices do not add up to them.",
            count,
        ),
        _off_claims,
    ),
    (
        lambda count: ngettext(
            "{count} payment joins what does not belong together, or is dated too early.",
            "{count} payments join what does not belong together, or are dated too early.",
            count,
        ),
        _off_sides,
    ),
    (
        lambda count: ngettext(
            "{count} reversal does not mirror what it takes back.",
            "{count} reversals do not mirror what they take back.",
            count,
        ),
        _off_reversals,
    ),
    (
        lambda count: ngettext(
            "More was written off than {count} write-off says.",
            "More was written off than {count} write-offs say.",
            count,
        ),
        _off_write_offs,
    ),
    (
        lambda count: ngettext(
            "{count} rescheduled instalment did not arrive on its new days.",
            "{count} rescheduled instalments did not arrive on their new days.",
            count,
        ),
        _off_reschedules,
    ),
)
