import contextlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.typed_date import read_date
from crm_desktop.shared.typed_number import read_decimal

TODAY = date(2026, 11, 19)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY), ("今天", TODAY), ("明天", date(2026, 11, 20)), ("+3", date(2026, 11, 22)),
        ("-1", date(2026, 11, 18)), ("+2w", date(2026, 12, 3)), ("+1m", date(2026, 12, 19)),
        ("+1y", date(2027, 11, 19)), ("fri", date(2026, 11, 20)), ("周五", date(2026, 11, 20)),
        ("週四", date(2026, 11, 26)), ("星期日", date(2026, 11, 22)), ("3.5.", date(2027, 5, 3)),
        ("3.5.26", date(2026, 5, 3)), ("5.1.", date(2027, 1, 5)), ("2026-5-3", date(2026, 5, 3)),
        ("2026/05/03", date(2026, 5, 3)), ("20260503", date(2026, 5, 3)), ("2026年5月3日", date(2026, 5, 3)),
        ("12月5日", date(2026, 12, 5)), ("12-5", date(2026, 12, 5)), ("25", date(2026, 11, 25)),
        ("3 May 2026", date(2026, 5, 3)), ("May 3, 2026", date(2026, 5, 3)), ("3 may", date(2027, 5, 3)),
        ("２０２６－５－３", date(2026, 5, 3)),
    ],
)  # fmt: skip
def test_typed_dates(text, day):
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "32.1.", "30 Feb 2026", "3/5/2026", "2026-13-01", "0", "99", "+9999y", "May", "-9999y"],
)
def test_refused_dates(text):
    with pytest.raises(ValueError):
        read_date(text, TODAY)


def test_the_end_of_a_short_month():
    assert read_date("+1m", date(2026, 1, 31)) == date(2026, 2, 28)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_a_date_shown_is_read_as_itself(day):
    assert read_date(day.isoformat(), TODAY) == day
    assert read_date(f"{day.day}.{day.month}.{day.year}", TODAY) == day


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(text):
    with contextlib.suppress(ValueError):
        assert isinstance(read_date(text, TODAY), date)


@given(st.integers(-9999, 9999))
def test_days_from_today(days):
    assert read_date(f"{days:+}", TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("１２３４", "1234"),
        ("−5", "-5"),
        (" 12 345 ", "12345"),
        (".5", "0.5"),
        ("7.", "7"),
    ],
)
def test_typed_numbers(text, number):
    assert read_decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "-", ".", "1,5", "12,34", "1.2.3", "1e5", "abc", "１,５", "+"])
def test_refused_numbers(text):
    with pytest.raises(ValueError):
        read_decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_shown_is_read_as_itself(number):
    assert read_decimal(f"{number:,f}") == number
