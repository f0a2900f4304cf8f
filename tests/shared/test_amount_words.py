"""Amounts in words: known values, and a reader that turns the words back into the amount."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.amount_words import LARGEST, amount_in_words, capitals, whole_in_english
from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, TRADITIONAL

# Source: the examples of 正确填写票据和结算凭证的基本规定 (支付结算办法, 1997, annex 1); where it offers two
# forms the first is taken, and 整 after 角 (which it allows) is written.
PEOPLES_BANK = {
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
}
# Source: counted out by hand from the same rules.
BY_HAND = {
    "0": "零元整",
    "0.01": "壹分",
    "0.10": "壹角整",
    "0.12": "壹角贰分",
    "1": "壹元整",
    "10": "壹拾元整",
    "10.05": "壹拾元零伍分",
    "100": "壹佰元整",
    "101": "壹佰零壹元整",
    "1001": "壹仟零壹元整",
    "1010.10": "壹仟零壹拾元零壹角整",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "10100": "壹万零壹佰元整",
    "105000": "壹拾万伍仟元整",
    "1000000": "壹佰万元整",
    "1234567.89": "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
    "10000001": "壹仟万零壹元整",
    "100000000": "壹亿元整",
    "100005000": "壹亿零伍仟元整",
    "100010000": "壹亿零壹万元整",
    "1000000000000": "壹万亿元整",
    "1000000000005": "壹万亿零伍元整",
    "1000500000000": "壹万零伍亿元整",
    "1000000050000": "壹万亿零伍万元整",
    "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "-3.50": "负叁元伍角整",
    "0.005": "伍厘",
    "8.125": "捌元壹角贰分伍厘",
}


@pytest.mark.parametrize(("figure", "words"), list((PEOPLES_BANK | BY_HAND).items()))
def test_known_capitals(figure: str, words: str) -> None:
    assert capitals(Decimal(figure)) == words


def test_traditional_capitals_have_their_own_signs() -> None:
    assert capitals(Decimal("1234567.89"), TRADITIONAL) == "壹佰貳拾參萬肆仟伍佰陸拾柒圓捌角玖分"
    assert capitals(Decimal("-300000000"), TRADITIONAL) == "負參億圓整"


@pytest.mark.parametrize(
    ("figure", "currency", "language", "words"),
    [
        ("100", "CNY", SIMPLIFIED, "人民币壹佰元整"),
        ("100", "HKD", TRADITIONAL, "港幣壹佰圓整"),
        ("100", "HKD", SIMPLIFIED, "港币壹佰元整"),
        ("12.30", "USD", SIMPLIFIED, "美元壹拾贰元叁角整"),
        ("1234.5", "JPY", SIMPLIFIED, "日元壹仟贰佰叁拾伍元整"),
        ("1500", "TWD", TRADITIONAL, "新臺幣壹仟伍佰圓整"),
        ("1.005", "CNY", SIMPLIFIED, "人民币壹元零壹分"),
        ("2", "ZAR", SIMPLIFIED, "ZAR贰元整"),
        ("0.125", "KWD", SIMPLIFIED, "KWD壹角贰分伍厘"),
        ("1234.34", "CNY", ENGLISH, "Say CNY one thousand two hundred and thirty-four and 34/100 only"),
        ("100", "USD", ENGLISH, "Say USD one hundred only"),
        ("1005", "USD", ENGLISH, "Say USD one thousand and five only"),
        ("0.05", "USD", ENGLISH, "Say USD zero and 05/100 only"),
        ("1.5", "KWD", ENGLISH, "Say KWD one and 500/1000 only"),
        ("-20", "EUR", ENGLISH, "Say EUR minus twenty only"),
        ("1999999.6", "JPY", ENGLISH, "Say JPY two million only"),
    ],
)
def test_amounts_name_their_currency(figure: str, currency: str, language: str, words: str) -> None:
    assert amount_in_words(Decimal(figure), currency, language) == words


@pytest.mark.parametrize("language", [ENGLISH, SIMPLIFIED, TRADITIONAL])
def test_what_is_too_large_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="too large"):
        amount_in_words(LARGEST, "CNY", language)
    with pytest.raises(ValueError, match="too large"):
        capitals(-LARGEST)


SIGNS = {sign: value for signs in ("零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖") for value, sign in enumerate(signs)}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def whole_of(words: str) -> int:
    """Read a whole number in capitals: what stands before 亿 or 万 is multiplied by it."""
    for unit, worth in (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4)):
        before, found, after = words.rpartition(unit)
        if found:
            return whole_of(before) * worth + whole_of(after)
    return sum(
        SIGNS[digit] * UNITS.get(unit, 1)
        for digit, unit in re.findall("([零壹贰叁肆伍陆柒捌玖貳參陸])([拾佰仟]?)", words)
    )


def amount_of(words: str) -> Decimal:
    """Read an amount in capitals."""
    sign = -1 if words[0] in "负負" else 1
    words = words.lstrip("负負").removesuffix("整")
    whole, _unit, part = re.fullmatch("(?:(.*)([元圓]))?(.*)", words).groups()  # type: ignore[union-attr]
    value = Decimal(whole_of(whole or ""))
    for unit, worth in (("角", "0.1"), ("分", "0.01"), ("厘", "0.001")):
        if found := re.search(f"(.){unit}", part):
            value += SIGNS[found[1]] * Decimal(worth)
    return sign * value


amounts = st.decimals(-LARGEST + 1, LARGEST - 1, places=2) | st.decimals(-100_000, 100_000, places=3)


@given(amounts, st.sampled_from([SIMPLIFIED, TRADITIONAL]))
def test_capitals_read_back_as_the_amount(value: Decimal, language: str) -> None:
    words = capitals(value, language)
    assert amount_of(words) == value
    assert "零零" not in words
    assert not re.search("零[元圓整角分万萬亿億]", words.removeprefix("零元"))
    assert words.endswith(("整", "分", "厘"))


ENGLISH_ONES = {whole_in_english(number): number for number in range(20)}
ENGLISH_TENS = {whole_in_english(number): number for number in range(20, 100, 10)}
ENGLISH_GROUPS = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15,
}  # fmt: skip


def number_of(words: str) -> int:
    """Read a whole number in English words."""
    total = group = 0
    for word in words.replace("-", " ").replace(" and ", " ").removeprefix("and ").split():
        if word == "hundred":
            group *= 100
        elif word in ENGLISH_GROUPS:
            total, group = total + group * ENGLISH_GROUPS[word], 0
        else:
            group += ENGLISH_ONES[word] if word in ENGLISH_ONES else ENGLISH_TENS[word]
    return total + group


def test_the_english_words_that_numbers_are_made_of() -> None:
    assert len(ENGLISH_ONES) == 20
    assert list(ENGLISH_TENS) == ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    assert whole_in_english(21) == "twenty-one"
    assert whole_in_english(1_000_100) == "one million one hundred"


@given(st.integers(0, 10**16) | st.integers(0, 9999))
def test_english_reads_back_as_the_number(number: int) -> None:
    assert number_of(whole_in_english(number)) == number
