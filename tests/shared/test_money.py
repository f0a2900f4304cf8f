"""Money: exact, rounded half away from zero, never added over currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.money import (
    MixedCurrencies,
    Money,
    by_currency,
    exponent,
    from_minor,
    round_half_away,
    to_minor,
    without_zeros,
)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("0.005", "CNY", 1),
        ("-0.005", "CNY", -1),
        ("1.004999", "CNY", 100),
        ("0.5", "JPY", 1),
        ("-2.5", "JPY", -3),
        ("1.0005", "KWD", 1001),
    ],
)
def test_a_half_goes_away_from_zero_in_the_decimals_of_the_currency(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@given(st.integers(-(10**17), 10**17), st.sampled_from(("CNY", "JPY", "KWD")))
def test_minor_units_come_back_as_they_went(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor
    assert -from_minor(minor, currency).as_tuple().exponent == exponent(currency)  # type: ignore[operator]


def test_currencies_are_never_added() -> None:
    with pytest.raises(MixedCurrencies):
        Money(Decimal(1), "CNY") + Money(Decimal(1), "USD")
    sums = by_currency([Money(Decimal(2), "USD"), Money(Decimal(1), "CNY"), Money(Decimal(3), "USD")])
    assert sums == (Money(Decimal(1), "CNY"), Money(Decimal(5), "USD"))
    assert -Money(Decimal("1.50"), "CNY") == Money(Decimal("-1.50"), "CNY")


def test_figures_lose_only_zeros_behind_the_point() -> None:
    assert [str(without_zeros(Decimal(text))) for text in ("2.500", "100", "100.00", "0.10", "1E+3")] == [
        "2.5",
        "100",
        "100",
        "0.1",
        "1000",
    ]
    assert round_half_away(Decimal("0.125"), 2) == Decimal("0.13")
