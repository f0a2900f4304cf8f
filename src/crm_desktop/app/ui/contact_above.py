"""What the record of a contact is given by the features above it: its overview, tabs and first steps."""

from collections.abc import Sequence
from typing import Any, Final

from crm_desktop.contacts.ui.related import Above, ContactOffer, OverviewCard, RelatedPane
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk


def _instalments(desk: Desk, contact_id: int) -> Any:
    from crm_desktop.receivables.ui.collecting.overview_card import OpenInstalments

    return OpenInstalments(desk, contact_id)


def _orders(desk: Desk, contact_id: int) -> Any:
    from crm_desktop.orders.ui.overview_card import LatestOrders

    return LatestOrders(desk, contact_id)


def _opportunities(desk: Desk, contact_id: int) -> Any:
    from crm_desktop.pipeline.ui.overview_card import OpenOpportunities

    return OpenOpportunities(desk, contact_id)


def _people(desk: Desk, contact_id: int) -> Any:
    from crm_desktop.contacts.ui.people_card import PeopleCard

    return PeopleCard(desk, contact_id)


CARDS: Final = (
    OverviewCard("instalments", _instalments, Permission.INVOICE_READ),
    OverviewCard("orders", _orders, Permission.ORDER_READ),
    OverviewCard("opportunities", _opportunities, Permission.OPPORTUNITY_READ),
    OverviewCard("people", _people, Permission.CONTACT_READ),
)
"""At the right of a contact's overview, from top to bottom."""


def overview(desk: Desk, contact_id: int) -> Any:
    """Return the first tab of a stored contact."""
    from crm_desktop.activities.ui.overview import Overview
    from crm_desktop.app.ui.report_paper import ReportPaper

    return Overview(desk, contact_id, CARDS, ReportPaper)


def _is_customer(record: Record) -> bool:
    return bool(record["is_customer"]) and record["archived_at"] is None


def _begin(entity: str) -> Any:
    def act(screen: Any) -> None:
        screen.desk.open_record(entity, screen.record_id)

    return act


OFFERS: Final = (
    ContactOffer(
        ActionSpec(
            "log_activity",
            N_("Log activity"),
            N_("Write down a call, visit, message or meeting and what comes next"),
            "phone",
            "L",
            Permission.ACTIVITY_WRITE,
        ),
        lambda screen: screen.overview.log("call"),
        lambda record: record["archived_at"] is None,
    ),
    ContactOffer(
        ActionSpec(
            "new_order",
            N_("New order"),
            N_("Write an order for this customer"),
            "plus",
            None,
            Permission.ORDER_WRITE,
        ),
        _begin("order_for_contact"),
        _is_customer,
    ),
    ContactOffer(
        ActionSpec(
            "new_receipt",
            N_("Receipt"),
            N_("Write down money this customer paid"),
            "banknote",
            None,
            Permission.RECEIPT_POST,
        ),
        _begin("receipt_for_contact"),
        _is_customer,
    ),
    ContactOffer(
        ActionSpec(
            "statement",
            N_("Statement"),
            N_("Open the customer's statement of account"),
            "file-text",
            None,
            Permission.RECEIPT_READ,
        ),
        _begin("statement_for_contact"),
        _is_customer,
    ),
)
"""The first steps in the head of a contact, the most usual in front."""


def above(related: Sequence[RelatedPane]) -> Above:
    """Return all that is added to the record of a contact."""
    return Above(related, OFFERS, overview)
