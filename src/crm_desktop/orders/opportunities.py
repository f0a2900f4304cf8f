"""Documents that come of an opportunity: begun from it, named on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.drafting import blank_order, blank_quote
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.pipeline.rules import OPEN
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class DocumentOf:
    """A quote or an order of an opportunity; `entity` is "quote" or "order", `number` "" on a draft."""

    entity: str
    id: int
    number: str
    state: str
    dated_on: date
    total: Money


@requires(Permission.QUOTE_WRITE, Permission.OPPORTUNITY_READ)
def quote_for(work: Work, opportunity_id: int) -> dict[str, Any]:
    """Return the values a new quote of an opportunity begins with, named as in a quote's record. Raises NotFound."""
    said = _said(work, opportunity_id)
    try:
        return blank_quote(work, said["contact_id"], said)
    except Invalid:
        return blank_quote(work, said["contact_id"], _in_own_currency(said))


@requires(Permission.ORDER_WRITE, Permission.OPPORTUNITY_READ)
def order_for(work: Work, opportunity_id: int) -> dict[str, Any]:
    """Return the values a new order of an opportunity begins with, named as in an order's record. Raises NotFound."""
    said = _said(work, opportunity_id)
    try:
        return blank_order(work, said["contact_id"], said)
    except Invalid:
        return blank_order(work, said["contact_id"], _in_own_currency(said))


@requires(Permission.OPPORTUNITY_READ)
def documents_of(work: Work, opportunity_id: int) -> tuple[DocumentOf, ...]:
    """Return the quotes (their newest revisions) and orders of an opportunity, the newest first.

    Only the kinds that the actor may read. Raises NotFound.
    """
    work.get(Opportunity, opportunity_id)
    found: list[DocumentOf] = []
    if work.actor.may(Permission.QUOTE_READ):
        quotes = select(Quote).where(Quote.opportunity_id == opportunity_id, Quote.current)
        found += [
            _document("quote", row, rules.shown_number(row.number, row.revision))
            for row in work.session.scalars(quotes)
        ]
    if work.actor.may(Permission.ORDER_READ):
        orders = select(Order).where(Order.opportunity_id == opportunity_id)
        found += [_document("order", row, row.number or "") for row in work.session.scalars(orders)]
    return tuple(sorted(found, key=lambda one: (one.dated_on, one.entity, one.id), reverse=True))


@requires(Permission.OPPORTUNITY_READ)
def open_for(work: Work, contact_id: int) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of a customer's open opportunities, the newest first, for a document to choose from."""
    asked = select(Opportunity.id, Opportunity.name).where(
        Opportunity.contact_id == contact_id, Opportunity.state == OPEN
    )
    rows = work.session.execute(asked.order_by(Opportunity.opened_on.desc(), Opportunity.id.desc()))
    return tuple((row.id, row.name) for row in rows)


def _said(work: Work, opportunity_id: int) -> dict[str, Any]:
    row = work.get(Opportunity, opportunity_id)
    return {
        "contact_id": row.contact_id,
        "opportunity_id": row.id,
        "person_id": row.person_id,
        "salesperson": row.salesperson_id or work.actor.user_id,
        "subject": row.name,
        "currency": row.currency,
    }


def _in_own_currency(said: Mapping[str, Any]) -> dict[str, Any]:
    # Nothing tells yet what the opportunity's currency is worth: the document asks for it when it is chosen there.
    return {name: value for name, value in said.items() if name != "currency"}


def _document(entity: str, row: Any, number: str) -> DocumentOf:
    return DocumentOf(entity, row.id, number, row.state, row.dated_on, Money.of_minor(row.total, row.currency))
