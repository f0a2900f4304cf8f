"""The rows of one receipt, read as one: what all of them say, and what each of them pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.contacts.incoming.link_fields import NAMES
from crm_desktop.receivables.incoming.cells import Cells, given, text_of
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import CLEAR, ID_FIELD, ImportRow
from crm_desktop.shared.money import from_minor

_OF_ALL: Final = (
    *(ID_FIELD, "number", *NAMES, "dated_on", "currency", "rate", "method", "account", "reference", "payer"),
    *("matures_on", "created_by"),
)


@dataclass(slots=True)
class Part:
    """One invoice a receipt pays: `amount` as the file says, None for as much as is open.

    An `exact` amount must be open; of any other the rest stays an advance.
    """

    row: ImportRow
    invoice: str
    amount: int | None
    exact: bool


def by_number(rows: Sequence[ImportRow]) -> list[list[ImportRow]]:
    """Return the rows of each receipt in the order of the first ones; a row without any number stands alone."""
    groups: dict[Any, list[ImportRow]] = {}
    for row in rows:
        key = text_of(row, "number") or text_of(row, "reference") or row.number
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def without_doubles(rows: Sequence[ImportRow]) -> tuple[list[ImportRow], list[tuple[ImportRow, ImportRow]]]:
    """Return the rows of a receipt that say something new, and the others with the row each repeats."""
    kept: list[ImportRow] = []
    doubles: list[tuple[ImportRow, ImportRow]] = []
    for row in rows:
        same = next((one for one in kept if one.values == row.values), None)
        if same is None:
            kept.append(row)
        else:
            doubles.append((row, same))
    return kept, doubles


def head_of(rows: Sequence[ImportRow]) -> ImportRow:
    """Return what all rows of a receipt say together, as one row. Raises Refused when they disagree."""
    values: dict[str, Any] = {}
    for row in rows:
        for name in _OF_ALL:
            value = row.values.get(name)
            if value is not None and values.setdefault(name, value) != value:
                why = _("Row {row} has the same number, but says something else.")
                raise Refused(name, why.format(row=row.number))
    notes = list(dict.fromkeys(text for row in rows if (text := text_of(row, "notes"))))
    if notes:
        values["notes"] = "\n".join(notes)
    elif any(row.values.get("notes") is CLEAR for row in rows):
        values["notes"] = CLEAR
    return ImportRow(rows[0].number, values)


def total_of(rows: Sequence[ImportRow], cells: Cells, currency: str) -> int:
    """Return what a receipt is over, in minor units. Raises Invalid, Refused.

    With a column for what is allocated the amount stands in one row or in all; without one each row that pays
    an invoice may say its own part.
    """
    _check_signs(rows)
    amounts = [cells.amount(row, "amount", currency) for row in rows]
    said = [one for one in amounts if one is not None]
    parts = [one for row in rows if (one := cells.amount(row, "allocated", currency, zero=True))]
    if not said:
        if not parts:
            raise Invalid("amount", N_("The amount is missing."))
        return sum(parts)
    if not parts and len(said) > 1:
        if None in amounts or not all(text_of(row, "invoice") for row in rows):
            raise Invalid("amount", N_("Rows of one receipt say several amounts. Say in each what invoice it paid."))
        return sum(said)
    if len(set(said)) > 1:
        raise Invalid("amount", N_("Rows of one receipt say several amounts."))
    if sum(parts) > said[0]:
        message = N_("{more} are allocated, but only {amount} {currency} were received.")
        more, amount = (f"{from_minor(minor, currency):,}" for minor in (sum(parts), said[0]))
        raise Invalid("allocated", message, more=more, amount=amount, currency=currency)
    return said[0]


def parts_of(rows: Sequence[ImportRow], cells: Cells, currency: str) -> list[Part]:
    """Return what a receipt pays, in the order of its rows. Raises Invalid."""
    several = sum(given(row, "amount") is not None for row in rows) > 1
    found: list[Part] = []
    for row in rows:
        number, part = text_of(row, "invoice"), cells.amount(row, "allocated", currency, zero=True)
        if part and not number:
            raise Invalid("invoice", N_("Say which invoice was paid."))
        if not number or part == 0:
            continue
        own = cells.amount(row, "amount", currency) if several and not _allocates(rows) else None
        found.append(Part(row, number, part if part is not None else own, part is not None))
    return found


def _allocates(rows: Sequence[ImportRow]) -> bool:
    return any(given(row, "allocated") is not None for row in rows)


def _check_signs(rows: Sequence[ImportRow]) -> None:
    for row in rows:
        for name in ("amount", "allocated"):
            if (value := given(row, name)) is not None and value < 0:
                raise Invalid(name, N_("Money paid back is entered in the program, from the receipt it came with."))
