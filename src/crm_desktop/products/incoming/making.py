"""Many new products at once: inserted without an object each, every one with its journal note."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import insert, select

from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.products import costs, rules
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.products.service import ENTITY
from crm_desktop.products.settings import get_settings
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.permissions import Permission, requires

_NUMBERED: Final = re.compile(r"p(\d{1,9})")
_DIGITS: Final = 4
_EMPTY: Final[Mapping[str, Any]] = {
    "code": "",
    "name": "",
    "unit": "",
    "category": "",
    "description": "",
    "list_price": Decimal(0),
    "active": True,
}


def free_codes(taken: Collection[str]) -> Iterator[str]:
    """Yield codes for products that have none: P0001 and so on, after the highest number used so far.

    `taken` are folded codes.
    """
    used = [int(found[1]) for key in taken if (found := _NUMBERED.fullmatch(key))]
    number = max(used, default=0)
    while True:
        number += 1
        yield f"P{number:0{_DIGITS}d}"


@requires(Permission.PRODUCT_WRITE)
def make_products(work: Work, products: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Insert products and return what was stored, with `id`, in the order given.

    Each mapping has columns as in `rules.checked_values`, cleaned, besides `cost`, `created_at` and
    `created_by`. Without a code a product gets a number of its own; the tax rate is the company's unless
    given. Raises Invalid beside the field, NotAllowed for a cost from somebody who may not write costs.
    """
    given = list(products)
    if not given:
        return []
    if any(one.get("cost") is not None for one in given) and not work.actor.may(
        Permission.COST_READ, Permission.COST_WRITE
    ):
        raise NotAllowed
    numbers: Iterator[str] = iter(())
    if not all(one.get("code") for one in given):
        keys = {
            *work.session.scalars(select(Product.code_key)),
            *(rules.code_key(one.get("code") or "") for one in given),
        }
        numbers = free_codes(keys)
    tax_percent = get_settings(work).tax_percent
    rows = [_row(work, one, tax_percent, numbers) for one in given]
    made = work.session.scalars(insert(Product).returning(Product.id, sort_by_parameter_order=True), rows)
    for row, id_ in zip(rows, made, strict=True):
        row["id"] = id_
        work.notes.add(ENTITY, id_, Note(CREATE, {}, _told(row), version=1))
    _make_costs(
        work, [(row["id"], one["cost"]) for row, one in zip(rows, given, strict=True) if one.get("cost") is not None]
    )
    return rows


def _row(work: Work, given: Mapping[str, Any], tax_percent: Decimal, numbers: Iterator[str]) -> dict[str, Any]:
    values = {name: given.get(name, empty) for name, empty in _EMPTY.items()}
    values["code"] = values["code"] or next(numbers)
    values["name"] = values["name"] or values["code"]
    rules.check_named(values["code"], values["name"])
    asked = given.get("tax_percent")
    return (
        values
        | rules.derived(values["code"], values["name"])
        | {
            "tax_percent": tax_percent if asked is None else asked,
            "version": 1,
            "created_at": given.get("created_at") or work.now,
            "created_by": given.get("created_by"),
            "updated_at": work.now,
            "updated_by": work.actor.user_id,
        }
    )


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(row[name]) for name in rules.COLUMNS}


def _make_costs(work: Work, wanted: Sequence[tuple[int, Decimal]]) -> None:
    if not wanted:
        return
    work.session.execute(insert(ProductCost), [{"product_id": id_, "cost": cost} for id_, cost in wanted])
    for id_, cost in wanted:
        work.notes.add(costs.ENTITY, id_, Note(CREATE, {"cost": None}, {"cost": plain(cost)}, version=1))
