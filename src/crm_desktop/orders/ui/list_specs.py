"""What the four lists of documents are: views, columns, actions, words."""

from typing import Final

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.exchange.ui.export_dialog import Outlet
from crm_desktop.orders import rules
from crm_desktop.orders.export import BACKLOG_EXPORT, DELIVERY_EXPORT, ORDER_EXPORT, QUOTE_EXPORT
from crm_desktop.orders.lists import BACKLOG, DELIVERIES, ORDERS, QUOTES
from crm_desktop.orders.ui import list_words as words
from crm_desktop.orders.ui.document_preview import OrderPreview, QuotePreview
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.list_spec import Incoming, ListSpec, NeverHad, View

ORDER, QUOTE, DELIVERY, OPEN_LINE = "order", "quote", "delivery", "order_line"

ORDER_OUTLET: Final = Outlet(
    N_("Export orders"), N_("Orders"), words.counted_orders, ORDER_EXPORT.write_file, ORDER_EXPORT.note_export
)
QUOTE_OUTLET: Final = Outlet(
    N_("Export quotes"), N_("Quotes"), words.counted_quotes, QUOTE_EXPORT.write_file, QUOTE_EXPORT.note_export
)
DELIVERY_OUTLET: Final = Outlet(
    N_("Export deliveries"),
    N_("Deliveries"),
    words.counted_deliveries,
    DELIVERY_EXPORT.write_file,
    DELIVERY_EXPORT.note_export,
)
BACKLOG_OUTLET: Final = Outlet(
    N_("Export what is to deliver"),
    N_("To deliver"),
    words.counted_lines,
    BACKLOG_EXPORT.write_file,
    BACKLOG_EXPORT.note_export,
)


def _export(permission: Permission) -> tuple[ActionSpec, ...]:
    return (ActionSpec("export", N_("Export…"), N_("Take this list to Excel"), "download", "Ctrl+E", permission),)


def _mine_first(actor: Actor, mine: View, everything: View, *more: View) -> tuple[View, ...]:
    """Return the views; who reaches only own customers begins with what is own."""
    own = actor.scope(Domain.SALES) is Scope.OWN
    return (mine, everything, *more) if own else (everything, mine, *more)


def _mine(actor: Actor, title: str) -> View:
    return View("mine", title, Listing(filters=(Filter("salesperson", "is", (actor.user_id,)),)))


_CONFIRMED: Final = Filter("state", "is", (rules.CONFIRMED,))
_THIS_MONTH: Final = (Filter("dated_on", "from", ("this_month",)),)


def order_list(actor: Actor) -> ListSpec:
    """Return the list of orders."""
    late = (_CONFIRMED, Filter("due_on", "to", ("today-1",)), Filter("delivered_percent", "to", (99.9999,)))
    return ListSpec(
        name="orders",
        title=N_("Orders"),
        icon="clipboard",
        source=RowSource(actor, ORDER, ORDERS, "total"),
        views=_mine_first(
            actor,
            _mine(actor, N_("My orders")),
            View("all", N_("All orders"), Listing()),
            View("drafts", N_("Drafts"), Listing(filters=(Filter("state", "is", (rules.DRAFT,)),))),
            View("late", N_("Late"), Listing(filters=late, sorts=(Sort("due_on"),))),
        ),
        never_had=NeverHad(
            N_("Orders are typed once"),
            N_("Make a quote into an order with one key, or type one: customer, products, quantities."),
            primary="new",
        ),
        counted=words.counted_orders,
        store=StoredViews("orders"),
        primary=ActionSpec(
            "new", N_("New order"), N_("Write down what a customer orders"), "plus", "Ctrl+N", Permission.ORDER_WRITE
        ),
        bulk=_export(Permission.ORDER_EXPORT),
        looks=words.ORDER_LOOKS,
        preview=OrderPreview,
        incoming=Incoming("orders", Permission.ORDER_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def quote_list(actor: Actor) -> ListSpec:
    """Return the list of quotes, each by its newest revision."""
    sent = Filter("state", "is", (rules.SENT,))
    expiring = (sent, Filter("valid_until", "to", ("today+7",)))
    return ListSpec(
        name="quotes",
        title=N_("Quotes"),
        icon="file-text",
        source=RowSource(actor, QUOTE, QUOTES, "total"),
        views=_mine_first(
            actor,
            _mine(actor, N_("My quotes")),
            View("all", N_("All quotes"), Listing()),
            View("open", N_("Waiting for an answer"), Listing(filters=(sent,), sorts=(Sort("valid_until"),))),
            View("expiring", N_("Running out"), Listing(filters=expiring, sorts=(Sort("valid_until"),))),
        ),
        never_had=NeverHad(
            N_("Every order starts here"),
            N_("Offer products at a price that holds until a day, send it, and turn it into an order."),
            primary="new",
        ),
        counted=words.counted_quotes,
        store=StoredViews("quotes"),
        primary=ActionSpec(
            "new", N_("New quote"), N_("Offer something to a customer"), "plus", "Ctrl+N", Permission.QUOTE_WRITE
        ),
        bulk=_export(Permission.QUOTE_EXPORT),
        looks=words.QUOTE_LOOKS,
        preview=QuotePreview,
        incoming=Incoming("quotes", Permission.QUOTE_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def delivery_list(actor: Actor) -> ListSpec:
    """Return the list of deliveries and returns."""
    return ListSpec(
        name="deliveries",
        title=N_("Deliveries"),
        icon="truck",
        source=RowSource(actor, DELIVERY, DELIVERIES),
        views=(
            View("all", N_("All deliveries"), Listing()),
            View("month", N_("This month"), Listing(filters=(Filter("delivered_on", "from", ("this_month",)),))),
        ),
        never_had=NeverHad(
            N_("Nothing has gone out yet"),
            N_("Open a confirmed order and press Deliver; what is still open is filled in."),
        ),
        counted=words.counted_deliveries,
        store=StoredViews("deliveries"),
        bulk=_export(Permission.DELIVERY_EXPORT),
        looks=words.DELIVERY_LOOKS,
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def backlog_list(actor: Actor) -> ListSpec:
    """Return the list of what is to be delivered, line by line."""
    late = (Filter("due_on", "to", ("today-1",)),)
    week = (Filter("due_on", "to", ("today+7",)),)
    return ListSpec(
        name="backlog",
        title=N_("To deliver"),
        icon="package",
        source=RowSource(actor, OPEN_LINE, BACKLOG),
        views=(
            View("all", N_("Everything open"), Listing()),
            View("late", N_("Late"), Listing(filters=late)),
            View("week", N_("Due within a week"), Listing(filters=week)),
            View("mine", N_("My orders"), Listing(filters=(Filter("salesperson", "is", (actor.user_id,)),))),
        ),
        never_had=NeverHad(
            N_("Nothing is waiting to be delivered"),
            N_("Lines of confirmed orders stand here until they are delivered or the order is closed short."),
        ),
        counted=words.counted_lines,
        store=StoredViews("backlog"),
        bulk=_export(Permission.ORDER_EXPORT),
        looks=words.BACKLOG_LOOKS,
        may_share=actor.may(Permission.VIEW_SHARE),
    )
