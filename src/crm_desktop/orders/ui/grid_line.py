"""One line of a document while it is typed: its values, what could not be read, and what it comes to (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.orders.composing import LINE, MOST_PRICE, MOST_QUANTITY, ORDER_LINE
from crm_desktop.orders.rules import ITEM, TEXT
from crm_desktop.orders.totals import PERCENT_PLACES, PRICE_PLACES, QUANTITY_PLACES, LineInput
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import exponent, round_half_away, without_zeros
from crm_desktop.shared.typed_date import UNREADABLE as NO_DATE
from crm_desktop.shared.typed_date import read_date
from crm_desktop.shared.typed_number import UNREADABLE, read_decimal

NOTHING: Final = Decimal(0)
NUMBERS: Final = {
    "quantity": QUANTITY_PLACES,
    "unit_price": PRICE_PLACES,
    "discount_percent": PERCENT_PLACES,
    "tax_percent": PERCENT_PLACES,
}
"""Cells that hold a number, and how many decimals of it are stored."""
PERCENTS: Final = ("discount_percent", "tax_percent")
MOST: Final = {"quantity": MOST_QUANTITY, "unit_price": MOST_PRICE}
"""Figures from which on it is a slip of the hand."""
DONE_NAMES: Final = ("delivered", "invoiced", "open")
"""What the service knows of a line and nobody types."""
LINKS: Final = ("order_line_id", "origin_line_id")
"""Which line of another document it is of; only lines that come with such a link have it."""
_EMPTY: Final[Mapping[str, Any]] = {
    "id": None,
    "kind": ITEM,
    "product_id": None,
    "code": "",
    "name": "",
    "description": "",
    "unit": "",
    "quantity": Decimal(1),
    "unit_price": NOTHING,
    "discount_percent": NOTHING,
    "tax_percent": NOTHING,
}
_TEXT_INPUT: Final = LineInput(NOTHING, NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line. `values` is what the form gives back and is never changed in place, so that an unchanged
    line is the same object; `wrong` keeps by cell the text that could not be read and why.
    """

    values: Mapping[str, Any]
    wrong: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    done: Mapping[str, Any] = field(default_factory=dict)
    priced: bool = True
    """Whether the price is somebody's word; False while the price list is still asked."""
    amounts: LineInput = field(init=False, compare=False)
    """What its amount is made of, ready for the totals of every key."""

    def __post_init__(self) -> None:
        values = self.values
        made = _TEXT_INPUT
        if values["kind"] != TEXT:
            made = LineInput(
                values["quantity"], values["unit_price"], values["discount_percent"], values["tax_percent"]
            )
        object.__setattr__(self, "amounts", made)

    @property
    def is_text(self) -> bool:
        """Return whether it is a remark between the lines, without amounts."""
        return self.values["kind"] == TEXT

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed but what a new line begins with."""
        values = self.values
        typed = values["product_id"] or values["code"] or values["name"] or values["description"]
        return not (typed or values["unit_price"] or self.wrong)

    def with_values(self, **changes: Any) -> "GridLine":
        """Return the line with other values; what was wrong in those cells is gone."""
        left = {name: why for name, why in self.wrong.items() if name not in changes}
        return replace(self, values={**self.values, **changes}, wrong=left)

    def with_wrong(self, name: str, text: str, why: str) -> "GridLine":
        """Return the line with a cell whose text could not be read."""
        return replace(self, wrong={**self.wrong, name: (text, why)})


def new_line(*, dated: bool, **values: Any) -> GridLine:
    """Return a line with nothing but `values`; `dated` lines have a day of their own."""
    return GridLine({**_EMPTY, **({"due_on": None} if dated else {}), **values})


def read_line(stored: Mapping[str, Any], *, dated: bool) -> GridLine:
    """Return the line a service or a draft gave."""
    names = ("id", *(ORDER_LINE if dated else LINE))
    values = {name: stored.get(name, _EMPTY.get(name)) for name in names}
    values |= {name: stored[name] for name in LINKS if name in stored}
    done = {name: stored[name] for name in DONE_NAMES if stored.get(name) is not None}
    return GridLine(values, done=done)


def copied_line(line: GridLine) -> GridLine:
    """Return a new line that says the same; it is of no other document's line."""
    return replace(
        line, values={**line.values, "id": None, **{name: None for name in LINKS if name in line.values}}, done={}
    )


def read_cell(name: str, text: str, today: Callable[[], date]) -> Any:
    """Return the value a typed text means in the cell `name`.

    Raises ValueError with a sentence for the person when it means nothing there.
    """
    plain = text.strip()
    if name == "due_on":
        return _read_day(plain, today) if plain else None
    if name not in NUMBERS:
        return " ".join(plain.split())
    if not plain and name != "quantity":
        return NOTHING
    return _read_number(name, plain)


def _read_day(text: str, today: Callable[[], date]) -> date:
    try:
        return read_date(text, today())
    except ValueError:
        raise ValueError(_(NO_DATE).format(text=text)) from None


def _read_number(name: str, text: str) -> Decimal:
    if not text:
        raise ValueError(_("The quantity is missing."))
    bare = text.rstrip("%％ ") if name in PERCENTS else text
    try:
        number = read_decimal(bare)
    except ValueError:
        raise ValueError(_(UNREADABLE).format(text=text)) from None
    if number != round(number, NUMBERS[name]):
        raise ValueError(_("At most {count} decimals can stand here.").format(count=NUMBERS[name]))
    if name in PERCENTS and not 0 <= number <= 100:
        raise ValueError(_("A percentage is between 0 and 100, not {text}.").format(text=text))
    if name == "quantity" and number < 0:
        raise ValueError(_("A quantity cannot be below zero. Goods that come back are a return."))
    if name in MOST and abs(number) >= MOST[name]:
        raise ValueError(_("{text} is too large for a line.").format(text=text))
    return number


def cell_text(line: GridLine, name: str, currency: str) -> str:
    """Return what stands in a cell that can be typed in, as a person would type it, thousands grouped."""
    if name in line.wrong:
        return line.wrong[name][0]
    value = line.values.get(name)
    if name not in NUMBERS:
        return "" if value is None else str(value)
    if line.is_text or value is None or (name == "discount_percent" and not value):
        return ""
    return price_text(value, currency) if name == "unit_price" else number_text(value)


def number_text(value: Decimal) -> str:
    """Return a quantity or a percentage with grouped thousands and no zeros that say nothing."""
    return f"{without_zeros(value):,f}"


def price_text(value: Decimal, currency: str) -> str:
    """Return a unit price with at least the decimals of its currency, more where it has more."""
    bare = without_zeros(value)
    if -int(bare.as_tuple().exponent) <= exponent(currency):
        bare = round_half_away(value, exponent(currency))
    return f"{bare:,f}"
