"""Which list each figure of Home opens: the same rows the figure counts (pure)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from crm_desktop.home.figures import Opens
from crm_desktop.home.periods import Days
from crm_desktop.shared.listing import Filter, Listing, Sort

INVOICES: Final = "invoices"
RECEIPTS: Final = "receipts"
INSTALMENTS: Final = "instalments"
ORDERS: Final = "orders"
QUOTES: Final = "quotes"
OPPORTUNITIES: Final = "opportunities"
ACTIVITIES: Final = "activities"
AGEING: Final = "ageing"
COLLECTIONS: Final = "collections"


def within(field: str, days: Days) -> tuple[Filter, ...]:
    """Return the filters of a field whose day lies in the period."""
    return Filter(field, "from", (days.first,)), Filter(field, "to", (days.last,))


def received(days: Days) -> Opens:
    """Return the receipts of a period; refunds and reversals count below zero there."""
    return _listed(RECEIPTS, within("dated_on", days), "amount", "dated_on")


def invoiced(days: Days, contact_id: int | None = None) -> Opens:
    """Return the posted invoices of a period less credit notes, net of tax, without opening balances."""
    filters = [Filter("state", "is", ("posted",)), Filter("taken_over", "is", (False,)), *within("dated_on", days)]
    if contact_id is not None:
        filters.append(Filter("contact", "is", (contact_id,)))
    return _listed(INVOICES, filters, "net", "dated_on", columns=("net",))


def ordered(days: Days) -> Opens:
    """Return the orders of a period that are or were binding, net of tax."""
    filters = (Filter("state", "is", ("confirmed", "closed")), *within("dated_on", days))
    return _listed(ORDERS, filters, "net", "dated_on", columns=("net",))


def to_deliver(late_on: date | None = None) -> Opens:
    """Return the confirmed orders with goods still to go out; those promised before `late_on` only, if given."""
    filters = [Filter("state", "is", ("confirmed",)), Filter("delivered_percent", "is_not", (Decimal(100),))]
    if late_on is not None:
        filters.append(Filter("due_on", "to", (late_on - timedelta(1),)))
    return Opens(ORDERS, Listing(filters=tuple(filters), sorts=(Sort("due_on"),)))


def claims(due_from: date | None = None, due_to: date | None = None, contact_id: int | None = None) -> Opens:
    """Return the instalments that are owed, by the days they are due."""
    filters = [Filter("planned", "is", (False,))]
    if due_from is not None:
        filters.append(Filter("due_on", "from", (due_from,)))
    if due_to is not None:
        filters.append(Filter("due_on", "to", (due_to,)))
    if contact_id is not None:
        filters.append(Filter("contact", "is", (contact_id,)))
    return Opens(INSTALMENTS, Listing(filters=tuple(filters), sorts=(Sort("due_on"),)), "open_amount")


def undated_claims() -> Opens:
    """Return the instalments that are owed from an event on whose day nobody knows."""
    filters = (Filter("planned", "is", (False,)), Filter("due_on", "empty"))
    return Opens(INSTALMENTS, Listing(filters=filters), "open_amount")


def unused_receipts() -> Opens:
    """Return the money received that is not allocated yet."""
    filters = (Filter("open_amount", "is_not", (Decimal(0),)),)
    return Opens(RECEIPTS, Listing(filters=filters, sorts=(Sort("dated_on"),)), "open_amount", sign=-1)


def unused_credits() -> Opens:
    """Return the credit notes that are not used up yet; their amounts stand below zero in the list."""
    filters = (Filter("kind", "is", ("credit",)), Filter("open_amount", "is_not", (Decimal(0),)))
    return Opens(INVOICES, Listing(filters=filters, sorts=(Sort("dated_on"),)), "open_amount")


def open_chances(stage: str = "") -> Opens:
    """Return the open opportunities; `stage` (as `pipeline.naming.token` tells it) leaves those in it."""
    filters = [Filter("state", "is", ("open",))]
    if stage:
        filters.append(Filter("stage", "is", (stage,)))
    return Opens(OPPORTUNITIES, Listing(filters=tuple(filters)), "amount")


def won_chances(days: Days) -> Opens:
    """Return the opportunities won in a period."""
    filters = (Filter("state", "is", ("won",)), *within("closed_on", days))
    return Opens(OPPORTUNITIES, Listing(filters=filters), "amount")


def talks(days: Days, user_id: int | None, kinds: Sequence[str]) -> Opens:
    """Return what one colleague said to customers in a period; `kinds` are those that count as a contact."""
    filters = (
        Filter("state", "is", ("done",)),
        Filter("user", "empty") if user_id is None else Filter("user", "is", (user_id,)),
        Filter("kind", "is", tuple(kinds)),
        Filter("taken_over", "is", (False,)),
        *within("done_at", days),
    )
    return Opens(ACTIVITIES, Listing(filters=filters, sorts=(Sort("done_at", descending=True),)))


def _listed(name: str, filters: Sequence[Filter], column: str, by: str, columns: tuple[str, ...] = ()) -> Opens:
    return Opens(name, Listing(filters=tuple(filters), sorts=(Sort(by, descending=True),), columns=columns), column)
