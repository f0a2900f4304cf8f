"""What is left when money is set against claims: how much is missing or over, and what that may be (no Qt)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm_desktop.receivables.rules import BANK_FEE, DIFFERENCE

LEAVE: Final = "leave"
ADVANCE: Final = "advance"
KEEP: Final = "keep"
MISSING: Final = "missing"
SURPLUS: Final = "surplus"
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures at the right of a receipt, all of one currency."""

    received: Decimal = NOTHING
    credits: Decimal = NOTHING
    allocated: Decimal = NOTHING

    @property
    def difference(self) -> Decimal:
        """Return what is over; below zero what is missing."""
        return self.received + self.credits - self.allocated

    @property
    def side(self) -> str:
        """Return "missing", "surplus" or "" when everything is placed."""
        return MISSING if self.difference < 0 else SURPLUS if self.difference > 0 else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing a difference may be, and whether this person may say so."""

    key: str
    allowed: bool = True


def answers(standing: Standing, limit: Decimal | None) -> tuple[Answer, ...]:
    """Return what the difference may be; `limit` is what this person settles on the spot, None for any amount."""
    amount = abs(standing.difference)
    within = limit is None or amount <= limit
    if standing.side == MISSING:
        return (Answer(BANK_FEE, within), Answer(DIFFERENCE, within), Answer(LEAVE))
    if standing.side == SURPLUS and standing.received:
        # Only money is kept; credits that are not needed simply stay.
        return (Answer(ADVANCE), Answer(KEEP, within and amount <= standing.received))
    return ()


def usual(standing: Standing) -> str:
    """Return the answer that holds until somebody gives another one: a surplus is an advance, a lack is asked about."""
    return ADVANCE if standing.side == SURPLUS else ""


@dataclass(frozen=True, slots=True)
class Placement:
    """What is posted: amounts by row key, and what settles the difference, (kind, amount) or None."""

    claims: Mapping[str, Decimal]
    credits: Mapping[str, Decimal]
    settles: tuple[str, Decimal] | None = None


def placed(standing: Standing, answer: str, claims: Mapping[str, Decimal], unused: Mapping[str, Decimal]) -> Placement:
    """Return the amounts to post once the difference is explained.

    Leaving a lack open takes it off the last claims; a surplus larger than the money received leaves the
    last credits unused.
    """
    amount = abs(standing.difference)
    if standing.side == MISSING and answer == LEAVE:
        return Placement(reduced(claims, amount), dict(unused))
    if standing.side == MISSING and answer:
        return Placement(dict(claims), dict(unused), (answer, amount))
    if standing.side == SURPLUS:
        if answer == KEEP:
            return Placement(dict(claims), dict(unused), (DIFFERENCE, amount))
        return Placement(dict(claims), reduced(unused, max(amount - standing.received, NOTHING)))
    return Placement(dict(claims), dict(unused))


def reduced(amounts: Mapping[str, Decimal], by: Decimal) -> dict[str, Decimal]:
    """Return the amounts with `by` taken off, from the last one back; what becomes nothing is left out."""
    left = dict(amounts)
    for key in reversed(list(amounts)):
        off = min(left[key], by)
        by -= off
        left[key] -= off
        if not left[key]:
            del left[key]
    return left
