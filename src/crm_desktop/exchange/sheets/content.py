"""What a column holds, judged by its cells alone (pure)."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from enum import Enum, auto
from typing import Final

from crm_desktop.exchange.book import Cell
from crm_desktop.shared.text import fold

_ENOUGH: Final = 0.7
_FEWEST: Final = 2
_LONGEST: Final = 100
_EMAIL: Final = re.compile(r"\s*[^\s@,;]+@[^\s@,;]+\.[^\s@,;]{2,}\s*")
_MOBILE: Final = re.compile(r"\s*(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}\s*")
# Plain digits are no phone: they may be a bank account or a chat number.
_PHONE: Final = re.compile(
    r"\s*(?:\+\d{1,3}[\d\s()./-]{6,16}|\(?0\d{1,4}\)?[-\s/]\d[\d\s-]{5,9}|\(\d{1,5}\)[\s-]?[\d\s.-]{6,12})"
    r"(?:\s*(?:转|ext\.?|x|#)\s*\d+)?\s*",
    re.IGNORECASE,
)
_REGISTRATION: Final = re.compile(r"\s*[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\s*")
_IDENTITY_CARD: Final = re.compile(r"\s*\d{17}[\dXx]\s*")
_COMPANY: Final = re.compile(
    r"(?:公司|集团|集團|商行|厂|廠|\b(?:ltd|limited|inc|llc|gmbh|co|corp|ag|s\.?a|s\.?r\.?l|b\.?v|oy|ab)\.?)\s*$",
    re.IGNORECASE,
)


class Likeness(Enum):
    """What most cells of a column are."""

    NOTHING = auto()
    EMAIL = auto()
    MOBILE = auto()
    PHONE = auto()
    REGISTRATION = auto()
    COMPANY = auto()
    DATE = auto()
    USER = auto()


_PATTERNS: Final = (
    (Likeness.EMAIL, _EMAIL.fullmatch),
    (Likeness.MOBILE, _MOBILE.fullmatch),
    (Likeness.PHONE, _PHONE.fullmatch),
    (Likeness.REGISTRATION, lambda text: _REGISTRATION.fullmatch(text) and not _IDENTITY_CARD.fullmatch(text)),
    (Likeness.COMPANY, _COMPANY.search),
)


def likeness(cells: Sequence[Cell], users: Collection[str]) -> Likeness:
    """Return what most of the filled cells are; `users` are folded names and logins."""
    if len(cells) < _FEWEST:
        return Likeness.NOTHING
    if sum(isinstance(cell, date) for cell in cells) >= _ENOUGH * len(cells):
        return Likeness.DATE
    texts = [str(cell) for cell in cells if type(cell) is int or (type(cell) is str and len(cell) <= _LONGEST)]
    for kind, fits in _PATTERNS:
        if sum(bool(fits(text)) for text in texts) >= _ENOUGH * len(cells):
            return kind
    if users and sum(fold(text.strip()) in users for text in texts) >= _ENOUGH * len(cells):
        return Likeness.USER
    return Likeness.NOTHING
