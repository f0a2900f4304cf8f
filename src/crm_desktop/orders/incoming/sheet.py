"""The rows of a sheet as documents: put together by number, the repeated header read once (pure).

What one row says of the document no other row of it may contradict; a blank cell says nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm_desktop.contacts.incoming.links import Named
from crm_desktop.orders.incoming.fields import LINE, MAKES_LINE
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import CLEAR, ID_FIELD, Candidate, Identity, ImportRow
from crm_desktop.shared.text import clean_line, clean_multiline, fold

LONGEST_NUMBER = 60


@dataclass(slots=True)
class Refusal:
    """Why a document cannot come in: a finished sentence, the field it is about, and what may be meant there."""

    why: str
    field: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class SheetDocument:
    """A document as the sheet has it.

    `header` holds what its rows agree on, by field name (`CLEAR` for a value to be emptied); `items` are the
    rows that say something of a line.
    """

    rows: list[ImportRow]
    identity: Identity | None = None
    number: str = ""
    header: dict[str, Any] = field(default_factory=dict)
    items: list[ImportRow] = field(default_factory=list)
    refusal: Refusal | None = None

    def refuse(self, why: str, about: str = "", candidates: tuple[Candidate, ...] = ()) -> None:
        """Keep the first reason why it cannot come in."""
        if self.refusal is None:
            self.refusal = Refusal(why, about, candidates)

    def said(self, name: str) -> Any:
        """Return a value of the document; None when the sheet does not say it, or says that there is none."""
        value = self.header.get(name)
        return None if value is CLEAR else value

    @property
    def party(self) -> Named:
        """Return what the sheet calls the customer."""
        return Named(*(str(self.said(name) or "") for name in ("customer_code", "customer", "registration")))


def documents_of(rows: Sequence[ImportRow], fields: Iterable[Field]) -> list[SheetDocument]:
    """Return the documents of a sheet in the order of their first rows; what is wrong with one is its `refusal`."""
    described = {one.name: one for one in fields}
    found: dict[Any, SheetDocument] = {}
    for row in rows:
        identity = row.values.get(ID_FIELD)
        number = _number(row)
        key: Any = ("id", identity.id) if isinstance(identity, Identity) else ("number", number or -row.number)
        document = found.setdefault(key, SheetDocument([]))
        document.rows.append(row)
        if isinstance(identity, Identity):
            document.identity = identity
        document.number = document.number or number
        _take(document, row, described)
    for document in found.values():
        if not document.number and document.identity is None:
            document.refuse(_("The number is missing."), "number")
        elif len(document.number) > LONGEST_NUMBER:
            document.refuse(_("This number is too long."), "number")
    return list(found.values())


def values_of(row: ImportRow) -> dict[str, Any]:
    """Return what a row says, its texts as both engines can store them; a text of nothing says nothing."""
    values = {}
    for name, value in row.values.items():
        cleaned = clean_multiline(value) if isinstance(value, str) else value
        if cleaned is not None and cleaned != "":
            values[name] = cleaned
    return values


def _number(row: ImportRow) -> str:
    value = row.values.get("number")
    return "" if value is None or value is CLEAR else clean_line(str(value))


def _take(document: SheetDocument, row: ImportRow, described: Mapping[str, Field]) -> None:
    """Add what a row says; a problem of a cell, and a contradiction, refuse the whole document."""
    for name, problem in row.problems.items():
        document.refuse(_told(document, row, problem), name)
    has_line = False
    for name, value in values_of(row).items():
        if (odd := _odd(described.get(name), value)) and name not in row.problems:
            document.refuse(_told(document, row, odd), name)
        if name in LINE:
            has_line = has_line or (name in MAKES_LINE and value is not CLEAR)
            continue
        if name in (ID_FIELD, "number"):
            continue
        known = document.header.setdefault(name, value)
        if known is not value and not _same(known, value):
            why = _("“{field}” says something else than in row {row}, but both rows belong to {number}.")
            document.refuse(
                _told(
                    document,
                    row,
                    why.format(
                        field=_(described[name].label) if name in described else name,
                        row=document.rows[0].number,
                        number=document.number,
                    ),
                ),
                name,
            )
    if has_line:
        document.items.append(row)


def _odd(described: Field | None, value: Any) -> str:
    """Return why a value can be nothing here, "" when it may be something."""
    if isinstance(value, Decimal) and not value.is_finite():
        return _("This is not a number.")
    choices = described.choices if described else ()
    if choices and value is not CLEAR and value not in {key for key, _label in choices}:
        return _("This value is not known. Choose one of the list.")
    return ""


def _told(document: SheetDocument, row: ImportRow, sentence: str) -> str:
    """Return a sentence about a row, naming it when it is not the document's first."""
    if row is document.rows[0]:
        return sentence
    return _("Row {row}: {sentence}").format(row=row.number, sentence=sentence)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(clean_line(one)) == fold(clean_line(other))
    return bool(one == other)
