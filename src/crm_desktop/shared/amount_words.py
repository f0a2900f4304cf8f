"""Amounts in words, as contracts, receipts and invoices state them beside the figures (pure).

Chinese financial capitals follow the rules of the People's Bank of China for filling in bills
(支付结算办法 1997, annex 正确填写票据和结算凭证的基本规定): 整 after 元 or 角, never after 分; one 零 for any run
of zeros between figures; 零 between 元 and 分 when there is no 角. Where the rules leave a choice (no 元, but
角), the first form of their examples is taken: 壹仟陆佰捌拾元零叁角贰分.
"""

from decimal import Decimal
from typing import Final

from crm_desktop.shared.i18n import SIMPLIFIED, TRADITIONAL
from crm_desktop.shared.money import exponent, round_half_away

LARGEST: Final = Decimal(10) ** 16
"""Amounts must be smaller than this: 万亿 is the largest unit in use."""

_DIGITS: Final = {SIMPLIFIED: "零壹贰叁肆伍陆柒捌玖", TRADITIONAL: "零壹貳參肆伍陸柒捌玖"}
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = {SIMPLIFIED: ("", "万", "亿", "万"), TRADITIONAL: ("", "萬", "億", "萬")}
_WHOLE: Final = {SIMPLIFIED: "元", TRADITIONAL: "圓"}
_PARTS: Final = ("角", "分", "厘")
_EXACTLY: Final = "整"
_MINUS: Final = {SIMPLIFIED: "负", TRADITIONAL: "負"}

# What stands before the capitals. The whole unit of each is counted in 元, as banks do.
_CHINESE_NAMES: Final = {
    "AUD": ("澳大利亚元", "澳元"),
    "CAD": ("加拿大元", "加拿大元"),
    "CHF": ("瑞士法郎", "瑞士法郎"),
    "CNY": ("人民币", "人民幣"),
    "EUR": ("欧元", "歐元"),
    "GBP": ("英镑", "英鎊"),
    "HKD": ("港币", "港幣"),
    "JPY": ("日元", "日圓"),
    "KRW": ("韩元", "韓圓"),
    "MOP": ("澳门币", "澳門幣"),
    "MYR": ("马来西亚林吉特", "馬來西亞令吉"),
    "SGD": ("新加坡元", "新加坡元"),
    "THB": ("泰铢", "泰銖"),
    "TWD": ("新台币", "新臺幣"),
    "USD": ("美元", "美元"),
    "VND": ("越南盾", "越南盾"),
}

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS: Final = ("", " thousand", " million", " billion", " trillion", " quadrillion")


def amount_in_words(value: Decimal, currency: str, language: str) -> str:
    """Return an amount in the words of `language`: "人民币壹佰元零伍分", "Say CNY one hundred and 05/100 only".

    It is rounded to the decimals of the currency first. Raises ValueError from `LARGEST` on.
    """
    rounded = round_half_away(value, exponent(currency))
    if abs(rounded) >= LARGEST:
        raise ValueError(f"{rounded} is too large to be said in words")
    if language in _DIGITS:
        return _chinese_name(currency, language) + capitals(rounded, language)
    return _english(rounded, currency)


def _chinese_name(currency: str, language: str) -> str:
    names = _CHINESE_NAMES.get(currency)
    return currency if names is None else names[language == TRADITIONAL]


def capitals(value: Decimal, language: str = SIMPLIFIED) -> str:
    """Return an amount, rounded to three decimals, in Chinese financial capitals without its currency.

    "壹佰元整", "壹仟零伍元叁角整", "零元整"; 负 stands first. Raises ValueError from `LARGEST` on.
    """
    value = round_half_away(value, 3)
    if abs(value) >= LARGEST:
        raise ValueError(f"{value} is too large to be said in words")
    whole, part = divmod(abs(value), 1)
    digits = f"{part:.3f}"[2:]
    if not digits.strip("0"):
        said = _whole_capitals(int(whole), language) + _WHOLE[language] + _EXACTLY
    else:
        said = _whole_capitals(int(whole), language) + _WHOLE[language] if whole else ""
        said += _part_capitals(digits, language, units=int(whole % 10) if whole else None)
    return (_MINUS[language] if value < 0 else "") + said


def _whole_capitals(number: int, language: str) -> str:
    """Return a whole number in capitals, groups of four digits with 万 and 亿 between them."""
    if number == 0:
        return _DIGITS[language][0]
    groups = [number // 10_000**at % 10_000 for at in range(4)]
    said, zero_due = "", False
    for at in range(3, -1, -1):
        group = groups[at]
        if group == 0:
            zero_due = bool(said)
            # 壹万亿: the 亿 stands although no digit is left in its own group.
            said += _GROUPS[language][2] if at == 2 and groups[3] else ""
            continue
        if zero_due or (said and group < 1000):
            said += _DIGITS[language][0]
        said += _four_digits(group, language) + _GROUPS[language][at]
        zero_due = False
    return said


def _four_digits(group: int, language: str) -> str:
    said, zero_due = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            zero_due = bool(said)
            continue
        said += (_DIGITS[language][0] if zero_due else "") + _DIGITS[language][digit] + _PLACES[place]
        zero_due = False
    return said


def _part_capitals(digits: str, language: str, *, units: int | None) -> str:
    """Return what comes after 元: `digits` are 角, 分 and 厘; 整 closes it unless 分 or 厘 is stated.

    `units` is the last figure before 元, None when nothing stands before.
    """
    said, zero_due = "", units == 0
    for digit, unit in zip(digits, _PARTS, strict=True):
        if digit == "0":
            zero_due = units is not None or bool(said)
            continue
        said += (_DIGITS[language][0] if zero_due else "") + _DIGITS[language][int(digit)] + unit
        zero_due = False
    return said if digits[1:].strip("0") else said + _EXACTLY


def _english(value: Decimal, currency: str) -> str:
    places = exponent(currency)
    whole, part = divmod(abs(value), 1)
    said = whole_in_english(int(whole))
    if part:
        said += f" and {int(part.scaleb(places)):0{places}}/{10**places}"
    minus = "minus " if value < 0 else ""
    return f"Say {currency} {minus}{said} only"


def whole_in_english(number: int) -> str:
    """Return a whole number from 0 in English words: "one thousand two hundred and thirty-four"."""
    if number == 0:
        return _ONES[0]
    groups = [number // 1000**at % 1000 for at in range(len(_THOUSANDS))]
    said = [_three_digits(group) + _THOUSANDS[at] for at, group in enumerate(groups) if group]
    if number > 1000 and 0 < groups[0] < 100:
        said[0] = f"and {said[0]}"
    return " ".join(reversed(said))


def _three_digits(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    below = (
        _ONES[rest] if rest < 20 else "-".join(filter(None, (_TENS[rest // 10], _ONES[rest % 10] if rest % 10 else "")))
    )
    if not hundreds:
        return below
    return f"{_ONES[hundreds]} hundred" + (f" and {below}" if rest else "")
