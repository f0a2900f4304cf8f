"""What of an order may still change once it was confirmed, and of a quote once it was sent."""

from collections.abc import Mapping
from typing import Any, Final

from crm_desktop.db.work import Work
from crm_desktop.orders import composing, rules
from crm_desktop.orders.documents import ORDERS, lines_of
from crm_desktop.orders.fulfilment import moved_quantities
from crm_desktop.orders.model import Order
from crm_desktop.orders.planning import claimed_plan
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

STAYS_OPEN: Final = frozenset(
    {
        "person_id",
        "salesperson",
        "subject",
        "reference",
        "language",
        "ship_to",
        "opening",
        "terms",
        "notes",
        "due_on",
        "signed_on",
        "signatory",
        "customer_signatory",
        "starts_on",
        "ends_on",
        "payment_term_id",
        "delivery_terms",
        "instalments",
        "opportunity_id",
    }
)
"""What a confirmed order may change at any time: nothing that alters what was sold for how much."""
PRICED: Final = frozenset({"lines", "discount_percent", "discount_amount"})
"""What it may change while nothing is delivered or invoiced, by those who may confirm."""
AFTER_THE_END: Final = frozenset({"notes", "reference", "opportunity_id"})
AFTER_SENDING: Final = frozenset({"notes", "salesperson", "opportunity_id"})
"""What may still change once a quote was sent: nothing that is printed."""


def check_quote_changes(quote: Any, changes: Mapping[str, Any]) -> None:
    """Raise Invalid beside a value of a quote (its row, or its columns) that is fixed by now."""
    if quote.state != rules.DRAFT and (printed := changes.keys() - AFTER_SENDING):
        raise Invalid(sorted(printed)[0], N_("This quote was sent. Make a new revision of it to change what it says."))
    if quote.revision > 1 and changes.get("contact_id", quote.contact_id) != quote.contact_id:
        raise Invalid("contact_id", N_("A revision stays with its customer. Copy the quote for another one."))


def check_changes(work: Work, order: Order, changes: Mapping[str, Any]) -> bool:
    """Return whether the changes alter what was sold for how much.

    Raises Invalid beside a value that is fixed by now, NotAllowed without the right to confirm.
    """
    if order.state == rules.DRAFT:
        return True
    if order.state != rules.CONFIRMED:
        if fixed := changes.keys() - AFTER_THE_END:
            raise Invalid(sorted(fixed)[0], N_("This order has come to its end. Copy it to go on from it."))
        return False
    claimed = bool(claimed_plan(work, order.id))
    if claimed and "payment_term_id" in changes and changes["payment_term_id"] != order.payment_term_id:
        raise Invalid("payment_term_id", N_("Part of this order is claimed, so its payment terms stay."))
    if fixed := changes.keys() - STAYS_OPEN - PRICED:
        raise Invalid(
            sorted(fixed)[0], N_("This order is confirmed, so this stays. Cancel it and copy it to begin again.")
        )
    asked = changes.keys() & PRICED
    stored = lines_of(work, ORDERS, order.id, order.currency)
    if asked == {"lines"} and _only_days(stored, changes["lines"]):
        return False
    if not asked:
        return False
    if not work.actor.may(Permission.ORDER_CONFIRM):
        raise NotAllowed
    if claimed or rules.is_begun(stored):
        raise Invalid(
            sorted(asked)[0],
            N_("Part of this order is delivered or invoiced, so its lines stay. Close it short and make a new one."),
        )
    _check_moved(work, stored, changes)
    return True


def _only_days(stored: Any, lines: Any) -> bool:
    """Return whether nothing but promised days of lines differ."""
    given = composing.clean_lines(lines or (), ORDERS.line_names)

    def sold(line: Mapping[str, Any]) -> list[Any]:
        return [line["id"], *(line[name] for name in composing.LINE)]

    return [sold(line) for line in stored] == [sold(line) for line in given]


def _check_moved(work: Work, stored: Any, changes: Mapping[str, Any]) -> None:
    """Raise Invalid when a line goes of which goods went out and came back: its deliveries point to it."""
    if "lines" not in changes:
        return
    kept = {line.get("id") for line in changes["lines"] or ()}
    gone = [line for line in stored if line["id"] not in kept]
    moved = moved_quantities(work, [line["id"] for line in gone])
    for line in gone:
        if line["id"] in moved:
            raise Invalid(
                "lines",
                N_("{name} was delivered and came back, so its line stays. Set its quantity to 0."),
                name=line["name"],
            )
