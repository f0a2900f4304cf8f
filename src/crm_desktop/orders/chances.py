"""What becomes of an opportunity when its documents are confirmed, cancelled or lost."""

from typing import Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline import service
from crm_desktop.shared.permissions import Permission

_BINDING: Final = (rules.CONFIRMED, rules.CLOSED)
_HOPEFUL: Final = (rules.DRAFT, rules.SENT, rules.ACCEPTED)


def won_by(work: Work, order: Order) -> None:
    """Win the opportunity of an order that is binding now."""
    if order.opportunity_id is not None and work.actor.may(Permission.OPPORTUNITY_WRITE):
        service.won_by_order(work, order.opportunity_id, today(work))


def left(work: Work, order_id: int, opportunity_id: int | None) -> None:
    """Reopen the opportunity that an order left, unless another binding order is of it."""
    if opportunity_id is None or not work.actor.may(Permission.OPPORTUNITY_WRITE):
        return
    others = select(Order.id).where(
        Order.opportunity_id == opportunity_id, Order.state.in_(_BINDING), Order.id != order_id
    )
    if work.session.scalar(others.limit(1)) is None:
        service.reopened_without_order(work, opportunity_id)


def quote_lost(work: Work, quote: Quote) -> None:
    """Tell in the history of an opportunity that its last quote was lost: whether it goes on, people decide."""
    if quote.opportunity_id is None:
        return
    hopes = select(Quote.id).where(
        Quote.opportunity_id == quote.opportunity_id, Quote.current, Quote.state.in_(_HOPEFUL), Quote.id != quote.id
    )
    ordered = select(Order.id).where(Order.opportunity_id == quote.opportunity_id, Order.state != rules.CANCELLED)
    if work.session.scalar(hopes.limit(1)) is None and work.session.scalar(ordered.limit(1)) is None:
        number = rules.shown_number(quote.number, quote.revision)
        work.note(
            service.ENTITY, quote.opportunity_id, "quotes_lost", after={"number": number}, contact_id=quote.contact_id
        )
