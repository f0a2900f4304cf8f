"""How one cell of any field is looked at first: errors, the sign for "empty it", words for "nothing" (pure)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, Final

from crm_desktop.exchange.sheets.patterns import Doubt, Problem
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import CLEAR
from crm_desktop.shared.text import clean_multiline, fold

Read = Callable[[Any], Any]
"""Makes a value of a cell: the value, None for no value, a `Problem` or a `Doubt`."""

EXCEL_ERRORS: Final = frozenset(
    ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#BUSY!",
     "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#PYTHON!"]
)  # fmt: skip
CLEAR_SIGNS: Final = frozenset({"-", "－", "−"})
DATABASE_NULLS: Final = frozenset({"NULL", "null", "\\N", "NaN", "nan"})
MOST_DIGITS: Final = 10**15
"""From here on a spreadsheet has rounded a number: it keeps 15 digits."""
ROUNDED: Final = N_(
    "Excel keeps 15 digits of a number: the last ones of {text} are lost. Make the column text and type it again."
)

UNREAD: Final = frozenset({Problem})
UNREAD_OR_TEXT: Final = frozenset({Problem, str})

_NOTHING_WORDS: Final = frozenset(
    ["无", "没有", "没", "暂无", "不详", "未知", "不明", "空", "待定", "待补", "na", "none", "null", "nil", "nan", "no",
     "unknown", "tbd", "keine", "n"]
)  # fmt: skip
_LONGEST_QUOTE: Final = 40
_HASHES: Final = re.compile(r"#{3,}")
_NOT_ALNUM: Final = re.compile(r"[\W_]+")
_ERROR: Final = N_("The spreadsheet shows the error {text} in this cell.")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a column is read by besides its own cells.

    `users` are (id, name) by folded name or login, `answers` what a person chose by folded text,
    `currency_known` says that the sheet has a column for the currency.
    """

    today: date
    country: str = ""
    currency: str = ""
    zone: tzinfo | None = None
    users: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    answers: Mapping[str, int | None] = field(default_factory=dict)
    currency_known: bool = False


def quoted(cell: object) -> str:
    """Return what a cell holds, on one line and short enough for a sentence."""
    text = " ".join(str(cell).split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def is_error(text: str) -> bool:
    """Return whether a text is what a spreadsheet shows instead of a value."""
    return text in EXCEL_ERRORS or bool(_HASHES.fullmatch(text))


def guarded(read: Callable[[str], Any], *, blanks: frozenset[type] = UNREAD, words: bool = False) -> Read:
    """Return a reader of texts that knows errors and "-" first.

    A word for "nothing" is no value where `read` gave one of the types `blanks`: a choice may be called "None".
    An error of the spreadsheet is a problem, but where any `words` may stand only no value, and said.
    """

    def look(cell: str) -> Any:
        text = clean_multiline(cell)
        if not text:
            return None
        if text in CLEAR_SIGNS:
            return CLEAR
        if is_error(text):
            told = _(_ERROR).format(text=quoted(text))
            return Doubt(None, told) if words else Problem(told)
        value = read(text)
        if text in DATABASE_NULLS or (type(value) in blanks and means_nothing(text)):
            return Doubt(None, _("“{text}” was read as no value.").format(text=quoted(text)))
        return value

    return look


def means_nothing(text: str) -> bool:
    """Return whether a text is a word for "nothing", such as 无 or N/A."""
    key = _NOT_ALNUM.sub("", fold(text))
    return not key or key in _NOTHING_WORDS
