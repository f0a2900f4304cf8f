"""What quotes, orders and deliveries tell in a customer's timeline."""

from typing import Any, Final

from sqlalchemy import Select, and_

from crm_desktop.activities.above import Entry, Word
from crm_desktop.activities.timeline_rows import RowSource, Told
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.orders import rules
from crm_desktop.orders.model import Delivery, Order, Quote
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission

_DOCUMENTS: Final = "documents"
_QUOTE_STATES: Final = dict(rules.QUOTE_STATES)
_ORDER_STATES: Final = dict(rules.ORDER_STATES)
_TONES: Final = {rules.ACCEPTED: "success", rules.CONFIRMED: "success"}


def _document(row: Any, told: Told, source: str, icon: str, headline: str, state: str) -> Entry:
    """Return the entry of a document of a day, with its state and its total."""
    return Entry(
        at=told.at,
        source=source,
        group=_DOCUMENTS,
        entity=source,
        id=row.its_id,
        icon=icon,
        told=headline,
        values={
            "number": rules.shown_number(row.number, getattr(row, "revision", 1)),
            "subject": row.subject,
            "state": Word(state),
        },
        detail="{state} · {subject}" if row.subject else "{state}",
        money=Money.of_minor(row.total, row.currency),
        by=row.created_by,
        tone=_TONES.get(row.state, "plain"),
        whole_day=True,
    )


def _quote(row: Any, told: Told) -> Entry:
    headline = N_("Quote {number}") if row.number else N_("Draft of a quote")
    return _document(row, told, "quote", "file-text", headline, _QUOTE_STATES[row.state])


def _order(row: Any, told: Told) -> Entry:
    headline = N_("Order {number}") if row.number else N_("Draft of an order")
    return _document(row, told, "order", "clipboard", headline, _ORDER_STATES[row.state])


def _delivery(row: Any, told: Told) -> Entry:
    return Entry(
        at=told.at,
        source="delivery",
        group=_DOCUMENTS,
        entity="delivery",
        id=row.its_id,
        icon="truck" if row.returns_id is None else "undo-2",
        told=N_("Delivery {number}") if row.returns_id is None else N_("Return {number}"),
        values={"number": row.number, "order": row.order_number or "", "carrier": row.carrier},
        detail=" · ".join(part for part, value in (("{order}", row.order_number), ("{carrier}", row.carrier)) if value),
        by=row.created_by,
        whole_day=True,
    )


def _with_order(statement: Select[Any], actor: Actor) -> Select[Any]:
    return statement.outerjoin(Order, and_(Order.id == Delivery.order_id, in_sales_reach(Order, actor)))


SOURCES: Final = (
    RowSource(
        "quote",
        _DOCUMENTS,
        (Permission.QUOTE_READ,),
        Quote,
        Quote.dated_on,
        (Quote.number, Quote.revision, Quote.state, Quote.subject, Quote.currency, Quote.total, Quote.created_by),
        _quote,
        step=2,
    ),
    RowSource(
        "order",
        _DOCUMENTS,
        (Permission.ORDER_READ,),
        Order,
        Order.dated_on,
        (Order.number, Order.state, Order.subject, Order.currency, Order.total, Order.created_by),
        _order,
        step=3,
    ),
    RowSource(
        "delivery",
        _DOCUMENTS,
        (Permission.DELIVERY_READ,),
        Delivery,
        Delivery.delivered_on,
        (
            *(Delivery.number, Delivery.returns_id, Delivery.carrier, Delivery.created_by),
            Order.number.label("order_number"),
        ),
        _delivery,
        joins=_with_order,
        step=5,
    ),
)
"""What `app` hangs into timelines."""
