"""Dates the way people type them: `3.5.`, `2026-5-3`, `today`, `+3`, `周五`."""

import calendar
import re
from datetime import date, timedelta
from typing import Final

from crm_desktop.shared.i18n import N_

UNREADABLE: Final = N_("“{text}” is not a date. Type it like 2026-05-03, 3.5., today or +3.")
"""What to tell a person whose text `read_date` refused; fill `{text}`."""

_WORDS: Final = {
    "today": 0, "t": 0, "now": 0, "今天": 0, "今日": 0,
    "tomorrow": 1, "明天": 1, "明日": 1, "后天": 2, "後天": 2,
    "yesterday": -1, "昨天": -1, "昨日": -1, "前天": -2,
}  # fmt: skip
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_WEEKDAY: Final = re.compile(r"(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
_OFFSET: Final = re.compile(r"([+\-−])\s*(\d{1,4})\s*([dwmy天周週月年]?)")
_WIDE: Final = str.maketrans("０１２３４５６７８９．／－＋　", "0123456789./-+ ")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(text: str, today: date) -> date:
    """Return the date `text` means, seen from `today`.

    Understood: ISO and any year-first order (2026-5-3, 2026/5/3, 2026年5月3日, 20260503); day first
    with dots (3.5., 3.5.26, 3.5.2026) or a month name (3 May, May 3 2026); month and day as Chinese
    writes them (5-3, 5/3, 5月3日); a bare day (17 = the 17th of this month); words (today, 明天); the
    next such weekday (fri, 周五); offsets (+3 days, -1, +2w, +1m, +1y). A date without a year is the
    one nearest to today, so that in December "5.1." is next month. Numbers like 3/5/2026, where
    nobody can tell the month, are refused. Raises ValueError.
    """
    plain = text.strip().translate(_WIDE).lower()
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    found = _offset(plain, today) or _weekday(plain, today) or _written(plain, today)
    if found is None:
        raise ValueError(f"no date: {text!r}")
    return found


def _offset(text: str, today: date) -> date | None:
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    count = int(match[2]) * (1 if match[1] == "+" else -1)
    unit = match[3]
    try:
        if unit in ("m", "月"):
            return _add_months(today, count)
        if unit in ("y", "年"):
            return _add_months(today, 12 * count)
        return today + timedelta(days=count * (7 if unit and unit in "w周週" else 1))
    except OverflowError as error:
        raise ValueError(f"out of the calendar: {text!r}") from error


def _add_months(day: date, months: int) -> date:
    """Return the same day of another month, its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year} is out of the calendar")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _weekday(text: str, today: date) -> date | None:
    chinese = _CHINESE_WEEKDAY.fullmatch(text)
    if chinese:
        number = min("一二三四五六日天".index(chinese[1]), 6)
    elif len(text) >= 3 and text[:3] in _WEEKDAYS and text.isalpha():
        number = _WEEKDAYS.index(text[:3])
    else:
        return None
    ahead = (number - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead)


def _written(text: str, today: date) -> date | None:
    year, month, day = "", "", ""
    if (match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)) or (
        match := re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text)
    ):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.?\s*(\d{4}|\d{2})?", text):
        day, month, year = match[1], match[2], match[3] or ""
    elif match := re.fullmatch(r"(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号號]?", text):
        month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[.日号號]?", text):
        day, month, year = match[1], str(today.month), str(today.year)
    else:
        parts = _with_month_name(text)
        if parts is None:
            return None
        day, month, year = parts
    if not year:
        return _nearest(int(month), int(day), today)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return date(full, int(month), int(day))


def _with_month_name(text: str) -> tuple[str, str, str] | None:
    match = re.fullmatch(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?,?\s*(\d{4})?", text) or re.fullmatch(
        r"(?P<name>[a-z]{3,9})\.?\s*(\d{1,2}),?\s*(\d{4})?", text
    )
    if match is None:
        return None
    named = "name" in match.re.groupindex
    day, name = (match[2], match[1]) if named else (match[1], match[2])
    if name[:3] not in _MONTHS:
        return None
    return day, str(_MONTHS.index(name[:3]) + 1), match[3] or ""


def _nearest(month: int, day: int, today: date) -> date:
    """Return the day in last, this or next year that is nearest to `today`."""
    candidates: list[date] = []
    for year in (today.year - 1, today.year, today.year + 1):
        # 29 February exists in few of them.
        if 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]:
            candidates.append(date(year, month, day))
    if not candidates:
        raise ValueError(f"there is no {day}.{month}.")
    return min(candidates, key=lambda candidate: abs((candidate - today).days))
