"""What people can do with one product: read it, write it down, change it, take it out of sale."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from crm_desktop.access.company import company
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.products import costs, rules
from crm_desktop.products.model import Product
from crm_desktop.products.rules import COLUMNS, Catalogue, CatalogueItem
from crm_desktop.products.settings import get_settings
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record

ENTITY: Final = "product"
PRICE_UNIT: Final = 10**rules.PRICE_PLACES
PERCENT_UNIT: Final = 10**4
"""Stored whole numbers in one unit of price and of percent."""
TAKEN: Final = N_("Another product has this code already. Every code is used once.")


@requires(Permission.PRODUCT_READ)
def get(work: Work, product_id: int) -> Record:
    """Return one product: columns, and `cost` (None: not known) for those who may read costs. Raises NotFound."""
    product = work.get(Product, product_id)
    currency = company(work).currency
    values = {name: getattr(product, name) for name in COLUMNS}
    values["list_price"] = rules.padded(product.list_price, currency)
    values |= {
        "created_at": product.created_at,
        "created_by": product.created_by,
        "updated_at": product.updated_at,
        "updated_by": product.updated_by,
    }
    if work.actor.may(Permission.COST_READ):
        cost = costs.cost_of(work, [product_id]).get(product_id)
        values["cost"] = None if cost is None else rules.padded(cost, currency)
    return Record(product.id, product.version, values)


@requires(Permission.PRODUCT_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a new product and return its id.

    `values` are field names as in `get`; the tax rate defaults to the company's. Raises Invalid beside
    the field, NotAllowed for a cost from somebody who may not write costs.
    """
    given = {"tax_percent": get_settings(work).tax_percent} | {
        name: value for name, value in values.items() if name != "tax_percent" or value is not None
    }
    product = Product(
        code="",
        name="",
        code_key="",
        sort_key="",
        haystack="",
        created_at=work.now,
        created_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
    _apply(work, product, rules.checked_values(given))
    work.session.add(product)
    _flush(work)
    if values.get("cost") is not None:
        costs.set_cost(work, product.id, rules.checked_price("cost", values["cost"]), product.version)
    return product.id


@requires(Permission.PRODUCT_WRITE)
def save(work: Work, product_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed fields over `version` and return the new version.

    Raises Conflict when somebody else changed one of the same fields meanwhile, Invalid, NotFound,
    NotAllowed for a cost from somebody who may not write costs.
    """
    checked = rules.checked_values(changes)
    try:
        product = work.edit(Product, product_id, version, checked)
    except Conflict as conflict:
        raise _typed(conflict) from conflict
    _apply(work, product, checked)
    product.updated_at = work.now
    product.updated_by = work.actor.user_id
    if "cost" in changes:
        _save_cost(work, product, version, changes["cost"])
    _flush(work)
    return product.version


@requires(Permission.PRODUCT_WRITE)
def set_active(work: Work, ids: Sequence[int], active: bool) -> list[int]:
    """Take products out of sale, or put them back; return the ids that were not so before.

    A product is never deleted: old documents keep pointing to it.
    """
    wanted = select(Product).where(Product.id.in_(list(ids)), Product.active.is_not(active)).order_by(Product.id)
    changed = []
    for product in work.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        product.active = active
        product.updated_at = work.now
        product.updated_by = work.actor.user_id
        changed.append(product.id)
    return changed


@requires(Permission.PRODUCT_READ)
def catalogue(work: Work) -> Catalogue:
    """Return every product that is sold, by code: what the type-ahead of a line looks into (`rules.match`)."""
    rows = run_prepared(work, ("catalogue",), _catalogue, {})
    return Catalogue(
        [
            CatalogueItem(id_, code, name, unit, whole(price, PRICE_UNIT), whole(tax, PERCENT_UNIT), text, haystack)
            for id_, code, name, unit, price, tax, text, haystack in rows
        ]
    )


@requires(Permission.PRODUCT_READ)
def categories(work: Work) -> list[str]:
    """Return the categories in use, alphabetically."""
    return _in_use(work, Product.category)


@requires(Permission.PRODUCT_READ)
def units(work: Work) -> list[str]:
    """Return the units in use, alphabetically."""
    return _in_use(work, Product.unit)


def _in_use(work: Work, column: Any) -> list[str]:
    found = work.session.scalars(select(column).where(column != "").distinct())
    return sorted(found, key=str.casefold)


def _catalogue() -> Any:
    # Whoever may read products sees every one, so that no scope is needed in the statement.
    return (
        select(
            Product.id,
            Product.code,
            Product.name,
            Product.unit,
            type_coerce(Product.list_price, BigInteger),
            type_coerce(Product.tax_percent, BigInteger),
            Product.description,
            Product.haystack,
        )
        .where(Product.active.is_(True))
        .order_by(Product.code_key)
    )


def whole(stored: int, unit: int) -> Decimal:
    """Return a stored figure as the column would, in a quarter of the time."""
    whole, rest = divmod(stored, unit)
    return Decimal(whole) if not rest else (Decimal(stored) / unit).normalize()


def _apply(work: Work, product: Product, checked: Mapping[str, Any]) -> None:
    for name, value in checked.items():
        setattr(product, name, value)
    rules.check_named(product.code, product.name)
    if not checked.keys() & {"code", "name"}:
        return
    for name, value in rules.derived(product.code, product.name).items():
        setattr(product, name, value)
    with work.session.no_autoflush:
        taken = select(Product.id).where(Product.code_key == product.code_key, Product.id.is_distinct_from(product.id))
        if work.session.scalar(taken.limit(1)) is not None:
            raise Invalid("code", TAKEN)


def _flush(work: Work) -> None:
    try:
        work.session.flush()
    except IntegrityError as error:
        if "code_key" not in str(error.orig):
            raise
        # Somebody on another computer took the code between our question and our answer.
        raise Invalid("code", TAKEN) from error


def _save_cost(work: Work, product: Product, version: int, value: Any) -> None:
    if not work.actor.may(Permission.COST_READ, Permission.COST_WRITE):
        raise NotAllowed
    cost = None if value is None else rules.checked_price("cost", value)
    _check_cost_unchanged(work, product, version, cost)
    # The version must rise even when nothing but the cost changed, or the next save would miss it.
    flag_modified(product, "updated_at")
    _flush(work)
    costs.set_cost(work, product.id, cost, product.version)


def _check_cost_unchanged(work: Work, product: Product, version: int, mine: Decimal | None) -> None:
    """Raise Conflict when somebody else changed the cost since `version` to something else."""
    if product.version == version:
        return
    later = select(JournalEntry).where(
        JournalEntry.entity == costs.ENTITY, JournalEntry.entity_id == product.id, JournalEntry.version > version
    )
    since = work.session.scalars(later.order_by(JournalEntry.id)).all()
    if since and _decimal(since[-1].after.get("cost")) != mine:
        raise Conflict(
            theirs={"cost": _decimal(since[-1].after.get("cost"))},
            original={"cost": _decimal(since[0].before.get("cost"))},
            version=product.version,
            changed_by=since[-1].actor_name,
        )


def _typed(conflict: Conflict) -> Conflict:
    """Return the conflict with figures as `Decimal`: the journal keeps them as text."""
    figures = ("list_price", "tax_percent")

    def typed(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _decimal(value) if name in figures else value for name, value in values.items()}

    return Conflict(
        theirs=typed(conflict.theirs),
        original=typed(conflict.original),
        version=conflict.version,
        changed_by=conflict.changed_by,
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
