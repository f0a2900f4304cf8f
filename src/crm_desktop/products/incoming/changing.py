"""Changes many products at once, without an object each, every one with its journal note."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from crm_desktop.db.journal import CREATE, UPDATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.products import costs, rules
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.products.service import ENTITY, TAKEN
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from crm_desktop.shared.permissions import Permission, requires

COST: Final = "cost"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What changes of a product that has `version`: columns and `cost`, as they are (all) and as they become."""

    id: int
    version: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@requires(Permission.PRODUCT_WRITE)
def change_products(work: Work, changes: Sequence[ProductChange]) -> None:
    """Write changes of products down. Values are taken as clean.

    Raises Conflict when one has another version by now, Invalid when somebody took a code meanwhile,
    NotAllowed for a cost from somebody who may not write costs.
    """
    paid = [one for one in changes if COST in one.after]
    if paid and not work.actor.may(Permission.COST_READ, Permission.COST_WRITE):
        raise NotAllowed
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in changes:
        columns = {name: value for name, value in one.after.items() if name != COST}
        if columns.keys() & {"code", "name"}:
            columns |= rules.derived(columns.get("code", one.before["code"]), columns.get("name", one.before["name"]))
        row = {"of_id": one.id, "of_version": one.version, **{f"new_{name}": columns[name] for name in columns}}
        alike[tuple(columns)].append(row)
        work.notes.add(ENTITY, one.id, _note(one))
    for names, rows in alike.items():
        _update(work, names, rows)
    _change_costs(work, paid)


def _note(change: ProductChange) -> Note:
    told = [name for name in change.after if name != COST]
    before = {name: plain(change.before[name]) for name in told}
    return Note(UPDATE, before, {name: plain(change.after[name]) for name in told}, change.version + 1)


def _update(work: Work, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    table = cast(Table, Product.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("of_id"), table.c.version == bindparam("of_version"))
        .values({name: bindparam(f"new_{name}") for name in names})
        .values(version=table.c.version + 1, updated_at=work.now, updated_by=work.actor.user_id)
    )
    try:
        found = work.session.connection().execute(statement, list(rows)).rowcount
    except IntegrityError as error:
        if "code_key" not in str(error.orig):
            raise
        raise Invalid("code", TAKEN) from error
    if found != len(rows):
        raise Conflict(theirs={}, original={}, version=0)


def _change_costs(work: Work, changes: Sequence[ProductChange]) -> None:
    for start in range(0, len(changes), _AT_ONCE):
        part = [one.id for one in changes[start : start + _AT_ONCE]]
        gone = delete(ProductCost).where(ProductCost.product_id.in_(part))
        work.session.execute(gone.execution_options(synchronize_session=False))
    rows = [{"product_id": one.id, "cost": one.after[COST]} for one in changes if one.after[COST] is not None]
    if rows:
        work.session.execute(insert(ProductCost), rows)
    for one in changes:
        before, after = plain(one.before[COST]), plain(one.after[COST])
        action = CREATE if before is None else UPDATE
        work.notes.add(costs.ENTITY, one.id, Note(action, {COST: before}, {COST: after}, one.version + 1))
