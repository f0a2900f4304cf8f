"""What a customer pays: the lookup from customer to level to list price."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import or_, select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.products import rules
from crm_desktop.products.model import Price, PriceList, Product
from crm_desktop.products.rules import FoundPrice
from crm_desktop.products.settings import get_settings
from crm_desktop.shared.permissions import Permission, requires


@requires(Permission.PRICE_READ)
def find_prices(
    work: Work,
    contact_id: int | None,
    product_ids: Sequence[int],
    currency: str,
    rate: Decimal = Decimal(1),
    include_tax: bool | None = None,
) -> dict[int, FoundPrice]:
    """Return what a customer pays for each product: its own price, else its level's, else the list price.

    Only active price lists in `currency` count; the list price is converted by `rate` (the company's
    currency for one unit of `currency`). Prices come with tax when `include_tax` (None: as prices are
    kept). A product that does not exist is left out, one that is no longer sold is found all the same.
    """
    kept_with_tax = get_settings(work).prices_include_tax
    wants_tax = kept_with_tax if include_tax is None else include_tax
    agreed = _agreed(work, contact_id, product_ids, currency)
    wanted = select(Product.id, Product.list_price, Product.tax_percent).where(Product.id.in_(list(product_ids)))
    found: dict[int, FoundPrice] = {}
    for product_id, list_price, tax_percent in work.session.execute(wanted):

        def moved(price: Decimal, by: Decimal, tax: Decimal = tax_percent) -> Decimal:
            return rules.converted(price, tax, rate=by, currency=currency, had_tax=kept_with_tax, wants_tax=wants_tax)

        listed = moved(list_price, rate)
        own, level = (
            (moved(price, Decimal(1)) if price is not None else None) for price in agreed.get(product_id, (None, None))
        )
        if own is not None:
            found[product_id] = FoundPrice(own, rules.CUSTOMER, listed, level)
        elif level is not None:
            found[product_id] = FoundPrice(level, rules.LEVEL, listed, level)
        else:
            found[product_id] = FoundPrice(listed, rules.LIST, listed)
    return found


def _agreed(
    work: Work, contact_id: int | None, product_ids: Sequence[int], currency: str
) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """Return for each product with an agreed price the customer's own and that of the customer's level."""
    if contact_id is None:
        return {}
    of_level = select(Contact.level).where(Contact.id == contact_id).scalar_subquery()
    wanted = (
        select(Price.product_id, Price.price, PriceList.contact_id)
        .join(PriceList, PriceList.id == Price.price_list_id)
        .where(
            PriceList.active,
            PriceList.currency == currency,
            or_(PriceList.contact_id == contact_id, (PriceList.level != "") & (PriceList.level == of_level)),
            Price.product_id.in_(list(product_ids)),
        )
    )
    agreed: dict[int, tuple[Decimal | None, Decimal | None]] = {}
    for product_id, price, whose in work.session.execute(wanted):
        own, level = agreed.get(product_id, (None, None))
        agreed[product_id] = (price, level) if whose is not None else (own, price)
    return agreed
