"""Totals and plans that always add up, over random documents in every mode."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.orders import composing, instalments, totals
from crm_desktop.orders.instalments import Part
from crm_desktop.orders.totals import DocumentInput, LineInput, total
from crm_desktop.shared.money import exponent, from_minor

CURRENCIES = ("CNY", "JPY", "KWD")
RATES = [Decimal(rate) for rate in ("0", "6", "9", "13", "19", "8.875", "20.5")]


def figures(places: int, lowest: int, highest: int) -> st.SearchStrategy[Decimal]:
    return st.integers(lowest * 10**places, highest * 10**places).map(lambda one: Decimal(one).scaleb(-places))


lines = st.lists(
    st.builds(
        LineInput,
        st.one_of(st.integers(0, 500).map(Decimal), figures(6, 0, 50)),
        st.one_of(figures(2, -5_000, 90_000), figures(6, -50, 500)),
        st.one_of(st.just(Decimal(0)), figures(4, 0, 100)),
        st.sampled_from(RATES),
    ),
    max_size=12,
)
documents = st.builds(
    DocumentInput,
    st.sampled_from(CURRENCIES),
    st.booleans(),
    st.sampled_from((totals.PER_DOCUMENT, totals.PER_LINE)),
    st.one_of(st.just(Decimal(0)), figures(4, 0, 100)),
    st.one_of(st.just(0), st.integers(0, 100_000)),
)


def rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@given(documents, lines)
def test_everything_adds_up_in_every_mode(document: DocumentInput, given_lines: list[LineInput]) -> None:
    made = total(document, given_lines)
    assert made.net + made.tax == made.total
    assert made.subtotal == sum(line.amount for line in made.lines)
    assert made.net == sum(line.net for line in made.lines) == sum(one.net for one in made.taxes)
    assert made.tax == sum(line.tax for line in made.lines) == sum(one.tax for one in made.taxes)
    if given_lines:
        base = made.total if document.prices_include_tax else made.net
        assert base == made.subtotal - made.discount


@given(documents, lines)
def test_each_amount_is_rounded_once_and_half_away_from_zero(
    document: DocumentInput, given_lines: list[LineInput]
) -> None:
    made = total(document, given_lines)
    places = exponent(document.currency)
    for line, amounts in zip(given_lines, made.lines, strict=True):
        exact = line.quantity * line.unit_price * (1 - line.discount_percent / 100)
        assert amounts.amount == rounded(exact.scaleb(places))
    if document.tax_method == totals.PER_DOCUMENT:
        for one in made.taxes:
            if document.prices_include_tax:
                gross = one.net + one.tax
                assert one.tax == rounded(gross * one.percent / (100 + one.percent))
            else:
                assert one.tax == rounded(one.net * one.percent / 100)


@given(documents, lines)
def test_what_takes_off_and_what_adds_mirror_each_other(document: DocumentInput, given_lines: list[LineInput]) -> None:
    opposite = [LineInput(one.quantity, -one.unit_price, one.discount_percent, one.tax_percent) for one in given_lines]
    plain = DocumentInput(
        document.currency, document.prices_include_tax, document.tax_method, document.discount_percent
    )
    one, other = total(plain, given_lines), total(plain, opposite)
    assert (one.net, one.tax, one.total) == (-other.net, -other.tax, -other.total)


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20))
def test_a_spread_adds_up(amount: int, weights: list[int]) -> None:
    assert sum(totals.spread(amount, weights)) == amount


parts = st.lists(
    st.builds(
        Part,
        st.sampled_from((instalments.FIXED, instalments.PERCENT)),
        figures(2, 0, 60),
        st.integers(0, 400),
        st.sampled_from(("", "on acceptance")),
    ),
    max_size=6,
).map(lambda some: [*some, Part(instalments.REMAINDER)])


@given(parts, st.integers(-(10**9), 10**12), st.sampled_from(CURRENCIES), st.integers(-(10**9), 10**9))
def test_a_plan_always_sums_to_the_total(some: list[Part], amount: int, currency: str, other: int) -> None:
    plan = instalments.plan(some, amount, currency, date(2026, 1, 31))
    assert sum(one.amount for one in plan) == amount
    assert instalments.difference(plan, amount) == 0
    assert all((one.due_on is None) == bool(one.event) for one in plan)
    assert sum(one.amount for one in instalments.refit(plan, other)) == other
    assert [Part.of(one.as_stored()) for one in some] == some


@given(documents, lines)
def test_what_is_stored_is_what_is_computed(document: DocumentInput, given_lines: list[LineInput]) -> None:
    values = header(document) | {
        "lines": [
            {
                "name": "x",
                "quantity": one.quantity,
                "unit_price": one.unit_price,
                "discount_percent": one.discount_percent,
                "tax_percent": one.tax_percent,
            }
            for one in given_lines
        ]
    }
    stored = composing.compose(values, composing.HEADER, composing.LINE)
    made = total(document, given_lines)
    assert {name: stored.columns[name] for name in ("subtotal", "discount", "net", "tax", "total")} == {
        name: getattr(made, name) for name in ("subtotal", "discount", "net", "tax", "total")
    }
    assert [(one["amount"], one["net"], one["tax"]) for one in stored.lines] == [
        (one.amount, one.net, one.tax) for one in made.lines
    ]
    again = composing.compose(values | {"lines": stored.lines}, composing.HEADER, composing.LINE)
    assert again == stored


def header(document: DocumentInput) -> dict[str, Any]:
    return {
        "contact_id": 1,
        "dated_on": date(2026, 1, 1),
        "currency": document.currency,
        "prices_include_tax": document.prices_include_tax,
        "tax_method": document.tax_method,
        "discount_percent": document.discount_percent,
        "discount_amount": from_minor(document.discount_amount, document.currency),
    }


def item(quantity: str, price: str, tax: str, discount: str = "0") -> LineInput:
    return LineInput(Decimal(quantity), Decimal(price), Decimal(discount), Decimal(tax))


@pytest.mark.parametrize(
    ("document", "some", "expected"),
    [
        # "8,500 - 7,500 + 19 % is not 1,190.00", people wrote.
        (DocumentInput("EUR"), [item("1", "8500", "19"), item("1", "-7500", "19")], (100000, 19000, 119000)),
        (DocumentInput("EUR", tax_method="line"), [item("1", "8500", "19"), item("1", "-7500", "19")],
         (100000, 19000, 119000)),
        # Three thirds of a cent's tax: one rounding per document, three per line.
        (DocumentInput("EUR"), [item("1", "0.33", "19")] * 3, (99, 19, 118)),
        (DocumentInput("EUR", tax_method="line"), [item("1", "0.33", "19")] * 3, (99, 18, 117)),
        (DocumentInput("EUR", True), [item("1", "119", "19")], (10000, 1900, 11900)),
        (DocumentInput("EUR", True), [item("3", "0.99", "19")], (250, 47, 297)),
        (DocumentInput("JPY"), [item("3", "33.5", "10")], (101, 10, 111)),
        (DocumentInput("KWD"), [item("1", "1.2345", "5")], (1235, 62, 1297)),
        (DocumentInput("EUR"), [item("1", "0.125", "0"), item("1", "-0.125", "0")], (0, 0, 0)),
        (DocumentInput("EUR"), [item("1", "1.005", "0")], (101, 0, 101)),
        (DocumentInput("EUR"), [item("1", "-1.005", "0")], (-101, 0, -101)),
        (DocumentInput("EUR", False, "document", Decimal(10), 500), [item("2", "50", "19"), item("1", "100", "7")],
         (17500, 2276, 19776)),
        (DocumentInput("EUR"), [], (0, 0, 0)),
    ],
)  # fmt: skip
def test_known_cases(document: DocumentInput, some: list[LineInput], expected: tuple[int, int, int]) -> None:
    made = total(document, some)
    assert (made.net, made.tax, made.total) == expected
