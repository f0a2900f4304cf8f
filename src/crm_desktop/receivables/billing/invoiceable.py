"""In which ways an order can be invoiced now: what is left of it, delivery by delivery, or on account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Delivery, Instalment, Order
from crm_desktop.receivables.billing.invoicing import open_lines
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires

ORDER: Final = "order"
DELIVERY: Final = "delivery"
INSTALMENT: Final = "instalment"


@dataclass(frozen=True, slots=True)
class Way:
    """One way: `kind` and `id` of what would be invoiced, and what people know it by."""

    kind: str
    id: int
    called: str = ""
    day: date | None = None
    event: str = ""
    currency: str = ""
    amount: Decimal | None = None


@requires(Permission.INVOICE_WRITE, Permission.ORDER_READ)
def ways_to_invoice(work: Work, order_id: int) -> tuple[str, tuple[Way, ...]]:
    """Return the number of an order and the ways to invoice it, none when nothing is left. Raises NotFound.

    A delivery is offered until an invoice of it is written, an instalment as long as it is planned and the
    order has more than one.
    """
    order = work.get(Order, order_id)
    if not any(line.open > 0 for line in open_lines(work, order_id)):
        return order.number or "", ()
    invoiced = select(Invoice.delivery_id).where(Invoice.order_id == order_id, Invoice.delivery_id.is_not(None))
    delivered = select(Delivery.id, Delivery.number, Delivery.delivered_on).where(
        Delivery.order_id == order_id, Delivery.returns_id.is_(None), Delivery.id.not_in(invoiced)
    )
    taken = select(Invoice.instalment_id).where(Invoice.order_id == order_id, Invoice.instalment_id.is_not(None))
    planned = select(Instalment).where(
        Instalment.order_id == order_id, Instalment.claimed_on.is_(None), Instalment.id.not_in(taken)
    )
    parts = list(work.session.scalars(planned.order_by(Instalment.position, Instalment.id)))
    goods = work.session.execute(delivered.order_by(Delivery.delivered_on, Delivery.id)).all()
    return order.number or "", (
        Way(ORDER, order_id),
        *(Way(DELIVERY, row.id, row.number, row.delivered_on) for row in goods),
        *(
            Way(
                INSTALMENT, one.id, one.label, one.due_on, one.event, one.currency, from_minor(one.amount, one.currency)
            )
            for one in parts
            if len(parts) > 1
        ),
    )
