"""Price lists: what one customer, or the customers of one level, pay in one currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.rules import LEVELS
from crm_desktop.db.journal import UPDATE, JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.products import rules
from crm_desktop.products.model import Price, PriceList, Product
from crm_desktop.shared.errors import Conflict, Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import clean_line

ENTITY: Final = "price_list"
PRICE: Final = "price."
"""What the journal calls one product's price: `price.17`."""
COLUMNS: Final = ("name", "contact_id", "level", "currency", "active")


@requires(Permission.PRICE_READ)
def get_price_list(work: Work, list_id: int) -> Record:
    """Return one price list: columns, `contact_name`, and `prices` by code. Raises NotFound.

    A price is a dictionary: product_id, code, name, unit, list_price (in the company's currency), price.
    """
    row = work.get(PriceList, list_id)
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    values["contact_name"] = ""
    if row.contact_id is not None:
        values["contact_name"] = work.get(Contact, row.contact_id).name
    values["prices"] = _shown(work, prices_of(work, list_id), row.currency)
    return Record(row.id, row.version, values)


@requires(Permission.PRICE_READ)
def prices_of_product(work: Work, product_id: int) -> list[tuple[int, str, str, str, str, Decimal]]:
    """Return a product's price in each active list: (list id, name, customer, level, currency, price), by name."""
    found = work.session.execute(
        select(PriceList.id, PriceList.name, Contact.name, PriceList.level, PriceList.currency, Price.price)
        .join(Price, Price.price_list_id == PriceList.id)
        .join(Contact, Contact.id == PriceList.contact_id, isouter=True)
        .where(Price.product_id == product_id, PriceList.active)
    )
    rows = [(id_, name, customer or "", level, currency, rules.padded(price, currency))
            for id_, name, customer, level, currency, price in found]  # fmt: skip
    return sorted(rows, key=lambda row: (row[1].casefold(), row[0]))


@requires(Permission.PRICE_WRITE)
def create_price_list(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a new price list and return its id; `prices` are dictionaries of product_id and price.

    A list is for one customer or for one level, and there is one for each in a currency. Without a name
    it is called after them. Raises Invalid beside the field.
    """
    row = PriceList(**_checked({"name": "", "currency": "", "level": "", "contact_id": None} | dict(values)))
    _complete(work, row)
    work.session.add(row)
    _flush(work, row)
    _write_prices(work, row, _wanted(work, {}, values.get("prices") or ()))
    return row.id


@requires(Permission.PRICE_WRITE)
def save_price_list(work: Work, list_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed fields over `version` and return the new version.

    `prices` is the whole table; prices of other products that somebody changed meanwhile stay. Raises
    Conflict when somebody else changed one of the same fields or prices, Invalid, NotFound.
    """
    checked = _checked(changes)
    row = work.edit(PriceList, list_id, version, checked)
    before = row.version
    for name, value in checked.items():
        setattr(row, name, value)
    _complete(work, row)
    wanted: dict[int, Decimal | None] = {}
    if "prices" in changes:
        wanted = _merged(work, row, version, changes["prices"] or ())
    _flush(work, row)
    if wanted and row.version == before:
        # It must rise with the prices, which are rows of their own.
        row.version += 1
    _write_prices(work, row, wanted)
    return row.version


@requires(Permission.PRICE_WRITE)
def put_prices(work: Work, list_id: int, version: int, prices: Mapping[int, Decimal | None]) -> None:
    """Set the prices of some products in a list, None taking a product out of it; the others stay.

    Raises Conflict when the list has another version, NotFound.
    """
    row = work.get(PriceList, list_id, version)
    row.version += 1
    work.session.flush()
    _write_prices(work, row, prices)


@requires(Permission.PRICE_WRITE)
def set_price_lists_active(work: Work, ids: Sequence[int], active: bool) -> list[int]:
    """Take price lists out of use, or into use again; return the ids that were not so before."""
    wanted = (
        select(PriceList).where(PriceList.id.in_(list(ids)), PriceList.active.is_not(active)).order_by(PriceList.id)
    )
    changed = []
    for row in work.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        row.active = active
        changed.append(row.id)
    return changed


def prices_of(work: Work, list_id: int) -> dict[int, Decimal]:
    """Return the price of each product in a list."""
    found = select(Price.product_id, Price.price).where(Price.price_list_id == list_id)
    return {row.product_id: row.price for row in work.session.execute(found)}


def _shown(work: Work, prices: Mapping[int, Decimal], currency: str) -> tuple[dict[str, Any], ...]:
    found = work.session.execute(
        select(Product.id, Product.code, Product.name, Product.unit, Product.list_price)
        .where(Product.id.in_(list(prices)))
        .order_by(Product.code_key)
    )
    return tuple(
        {
            "product_id": id_,
            "code": code,
            "name": name,
            "unit": unit,
            "list_price": list_price,
            "price": rules.padded(prices[id_], currency),
        }
        for id_, code, name, unit, list_price in found
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns among `values`, cleaned. Raises Invalid beside the field."""
    checked = {name: values[name] for name in COLUMNS if name in values}
    if "name" in checked:
        checked["name"] = clean_line(str(checked["name"] or ""))
    if checked.get("currency"):
        checked["currency"] = clean_line(str(checked["currency"] or "")).upper()
        if not (len(checked["currency"]) == 3 and checked["currency"].isascii() and checked["currency"].isalpha()):
            raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    if "level" in checked:
        checked["level"] = checked["level"] or ""
        if checked["level"] and checked["level"] not in dict(LEVELS):
            raise Invalid("level", N_("This level is not known. Choose one of the list."))
    if "active" in checked:
        checked["active"] = bool(checked["active"])
    return checked


def _complete(work: Work, row: PriceList) -> None:
    """Check what belongs together, and name a list without a name after whom it is for."""
    if not row.currency:
        raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    if (row.contact_id is None) == (not row.level):
        raise Invalid("contact_id", N_("A price list is for one customer or for one level: choose one of them."))
    customer = _customer(work, row.contact_id) if row.contact_id is not None else None
    if not row.name:
        row.name = customer.name if customer is not None else row.level


def _customer(work: Work, contact_id: int) -> Contact:
    try:
        with work.session.no_autoflush:
            contact = work.get(Contact, contact_id)
    except NotFound as error:
        raise Invalid("contact_id", N_("This customer no longer exists, or you may not see it.")) from error
    if not contact.is_customer:
        raise Invalid("contact_id", N_("Only a customer can have a price list."))
    return contact


def _flush(work: Work, row: PriceList) -> None:
    with work.session.no_autoflush:
        same = select(PriceList.id).where(
            PriceList.currency == row.currency,
            PriceList.level == row.level,
            PriceList.contact_id.is_not_distinct_from(row.contact_id),
            PriceList.id.is_distinct_from(row.id),
        )
        taken = work.session.scalar(same.limit(1)) is not None
    if not taken:
        try:
            work.session.flush()
            return
        except IntegrityError as error:
            # Somebody made the same list at the same moment, perhaps out of the actor's sight.
            if not any(name in str(error.orig) for name in ("price_list.", "uq_price_list")):
                raise
    raise Invalid("currency", N_("There is a price list for them in this currency already. Change that one."))


def _wanted(work: Work, base: Mapping[int, Decimal], rows: Sequence[Mapping[str, Any]]) -> dict[int, Decimal | None]:
    """Return what differs from `base`: the new price by product, None for one that is taken out."""
    mine: dict[int, Decimal] = {}
    for place, row in enumerate(rows):
        if row.get("product_id") is not None and row.get("price") is not None:
            mine[row["product_id"]] = rules.checked_price(f"prices.{place}.price", row["price"])
    known = set(work.session.scalars(select(Product.id).where(Product.id.in_(list(mine.keys() - base.keys())))))
    if mine.keys() - base.keys() - known:
        raise Invalid("prices", N_("One of the products no longer exists. Take its row out."))
    return {id_: mine.get(id_) for id_ in base.keys() | mine.keys() if mine.get(id_) != base.get(id_)}


def _merged(work: Work, row: PriceList, version: int, rows: Sequence[Mapping[str, Any]]) -> dict[int, Decimal | None]:
    """Return what the actor changed since `version`. Raises Conflict where somebody else changed the same price."""
    stored = prices_of(work, row.id)
    if row.version == version:
        return _wanted(work, stored, rows)
    later = select(JournalEntry).where(
        JournalEntry.entity == ENTITY, JournalEntry.entity_id == row.id, JournalEntry.version > version
    )
    original: dict[int, Decimal | None] = {}
    changed_by: dict[int, str] = {}
    for entry in work.session.scalars(later.order_by(JournalEntry.id)):
        for key in entry.after.keys() | entry.before.keys():
            if key.startswith(PRICE):
                product_id, before = int(key.removeprefix(PRICE)), entry.before.get(key)
                original.setdefault(product_id, None if before is None else Decimal(before))
                changed_by[product_id] = entry.actor_name
    base = {id_: price for id_, price in (stored | original).items() if price is not None}
    wanted = _wanted(work, base, rows)
    clashing = [id_ for id_ in wanted if id_ in original and wanted[id_] != stored.get(id_)]
    if clashing:
        raise Conflict(
            theirs={"prices": _shown(work, stored, row.currency)},
            original={"prices": _shown(work, base, row.currency)},
            version=row.version,
            changed_by=changed_by[clashing[-1]],
        )
    return {id_: price for id_, price in wanted.items() if price != stored.get(id_)}


def _write_prices(work: Work, row: PriceList, wanted: Mapping[int, Decimal | None]) -> None:
    if not wanted:
        return
    before = {id_: price for id_, price in prices_of(work, row.id).items() if id_ in wanted}
    work.session.execute(delete(Price).where(Price.price_list_id == row.id, Price.product_id.in_(list(before))))
    rows = [
        {"price_list_id": row.id, "product_id": id_, "price": price}
        for id_, price in wanted.items()
        if price is not None
    ]
    if rows:
        work.session.execute(insert(Price), rows)
    work.note(
        ENTITY,
        row.id,
        UPDATE,
        before={f"{PRICE}{id_}": before.get(id_) for id_ in wanted},
        after={f"{PRICE}{id_}": price for id_, price in wanted.items()},
        contact_id=row.contact_id,
        version=row.version,
    )
