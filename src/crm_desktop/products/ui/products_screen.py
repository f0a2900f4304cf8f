"""The list of products, and the list of price lists."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.exchange.ui.export_dialog import Outlet, export_list
from crm_desktop.products import export, lists, price_list_pages, price_lists, service
from crm_desktop.products.ui import words
from crm_desktop.products.ui.source import ProductSource, price_list_source
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import Incoming, ListSpec, NeverHad, View
from crm_desktop.ui.looks import Look

OUTLET: Final = Outlet(N_("Export products"), N_("Products"), words.counted, export.write_file, export.note_export)
_PRODUCT, _PRICE = Permission.PRODUCT_WRITE, Permission.PRICE_WRITE
NEW: Final = ActionSpec("new", N_("New product"), N_("Write down something you sell"), "plus", "Ctrl+N", _PRODUCT)
QUIET: Final = (
    ActionSpec("export_list", N_("Export"), N_("Take this list to Excel"), "download", None, Permission.PRODUCT_EXPORT),
)
BULK: Final = (
    ActionSpec(
        "export", N_("Export…"), N_("Take these products to Excel"), "download", "Ctrl+E", Permission.PRODUCT_EXPORT
    ),
    ActionSpec(
        "archive",
        N_("No longer sold"),
        N_("Offer these products on no line any more; nothing is deleted"),
        "archive",
        "Delete",
        _PRODUCT,
    ),
    ActionSpec(
        "restore", N_("Sell again"), N_("Offer these products on lines again"), "archive-restore", None, _PRODUCT
    ),
)
NEW_LIST: Final = ActionSpec(
    "new", N_("New price list"), N_("Agree prices with a customer or give them to a level"), "plus", "Ctrl+N", _PRICE
)
LIST_BULK: Final = (
    ActionSpec(
        "archive", N_("Take out of use"), N_("Find no price in these lists any more"), "archive", "Delete", _PRICE
    ),
    ActionSpec("restore", N_("Use again"), N_("Find prices in these lists again"), "archive-restore", None, _PRICE),
)
_NOT_SOLD: Final = Filter(lists.NOT_SOLD, "is", (True,))
_NOT_USED: Final = Filter(price_list_pages.NOT_USED, "is", (True,))
_LAST_MONTH: Final = (Filter("updated_at", "from", ("today-29",)), Filter("updated_at", "to", ("today",)))


def product_list(actor: Actor) -> ListSpec:
    """Return the list of products."""
    newest = (Sort("updated_at", descending=True),)
    return ListSpec(
        name="products",
        title=N_("Products"),
        icon="package",
        source=ProductSource(actor),
        views=(
            View("all", N_("What we sell"), Listing()),
            View("recent", N_("Recently changed"), Listing(filters=_LAST_MONTH, sorts=newest)),
            View("archived", N_("No longer sold"), Listing(filters=(_NOT_SOLD,))),
        ),
        never_had=NeverHad(
            N_("What you sell, typed once"),
            N_(
                "Goods and services with a code, a unit, a price and a tax rate. "
                "Lines of quotes and orders take them over."
            ),
            primary="new",
        ),
        counted=words.counted,
        store=StoredViews("products"),
        primary=NEW,
        quiet=QUIET,
        bulk=BULK,
        looks={"code": Look(token="text2"), "name": Look(token="text", weight=500)},
        incoming=Incoming("products", Permission.PRODUCT_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def list_of_price_lists(actor: Actor) -> ListSpec:
    """Return the list of price lists."""
    by_level = (Filter("level", "not_empty"),)
    return ListSpec(
        name="price_lists",
        title=N_("Price lists"),
        icon="tag",
        source=price_list_source(),
        views=(
            View("all", N_("All price lists"), Listing()),
            View("customers", N_("By customer"), Listing(filters=(Filter("level", "empty"),))),
            View("levels", N_("By level"), Listing(filters=by_level)),
            View("archived", N_("Out of use"), Listing(filters=(_NOT_USED,))),
        ),
        never_had=NeverHad(
            N_("Not everybody pays the list price"),
            N_(
                "Write down what one customer pays, or what all customers of a level pay. "
                "Lines of quotes and orders find it."
            ),
            primary="new",
        ),
        counted=words.counted_lists,
        store=StoredViews("price_lists"),
        primary=NEW_LIST,
        bulk=LIST_BULK,
        looks={"name": Look(token="text", weight=500)},
        incoming=Incoming("price_lists", Permission.PRICE_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


class RetiringList(ListScreen):
    """A list whose rows are put out of use and taken back, never deleted."""

    retired: Filter
    """The filter of the view that shows what is out of use."""

    def __init__(self, desk: Desk, spec: ListSpec, parent: QWidget | None = None) -> None:
        super().__init__(desk, spec, parent)
        self.actions_here.on("new", lambda: desk.open_record(spec.source.entity, None))
        self.actions_here.on("archive", lambda: self._retire(self.target_ids(), False))
        self.actions_here.on("restore", lambda: self._retire(self.target_ids(), True))

    def offer_what_fits(self, listing: Listing) -> None:
        """Put out of use what is in use, and take back what is not."""
        retired = self.retired in listing.filters
        self.actions_here.show("archive", not retired)
        self.actions_here.show("restore", retired)

    def set_active(self) -> Callable[[Any, Sequence[int], bool], list[int]]:
        """Return the service that puts rows out of use and takes them back."""
        raise NotImplementedError

    def said(self, count: int, active: bool) -> str:
        """Return what the toast says afterwards."""
        raise NotImplementedError

    def _retire(self, ids: Sequence[int], active: bool) -> None:
        chosen, act = list(ids), self.set_active()

        def tell(changed: list[int]) -> None:
            self.selection.clear()
            if changed:
                text = self.said(len(changed), active).format(count=f"{len(changed):,}")
                self.desk.toast(text, _("Undo"), lambda: self._retire_again(changed, not active))

        self.desk.tasks.write(self, lambda work: act(work, chosen, active), tell)

    def _retire_again(self, ids: Sequence[int], active: bool) -> None:
        act = self.set_active()
        self.desk.tasks.write(self, lambda work: act(work, ids, active))


class ProductsScreen(RetiringList):
    """The list of products."""

    retired = _NOT_SOLD

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, product_list(desk.actor), parent)
        self.actions_here.on("export", lambda: self._export(self.target_ids()))
        self.actions_here.on("export_list", lambda: self._export(self.selection.ids() if self.selection else ()))

    def set_active(self) -> Callable[[Any, Sequence[int], bool], list[int]]:
        """Return the service that takes products out of sale."""
        return service.set_active

    def said(self, count: int, active: bool) -> str:
        """Return what the toast says afterwards."""
        if active:
            return ngettext("{count} product is sold again", "{count} products are sold again", count)
        return ngettext("{count} product is no longer sold", "{count} products are no longer sold", count)

    def _export(self, chosen: Sequence[int]) -> None:
        export_list(self, OUTLET, chosen)


class PriceListsScreen(RetiringList):
    """The list of price lists."""

    retired = _NOT_USED

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, list_of_price_lists(desk.actor), parent)

    def set_active(self) -> Callable[[Any, Sequence[int], bool], list[int]]:
        """Return the service that takes price lists out of use."""
        return price_lists.set_price_lists_active

    def said(self, count: int, active: bool) -> str:
        """Return what the toast says afterwards."""
        if active:
            return ngettext("{count} price list is used again", "{count} price lists are used again", count)
        return ngettext("{count} price list is out of use", "{count} price lists are out of use", count)
