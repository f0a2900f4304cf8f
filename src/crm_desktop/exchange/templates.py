"""Empty workbooks to fill in: the columns of a target, drop-down lists, and a sheet that explains them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.exchange.sheets.recognising import EXPLANATIONS, VALUES
from crm_desktop.exchange.workbook import new_workbook, sheet_name
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ID_FIELD, ImportTarget
from crm_desktop.shared.permissions import open_to_all
from crm_desktop.shared.published import publishing, writing

_ROWS: Final = 2000
"""Rows whose cells have a format and a drop-down list."""
_FORMATS: Final = {
    Kind.DATE: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
    Kind.MONEY: "#,##0.00",
    Kind.DECIMAL: "0.######",
    Kind.INTEGER: "0",
}
_EXAMPLES: Final[Mapping[Kind, Any]] = {
    Kind.DATE: date(2026, 5, 31),
    Kind.INSTANT: date(2026, 5, 31),
    Kind.MONEY: Decimal("1234.50"),
    Kind.DECIMAL: Decimal("12.5"),
    Kind.INTEGER: 12,
    Kind.PHONE: "+86 574 8712 3456",
    Kind.EMAIL: "anna@example.com",
    Kind.TAGS: N_("Fair 2026, Steel"),
}
_YES_NO: Final = (N_("Yes"), N_("No"))


@open_to_all("asks for the permission of what is imported; the file holds the names of colleagues at most")
def write_template(work: Work, path: Path, target: ImportTarget) -> None:
    """Write the template of a target in the language on screen; the file appears when it is whole.

    Columns that must be filled in are marked. Raises NotAllowed, Unavailable when the disk refuses.
    """
    if not work.actor.may(target.permission):
        raise NotAllowed
    fields = [one for one in target.fields(work) if one.name != ID_FIELD]
    people = sorted(work.session.scalars(select(User.name).where(User.active)))
    with publishing(path), writing(path) as part, new_workbook(part) as book:
        sheet = book.add_worksheet(sheet_name(_(target.label)))
        explained = book.add_worksheet(sheet_name(_(EXPLANATIONS)))
        values = book.add_worksheet(sheet_name(_(VALUES)))
        lists = _write_values(book, values, fields, people)
        _write_columns(book, sheet, fields, _needed(target), lists)
        _write_explained(book, explained, fields, target)
        sheet.activate()


def _needed(target: ImportTarget) -> frozenset[str]:
    return frozenset(name for names in target.required for name in names)


def _allowed(field: Field, people: Sequence[str]) -> list[str]:
    """Return the values a cell may hold, none when any may."""
    if field.kind in (Kind.CHOICE, Kind.STATUS):
        return [_(label) for _key, label in field.choices]
    if field.kind is Kind.BOOLEAN:
        return [_(word) for word in _YES_NO]
    return list(people) if field.kind is Kind.USER else []


def _write_values(book: Any, sheet: Any, fields: Sequence[Field], people: Sequence[str]) -> dict[str, str]:
    """Write a column of allowed values per field and return where each stands, as a formula."""
    from xlsxwriter.utility import xl_col_to_name

    heading = book.add_format({"bold": True, "bottom": 1})
    found: dict[str, str] = {}
    for field in fields:
        allowed = _allowed(field, people)
        if not allowed:
            continue
        place = len(found)
        sheet.set_column(place, place, field.chars + 4)
        sheet.write_string(0, place, _(field.label), heading)
        for row, value in enumerate(allowed, 1):
            sheet.write_string(row, place, value)
        column = xl_col_to_name(place)
        name = sheet.get_name().replace("'", "''")
        found[field.name] = f"='{name}'!${column}$2:${column}${len(allowed) + 1}"
    return found


def _write_columns(
    book: Any, sheet: Any, fields: Sequence[Field], needed: frozenset[str], lists: Mapping[str, str]
) -> None:
    look = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    usual, must = book.add_format(look), book.add_format(look | {"bg_color": "#FCE8B2"})
    shapes = {kind: book.add_format({"num_format": shown}) for kind, shown in _FORMATS.items()}
    text = book.add_format({"num_format": "@"})
    for place, field in enumerate(fields):
        sheet.set_column(place, place, min(field.chars + 4, 40), shapes.get(field.kind, text))
        sheet.write_string(0, place, _(field.label), must if field.name in needed else usual)
        if field.name in lists:
            told = {"validate": "list", "source": lists[field.name], "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, told)
    sheet.freeze_panes(1, 0)


def _write_explained(book: Any, sheet: Any, fields: Sequence[Field], target: ImportTarget) -> None:
    heading = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    left = book.add_format({"align": "left"})
    for place, (title, chars) in enumerate(((_("Column"), 24), (_("Needed"), 34), (_("Example"), 26))):
        sheet.set_column(place, place, chars)
        sheet.write_string(0, place, title, heading)
    labels = {field.name: _(field.label) for field in fields}
    groups = {name: names for names in target.required for name in names}
    for row, field in enumerate(fields, 1):
        sheet.write_string(row, 0, labels[field.name])
        if field.name in groups:
            others = [labels[name] for name in groups[field.name] if name != field.name and name in labels]
            told = _("Yes, or: {columns}").format(columns=", ".join(others)) if others else _("Yes")
            sheet.write_string(row, 1, told)
        example = _EXAMPLES.get(field.kind)
        if isinstance(example, date):
            sheet.write_datetime(row, 2, example, day)
        elif isinstance(example, Decimal | int):
            sheet.write_number(row, 2, example, left)
        else:
            allowed = _allowed(field, ())
            sheet.write_string(row, 2, _(example) if example else next(iter(allowed), ""))
    notes = (
        _("A blank cell leaves what is stored. A single - empties it."),
        _("Rows of one document repeat its number and its other columns on every line.") if target.grouped else "",
    )
    for row, told in enumerate((one for one in notes if one), len(fields) + 2):
        sheet.write_string(row, 0, told)
