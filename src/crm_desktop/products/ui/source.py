"""The lists of products and price lists as the toolkit wants them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crm_desktop.products import lists, price_list_pages, price_lists, service
from crm_desktop.products.fields import FIELDS
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.fields import Use, readable
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.list_source import ServiceSource


class ProductSource(ServiceSource):
    """The products an actor may see."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(service.ENTITY, readable(FIELDS, actor, Use.TABLE), lists)

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Return the categories and units in use; other values are typed."""
        if field_name == "category":
            return [(text, text) for text in service.categories(work)]
        if field_name == "unit":
            return [(text, text) for text in service.units(work)]
        return ()

    def close_match(self, work: Any, listing: Listing) -> str:
        """Say which filter hides a hit."""
        if not (listing.text and listing.filters):
            return ""
        everywhere = replace(listing, filters=())
        page = lists.first_page(work, everywhere, ("name",), 1)
        if not page.rows:
            return ""
        return _("Without the filters there is {name}.").format(name=page.rows[0][1])


def price_list_source() -> ServiceSource:
    """Return the price lists."""
    return ServiceSource(price_lists.ENTITY, price_list_pages.FIELDS, price_list_pages)
