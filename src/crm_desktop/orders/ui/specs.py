"""What the main window is told of quotes, orders and deliveries; the screens are loaded when they are opened."""

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from crm_desktop.contacts.ui.specs import Found
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen, ScreenSpec

SALES: Final = (Domain.SALES,)


def orders_screen(desk: Desk) -> Screen:
    """Return the list of orders."""
    from crm_desktop.orders.ui import document_screens

    return document_screens.orders_screen(desk)


def quotes_screen(desk: Desk) -> Screen:
    """Return the list of quotes."""
    from crm_desktop.orders.ui import document_screens

    return document_screens.quotes_screen(desk)


def deliveries_screen(desk: Desk) -> Screen:
    """Return the list of deliveries."""
    from crm_desktop.orders.ui import document_screens

    return document_screens.deliveries_screen(desk)


def backlog_screen(desk: Desk) -> Screen:
    """Return what is to be delivered."""
    from crm_desktop.orders.ui import document_screens

    return document_screens.backlog_screen(desk)


def customer_sales(desk: Desk, contact_id: int) -> QWidget:
    """Return the tab of a customer's record with quotes, orders and what is open."""
    from crm_desktop.orders.ui.customer_sales import CustomerSales

    return CustomerSales(desk, contact_id)


def find_documents(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among orders, quotes and deliveries; runs on the database lane."""
    from crm_desktop.orders import lists, rules

    found: list[Found] = []
    for entity, listing, icon, states, draft in (
        ("order", lists.ORDERS, "clipboard", rules.ORDER_STATES, N_("Draft order")),
        ("quote", lists.QUOTES, "file-text", rules.QUOTE_STATES, N_("Draft quote")),
        ("delivery", lists.DELIVERIES, "truck", (), ""),
    ):
        if not work.actor.may(listing.described.read):
            continue
        labels = dict(states)
        for id_, number, customer, state in listing.search(work, text):
            detail = _(labels[state]) if state in labels else state
            found.append(Found(entity, id_, number or _(draft), f"{customer} · {detail}", icon))
    return found


SCREENS: Final = (
    ScreenSpec("quotes", N_("Quotes"), "file-text", quotes_screen, Permission.QUOTE_READ, SALES, "Ctrl+3", "sales"),
    ScreenSpec("orders", N_("Orders"), "clipboard", orders_screen, Permission.ORDER_READ, SALES, "Ctrl+4", "sales"),
    ScreenSpec("backlog", N_("To deliver"), "package", backlog_screen, Permission.ORDER_READ, SALES, "", "sales"),
    ScreenSpec(
        "deliveries", N_("Deliveries"), "truck", deliveries_screen, Permission.DELIVERY_READ, SALES, "", "sales"
    ),
)
"""In the rail."""
