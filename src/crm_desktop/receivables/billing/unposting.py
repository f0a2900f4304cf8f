"""The narrow way back: a document just posted, which nobody used yet, is a draft again and keeps its number."""

from datetime import date
from typing import Final

from sqlalchemy import delete, exists, or_, select

from crm_desktop.access.company import company, today
from crm_desktop.db.work import Work
from crm_desktop.orders import fulfilment
from crm_desktop.orders.documents import note_step, raise_version, step
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.billing import claiming
from crm_desktop.receivables.billing.invoices import INVOICES
from crm_desktop.receivables.ledger_model import Allocation, DunningLine
from crm_desktop.receivables.model import Invoice, InvoiceLine, InvoicePaper, TaxInvoice
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_multiline

_SENTENCES: Final = (
    N_("Something was allocated already, so this document stays posted. Credit it instead."),
    N_("There is a credit note of this invoice, so it stays posted."),
    N_("A letter reminded of this invoice, so it stays posted. Credit it instead."),
    N_("A tax invoice was issued for this invoice, so it stays posted. Cancel that one first."),
    N_("A later invoice deducts this one, so it stays posted. Credit it instead."),
)


@requires(Permission.INVOICE_UNPOST)
def unpost(work: Work, invoice_id: int, version: int, reason: str) -> None:
    """Make a posted document a draft again, which keeps its number and gets the same when it is posted.

    Only the last one of its series or one posted today, in days that are open, of which nothing was
    allocated, credited, dunned or written into a tax invoice. Raises Invalid("reason") without a reason,
    WrongState with what to do instead, Conflict, NotFound.
    """
    said = clean_multiline(reason)
    if not said:
        raise Invalid("reason", N_("Say why, for those who ask later."))
    orders = _held_orders(work, invoice_id)
    ledger.lock_customer(work, work.get(Invoice, invoice_id).contact_id)
    row: Invoice = step(work, INVOICES, invoice_id, version, rules.POSTED)
    ledger.check_day(work, row.dated_on)
    _check_recent(work, row)
    _check_unused(work, row)
    claiming.detach(work, row, {order.id: order.total for order in orders})
    work.session.execute(
        delete(InvoicePaper).where(InvoicePaper.invoice_id == row.id), execution_options={"synchronize_session": False}
    )
    row.state, row.posted_at, row.posted_by = rules.DRAFT, None, None
    # A draft keeps none of the amounts that `ledger` computes for what is posted.
    row.open_amount = row.credited = row.written_off = 0
    row.settled_on = row.next_due_on = None
    raise_version(work, row)
    note_step(work, INVOICES, row, "unpost", number=row.number, reason=said)
    fulfilment.recompute(work, *orders)
    work.session.flush()
    work.touch("order", *(order.id for order in orders))
    work.touch("instalment")


def _held_orders(work: Work, invoice_id: int) -> list[Order]:
    by_line = (
        select(OrderLine.order_id)
        .join(InvoiceLine, InvoiceLine.order_line_id == OrderLine.id)
        .where(InvoiceLine.invoice_id == invoice_id)
    )
    by_claim = select(Instalment.order_id).where(Instalment.invoice_id == invoice_id)
    asked = select(Order).where(or_(Order.id.in_(by_line), Order.id.in_(by_claim))).order_by(Order.id)
    return list(work.session.scalars(asked.with_for_update().execution_options(populate_existing=True)))


def _check_recent(work: Work, row: Invoice) -> None:
    assert row.posted_at is not None
    if business_date(row.posted_at, company(work).timezone) == today(work):
        return
    year = row.dated_on.year
    later = exists().where(
        Invoice.kind == row.kind,
        Invoice.serial > (row.serial or 0),
        Invoice.dated_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    with work.system_rights("whether a later number was given, whoever may see that document"):
        is_last = row.serial is not None and not work.session.scalar(select(later))
    if not is_last:
        raise WrongState(
            N_("Only the last number, or what was posted today, can be taken back. Credit this document instead.")
        )


def _check_unused(work: Work, row: Invoice) -> None:
    claims = select(Instalment.id).where(Instalment.invoice_id == row.id)
    lines = select(InvoiceLine.id).where(InvoiceLine.invoice_id == row.id)
    used = (
        exists().where(or_(Allocation.instalment_id.in_(claims), Allocation.credit_id == row.id)),
        exists().where(Invoice.origin_id == row.id),
        exists().where(DunningLine.instalment_id.in_(claims)),
        exists().where(TaxInvoice.invoice_id == row.id, TaxInvoice.cancelled_on.is_(None)),
        exists().where(InvoiceLine.origin_line_id.in_(lines)),
    )
    for sentence, condition in zip(_SENTENCES, used, strict=True):
        if work.session.scalar(select(condition)):
            raise WrongState(sentence)
