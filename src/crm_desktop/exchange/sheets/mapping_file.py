"""How a sheet is to be understood, as a file people keep beside it and give to the command line (pure)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_desktop.exchange.sheets.columns import folded_headers
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.exchange.sheets.drafting import Draft


class WrongMapping(UserError):
    """The mapping does not fit the sheet."""

    message = N_("The mapping file cannot be used.")


def mapping_file(draft: "Draft") -> dict[str, Any]:
    """Return what was decided about columns and cells, fit for JSON; rows count from 1."""
    rows = [row + 1 for row in draft.header_rows]
    return {
        "target": draft.target.name,
        "sheet": draft.sheet.name,
        "header_rows": [rows[0], rows[-1]] if rows else [],
        "columns": {column.header or column.place + 1: column.field for column in draft.columns},
        "read": {name: reading.key for name, reading in draft.readings.items()},
    }


def apply_mapping(draft: "Draft", mapping: Mapping[str, Any]) -> None:
    """Understand the sheet as the mapping says; columns it does not name stay as they were found.

    `columns` maps a header, or the number of a column from 1, to a field, "" to leave it out. Raises
    WrongMapping for headers, fields and readings that are not there.
    """
    columns, read = mapping.get("columns", {}), mapping.get("read", {})
    if not isinstance(columns, Mapping) or not isinstance(read, Mapping):
        raise WrongMapping
    if "header_rows" in mapping:
        _set_header(draft, mapping["header_rows"])
    for name, field in columns.items():
        _map(draft, str(name), str(field or ""))
    for field, key in read.items():
        reading = draft.readings.get(field)
        if reading is None or key not in {reading.key, *(other for other, _sentence in reading.others)}:
            raise WrongMapping(N_("The column for “{field}” cannot be read as “{key}”."), field=field, key=key)
        draft.read_as(field, str(key))


def _set_header(draft: "Draft", rows: object) -> None:
    if not isinstance(rows, list) or not all(type(row) is int and row > 0 for row in rows):
        raise WrongMapping(N_("“header_rows” must hold the first and the last row of the header, counted from 1."))
    first, last = (rows[0], rows[-1]) if rows else (1, 0)
    draft.set_header(first - 1, last - 1)


def _map(draft: "Draft", name: str, field: str) -> None:
    wanted = folded_headers([name])[0]
    found = [column.place for column, one in zip(draft.columns, draft.folded, strict=True) if one == wanted]
    if not found and name.isdigit():
        found = [column.place for column in draft.columns if column.place == int(name) - 1]
    if not found:
        raise WrongMapping(N_("The sheet has no column “{name}”."), name=name)
    try:
        draft.map(found[0], field)
    except KeyError:
        raise WrongMapping(N_("There is no field “{field}”."), field=field) from None
