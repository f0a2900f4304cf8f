"""Text numbers: signs and units taken off, and the one decimal sign of a whole column (pure)."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm_desktop.shared.text import fold

POINT: Final = "point"
COMMA: Final = "comma"

_COMMA_COUNTRIES: Final = frozenset(
    [
        "AR", "AT", "BE", "BG", "BR", "BY", "CL", "CO", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "ID", "IT", "KZ", "LT", "LU", "LV", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI", "SK", "TR", "UA",
        "UY", "VE", "VN",
    ]
)  # fmt: skip
_SIGNS: Final = (
    ("HK$", "HKD"), ("NT$", "TWD"), ("US$", "USD"), ("S$", "SGD"), ("A$", "AUD"), ("C$", "CAD"), ("RMB", "CNY"),
    ("CN¥", "CNY"), ("人民币", "CNY"), ("美元", "USD"), ("欧元", "EUR"), ("港币", "HKD"), ("港元", "HKD"),
    ("新台币", "TWD"), ("台币", "TWD"), ("日元", "JPY"), ("英镑", "GBP"), ("€", "EUR"), ("£", "GBP"), ("₩", "KRW"),
    ("美金", "USD"), ("日圆", "JPY"), ("₹", "INR"), ("¥", "¥"), ("元", "元"), ("圆", "元"), ("$", "$"),
)  # fmt: skip
_SHARED_SIGNS: Final = {
    "¥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY", "TWD", "HKD", "MOP"}),
    "$": frozenset({"USD", "AUD", "CAD", "HKD", "TWD", "SGD", "NZD", "MXN", "BRL", "ARS", "CLP", "COP"}),
}
_USUAL: Final = {"¥": "CNY", "元": "CNY", "$": "USD"}
_BARE: Final = re.compile(r"[\d.,\s'%-]*")
_CODE: Final = re.compile(r"(?:^([A-Z]{3})(?=[\s\d(.,+-]))|(?<=[\s\d).,])([A-Z]{3})$")
_TIMES: Final = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_LONGEST: Final = 60
_SPACES: Final = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?:\D|$))")
_SHAPE: Final = re.compile(r"\d[\d.,]*|[.,]\d+")
# Most cells are like this, and three decimals could be a group of thousands.
_SIMPLE: Final = re.compile(r"\d+(?:\.(?:\d{1,2}|\d{4,}))?")
_POWER: Final = re.compile(r"(\d+(?:[.,]\d+)?)[eE]([+-]?\d{1,2})")
_GROUPED: Final = {
    POINT: re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d*)?"),
    COMMA: re.compile(r"[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}(?:,\d*)?"),
}
_PLAIN: Final = {POINT: re.compile(r"\d*(?:\.\d*)?"), COMMA: re.compile(r"\d*(?:,\d*)?")}
_UNIT: Final = re.compile(r"(.*\d)\s*(天|日|月|年|个|件|箱|只|台|套|条|张|days?|d|pcs|pieces|months?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a text may mean as a number: its value per decimal sign that fits.

    `currency` is the code or sign beside it ("" without), `percent` says that it bears a percent sign,
    `unit` what stands behind it ("E" for a power of ten), `times` is 10,000 for 万.
    """

    values: dict[str, Decimal]
    currency: str = ""
    percent: bool = False
    unit: str = ""
    times: int = 1


def parse(text: str) -> Figure | None:
    """Return what a text means as a number, None when it is none."""
    if text.isascii() and _SIMPLE.fullmatch(text):
        value = Decimal(text)
        return Figure({POINT: value} if "." in text else {POINT: value, COMMA: value})
    if len(text) > _LONGEST or any(unicodedata.category(sign) == "No" for sign in text):
        # 10² is not 102.
        return None
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    plain = plain.replace("−", "-").replace("–", "-").replace("—", "-")
    plain, negative = _negative(plain)
    plain, currency = _currency(plain)
    if currency and not negative:
        plain, negative = _negative(plain)
    percent = plain.endswith("%")
    plain = plain.rstrip("%").strip()
    unit, times = "", 1
    if plain and plain[-1] in _TIMES:
        plain, times = plain[:-1].strip(), _TIMES[plain[-1]]
    elif match := _UNIT.fullmatch(plain):
        plain, unit = match[1], match[2]
    elif _POWER.fullmatch(plain):
        unit = "E"
    values = _values(_SPACES.sub("", plain))
    if not values:
        return None
    factor = Decimal(-times if negative else times)
    return Figure({style: value * factor for style, value in values.items()}, currency, percent, unit, times)


def usual_style(country: str) -> str:
    """Return the decimal sign people of a country write."""
    return COMMA if country in _COMMA_COUNTRIES else POINT


def may_be(sign: str, currency: str) -> bool:
    """Return whether a sign or code can stand for the currency."""
    return sign == currency or currency in _SHARED_SIGNS.get(sign, ())


def currency_code(text: str, own: str) -> str:
    """Return the code the cell of a currency's column means: RMB and 人民币 are CNY; other text in capitals.

    A sign several currencies share is the company's `own` where it can be, else the most usual of them.
    """
    plain = fold(text).strip().upper()
    code = next((code for sign, code in _SIGNS if plain == sign), plain)
    if code not in _SHARED_SIGNS:
        return code
    return own if may_be(code, own) else _USUAL[code]


def _negative(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith("-"):
        return text[1:].strip(), True
    if text.endswith("-"):
        return text[:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _currency(text: str) -> tuple[str, str]:
    if _BARE.fullmatch(text):
        return text, ""
    upper = text.upper()
    for sign, code in _SIGNS:
        if upper.startswith(sign):
            return text[len(sign) :].strip(), code
        if upper.endswith(sign):
            return text[: -len(sign)].strip(), code
    match = _CODE.search(upper)
    if match:
        return (text[: match.start()] + text[match.end() :]).strip(), match[1] or match[2]
    return text, ""


def _values(text: str) -> dict[str, Decimal]:
    if power := _POWER.fullmatch(text):
        whole = Decimal(f"{Decimal(power[1].replace(',', '.')).scaleb(int(power[2])):f}")
        return {POINT: whole, COMMA: whole}
    if not _SHAPE.fullmatch(text):
        return {}
    found: dict[str, Decimal] = {}
    for style, decimal_sign, group_sign in ((POINT, ".", ","), (COMMA, ",", ".")):
        if _PLAIN[style].fullmatch(text) or _GROUPED[style].fullmatch(text):
            found[style] = Decimal(text.replace(group_sign, "").replace(decimal_sign, "."))
    return found
