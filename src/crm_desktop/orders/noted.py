"""Values of documents as the journal has them, so that both sides of a conflict can be compared (pure)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.orders import composing
from crm_desktop.shared.money import from_minor, to_minor

_DATES: Final = frozenset({"dated_on", "valid_until", "due_on", "signed_on", "starts_on", "ends_on"})
_FIGURES: Final = frozenset({"rate", "discount_percent", "quantity", "unit_price", "tax_percent", "amount"})


def as_noted(line_names: Sequence[str], name: str, value: Any, currency: str) -> Any:
    """Return a changed value as the journal has it, so that both sides' changes can be compared."""
    if name == "lines":
        return [
            {key: line[key] for key in ("id", *line_names)} for line in composing.clean_lines(value or (), line_names)
        ]
    if name == "instalments":
        return composing.shown_instalments(composing.clean_instalments(value or (), currency), currency)
    if name == "discount_amount":
        return to_minor(Decimal(value or 0), currency)
    return value


def name_of(column: str) -> str:
    """Return what a record calls a column."""
    return "salesperson" if column == "salesperson_id" else column


def as_typed(name: str, value: Any, currency: str) -> Any:
    """Return a value of the journal as a record has it."""
    if value is None or isinstance(value, bool):
        return value
    if name in ("lines", "instalments"):
        return tuple({key: as_typed(key, one, currency) for key, one in line.items()} for line in value)
    if name == "discount_amount":
        return from_minor(value, currency)
    if name in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if name in _FIGURES else value
