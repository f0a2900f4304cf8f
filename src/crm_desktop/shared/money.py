"""Money: an amount in one currency, rounded as the field rounds, never a float (pure).

In the database an amount is a whole number of its currency's minor units; at the edges it is a `Decimal`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_NO_MINOR: Final = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
                    "XAF", "XOF", "XPF")  # fmt: skip
_THREE: Final = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
EXPONENTS: Final = dict.fromkeys(_NO_MINOR, 0) | dict.fromkeys(_THREE, 3)
"""Decimals of the currencies that do not have two (source: ISO 4217, list one)."""

_STEPS: Final = {places: Decimal(1).scaleb(-places) for places in range(13)}


class MixedCurrencies(ValueError):
    """Amounts of different currencies were added."""


def exponent(currency: str) -> int:
    """Return how many decimals amounts of the currency have."""
    return EXPONENTS.get(currency, 2)


def round_half_away(value: Decimal, places: int) -> Decimal:
    """Return `value` with `places` decimals, a half going away from zero."""
    return value.quantize(_STEPS[places], ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units, rounded half away from zero."""
    return int(round_half_away(amount, exponent(currency)).scaleb(exponent(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return an amount of minor units with the decimals of its currency."""
    return Decimal(minor).scaleb(-exponent(currency))


def without_zeros(value: Decimal) -> Decimal:
    """Return the value without trailing zeros behind the point: 2.500 is 2.5, 100 stays 100."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with the decimals of its currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> "Money":
        """Return the money that `minor` units are."""
        return cls(from_minor(minor, currency), currency)

    @property
    def minor(self) -> int:
        """Return the amount in minor units."""
        return to_minor(self.amount, self.currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return Money(self.amount + other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)


def by_currency(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Return one sum per currency, in the order of the codes: currencies are never added together."""
    sums: dict[str, Decimal] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))
