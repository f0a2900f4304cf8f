"""Numbers out of the cells of one column whose decimal sign is decided (pure)."""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from crm_desktop.exchange.sheets import number_patterns
from crm_desktop.exchange.sheets.cell_reading import MOST_DIGITS, ROUNDED, Read, Surroundings, guarded, quoted
from crm_desktop.exchange.sheets.deciding import FRACTION, NumberDecision
from crm_desktop.exchange.sheets.number_patterns import Figure
from crm_desktop.exchange.sheets.patterns import Doubt, Problem
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import without_zeros

_NO_NUMBER: Final = N_("“{text}” is not a number.")


def number_readers(decision: NumberDecision, around: Surroundings, *, whole: bool, percents: str) -> dict[type, Read]:
    """Return readers by type of cell: exact `Decimal`s, with `whole` ints.

    `percents` is FRACTION or PERCENT for a column of percents, whose values are percents in the end; else "".
    """
    finished = _whole if whole else _as_is
    scaled = _scaling(percents, finished)

    def read(text: str) -> Any:
        figure = decision.figures.get(text) or number_patterns.parse(text)
        value = _chosen(text, figure, decision)
        if figure is None or type(value) is Problem:
            return value
        if figure.percent:
            return finished(value, text) if percents else Problem(_(_NO_NUMBER).format(text=quoted(text)))
        if figure.unit or figure.times != 1 or figure.currency:
            return _with_signs(text, figure, value, finished, around)
        return scaled(value, text)

    def integer(cell: int) -> Any:
        return (
            Problem(_(ROUNDED).format(text=quoted(cell)))
            if abs(cell) >= MOST_DIGITS
            else scaled(Decimal(cell), str(cell))
        )

    def broken(cell: float) -> Any:
        if not abs(cell) < MOST_DIGITS:
            return Problem(_(ROUNDED).format(text=quoted(f"{cell:.0f}")))
        # What a spreadsheet computes is off in the 16th digit; it shows 15.
        return scaled(Decimal(f"{cell:.15g}"), str(cell))

    def refused(cell: object) -> Problem:
        return Problem(_("The cell holds a date, not a number: {text}.").format(text=quoted(cell)))

    return {
        str: guarded(read),
        int: integer,
        float: broken,
        bool: lambda cell: Problem(_(_NO_NUMBER).format(text=_("Yes") if cell else _("No"))),
        date: refused,
        datetime: refused,
        time: refused,
    }


def plain_numbers(cells: Sequence[int | float | None]) -> list[Decimal | None] | None:
    """Return a column of nothing but numbers and blank cells, None when one of them was rounded or is no number."""
    numbers = [cell for cell in cells if cell is not None]
    if not numbers or not math.isfinite(sum(numbers)):
        return None
    if max(numbers) >= MOST_DIGITS or min(numbers) <= -MOST_DIGITS:
        return None
    return [None if cell is None else Decimal(cell) if type(cell) is int else Decimal(f"{cell:.15g}") for cell in cells]


def _chosen(text: str, figure: Figure | None, decision: NumberDecision) -> Any:
    if figure is None:
        return Problem(_(_NO_NUMBER).format(text=quoted(text)))
    value = figure.values.get(decision.style)
    if value is None:
        return Problem(
            _("“{text}” does not fit the decimal sign of the other numbers in the column.").format(text=quoted(text))
        )
    if abs(value) >= MOST_DIGITS:
        return Problem(_("The number {text} is too large.").format(text=quoted(text)))
    if decision.contradicts and len(set(figure.values.values())) > 1:
        return Problem(
            _("“{text}” could be two numbers, and the column has both decimal signs.").format(text=quoted(text))
        )
    return value


def _with_signs(
    text: str, figure: Figure, value: Decimal, finished: Callable[[Decimal, str], Any], around: Surroundings
) -> Any:
    """Return a number that bears a currency or a unit; one of another currency is not taken for the company's."""
    foreign = figure.currency and not number_patterns.may_be(figure.currency, around.currency)
    if foreign and not around.currency_known:
        return Problem(
            _("“{text}” is in another currency than {currency}, and no column names it.").format(
                text=quoted(text), currency=around.currency
            )
        )
    made = finished(value, text)
    if type(made) is Problem or not (figure.unit or figure.times != 1 or foreign):
        return made
    return Doubt(made, _("“{text}” was read as {number}.").format(text=quoted(text), number=f"{value:f}"))


def _scaling(percents: str, finished: Callable[[Decimal, str], Any]) -> Callable[[Decimal, str], Any]:
    if not percents:
        return finished
    if percents == FRACTION:
        return lambda value, shown: finished(without_zeros(value * 100), shown)

    def as_percent(value: Decimal, shown: str) -> Any:
        if not 0 < abs(value) < 1:
            return finished(value, shown)
        told = _("{text} was read as {text} percent, because the column holds percents.").format(text=quoted(shown))
        return Doubt(value, told)

    return as_percent


def _as_is(value: Decimal, _shown: str) -> Any:
    return value


def _whole(value: Decimal, shown: str) -> Any:
    if value != value.to_integral_value():
        return Problem(_("“{text}” is not a whole number.").format(text=quoted(shown)))
    return int(value)
