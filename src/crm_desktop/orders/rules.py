"""Pure decisions about documents: their states, what each lets happen, what a line must have."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.text import fold

DRAFT: Final = "draft"
SENT: Final = "sent"
ACCEPTED: Final = "accepted"
LOST: Final = "lost"
REPLACED: Final = "replaced"
EXPIRED: Final = "expired"
CONFIRMED: Final = "confirmed"
CLOSED: Final = "closed"
CANCELLED: Final = "cancelled"

QUOTE_STATES: Final = (
    (DRAFT, N_("Draft")),
    (SENT, N_("Sent")),
    (ACCEPTED, N_("Accepted")),
    (LOST, N_("Lost")),
    (REPLACED, N_("Replaced")),
)
QUOTE_SHAPES: Final = (
    (DRAFT, "dashed_ring"),
    (SENT, "ring"),
    (ACCEPTED, "disc"),
    (LOST, "cross"),
    (REPLACED, "small_disc"),
)
ORDER_STATES: Final = (
    (DRAFT, N_("Draft")),
    (CONFIRMED, N_("Confirmed")),
    (CLOSED, N_("Closed short")),
    (CANCELLED, N_("Cancelled")),
)
ORDER_SHAPES: Final = (
    (DRAFT, "dashed_ring"),
    (CONFIRMED, "ring"),
    (CLOSED, "disc"),
    (CANCELLED, "cross"),
)
LOST_REASONS: Final = (
    ("price", N_("Price too high")),
    ("time", N_("Delivery time")),
    ("competitor", N_("Went to a competitor")),
    ("product", N_("Product does not fit")),
    ("cancelled", N_("Project dropped")),
    ("silence", N_("No answer")),
    ("other", N_("Other")),
)
ITEM: Final = "item"
TEXT: Final = "text"


class WrongState(UserError):
    """Somebody asks for a step that the document's state no longer allows."""

    message = N_("This is no longer possible: the document was changed meanwhile. Look at it again.")


def is_expired(state: str, valid_until: date | None, today: date) -> bool:
    """Return whether a sent quote has run out; the day itself still counts."""
    return state == SENT and valid_until is not None and valid_until < today


def shown_number(number: str | None, revision: int = 1) -> str:
    """Return a document's number as people say it; the second revision of Q2026-0007 is Q2026-0007/2."""
    if not number:
        return ""
    return number if revision == 1 else f"{number}/{revision}"


def reference_key(reference: str) -> str:
    """Return what a customer's reference is found by: folded, without blanks and signs."""
    return "".join(sign for sign in fold(reference) if sign.isalnum())


def made_number(prefix: str, year: int, serial: int) -> str:
    """Return the number of a series: S2026-0001."""
    return f"{prefix}{year}-{serial:04d}"


def open_quantity(quantity: Decimal, delivered: Decimal, *, state: str) -> Decimal:
    """Return how much of a line is still to be delivered: nothing unless its order is confirmed."""
    return max(quantity - delivered, Decimal(0)) if state == CONFIRMED else Decimal(0)


def fulfilment(lines: Sequence[Mapping[str, Any]], done: str) -> Decimal:
    """Return how much of an order is done, in percent with four decimals, 100 only when every line is.

    `done` names the key of the quantity done ("delivered" or "invoiced"). Lines weigh by their net; an
    order worth nothing counts its lines.
    """
    counted = [line for line in lines if line["kind"] == ITEM and line["quantity"] > 0]
    if not counted:
        return Decimal(0)
    if all(line[done] >= line["quantity"] for line in counted):
        return Decimal(100)
    weights = [max(line["net"], 0) for line in counted]
    if not any(weights):
        weights = [1] * len(counted)
    parts = sum(
        Decimal(weight) * min(max(line[done], Decimal(0)), line["quantity"]) / line["quantity"]
        for weight, line in zip(weights, counted, strict=True)
    )
    return min(Decimal(Decimal(100) * parts / sum(weights)), Decimal("99.9999"))


def open_net(lines: Sequence[Mapping[str, Any]], *, state: str) -> int:
    """Return the net worth of what a confirmed order still has to deliver, in minor units."""
    worth = Decimal(0)
    for line in lines:
        if line["kind"] == ITEM and line["quantity"] > 0:
            left = open_quantity(line["quantity"], line["delivered"], state=state)
            worth += Decimal(line["net"]) * left / line["quantity"]
    return int(worth.quantize(Decimal(1), "ROUND_HALF_UP"))


def is_begun(lines: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether anything of an order is delivered, returns taken off, or invoiced."""
    return any(line["delivered"] or line["invoiced"] for line in lines)
