"""What orders ask of receivables: what is invoiced, what the confirmed contract claims, what its end leaves open."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, case, func, select, update

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.collecting import credit
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.receivables.money import write_offs
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.money import from_minor


class InvoicesOfOrders:
    """Answers for invoices, claims and credit (`orders.above.Above`)."""

    def check_credit(self, work: Work, order: Order, step: str, override: str) -> None:
        """Raise CreditStop when the customer may not have this on credit."""
        credit.check_order(work, order, step, override)

    def confirmed(self, work: Work, days: Mapping[int, date]) -> None:
        """Claim all that is planned of the orders, where the confirmed contract posts the claim."""
        if get_settings(work).claims_by != rules.CONTRACT or not days:
            return
        work.session.flush()
        rows: list[Any] = []
        for some in portions(sorted(days)):
            asked = select(Instalment.id, Instalment.order_id, Instalment.contact_id).where(
                Instalment.order_id.in_(some), Instalment.claimed_on.is_(None)
            )
            rows += work.session.execute(asked.order_by(Instalment.id))
        if not rows:
            return
        ledger.lock_customers(work, {row.contact_id for row in rows})
        for day in set(days.values()):
            ledger.check_day(work, day)
        table: Any = Instalment.__table__
        claimed = update(table).where(table.c.id == bindparam("of_id"))
        work.session.connection().execute(
            claimed.values(claimed_on=bindparam("day"), dated_on=bindparam("day")),
            [{"of_id": row.id, "day": days[row.order_id]} for row in rows],
        )
        ledger.recompute(work, instalments=[row.id for row in rows])

    def ended(self, work: Work, order: Order) -> None:
        """Write off what an ended contract claimed for what will not come.

        What went out or is invoiced stays owed. The last instalments go first. Raises NotAllowed without
        the right to write off.
        """
        work.session.flush()
        left = _not_to_come(work, order)
        amounts: dict[int, Decimal] = {}
        claimed = select(Instalment.id, Instalment.open_amount).where(
            Instalment.order_id == order.id, Instalment.invoice_id.is_(None), Instalment.open_amount > 0
        )
        last_first = (
            func.coalesce(Instalment.due_on, date.max).desc(),
            Instalment.position.desc(),
            Instalment.id.desc(),
        )
        for id_, amount in work.session.execute(claimed.order_by(*last_first)):
            taken = min(amount, left)
            if taken > 0:
                amounts[id_] = from_minor(taken, order.currency)
                left -= taken
        if amounts:
            write_offs.write_off(work, amounts, order.end_reason, kind=rules.ENDED)

    def invoiced(self, work: Work, line_ids: Sequence[int]) -> Mapping[int, Decimal]:
        """Return how much of each order line posted invoices cover, credit notes taken off."""
        covered = case((Invoice.kind == rules.CREDIT, -InvoiceLine.covered), else_=InvoiceLine.covered)
        asked = (
            select(InvoiceLine.order_line_id, func.sum(covered, type_=Quantity))
            .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
            .where(Invoice.state == rules.POSTED)
            .group_by(InvoiceLine.order_line_id)
        )
        found: dict[int, Decimal] = {}
        for some in portions(line_ids):
            rows = work.session.execute(asked.where(InvoiceLine.order_line_id.in_(some)))
            found.update({line_id: quantity for line_id, quantity in rows if line_id is not None})
        return found


def _not_to_come(work: Work, order: Order) -> int:
    """Return what the part of an order that was neither delivered nor invoiced is worth, in minor units."""
    worth = Decimal(0)
    for line in work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)):
        if line.kind == order_rules.ITEM and line.quantity > 0:
            left = max(line.quantity - max(line.delivered, line.invoiced), Decimal(0))
            worth += Decimal(line.net + line.tax) * left / line.quantity
    return int(worth.quantize(Decimal(1), "ROUND_HALF_UP"))
