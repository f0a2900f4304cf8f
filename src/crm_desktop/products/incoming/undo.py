"""Takes back what imports did to products."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.deleting import delete_unused
from crm_desktop.db.journal import DELETE, JournalEntry, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.products import costs, rules
from crm_desktop.products.incoming.changing import COST, ProductChange, change_products
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.products.service import ENTITY, TAKEN
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

_AT_ONCE: Final = 500
_COSTS: Final = (Permission.COST_READ, Permission.COST_WRITE)
_FIGURES: Final = ("list_price", "tax_percent")


class ProductUndo:
    """Deletes products an import made, with their costs, and gives changed ones their values back."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return code and name of the products."""
        found: dict[int, str] = {}
        for part in _parts(list(ids)):
            rows = work.session.execute(select(Product.id, Product.code, Product.name).where(Product.id.in_(part)))
            found |= {id_: f"{code} {name}" for id_, code, name in rows}
        return found

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete products; one that a document or a price list names stays, with its cost.

        So does one with a cost when the actor may not change costs.
        """
        before, paid = _stored(work, ids), _paid(work, ids)
        along = (ProductCost.product_id,) if work.actor.may(*_COSTS) else ()
        stay = delete_unused(work, Product, ids, progress, along=along)
        for id_, (version, values) in before.items():
            if id_ not in stay:
                work.notes.add(ENTITY, id_, Note(DELETE, plain(values), {}, version))
        for id_, cost in paid.items():
            if id_ not in stay:
                work.notes.add(costs.ENTITY, id_, Note(DELETE, {"cost": plain(cost)}, {"cost": None}))
        return dict.fromkeys(stay, _("It is used elsewhere, in a document or a price list."))

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give products, and their costs, the values from before the import."""
        reasons: dict[int, str] = {}
        taken = _codes(work, before)
        for done, part in enumerate(_parts(list(before))):
            now, costs_before = _stored(work, part), _costs_before(work, part)
            paid = _paid(work, part)
            changes = []
            for id_, (version, values) in now.items():
                if taken.get(id_, id_) != id_:
                    reasons[id_] = _(TAKEN)
                    continue
                back = {name: _typed(name, value) for name, value in before[id_].items() if name in rules.COLUMNS}
                if id_ in costs_before:
                    back[COST] = costs_before[id_]
                changes.append(ProductChange(id_, version, values | {COST: paid.get(id_)}, back))
            change_products(work, changes)
            progress.step(done * _AT_ONCE + len(part), len(before))
        return reasons


def _typed(name: str, value: Any) -> Any:
    return Decimal(value) if name in _FIGURES else value


def _codes(work: Work, before: Mapping[int, Mapping[str, Any]]) -> dict[int, int]:
    """Return for each product that gets another code back whose that code is now, if it is somebody's."""
    wanted = {rules.code_key(values["code"]): id_ for id_, values in before.items() if "code" in values}
    found: dict[int, int] = {}
    for part in _parts(list(wanted)):
        rows = work.session.execute(select(Product.code_key, Product.id).where(Product.code_key.in_(part)))
        found |= {wanted[key]: id_ for key, id_ in rows}
    return found


def _costs_before(work: Work, ids: Sequence[int]) -> dict[int, Decimal | None]:
    """Return the costs the import changed, as they were: what the last entry of each product's cost says,
    when it is of the same import as the last entry of the product.
    """
    if not work.actor.may(*_COSTS):
        return {}
    entries = (
        select(JournalEntry.entity, JournalEntry.entity_id, JournalEntry.batch, JournalEntry.before)
        .where(JournalEntry.entity.in_((ENTITY, costs.ENTITY)), JournalEntry.entity_id.in_(ids))
        .order_by(JournalEntry.id)
    )
    last = {(entity, id_): (batch, before) for entity, id_, batch, before in work.session.execute(entries)}
    found: dict[int, Decimal | None] = {}
    for id_ in ids:
        batch, before = last.get((costs.ENTITY, id_), (None, {}))
        if batch is not None and batch == last[ENTITY, id_][0]:
            cost = before.get("cost")
            found[id_] = None if cost is None else Decimal(cost)
    return found


def _stored(work: Work, ids: Sequence[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """Return version and columns of products."""
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    columns = [getattr(Product, name) for name in rules.COLUMNS]
    for part in _parts(ids):
        for id_, version, *values in work.session.execute(
            select(Product.id, Product.version, *columns).where(Product.id.in_(part))
        ):
            found[id_] = (version, dict(zip(rules.COLUMNS, values, strict=True)))
    return found


def _paid(work: Work, ids: Sequence[int]) -> dict[int, Decimal]:
    if not work.actor.may(*_COSTS):
        return {}
    return {id_: cost for part in _parts(ids) for id_, cost in costs.cost_of(work, part).items()}


def _parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
