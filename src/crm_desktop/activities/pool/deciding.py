"""Pure decisions of the public pool: on which day a customer goes back, and why.

The rules follow the public-pool rules of Chinese customer managers: days are counted from the later of the day a
customer got its owner and the day of the last contact, so that a customer claimed today is never released tonight.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crm_desktop.shared.i18n import N_

CONTACT: Final = "contact"
DEAL: Final = "deal"
HAND: Final = "hand"
REASONS: Final = (
    (CONTACT, N_("No contact for too long")),
    (DEAL, N_("No order for too long")),
    (HAND, N_("Released by hand")),
)
FEW: Final = 20
"""So many customers a run releases without asking; a larger part of all than `SHARE` must be confirmed."""
SHARE: Final = 0.1
WITNESSED_DAYS: Final = 7
"""For so long after the last day known for sure a run asks nobody: more than a weekend, less than a wrong month."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """After how many days a customer goes back; 0: never for that reason. `from_on` is the first day of these rules."""

    contact_days: int
    deal_days: int
    from_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """How long somebody has kept a customer: since when, the last contact and the last order, None for never."""

    since: date
    contacted: date | None
    dealt: date | None


def release_day(kept: Kept, clocks: Clocks) -> tuple[date, str] | None:
    """Return the day on which a customer goes back and the reason, None when no rule releases it."""
    days: list[tuple[date, str]] = []
    if clocks.contact_days:
        days.append((_after(kept.since, kept.contacted, clocks.contact_days), CONTACT))
    if clocks.deal_days and (kept.dealt is None or kept.dealt < kept.since):
        days.append((_after(kept.since, None, clocks.deal_days), DEAL))
    if not days:
        return None
    day, reason = min(days)
    return max(day, clocks.from_on), reason


def is_many(released: int, owned: int) -> bool:
    """Return whether a run would release so many that somebody must confirm it: perhaps a clock is wrong."""
    return released > max(FEW, owned * SHARE)


def is_plausible(day: date, known: date | None) -> bool:
    """Return whether a computer that says it is `day` may be believed, `known` being a day that certainly was.

    One day back is let pass: of two computers about midnight one is a little ahead.
    """
    return known is not None and -1 <= (day - known).days <= WITNESSED_DAYS


def _after(since: date, last: date | None, days: int) -> date:
    """Return the first day on which more than `days` days have gone by."""
    return max(since, last or since) + timedelta(days=days + 1)
