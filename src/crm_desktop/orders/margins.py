"""What an order earns, for those who may see it, and the warning below cost, for everybody."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, insert, select

from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Order, OrderLine, OrderLineCost
from crm_desktop.products.costs import below_cost, cost_of
from crm_desktop.products.model import ProductCost
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.money import exponent, round_half_away
from crm_desktop.shared.permissions import Permission

Lines = Sequence[Mapping[str, Any]]
_AT_ONCE: Final = 500


def keep_costs(work: Work, order_ids: Sequence[int]) -> None:
    """Write down what each line of confirmed orders costs today; costs written before stay.

    They are kept for those who may see margins, whoever confirms.
    """
    work.session.flush()
    for start in range(0, len(order_ids), _AT_ONCE):
        ids = list(order_ids[start : start + _AT_ONCE])
        # The program itself connects as the owner of the schema, who writes costs down without the function.
        if work.is_guarded and work.actor is not SYSTEM:
            work.session.execute(select(func.crm.keep_costs(Order.id)).where(Order.id.in_(ids)))
            continue
        costs = (
            select(OrderLine.id, ProductCost.cost)
            .join(ProductCost, ProductCost.product_id == OrderLine.product_id)
            .outerjoin(OrderLineCost, OrderLineCost.line_id == OrderLine.id)
            .where(OrderLine.order_id.in_(ids), OrderLineCost.line_id.is_(None))
        )
        work.session.execute(insert(OrderLineCost).from_select(["line_id", "cost"], costs))


def positions_below_cost(work: Work, lines: Lines, rate: Decimal) -> tuple[int, ...]:
    """Return the positions, from 1, of lines sold for less than their product costs today, all discounts taken off."""
    asked = [
        (line["product_id"], line["net"] / line["quantity"] * rate)
        if line["kind"] == rules.ITEM and line["quantity"]
        else (None, Decimal(0))
        for line in lines
    ]
    return tuple(place for place, below in enumerate(below_cost(work, asked), 1) if below)


def margin_of(work: Work, order: Order, lines: Lines) -> dict[str, Decimal | None]:
    """Return `margin` (in the order's currency) and `margin_percent` of the lines whose cost is known.

    Nothing for those who may not see margins. A draft has no kept costs: only who sees costs sees its
    margin. Both are None while no cost is known.
    """
    if not work.actor.may(Permission.MARGIN_READ):
        return {}
    costs = _costs(work, order, lines)
    known = [line for line in lines if line["id"] in costs]
    if not known:
        return {"margin": None, "margin_percent": None}
    net = sum((line["net"] for line in known), Decimal(0))
    cost = sum((costs[line["id"]] * line["quantity"] for line in known), Decimal(0)) / order.rate
    margin = round_half_away(net - cost, exponent(order.currency))
    return {"margin": margin, "margin_percent": round_half_away(margin / net * 100, 2) if net else None}


def _costs(work: Work, order: Order, lines: Lines) -> dict[int, Decimal]:
    if order.state == rules.DRAFT:
        if not work.actor.may(Permission.COST_READ):
            return {}
        found = cost_of(work, [line["product_id"] for line in lines if line["product_id"]])
        return {line["id"]: found[line["product_id"]] for line in lines if line["product_id"] in found}
    kept = (
        select(OrderLineCost.line_id, OrderLineCost.cost)
        .join(OrderLine, OrderLine.id == OrderLineCost.line_id)
        .where(OrderLine.order_id == order.id)
    )
    return dict(work.session.execute(kept).all())
