"""Text dates: what each may be, and the one order of day, month and year of a whole column (pure)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta, timezone
from typing import Final

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"
YEAR_FIRST: Final = "ymd"
ORDERS: Final = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)

_MONTH_FIRST_COUNTRIES: Final = frozenset({"US", "PH", "CN", "TW", "JP", "KR", "PW", "FM", "MH"})
_YEAR_FIRST_COUNTRIES: Final = frozenset({"CN", "TW", "JP", "KR", "HU", "LT", "MN"})
_REPUBLIC: Final = 1911
"""What years of the calendar of Taiwan lack."""
_LONGEST: Final = 60
_YEARS_AHEAD: Final = 10
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199

_YEAR: Final = re.compile(
    r"(?P<era>民国)?\s*(?P<y>\d{2,4})\s*(?:[-/.]\s*|年\s*)(?P<m>\d{1,2})\s*(?:[-/.]\s*|月\s*)(?P<d>\d{1,2})\s*[日号]?"
)
_SOLID: Final = re.compile(r"(?P<y>(?:19|20|21)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
_NUMBERS: Final = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_TIME: Final = re.compile(
    r"(?P<day>.*?\d[日号]?)(?:\s*t\s*|\s+)(?:(?P<noon>上午|下午)\s*)?(?P<h>\d{1,2})[:时点](?P<n>\d{2})分?"
    r"(?::?(?P<s>\d{2})(?:秒|[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?",
)
_NAMED: Final = (
    re.compile(r"(?:[a-z]{3,9},?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?[-\s./]+(?:of\s+)?(?P<m>[a-z]{3,9})\.?[-\s,./]+(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?:[a-z]{3,9},?\s+)?(?P<m>[a-z]{3,9})\.?[-\s]+(?P<d>\d{1,2})(?:st|nd|rd|th)?[,\s-]+(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4})[-\s./]+(?P<m>[a-z]{3,9})\.?[-\s./]+(?P<d>\d{1,2})"),
)  # fmt: skip
_MONTHS: Final = (
    ("jan",), ("feb",), ("mar", "maerz"), ("apr",), ("may", "mai"), ("jun",),
    ("jul",), ("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez"),
)  # fmt: skip
_WEEKDAY: Final = re.compile(r"\s*[(（]?(?:星期|周|礼拜|週)[一二三四五六日天][)）]?\s*$")
_HANZI: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS: Final = re.compile(r"(\d?)十(\d?)")


@dataclass(frozen=True, slots=True)
class Written:
    """What a text shaped like a date may mean: the day per order, equal ones when the text itself says the order.

    `days` is empty when the calendar has no such day. `numeric` says that only the order decides; `short`
    that the year has two digits, `republic` that it counts from 1912.
    """

    days: dict[str, date]
    clock: time | None = None
    numeric: bool = False
    short: bool = False
    republic: bool = False


def parse(text: str, today: date, country: str = "") -> Written | None:
    """Return what a text means as a day, None when it is not shaped like one."""
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    clock: time | None = None
    timed = _TIME.fullmatch(plain)
    if timed:
        clock = _clock(timed)
        if clock is None:
            return Written({})
        plain = timed["day"].strip()
    found = _numeric(plain, today) or _year_first(plain, today, country) or _named(plain, today)
    if found is None or clock is None:
        return found
    return Written(found.days, clock, found.numeric, found.short, found.republic)


def fitting(found: Iterable[Written]) -> dict[str, int]:
    """Return how many of the dates that depend on the order fit each order."""
    counts = dict.fromkeys(ORDERS, 0)
    for one in found:
        if one.numeric:
            for order in one.days:
                counts[order] += 1
    return counts


def usual_order(country: str, *, short: bool, dotted: bool) -> str:
    """Return the order people of a country mean when nothing else tells.

    `short` for years of two digits, `dotted` for dots between the numbers.
    """
    if short and country in _YEAR_FIRST_COUNTRIES:
        return YEAR_FIRST
    if dotted:
        return DAY_FIRST
    return MONTH_FIRST if country in _MONTH_FIRST_COUNTRIES else DAY_FIRST


def last_short_year(today: date) -> int:
    """Return the last year two digits may stand for: later ones are of the century before."""
    return today.year + _YEARS_AHEAD


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower().lstrip("'")
    plain = _WEEKDAY.sub("", plain.replace("國", "国").replace("號", "号"))
    if "年" in plain and any(mark in plain for mark in "〇零○一二三四五六七八九十"):
        plain = _TENS.sub(lambda m: f"{m[1] or 1}{m[2] or 0}", plain.translate(_HANZI))
    return plain


def _clock(match: re.Match[str]) -> time | None:
    hour = int(match["h"])
    afternoon = match["noon"] == "下午" or (match["half"] or "").startswith("p")
    if (match["noon"] or match["half"]) and hour == 12:
        hour = 0
    hour += 12 if afternoon and hour < 12 else 0
    try:
        return time(hour, int(match["n"]), int(match["s"] or 0), tzinfo=_zone(match["zone"]))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _numeric(text: str, today: date) -> Written | None:
    """Read three numbers that end with the year, or whose first may be it (25.5.6)."""
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, second, third = match[1], match[3], match[4]
    short = len(third) == 2
    tried = {DAY_FIRST: (third, second, first), MONTH_FIRST: (third, first, second)}
    if short and len(first) == 2:
        tried[YEAR_FIRST] = (first, second, third)
    days = {order: day for order, parts in tried.items() if (day := _day(*parts, today)) is not None}
    return Written(days, numeric=True, short=short)


def _year_first(text: str, today: date, country: str) -> Written | None:
    match = _SOLID.fullmatch(text) or _YEAR.fullmatch(text)
    if match is None:
        return None
    year = match["y"]
    era = match.groupdict().get("era")
    republic = bool(era) or (len(year) == 3 and country == "TW")
    if len(year) == 3 and not republic:
        return None
    day = _day(str(int(year) + _REPUBLIC) if republic else year, match["m"], match["d"], today)
    short = len(year) == 2 and not republic
    # 25.5.6 says by its length alone that the year comes first; the column then does so too.
    numeric = short and "年" not in text
    days = {} if day is None else dict.fromkeys((YEAR_FIRST,) if numeric else ORDERS, day)
    return Written(days, numeric=numeric, short=short, republic=republic)


def _named(text: str, today: date) -> Written | None:
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        month = _month(match["m"]) if match else 0
        if match and month:
            day = _day(match["y"], str(month), match["d"], today)
            days = {} if day is None else dict.fromkeys(ORDERS, day)
            return Written(days, short=len(match["y"]) == 2)
    return None


def _month(name: str) -> int:
    return next((i for i, names in enumerate(_MONTHS, 1) if any(name.startswith(one) for one in names)), 0)


def _day(year: str, month: str, day: str, today: date) -> date | None:
    full = int(year)
    if len(year) == 2:
        century = last_short_year(today) // 100 * 100
        full += century if full + century <= last_short_year(today) else century - 100
    if not _FIRST_YEAR <= full <= _LAST_YEAR:
        return None
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None
