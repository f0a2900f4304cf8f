"""Typed values out of the cells of one column, decided once per column and once per distinct cell (pure)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from crm_desktop.exchange.book import Cell
from crm_desktop.exchange.sheets.cell_reading import (
    CLEAR_SIGNS,
    DATABASE_NULLS,
    EXCEL_ERRORS,
    MOST_DIGITS,
    ROUNDED,
    UNREAD_OR_TEXT,
    Read,
    Surroundings,
    guarded,
    means_nothing,
    quoted,
)
from crm_desktop.exchange.sheets.columns import labels
from crm_desktop.exchange.sheets.date_values import date_readers
from crm_desktop.exchange.sheets.deciding import DateDecision, NumberDecision
from crm_desktop.exchange.sheets.number_values import number_readers, plain_numbers
from crm_desktop.exchange.sheets.patterns import Doubt, Problem
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ID_FIELD, Identity
from crm_desktop.shared.text import clean_line, clean_multiline, fold

_NOTHING: Final = type(None)
_FLAWS: Final = frozenset({Problem, Doubt})
_TEXTS: Final = frozenset({Kind.TEXT, Kind.NOTE, Kind.PHONE, Kind.EMAIL})
_OFTEN_NOTHING: Final = frozenset({Kind.PHONE, Kind.EMAIL})
_AMOUNTS: Final = frozenset({Kind.DECIMAL, Kind.MONEY})
_SHOWN_AS_TEXT: Final = frozenset({str, int})
_NUMBERS: Final = frozenset({int, float})
_MOST_ID: Final = 2**63
_LONGEST_LINE: Final = 500
"""Characters of one line. What is longer is a slip of the copying, and no server can index it."""
_LONGEST_NOTE: Final = 20_000
_LONGEST_NOTHING: Final = 8
_PUNCTUATION: Final = frozenset("-/\\—–_.…?？~*")
_SPECIAL: Final = EXCEL_ERRORS | CLEAR_SIGNS | DATABASE_NULLS
_SHORTENED: Final = re.compile(r"\s*\d[.,]\d+[eE]\+\d{2,3}\s*")
_NOT_ALNUM: Final = re.compile(r"[\W_]+")
_TAGS: Final = re.compile(r"[,;，；、|\n]+")
_TRUE: Final = frozenset(["yes", "y", "true", "t", "1", "是", "对", "有", "真", "✓", "✔", "√", "☑", "ja", "oui", "si"])
_FALSE: Final = frozenset(
    ["no", "n", "false", "f", "0", "否", "不", "无", "假", "没有", "✗", "✘", "×", "☐", "nein", "non"]
)


@dataclass(slots=True)
class ColumnValues:
    """A column as it was read: `values` has one entry per cell, None for no value; flaws by place."""

    values: list[Any]
    problems: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)


def read_column(
    cells: Sequence[Cell],
    described: Field,
    around: Surroundings,
    dates: DateDecision | None = None,
    numbers: NumberDecision | None = None,
    percents: str = "",
) -> ColumnValues:
    """Return the typed values of a column that is taken for the field."""
    read = _read_column(cells, described, around, dates, numbers, percents)
    if described.kind in _TEXTS:
        _refuse_long(read, _LONGEST_NOTE if described.kind is Kind.NOTE else _LONGEST_LINE)
    return read


def _refuse_long(read: ColumnValues, most: int) -> None:
    """Take out the texts with more than `most` characters."""
    values = read.values
    if max((len(value) for value in values if type(value) is str), default=0) <= most:
        return
    why = _("This text has more than {most} characters.").format(most=f"{most:,}")
    for place, value in enumerate(values):
        if type(value) is str and len(value) > most:
            values[place] = None
            read.problems[place] = why


def _read_column(
    cells: Sequence[Cell],
    described: Field,
    around: Surroundings,
    dates: DateDecision | None,
    numbers: NumberDecision | None,
    percents: str,
) -> ColumnValues:
    readers = _reader(described, around, dates, numbers, percents)
    kinds = frozenset(map(type, cells)) - {_NOTHING}
    if described.name != ID_FIELD:
        if described.kind in _TEXTS and kinds <= _SHOWN_AS_TEXT:
            quick = _plain_texts(cells, kinds, readers[str], blanks=described.kind in _OFTEN_NOTHING)
            if quick is not None:
                return quick
        if described.kind in _AMOUNTS and kinds <= _NUMBERS and not percents:
            amounts = plain_numbers(cells)  # type: ignore[arg-type]  # by `kinds`
            if amounts is not None:
                return ColumnValues(amounts)
    return _converted(cells, kinds, readers)


def _plain_texts(cells: Sequence[Cell], kinds: frozenset[type], look: Read, *, blanks: bool) -> ColumnValues | None:
    """Return a column of texts and whole numbers, looking only at what is not plainly itself.

    None when a number was rounded. Almost every column is plain, and one look at all of it at once is ten
    times as fast as one at each cell.
    """
    if int in kinds:
        if max(abs(cell) for cell in cells if type(cell) is int) >= MOST_DIGITS:
            return None
        if kinds == {int}:
            return ColumnValues([None if cell is None else str(cell) for cell in cells])
        texts = [str(cell).strip() if cell is not None else "" for cell in cells]
    else:
        texts = [cell.strip() if cell else "" for cell in cells]  # type: ignore[union-attr]
    odd = set(_SPECIAL.intersection(texts))
    if not _is_plain(" ".join(texts)):
        odd.update(text for text in texts if not _is_plain(text))
    if blanks:
        odd.update(text for text in texts if len(text) < _LONGEST_NOTHING or text[0] in _PUNCTUATION)
    if not odd:
        return ColumnValues([text or None for text in texts])
    table = {text: look(text) for text in odd}
    table[""] = None
    return _without_flaws([table.get(text, text) for text in texts], (table,))


def _is_plain(text: str) -> bool:
    special = "#" in text or "E+" in text or "e+" in text or not text.isprintable()
    return not special and (text.isascii() or unicodedata.is_normalized("NFC", text))


def _converted(cells: Sequence[Cell], kinds: frozenset[type], readers: Mapping[type, Read]) -> ColumnValues:
    tables: dict[type, dict[Any, Any]] = {}
    for kind in kinds:
        read = readers[kind]
        tables[kind] = {cell: read(cell) for cell in {cell for cell in cells if type(cell) is kind}}
    tables[_NOTHING] = {None: None}
    if len(kinds) == 1:
        table = tables[next(iter(kinds))]
        values = [table.get(cell) for cell in cells]
    else:
        values = [tables[type(cell)][cell] for cell in cells]
    return _without_flaws(values, tables.values())


def _without_flaws(values: list[Any], tables: Iterable[Mapping[Any, Any]]) -> ColumnValues:
    """Return values with what is wrong with some of them taken out; `tables` hold every value there is."""
    result = ColumnValues(values)
    if any(type(value) in _FLAWS for table in tables for value in table.values()):
        for place, value in enumerate(values):
            if type(value) is Problem:
                values[place] = None
                result.problems[place] = value.text
            elif type(value) is Doubt:
                values[place] = value.value
                result.remarks[place] = value.text
    return result


def _reader(
    described: Field, around: Surroundings, dates: DateDecision | None, numbers: NumberDecision | None, percents: str
) -> dict[type, Read]:
    if described.name == ID_FIELD:
        return _every(_read_identity)
    match described.kind:
        case Kind.DATE | Kind.INSTANT:
            return date_readers(dates or DateDecision("", {}), around, instant=described.kind is Kind.INSTANT)
        case Kind.INTEGER | Kind.DECIMAL | Kind.MONEY:
            whole = described.kind is Kind.INTEGER
            return number_readers(numbers or NumberDecision("", {}), around, whole=whole, percents=percents)
        case Kind.BOOLEAN:
            return _every(_read_boolean) | {bool: lambda cell: cell}
        case Kind.CHOICE | Kind.STATUS:
            return _every(_choice(described))
        case Kind.USER:
            return _every(_user(around))
        case Kind.TAGS:
            return _every(_read_tags)
        case Kind.PHONE | Kind.EMAIL:
            return _text(clean_line, UNREAD_OR_TEXT)
        case Kind.NOTE:
            return _text(clean_multiline, frozenset())
        case _:
            return _text(clean_line, frozenset())


def _every(read: Callable[[str], Any]) -> dict[type, Read]:
    """Return readers of cells of any type by what they show."""
    from_text = guarded(read)
    return {
        str: from_text,
        int: lambda cell: from_text(str(cell)),
        float: lambda cell: from_text(f"{cell:.15g}"),
        bool: lambda cell: from_text(_("Yes") if cell else _("No")),
        date: lambda cell: from_text(cell.isoformat()),
        datetime: lambda cell: from_text(cell.isoformat(" ")),
        time: lambda cell: from_text(cell.isoformat()),
    }


def _text(clean: Callable[[str], str], blanks: frozenset[type]) -> dict[type, Read]:
    def read(text: str) -> Any:
        if _SHORTENED.fullmatch(text):
            return Problem(
                _("Excel has shortened a long number to {text}. Make the column text and type it again.").format(
                    text=text
                )
            )
        return clean(text) or None

    def whole(cell: int) -> Any:
        return Problem(_(ROUNDED).format(text=quoted(cell))) if abs(cell) >= MOST_DIGITS else str(cell)

    def broken(cell: float) -> Any:
        if not abs(cell) < MOST_DIGITS:
            return Problem(_(ROUNDED).format(text=quoted(f"{cell:.0f}")))
        return f"{Decimal(f'{cell:.15g}'):f}"

    def day(cell: date | time) -> Any:
        shown = cell.isoformat() if type(cell) is not datetime else _moment_text(cell)
        return Doubt(shown, _("The cell holds a date; it was read as the text “{text}”.").format(text=quoted(shown)))

    def truth(cell: bool) -> Any:
        shown = str(cell).upper()
        return Doubt(shown, _("The cell holds yes or no; it was read as the text “{text}”.").format(text=shown))

    return {
        str: guarded(read, blanks=blanks, words=True),
        int: whole,
        float: broken,
        bool: truth,
        date: day,
        datetime: day,
        time: day,
    }


def _moment_text(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")


def _read_boolean(text: str) -> Any:
    folded = fold(text)
    key = _NOT_ALNUM.sub("", folded) or folded
    if key in _TRUE:
        return True
    if key in _FALSE:
        return False
    return Problem(_("“{text}” is neither yes nor no.").format(text=quoted(text)))


def _choice(described: Field) -> Callable[[str], Any]:
    known: dict[str, str] = {}
    for key, label in described.choices:
        for name in (key, *labels(label)):
            known.setdefault(_choice_key(name), key)

    def read(text: str) -> Any:
        key = known.get(_choice_key(text))
        if key is not None:
            return key
        offered = ", ".join(_(label) for _key, label in described.choices)
        return Problem(_("“{text}” is none of: {choices}.").format(text=quoted(text), choices=offered))

    return read


def _choice_key(text: str) -> str:
    folded = fold(text)
    return _NOT_ALNUM.sub("", folded) or folded.strip()


def is_unknown_colleague(text: str, around: Surroundings) -> bool:
    """Return whether a text names a colleague, but nobody or several, and no answer says whom."""
    key = fold(clean_line(text))
    if not key or key in around.answers or text in _SPECIAL or means_nothing(text):
        return False
    return len(around.users.get(key, ())) != 1


def _user(around: Surroundings) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        key = fold(text)
        if key in around.answers:
            return around.answers[key]
        found = around.users.get(key, ())
        if len(found) == 1:
            return found[0][0]
        if not found:
            return Doubt(None, _("Nobody here is called “{text}”, so this was left empty.").format(text=quoted(text)))
        names = ", ".join(name for _id, name in found)
        return Problem(_("Several people are called “{text}”: {names}.").format(text=quoted(text), names=names))

    return read


def _read_tags(text: str) -> Any:
    return tuple(dict.fromkeys(tag for part in _TAGS.split(text) if (tag := clean_line(part)))) or None


def _read_identity(text: str) -> Any:
    try:
        found = Identity.read(text)
    except ValueError:
        found = None
    if found is not None and 0 < found.id < _MOST_ID and 0 <= found.version < _MOST_ID:
        return found
    told = _("The hidden column that says which record this is was changed: “{text}”.")
    return Problem(told.format(text=quoted(text)))
