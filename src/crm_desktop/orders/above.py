"""What orders ask of the features above them, which `app` hangs in."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from crm_desktop.db.work import Work
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.orders.model import Order


class CreditStop(UserError):
    """The customer's credit does not carry this step; the sentence says why.

    `may_override` says whether this person may go on with a reason.
    """

    message = N_("The credit of {name} does not carry this.")

    def __init__(self, message: str | None = None, *, may_override: bool = False, **values: object) -> None:
        super().__init__(message, **values)
        self.may_override = may_override


class Above(Protocol):
    """One feature above, asked inside the transaction of the step with the order locked."""

    def check_credit(self, work: Work, order: "Order", step: str, override: str) -> None:
        """Raise CreditStop when the customer may not have this on credit.

        `step` is "confirm", "save" (a binding order that grew) or "deliver"; `override` is the reason why it
        goes on all the same, "" for none.
        """
        ...

    def confirmed(self, work: Work, days: Mapping[int, date]) -> None:
        """Take note that orders became binding; `days` gives by order the day since when they are."""
        ...

    def ended(self, work: Work, order: "Order") -> None:
        """Take note that the rest of an order will not come; `order.end_reason` says why."""
        ...

    def invoiced(self, work: Work, line_ids: Sequence[int]) -> Mapping[int, Decimal]:
        """Return how much of each order line is invoiced; lines never invoiced are left out."""
        ...


_now: list[tuple[Above, ...]] = [()]


def attach(*features: Above) -> None:
    """Hang in the features above, in place of those before."""
    _now[0] = features


def attached() -> tuple[Above, ...]:
    """Return the features above; none in a program that has orders only."""
    return _now[0]
