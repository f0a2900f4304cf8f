"""What somebody enters as one receipt: does it add up, and what follows; nothing here asks the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crm_desktop.receivables import rules
from crm_desktop.receivables.money.noting import shown
from crm_desktop.receivables.money.receipt_values import clean_currency, minor
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor

DIFFERENCES: Final = (rules.DIFFERENCE, rules.BANK_FEE)
"""What may be settled on the spot."""
COLUMNS: Final[Mapping[str, str]] = {rules.RECEIPT: "receipt_id", rules.CREDIT: "credit_id"}
"""The column of an allocation that names each kind of money."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Amounts in minor units: what came in, what it pays, which credits go into it.

    `missing` is settled as a difference of `kind`, `surplus` is kept.
    """

    currency: str
    amount: int
    targets: tuple[tuple[int, int], ...]
    credits: tuple[tuple[str, int, int], ...]
    kind: str
    missing: int
    surplus: int


def entry_of(
    values: Mapping[str, Any],
    uses: Mapping[int, Decimal],
    taken: Mapping[tuple[str, int], Decimal],
    difference: tuple[str, Decimal] | None,
) -> Entry:
    """Return what is entered. Raises Invalid: currency, amount, uses, taken, difference."""
    currency = clean_currency(values.get("currency"))
    amount = minor("amount", values.get("amount"), currency, zero=True)
    targets = tuple((id_, minor("uses", some, currency, zero=True)) for id_, some in uses.items())
    targets = tuple((id_, some) for id_, some in targets if some)
    sources = tuple(
        (COLUMNS[kind], id_, minor("taken", some, currency, zero=True)) for (kind, id_), some in taken.items()
    )
    sources = tuple(one for one in sources if one[2])
    wanted, drawn = sum(some for _id, some in targets), sum(some for *_one, some in sources)
    if not amount and not sources:
        raise Invalid("amount", N_("Type the amount that came in, or take a credit."))
    if drawn > wanted:
        raise Invalid(
            "taken",
            N_("{amount} of the credits pay nothing. Take that much less; it stays usable."),
            amount=shown(from_minor(drawn - wanted, currency), currency),
        )
    kind, extra = _difference(difference, currency)
    lacking = wanted - amount - drawn
    missing, surplus = _settled(lacking, kind, extra, currency)
    return Entry(currency, amount, targets, sources, kind, missing, surplus)


def _difference(difference: tuple[str, Decimal] | None, currency: str) -> tuple[str, int]:
    if difference is None:
        return "", 0
    kind, extra = difference
    if kind not in DIFFERENCES:
        raise Invalid("difference", N_("This value is not known. Choose one of the list."))
    return kind, minor("difference", extra, currency, zero=True)


def _settled(lacking: int, kind: str, extra: int, currency: str) -> tuple[int, int]:
    """Return what is missing and what is kept, both in minor units. Raises Invalid."""
    if lacking > 0:
        if not extra:
            raise Invalid(
                "uses",
                N_("This pays {amount} more than came in. Lower an amount, or settle the difference."),
                amount=shown(from_minor(lacking, currency), currency),
            )
        if extra != lacking:
            raise Invalid(
                "difference",
                N_("The difference is {amount}."),
                amount=shown(from_minor(lacking, currency), currency),
            )
        return extra, 0
    if extra and kind != rules.DIFFERENCE:
        raise Invalid("difference", N_("Nothing is missing, so there is no fee to settle."))
    if extra > -lacking:
        raise Invalid(
            "difference",
            N_("Only {amount} is left over."),
            amount=shown(from_minor(-lacking, currency), currency),
        )
    return 0, extra
