"""The one function that totals a document: screen, paper, spreadsheet and stored columns all come from it (pure).

Rules (source: docs/design, the note under "Currency and tax"): a line's amount is quantity × price ×
(1 − discount), rounded half away from zero. The document's discount is spread over the lines. Tax is
worked out per rate on the sum of the lines ("document") or line by line ("line"); where prices include
it, it is taken out of the amount. The arithmetic is in whole numbers, so nothing is lost before a rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm_desktop.shared.money import exponent

PER_DOCUMENT: Final = "document"
PER_LINE: Final = "line"
QUANTITY_PLACES: Final = 6
PRICE_PLACES: Final = 6
PERCENT_PLACES: Final = 4
_WHOLE: Final = 100 * 10**PERCENT_PLACES


@dataclass(frozen=True, slots=True)
class LineInput:
    """What a line's amount is made of. Percentages are of 100; a line of text has quantity 0."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    tax_percent: Decimal


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """What a document says about all its lines; `discount_amount` is in minor units."""

    currency: str
    prices_include_tax: bool = False
    tax_method: str = PER_DOCUMENT
    discount_percent: Decimal = Decimal(0)
    discount_amount: int = 0


@dataclass(frozen=True, slots=True)
class LineTotal:
    """A line in minor units: `amount` as printed, `net` and `tax` as they go into the document's sums."""

    amount: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax rate of a document, in minor units."""

    percent: Decimal
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A document in minor units of its currency: `subtotal` − `discount` is `total` or, without tax in the
    prices, `net`; and always `net` + `tax` = `total`.
    """

    lines: tuple[LineTotal, ...]
    subtotal: int
    discount: int
    net: int
    tax: int
    total: int
    taxes: tuple[TaxTotal, ...]
    """Per rate, the highest first; lines of nothing add no rate."""


def total(document: DocumentInput, lines: Sequence[LineInput]) -> Totals:
    """Return the totals of a document. Quantities and prices with more decimals than stored are cut off."""
    amounts = [line_amount(line, document.currency) for line in lines]
    subtotal = sum(amounts)
    discount = _share(subtotal, _scaled(document.discount_percent, PERCENT_PLACES), _WHOLE) + document.discount_amount
    shares = spread(discount, amounts)
    after = [amount - share for amount, share in zip(amounts, shares, strict=True)]
    rates = [_scaled(line.tax_percent, PERCENT_PLACES) for line in lines]
    taxes = _taxes(document, after, rates)
    made = tuple(
        LineTotal(amount, left - tax if document.prices_include_tax else left, tax)
        for amount, left, tax in zip(amounts, after, taxes, strict=True)
    )
    by_rate: dict[int, tuple[int, int]] = {}
    for rate, line in zip(rates, made, strict=True):
        if line.net or line.tax:
            net, tax = by_rate.get(rate, (0, 0))
            by_rate[rate] = net + line.net, tax + line.tax
    net, tax = sum(line.net for line in made), sum(line.tax for line in made)
    return Totals(
        lines=made,
        subtotal=subtotal,
        discount=discount,
        net=net,
        tax=tax,
        total=net + tax,
        taxes=tuple(
            TaxTotal(Decimal(rate).scaleb(-PERCENT_PLACES), *by_rate[rate]) for rate in sorted(by_rate, reverse=True)
        ),
    )


def line_amount(line: LineInput, currency: str) -> int:
    """Return quantity × price × (1 − discount) in minor units, half away from zero."""
    product = (
        _scaled(line.quantity, QUANTITY_PLACES)
        * _scaled(line.unit_price, PRICE_PLACES)
        * (_WHOLE - _scaled(line.discount_percent, PERCENT_PLACES))
    )
    return _divide(product * 10 ** exponent(currency), 10 ** (QUANTITY_PLACES + PRICE_PLACES) * _WHOLE)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Return `amount` in parts by weight that add up to it exactly; without any weight the last takes it all."""
    whole = sum(weights)
    if not amount or not weights:
        return [0] * len(weights)
    if not whole:
        return [0] * (len(weights) - 1) + [amount]
    parts, so_far, given = [], 0, 0
    for weight in weights:
        so_far += weight
        reached = _divide(amount * so_far, whole)
        parts.append(reached - given)
        given = reached
    return parts


def _taxes(document: DocumentInput, after: Sequence[int], rates: Sequence[int]) -> list[int]:
    """Return the tax of each line; per document, the tax of a rate is spread over its lines."""
    if document.tax_method == PER_LINE:
        return [_tax(left, rate, document.prices_include_tax) for left, rate in zip(after, rates, strict=True)]
    taxes = [0] * len(after)
    for rate in set(rates):
        places = [place for place, one in enumerate(rates) if one == rate]
        bases = [after[place] for place in places]
        parts = spread(_tax(sum(bases), rate, document.prices_include_tax), bases)
        for place, part in zip(places, parts, strict=True):
            taxes[place] = part
    return taxes


def _tax(amount: int, rate: int, included: bool) -> int:
    return _share(amount, rate, _WHOLE + rate if included else _WHOLE)


def _share(amount: int, part: int, whole: int) -> int:
    return _divide(amount * part, whole) if part else 0


def _divide(dividend: int, divisor: int) -> int:
    """Return the quotient rounded half away from zero."""
    if divisor < 0:
        dividend, divisor = -dividend, -divisor
    half = (abs(dividend) * 2 + divisor) // (divisor * 2)
    return half if dividend >= 0 else -half


def _scaled(value: Decimal, places: int) -> int:
    return int(value.scaleb(places))
