"""Instalment plans: how a total is paid in parts that always add up to it (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import to_minor

FIXED: Final = "fixed"
PERCENT: Final = "percent"
REMAINDER: Final = "remainder"
KINDS: Final = ((FIXED, N_("Fixed amount")), (PERCENT, N_("Percent")), (REMAINDER, N_("Remainder")))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a payment term.

    `value` is an amount of the document's currency or a percentage of the total, nothing for the
    remainder. It is due `days` after the document's date, or, when it has an `event`, some day that
    only the event decides.
    """

    kind: str
    value: Decimal = Decimal(0)
    days: int = 0
    event: str = ""
    label: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Part":
        """Return the part that `as_stored` made a dictionary of."""
        return cls(**{**stored, "value": Decimal(str(stored.get("value") or 0))})

    def as_stored(self) -> dict[str, Any]:
        """Return the part as JSON values."""
        return {
            "kind": self.kind,
            "value": f"{self.value:f}",
            "days": self.days,
            "event": self.event,
            "label": self.label,
        }


@dataclass(frozen=True, slots=True)
class Planned:
    """One instalment: `amount` in minor units; `due_on` is None when an event decides."""

    amount: int
    due_on: date | None
    event: str = ""
    label: str = ""


def plan(parts: Sequence[Part], total: int, currency: str, dated_on: date) -> tuple[Planned, ...]:
    """Return the instalments of a total (minor units). They add up to it: the last part takes the rounding.

    No part at all means everything at once, due on the document's date.
    """
    chosen = list(parts) or [Part(REMAINDER)]
    planned: list[Planned] = []
    left = total
    for part in chosen[:-1]:
        amount = _amount(part, total, currency)
        left -= amount
        planned.append(_planned(part, amount, dated_on))
    planned.append(_planned(chosen[-1], left, dated_on))
    return tuple(planned)


def refit(planned: Sequence[Planned], total: int) -> tuple[Planned, ...]:
    """Return a hand-made plan for another total: the last instalment takes the difference."""
    if not planned:
        return ()
    last = planned[-1]
    left = total - sum(one.amount for one in planned[:-1])
    return (*planned[:-1], Planned(left, last.due_on, last.event, last.label))


def difference(planned: Iterable[Planned], total: int) -> int:
    """Return what the plan lacks to the total, in minor units: 0 when it adds up."""
    return total - sum(one.amount for one in planned)


def is_well_formed(parts: Sequence[Part]) -> bool:
    """Return whether a payment term has exactly one remainder, and that last."""
    kinds = [part.kind for part in parts]
    return bool(kinds) and kinds[-1] == REMAINDER and REMAINDER not in kinds[:-1]


def _amount(part: Part, total: int, currency: str) -> int:
    if part.kind == FIXED:
        return to_minor(part.value, currency)
    return int((Decimal(total) * part.value / 100).quantize(Decimal(1), "ROUND_HALF_UP"))


def _planned(part: Part, amount: int, dated_on: date) -> Planned:
    due_on = None if part.event else dated_on + timedelta(days=part.days)
    return Planned(amount, due_on, part.event, part.label)
