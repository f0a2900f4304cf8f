"""What the main window is told of products and prices; the screens are loaded when they are opened."""

from typing import Any, Final

from crm_desktop.contacts.ui.specs import Found
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

PRODUCT: Final = "product"
PRICE_LIST: Final = "price_list"
SALES: Final = (Domain.SALES,)
BOTH_SIDES: Final = (Domain.SALES, Domain.PURCHASING)


def products_screen(desk: Desk) -> Screen:
    """Return the list of products."""
    from crm_desktop.products.ui.products_screen import ProductsScreen

    return ProductsScreen(desk)


def price_lists_screen(desk: Desk) -> Screen:
    """Return the list of price lists."""
    from crm_desktop.products.ui.products_screen import PriceListsScreen

    return PriceListsScreen(desk)


def sales_settings_screen(desk: Desk) -> Screen:
    """Return the settings page of selling."""
    from crm_desktop.products.ui.sales_settings_screen import SalesSettingsScreen

    return SalesSettingsScreen(desk)


def product_record(desk: Desk, product_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    """Return the tab of a product, None for a new one; `company` names the data set in the draft folder."""
    from crm_desktop.products.ui.product_record import ProductScreen

    return ProductScreen(desk, product_id, drafts, company)


def price_list_record(desk: Desk, list_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    """Return the tab of a price list, None for a new one."""
    from crm_desktop.products.ui.price_list_record import PriceListScreen

    return PriceListScreen(desk, list_id, drafts, company)


def find_products(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among products; runs on the database lane, [] without the permission."""
    from crm_desktop.products import lists

    if not work.actor.may(Permission.PRODUCT_READ):
        return []
    return [
        Found(PRODUCT, id_, name, " · ".join(part for part in (code, category) if part), "package")
        for id_, code, name, category in lists.search(work, text)
    ]


PRODUCTS: Final = ScreenSpec(
    "products", N_("Products"), "package", products_screen, Permission.PRODUCT_READ, BOTH_SIDES, "", "sales"
)
PRICE_LISTS: Final = ScreenSpec(
    "price_lists", N_("Price lists"), "tag", price_lists_screen, Permission.PRICE_READ, SALES, "", "sales"
)
SALES_SETTINGS: Final = ScreenSpec(
    "sales_settings",
    N_("Selling"),
    "banknote",
    sales_settings_screen,
    Permission.SALES_SETTINGS_WRITE,
    (),
    "",
    "settings",
)
SCREENS: Final = (PRODUCTS, PRICE_LISTS)
"""In the rail."""
SETTINGS: Final = (SALES_SETTINGS,)
"""Sections of the settings."""
RECORDS: Final = {PRODUCT: product_record, PRICE_LIST: price_list_record}
"""Which tab `desk.open_record` opens for an entity."""
NEW: Final = (
    (PRODUCT, N_("New product"), "package", Permission.PRODUCT_WRITE),
    (PRICE_LIST, N_("New price list"), "tag", Permission.PRICE_WRITE),
)
"""What the menu offers to write down: entity, marked text, icon, permission."""
