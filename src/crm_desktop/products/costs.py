"""What products cost: kept apart from them, in the company's currency, without tax."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from crm_desktop.access.rules import COST_ENTITY
from crm_desktop.db.journal import CREATE, UPDATE
from crm_desktop.db.work import Work
from crm_desktop.products.model import ProductCost
from crm_desktop.products.rules import PRICE_PLACES
from crm_desktop.shared.money import round_half_away
from crm_desktop.shared.permissions import Permission, requires

ENTITY: Final = COST_ENTITY
"""The journal's entity: people who may read products but no cost must not read it there."""


@requires(Permission.COST_READ)
def cost_of(work: Work, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return the cost of each product that has one."""
    wanted = select(ProductCost.product_id, ProductCost.cost).where(ProductCost.product_id.in_(list(product_ids)))
    return {row.product_id: row.cost for row in work.session.execute(wanted)}


@requires(Permission.PRICE_READ)
def below_cost(work: Work, lines: Sequence[tuple[int | None, Decimal]]) -> list[bool]:
    """Return for each line whether its price is below what the product costs.

    A line is the product's id (None: a line without one) and the price of one unit after discount,
    without tax, in the company's currency. Says whether, never how much: the warning is for people who
    may not see costs.
    """
    if not any(product_id for product_id, _price in lines):
        return [False] * len(lines)
    if work.is_guarded:
        return _ask_server(work, lines)
    wanted = {product_id for product_id, _price in lines if product_id}
    with work.system_rights("whether a price is below cost, not the cost itself, is told"):
        found = select(ProductCost.product_id, ProductCost.cost).where(ProductCost.product_id.in_(wanted))
        costs = {row.product_id: row.cost for row in work.session.execute(found)}
    return [product_id in costs and price < costs[product_id] for product_id, price in lines]


def _ask_server(work: Work, lines: Sequence[tuple[int | None, Decimal]]) -> list[bool]:
    numbers = bindparam("products", [product_id for product_id, _price in lines], ARRAY(BigInteger))
    prices = [int(round_half_away(price, PRICE_PLACES).scaleb(PRICE_PLACES)) for _product, price in lines]
    asked = select(func.crm.below_cost(numbers, bindparam("prices", prices, ARRAY(BigInteger))))
    return list(work.session.scalar(asked) or ())


@requires(Permission.COST_READ, Permission.COST_WRITE)
def set_cost(work: Work, product_id: int, cost: Decimal | None, version: int) -> bool:
    """Write down what a product costs, None: not known; return whether that is a change.

    `version` is the product's, under which the journal keeps it.
    """
    row = work.session.get(ProductCost, product_id)
    before = row.cost if row is not None else None
    if before == cost:
        return False
    if cost is None:
        work.session.delete(row)
    elif row is None:
        work.session.add(ProductCost(product_id=product_id, cost=cost))
    else:
        row.cost = cost
    action = CREATE if before is None else UPDATE
    work.note(ENTITY, product_id, action, before={"cost": before}, after={"cost": cost}, version=version)
    # The product itself is told to have changed, not what: its windows read it again.
    work.note("product", product_id, UPDATE, version=version)
    return True
