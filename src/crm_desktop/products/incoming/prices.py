"""Price lists from files: one price of one product for one customer, or one level, on each row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts.incoming.links import CustomerLinks
from crm_desktop.db.deleting import delete_unused
from crm_desktop.db.journal import DELETE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.products import price_lists
from crm_desktop.products.incoming.fields import PRICE_FIELDS
from crm_desktop.products.incoming.links import ProductLinks, make_missing_products, product_links
from crm_desktop.products.incoming.price_plan import ForWhom, ListedPrice, PricePlan
from crm_desktop.products.model import Price, PriceList
from crm_desktop.products.price_lists import COLUMNS, ENTITY, PRICE
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer, Verdict
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress


class PriceListUndo:
    """Deletes price lists an import made, and takes its prices out of the others."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the names of the lists."""
        found = work.session.execute(select(PriceList.id, PriceList.name).where(PriceList.id.in_(list(ids))))
        return {row.id: row.name for row in found}

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete price lists with their prices."""
        before: dict[int, Note] = {}
        for row in work.session.scalars(select(PriceList).where(PriceList.id.in_(list(ids)))):
            values = {name: getattr(row, name) for name in COLUMNS}
            values |= {f"{PRICE}{id_}": price for id_, price in price_lists.prices_of(work, row.id).items()}
            before[row.id] = Note(DELETE, plain(values), {}, row.version, row.contact_id)
        stay = delete_unused(work, PriceList, ids, progress, along=(Price.price_list_id,))
        for id_, note in before.items():
            if id_ not in stay:
                work.notes.add(ENTITY, id_, note)
        return dict.fromkeys(stay, _("It is used elsewhere."))

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give the lists the prices from before the import."""
        reasons: dict[int, str] = {}
        for done, (id_, values) in enumerate(before.items()):
            progress.step(done, len(before))
            prices = {
                int(key.removeprefix(PRICE)): None if value is None else Decimal(value)
                for key, value in values.items()
                if key.startswith(PRICE)
            }
            try:
                price_lists.put_prices(work, id_, work.get(PriceList, id_).version, prices)
            except UserError as refused:
                reasons[id_] = str(refused)
        return reasons


class PriceListTarget:
    """Takes prices into lists of customers and levels; a list is made when there is none."""

    name = "price_lists"
    label = N_("Price lists")
    entity = ENTITY
    permission = Permission.PRICE_IMPORT
    keys: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = (
        ("product_code", "product"),
        ("price",),
        ("customer_code", "customer", "registration", "level", "list"),
    )
    grouped = ""
    percents: frozenset[str] = frozenset()
    sheet_names: tuple[str, ...] = (
        *("Prices", "Customer prices", "Agreed prices", "价格表", "價格表", "价目表", "價目表"),
        *("客户价格", "客戶價格", "协议价", "協議價"),
    )
    choices: tuple[ImportChoice, ...] = ()
    undoers: Mapping[str, Undoer] = {ENTITY: PriceListUndo()}

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be."""
        return tuple(field for field in PRICE_FIELDS if field.writable_by(work.actor))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: there is nothing to choose."""
        return {}

    def plan(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each row; writes nothing. Raises NotAllowed, Cancelled."""
        if not work.actor.may(Permission.PRICE_READ, Permission.PRICE_WRITE):
            raise NotAllowed
        return PricePlan(work, options).plan(rows, progress)

    def apply(self, work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write the prices down, with the lists, customers and products they need.

        Raises NotAllowed, Conflict, Invalid, Cancelled.
        """
        listed: list[ListedPrice] = [one.payload for one in planned if one.verdict in (Verdict.NEW, Verdict.UPDATE)]
        products = _with_products(work, listed)
        by_list = _by_list(work, listed, options)
        for done, (to, prices) in enumerate(by_list.items()):
            progress.step(done, len(by_list))
            _write(work, to, {_product_id(one, products): one.price for one in prices})


def _with_products(work: Work, listed: Sequence[ListedPrice]) -> ProductLinks | None:
    """Make the products that are missing; return where they are found then."""
    missing = [one.product for one in listed if one.product_id is None]
    if not missing:
        return None
    links = product_links(work)
    make_missing_products(work, missing, links)
    return links


def _product_id(listed: ListedPrice, products: ProductLinks | None) -> int:
    if listed.product_id is not None:
        return listed.product_id
    assert products is not None
    code, name = listed.product
    return products.fitting(code or name)[0].id


def _by_list(work: Work, listed: Sequence[ListedPrice], options: ImportOptions) -> dict[ForWhom, list[ListedPrice]]:
    """Return the prices by the list they go into, each customer being somebody now."""
    named = {one.to.customer: None for one in listed if one.to.customer is not None}
    made: Mapping[Any, int] = {}
    if named:
        customers = CustomerLinks(work, options)
        customers.find(named)
        made = customers.create_missing(named)
    found: dict[ForWhom, list[ListedPrice]] = defaultdict(list)
    for one in listed:
        to = one.to
        if to.customer is not None:
            to = ForWhom(None, None, to.name, made[to.customer], None, "", to.currency)
        found[to].append(one)
    return found


def _write(work: Work, to: ForWhom, prices: Mapping[int, Decimal | None]) -> None:
    if to.id is not None and to.version is not None:
        price_lists.put_prices(work, to.id, to.version, prices)
        return
    rows = [{"product_id": id_, "price": price} for id_, price in prices.items()]
    price_lists.create_price_list(
        work,
        {
            "name": to.name,
            "contact_id": to.contact_id,
            "level": to.level,
            "currency": to.currency,
            "prices": rows,
        },
    )


PRICE_LISTS: Final = PriceListTarget()
