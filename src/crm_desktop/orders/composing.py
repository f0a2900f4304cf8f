"""What people typed becomes a document that adds up: values are cleaned, checked and totalled here (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from crm_desktop.orders import rules, totals
from crm_desktop.orders.instalments import Planned
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent, from_minor, round_half_away, to_minor, without_zeros
from crm_desktop.shared.text import clean_line, clean_multiline

HEADER: Final = (
    "contact_id",
    "person_id",
    "salesperson",
    "subject",
    "reference",
    "dated_on",
    "language",
    "currency",
    "rate",
    "prices_include_tax",
    "tax_method",
    "discount_percent",
    "discount_amount",
    "ship_to",
    "opening",
    "terms",
    "notes",
)
"""What people decide about any document."""
QUOTE_HEADER: Final = (*HEADER, "valid_until", "opportunity_id")
ORDER_HEADER: Final = (
    *HEADER,
    "due_on",
    "signed_on",
    "signatory",
    "customer_signatory",
    "starts_on",
    "ends_on",
    "payment_term_id",
    "delivery_terms",
    "opportunity_id",
)
LINE: Final = (
    "kind",
    "product_id",
    "code",
    "name",
    "description",
    "unit",
    "quantity",
    "unit_price",
    "discount_percent",
    "tax_percent",
)
"""What people decide about a line."""
ORDER_LINE: Final = (*LINE, "due_on")
LINKS: Final = ("order_line_id", "origin_line_id")
"""The order line that a line invoices, and the invoice line that it corrects or deducts."""
INVOICE_HEADER: Final = (*HEADER, "payment_term_id", "due_on", "reason")
INVOICE_LINE: Final = (*LINE, *LINKS)

MOST_QUANTITY: Final = Decimal(10) ** 9
MOST_PRICE: Final = Decimal(10) ** 12
MOST_MINOR: Final = 10**15
"""No amount of a document reaches this many minor units, so that sums of all documents fit 64 bits."""
MOST_LINES: Final = 2000

_ONE_LINE: Final = frozenset({"subject", "reference", "signatory", "customer_signatory", "language", "reason"})
_LINES: Final = frozenset({"ship_to", "opening", "terms", "notes", "delivery_terms"})
_DATES: Final = frozenset({"dated_on", "valid_until", "due_on", "signed_on", "starts_on", "ends_on"})
_COLUMNS: Final = {"salesperson": "salesperson_id"}
_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class InvalidLine(Invalid):
    """A value of a line is refused: `position` counts from 1, `column` is the name of the line's value."""

    def __init__(self, position: int, column: str, message: str, **values: object) -> None:
        super().__init__("lines", message, line=position, **values)
        self.position = position
        self.column = column


@dataclass(frozen=True, slots=True)
class Composed:
    """A document as it is stored: values per column, its lines in order (each with its `id` or None)."""

    columns: dict[str, Any]
    lines: tuple[dict[str, Any], ...]
    taxes: tuple[totals.TaxTotal, ...]


def compose(values: Mapping[str, Any], header: Sequence[str], line: Sequence[str]) -> Composed:
    """Return the columns of a document whose values are named as in a record; everything in `header` is read.

    Raises Invalid beside the field, InvalidLine beside the line.
    """
    columns = clean_header(values, header)
    currency = columns["currency"]
    lines = clean_lines(values.get("lines") or (), line)
    made = totals.total(
        totals.DocumentInput(
            currency,
            columns["prices_include_tax"],
            columns["tax_method"],
            columns["discount_percent"],
            columns["discount_amount"],
        ),
        [
            totals.LineInput(one["quantity"], one["unit_price"], one["discount_percent"], one["tax_percent"])
            for one in lines
        ],
    )
    for place, (one, amounts) in enumerate(zip(lines, made.lines, strict=True), 1):
        if abs(amounts.amount) >= MOST_MINOR:
            raise InvalidLine(place, "unit_price", N_("Line {line}: this amount is too large."))
        one["position"] = place - 1
        one["amount"], one["net"], one["tax"] = amounts.amount, amounts.net, amounts.tax
    if max(abs(made.total), abs(made.subtotal), abs(made.discount)) >= MOST_MINOR:
        raise Invalid("lines", N_("The total of this document is too large."))
    columns["subtotal"], columns["discount"] = made.subtotal, made.discount
    columns["net"], columns["tax"], columns["total"] = made.net, made.tax, made.total
    return Composed(columns, lines, made.taxes)


def column_of(name: str) -> str:
    """Return the column that a record's value is stored in."""
    return _COLUMNS.get(name, name)


def clean_header(values: Mapping[str, Any], header: Sequence[str]) -> dict[str, Any]:
    """Return the columns of what people decide about a document. Raises Invalid."""
    if not values.get("contact_id"):
        raise Invalid("contact_id", N_("Choose the customer first."))
    currency = clean_line(str(values.get("currency") or "")).upper()
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    columns = {column_of(name): _cleaned(name, values.get(name), currency) for name in header}
    columns["currency"] = currency
    columns["reference_key"] = rules.reference_key(columns["reference"])
    if columns["dated_on"] is None:
        raise Invalid("dated_on", N_("A date is needed here."))
    starts, ends = columns.get("starts_on"), columns.get("ends_on")
    if starts and ends and ends < starts:
        raise Invalid("ends_on", N_("The end lies before the beginning."))
    return columns


def clean_lines(lines: Sequence[Mapping[str, Any]], names: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return the lines with clean values and their `id`; lines on which nothing was typed are left out.

    Raises InvalidLine.
    """
    if len(lines) > MOST_LINES:
        raise Invalid("lines", N_("A document holds at most {most} lines."), most=f"{MOST_LINES:,}")
    cleaned: list[dict[str, Any]] = []
    seen: set[int | None] = set()
    for raw in lines:
        if _is_blank(raw):
            continue
        one = _clean_line(raw, len(cleaned) + 1, names)
        if one["id"] in seen:
            one["id"] = None  # a duplicated line still carries the id of the one it came from
        seen.add(one["id"])
        cleaned.append(one)
    return tuple(cleaned)


def clean_instalments(plan: Sequence[Mapping[str, Any]], currency: str) -> tuple[Planned, ...]:
    """Return the instalments of a hand-made plan in minor units. Raises Invalid("instalments")."""
    cleaned: list[Planned] = []
    for place, one in enumerate(plan, 1):
        amount = _number(one.get("amount"), exponent(currency))
        if amount is None or not 0 <= to_minor(amount, currency) < MOST_MINOR:
            raise Invalid("instalments", N_("Instalment {line}: this is not an amount."), line=place)
        due_on = one.get("due_on")
        if due_on is not None and not isinstance(due_on, date):
            raise Invalid("instalments", N_("Instalment {line}: this is not a date."), line=place)
        cleaned.append(Planned(to_minor(amount, currency), due_on, _line(one.get("event")), _line(one.get("label"))))
    return tuple(cleaned)


def shown_instalments(plan: Sequence[Planned], currency: str) -> tuple[dict[str, Any], ...]:
    """Return a plan as records have it: `label`, `amount`, `event`, `due_on`."""
    return tuple(
        {"label": one.label, "amount": from_minor(one.amount, currency), "event": one.event, "due_on": one.due_on}
        for one in plan
    )


def _cleaned(name: str, value: Any, currency: str) -> Any:
    if name in _ONE_LINE:
        return _line(value)
    if name in _LINES:
        return _text(value)
    if name in _DATES:
        if value is not None and not isinstance(value, date):
            raise Invalid(name, N_("This is not a date."))
        return value
    if name == "rate":
        return _in_range(name, Decimal(1) if value is None else value, 10, Decimal("0.0000000001"), Decimal(10) ** 6)
    if name == "discount_percent":
        return _in_range(name, value, totals.PERCENT_PLACES, _ZERO, _HUNDRED)
    if name == "discount_amount":
        return to_minor(_in_range(name, value, exponent(currency), _ZERO, MOST_PRICE), currency)
    if name == "prices_include_tax":
        return bool(value)
    if name == "tax_method" and value not in (totals.PER_DOCUMENT, totals.PER_LINE):
        raise Invalid(name, N_("This value is not known. Choose one of the list."))
    return value


def _in_range(name: str, value: Any, places: int, lowest: Decimal, highest: Decimal) -> Decimal:
    number = _number(value, places)
    if number is None:
        raise Invalid(name, N_("A number with at most {places} decimals is needed here."), places=places)
    if not lowest <= number <= highest:
        raise Invalid(name, N_("This number is too small or too large."))
    return number


def _number(value: Any, places: int) -> Decimal | None:
    """Return the value without trailing zeros, nothing as 0, None when it is no number of at most `places` decimals."""
    if value is None or (isinstance(value, str) and not value):
        return _ZERO
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return _known(number, places)
    except (InvalidOperation, TypeError):  # a signalling NaN has no hash
        return None


@lru_cache(4096)
def _known(number: Decimal, places: int) -> Decimal | None:
    # The same few quantities, prices and rates come again and again.
    if not number.is_finite() or round_half_away(number, places) != number:
        return None
    return without_zeros(number)


def _line(value: Any) -> str:
    return clean_line(str(value)) if value else ""


def _text(value: Any) -> str:
    return clean_multiline(str(value)) if value else ""


def _is_blank(raw: Mapping[str, Any]) -> bool:
    return not (raw.get("product_id") or raw.get("name")) and not any(
        str(raw.get(name) or "").strip() for name in ("code", "name", "description", "quantity", "unit_price")
    )


def _clean_line(raw: Mapping[str, Any], place: int, names: Sequence[str]) -> dict[str, Any]:
    kind = raw.get("kind") or rules.ITEM
    is_item = kind == rules.ITEM
    one = {
        "id": raw.get("id"),
        "kind": rules.ITEM if is_item else rules.TEXT,
        "product_id": (raw.get("product_id") or None) if is_item else None,
        "code": _line(raw.get("code")) if is_item else "",
        "name": _line(raw.get("name")),
        "description": _text(raw.get("description")),
        "unit": _line(raw.get("unit")) if is_item else "",
    }
    for name, places, lowest, highest in _FIGURES:
        one[name] = _figure(raw.get(name), place, name, places, lowest, highest) if is_item else _ZERO
    for name in names[len(LINE) :]:
        one[name] = (raw.get(name) or None) if is_item else None
    if "order_line_id" in names:
        one["covered"] = one["quantity"] if one["order_line_id"] else _ZERO
    if not isinstance(one.get("due_on"), date | None):
        raise InvalidLine(place, "due_on", N_("Line {line}: this is not a date."))
    if not one["name"]:
        if is_item or not one["description"]:
            raise InvalidLine(place, "name", N_("Line {line}: a name is missing."))
        one["name"], _, one["description"] = one["description"].partition("\n")
    return one


_FIGURES: Final = (
    # A quantity is never negative: goods that come back are a return, which points to its delivery. A
    # negative price is a deduction.
    ("quantity", totals.QUANTITY_PLACES, _ZERO, MOST_QUANTITY),
    ("unit_price", totals.PRICE_PLACES, -MOST_PRICE, MOST_PRICE),
    ("discount_percent", totals.PERCENT_PLACES, _ZERO, _HUNDRED),
    ("tax_percent", totals.PERCENT_PLACES, _ZERO, _HUNDRED),
)
_WORDS: Final = {
    "quantity": N_("Line {line}: the quantity is a number from 0 with at most {places} decimals."),
    "unit_price": N_("Line {line}: the price is a number with at most {places} decimals."),
    "discount_percent": N_("Line {line}: the discount is a percentage from 0 to 100."),
    "tax_percent": N_("Line {line}: the tax rate is a percentage from 0 to 100."),
}


def _figure(value: Any, place: int, name: str, places: int, lowest: Decimal, highest: Decimal) -> Decimal:
    number = _number(value, places)
    if number is None or not lowest <= number <= highest:
        raise InvalidLine(place, name, _WORDS[name], places=places)
    return number
