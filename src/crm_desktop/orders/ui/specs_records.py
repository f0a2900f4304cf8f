"""Which tab opens for a quote, an order, a delivery; the screens are loaded when they are opened."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from crm_desktop.pipeline.ui.places import QUOTE_OF
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

MakeRecord = Callable[[Desk, int | None, DraftStore | None, str], Screen]


def quote_record(
    desk: Desk, quote_id: int | None, drafts: DraftStore | None = None, company: str = "", contact_id: int | None = None
) -> Screen:
    """Return the tab of a quote, None for a new one (for a customer, if one is given)."""
    from crm_desktop.orders.ui.quote_record import QuoteScreen

    return QuoteScreen(desk, quote_id, drafts, company, contact_id)


def order_record(
    desk: Desk, order_id: int | None, drafts: DraftStore | None = None, company: str = "", contact_id: int | None = None
) -> Screen:
    """Return the tab of an order, None for a new one (for a customer, if one is given)."""
    from crm_desktop.orders.ui.order_record import OrderScreen

    return OrderScreen(desk, order_id, drafts, company, contact_id)


def delivery_record(desk: Desk, delivery_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    """Return the tab of a delivery; new ones are made from their order."""
    from crm_desktop.orders.ui.delivery_record import DeliveryRecord

    record = DeliveryRecord(desk, delivery_id)
    if drafts is not None:
        record.keep_drafts(drafts, company)
    return record


def terms_screen(desk: Desk) -> Screen:
    """Return the settings page of payment terms and standing texts."""
    from crm_desktop.orders.ui.terms_screen import TermsScreen

    return TermsScreen(desk)


RECORDS: Final[dict[str, MakeRecord]] = {"quote": quote_record, "order": order_record, "delivery": delivery_record}
"""Which tab `desk.open_record` opens for an entity."""


def _order_for(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    return order_record(desk, None, drafts, company, contact_id)


def _quote_for(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    return quote_record(desk, None, drafts, company, contact_id)


def _quote_of(desk: Desk, opportunity_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    from crm_desktop.orders.ui.quote_record import QuoteScreen

    return QuoteScreen(desk, None, drafts, company, None, opportunity_id)


def opportunity_documents(desk: Desk, opportunity_id: int) -> "QWidget":
    """Return the tab of an opportunity's record with its quotes and orders."""
    from crm_desktop.orders.ui.opportunity_documents import OpportunityDocuments

    return OpportunityDocuments(desk, opportunity_id)


FOR_CONTACT: Final[dict[str, MakeRecord]] = {
    "order_for_contact": _order_for,
    "quote_for_contact": _quote_for,
    QUOTE_OF: _quote_of,
}
"""A new document for the contact, or of the opportunity, whose id is given."""
NEW: Final = {
    "order": (N_("New order"), "clipboard", Permission.ORDER_WRITE),
    "quote": (N_("New quote"), "file-text", Permission.QUOTE_WRITE),
}
"""What `desk.open_record(entity, None)` begins: its words, its icon, and the right it needs."""
SETTINGS: Final = (
    ScreenSpec(
        "payment_terms",
        N_("Terms and texts"),
        "sticky-note",
        terms_screen,
        Permission.SALES_SETTINGS_WRITE,
        (Domain.SALES,),
        "",
        "settings",
    ),
)
"""Sections of the settings."""
