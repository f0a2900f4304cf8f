"""Small differences and bank fees: how much each role settles on the spot."""

from decimal import ROUND_DOWN, Decimal

from crm_desktop.db.work import Work
from crm_desktop.receivables.money.noting import shown
from crm_desktop.receivables.money.receipt_values import rate_of
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent, from_minor


def largest_difference(work: Work, currency: str, rate: Decimal | None = None) -> Decimal | None:
    """Return the largest difference this person settles, in that currency; None: any. Raises Invalid("rate")."""
    if work.actor.user_id is None:
        return None
    limit = get_settings(work).difference_limit(work.actor.roles)
    if limit is None:
        return None
    return (limit / rate_of(work, currency, rate)).quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_DOWN)


def check_difference(work: Work, currency: str, difference: int, rate: Decimal) -> None:
    """Raise Invalid("difference") when this person may not settle so much (minor units) on the spot."""
    limit = largest_difference(work, currency, rate)
    asked = from_minor(difference, currency)
    if limit is not None and asked > limit:
        raise Invalid(
            "difference",
            N_("Your role settles at most {limit} on the spot, not {amount}."),
            limit=shown(limit, currency),
            amount=shown(asked, currency),
        )
