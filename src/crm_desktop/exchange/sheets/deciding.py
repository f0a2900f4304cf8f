"""What a whole column decides: the order of its dates, its decimal sign, whether 0.15 is 15 percent (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from crm_desktop.exchange.book import Cell
from crm_desktop.exchange.sheets import date_patterns, number_patterns
from crm_desktop.exchange.sheets.cell_reading import MOST_DIGITS
from crm_desktop.exchange.sheets.date_patterns import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, Written
from crm_desktop.exchange.sheets.number_patterns import COMMA, POINT, Figure
from crm_desktop.exchange.sheets.patterns import DATES, NUMBERS, PERCENTS, Reading
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import without_zeros

FRACTION: Final = "fraction"
PERCENT: Final = "percent"

_ORDER_SENTENCES: Final = {
    DAY_FIRST: N_("“{text}” is read as {day}, the day first."),
    MONTH_FIRST: N_("“{text}” is read as {day}, the month first."),
    YEAR_FIRST: N_("“{text}” is read as {day}, the year first."),
}
_FEWEST_SWAPPED: Final = 3


@dataclass(frozen=True, slots=True)
class DateDecision:
    """The order of a column's dates. `written` is what each of its texts may mean, None for no date.

    `contradicts`: some texts only fit one order and some only another, so that none that fits both is
    safe. `swapped`: cells that a spreadsheet made dates of may have day and month exchanged.
    """

    order: str
    written: Mapping[str, Written | None]
    reading: Reading | None = None
    contradicts: bool = False
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class NumberDecision:
    """The decimal sign of a column's texts; `figures` is what each may mean, None for no number."""

    style: str
    figures: Mapping[str, Figure | None]
    reading: Reading | None = None
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class PercentDecision:
    """Whether the numbers of a percent column are fractions (0.15) or percents (15)."""

    key: str
    reading: Reading | None = None


@dataclass(slots=True)
class Habits:
    """What other columns of the sheet have shown, by what they decided."""

    orders: dict[bool, str] = field(default_factory=dict)
    """By whether the years have two digits."""
    style: str = ""


def written_dates(cells: Sequence[Cell], today: date, country: str) -> dict[str, Written | None]:
    """Return what each different text of a column means as a day, None for no date."""
    return {text: date_patterns.parse(text, today, country) for text in _texts(cells)}


def written_numbers(cells: Sequence[Cell]) -> dict[str, Figure | None]:
    """Return what each different text of a column means as a number, None for no number."""
    return {text: number_patterns.parse(text) for text in _texts(cells)}


def decide_dates(
    cells: Sequence[Cell],
    written: Mapping[str, Written | None],
    today: date,
    country: str,
    habits: Habits,
    chosen: str = "",
) -> DateDecision:
    """Return how a column of dates is read; `chosen` is a person's answer, kept to while it fits."""
    dates = {text: one for text, one in written.items() if one is not None and one.days}
    open_ = {text: one for text, one in dates.items() if one.numeric}
    if not open_:
        return DateDecision(YEAR_FIRST, written, _plain_dates(dates, today))
    counts = date_patterns.fitting(open_.values())
    short = any(one.short for one in open_.values())
    offered = [order for order in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST) if counts[order]]
    fits_all = [order for order in offered if counts[order] == len(open_)]
    usual = date_patterns.usual_order(country, short=short, dotted=all("." in text for text in open_))
    order, sure = _best(offered, fits_all, counts, habits.orders.get(short) or "", usual)
    contradicts = not fits_all and chosen not in offered
    if sure and fits_all:
        habits.orders.setdefault(short, order)
    if chosen in (fits_all or offered):
        order, sure = chosen, True
    swapped = sure and _swapped(cells, open_.values(), order)
    sentences = {one: _date_sentence(one, open_, today) for one in offered}
    extra = _date_extras(dates.values(), today, contradicts=contradicts, sure=sure, swapped=swapped)
    reading = Reading(
        DATES,
        order,
        " ".join([sentences[order], *extra]),
        tuple((one, sentences[one]) for one in (fits_all or offered) if one != order),
        sure and not contradicts,
    )
    return DateDecision(order, written, reading, contradicts, swapped)


def decide_numbers(
    figures: Mapping[str, Figure | None], country: str, habits: Habits, chosen: str = ""
) -> NumberDecision:
    """Return how the texts of a column of numbers are read; `chosen` is a person's answer, kept to while it fits."""
    parsed = {text: one for text, one in figures.items() if one is not None}
    telling = {text: one for text, one in parsed.items() if one.values.get(POINT) != one.values.get(COMMA)}
    usual = number_patterns.usual_style(country)
    if not telling:
        return NumberDecision(habits.style or usual, figures)
    fits = {style: sum(style in one.values for one in telling.values()) for style in (POINT, COMMA)}
    fits_all = [style for style in fits if fits[style] == len(telling)]
    contradicts = not fits_all and chosen not in fits
    if len(fits_all) == 1:
        style, sure = fits_all[0], True
        habits.style = habits.style or style
    elif fits_all:
        style, sure = habits.style or usual, bool(habits.style) or _groups_by_comma(telling, usual)
    else:
        style, sure = max(fits, key=lambda one: fits[one]), False
    offered = fits_all or list(fits)
    if chosen in offered:
        style, sure = chosen, True
    sentences = {one: _number_sentence(one, telling) for one in offered}
    words = [sentences[style]]
    if contradicts:
        words.append(_("Some numbers have a decimal comma, others a decimal point: what could be either is left out."))
    others = tuple((one, sentences[one]) for one in offered if one != style)
    return NumberDecision(style, figures, Reading(NUMBERS, style, " ".join(words), others, sure), contradicts)


def decide_percents(cells: Sequence[Cell], numbers: NumberDecision, chosen: str = "") -> PercentDecision:
    """Return whether the column's numbers are fractions; cells that bear a percent sign say so themselves."""
    chosen = chosen if chosen in (FRACTION, PERCENT) else ""
    plain = [abs(value) for value in _bare_numbers(cells, numbers) if value]
    if not plain:
        return PercentDecision(chosen or PERCENT)
    broken = [value for value in plain if value < 1]
    larger = [value for value in plain if value > 1]
    fraction = bool(broken) and not larger
    key = chosen or (FRACTION if fraction else PERCENT)
    sample = next(iter(broken or larger or plain))
    sentences = {
        FRACTION: _("“{text}” is read as {percent} percent: the column holds fractions.").format(
            text=number_text(sample), percent=number_text(without_zeros(sample * 100))
        ),
        PERCENT: _("“{text}” is read as {percent} percent.").format(
            text=number_text(sample), percent=number_text(sample)
        ),
    }
    other = PERCENT if key == FRACTION else FRACTION
    # Nothing but ones, or halves beside fifteens: what the column means is a guess.
    sure = bool(chosen) or (bool(broken) != bool(larger))
    return PercentDecision(key, Reading(PERCENTS, key, sentences[key], ((other, sentences[other]),), sure))


def _texts(cells: Iterable[Cell]) -> list[str]:
    return [cell for cell in dict.fromkeys(cells) if type(cell) is str and cell and not cell.isspace()]


def _best(
    offered: Sequence[str], fits_all: Sequence[str], counts: Mapping[str, int], habit: str, usual: str
) -> tuple[str, bool]:
    """Return the likeliest order, and whether the column or its neighbours decided it."""
    if len(fits_all) == 1:
        return fits_all[0], True
    if not fits_all:
        return max(offered, key=lambda order: counts[order]), False
    if habit in fits_all:
        return habit, True
    return (usual if usual in fits_all else fits_all[0]), False


def _swapped(cells: Sequence[Cell], open_: Iterable[Written], order: str) -> bool:
    """Return whether a spreadsheet took the other order: it made dates of all it could, the rest stayed text."""
    if order == YEAR_FIRST or any(len(set(one.days.values())) > 1 for one in open_):
        return False
    days = [cell.day for cell in cells if isinstance(cell, date)]
    return len(days) >= _FEWEST_SWAPPED and max(days) <= 12


def _groups_by_comma(telling: Mapping[str, Figure], usual: str) -> bool:
    """Return whether all are like 1,234 in a country that groups by commas: nobody there means 1.234."""
    return usual == POINT and all(one.values[POINT] > one.values[COMMA] >= 0 for one in telling.values())


def _plain_dates(dates: Mapping[str, Written], today: date) -> Reading | None:
    if not dates:
        return None
    text, one = next(iter(dates.items()))
    for quoted, candidate in dates.items():
        if candidate.short or candidate.republic:
            text, one = quoted, candidate
            break
    sentence = _("“{text}” is read as {day}.").format(text=text, day=_day(next(iter(one.days.values())), today))
    return Reading(DATES, YEAR_FIRST, " ".join([sentence, *_date_extras(dates.values(), today)]))


def _date_sentence(order: str, open_: Mapping[str, Written], today: date) -> str:
    fitting = [(text, one.days[order], len(set(one.days.values()))) for text, one in open_.items() if order in one.days]
    # A date that would be another day in another order tells most.
    text, day, _count = max(fitting, key=lambda one: one[2])
    return _(_ORDER_SENTENCES[order]).format(text=text, day=_day(day, today))


def _date_extras(
    dates: Iterable[Written],
    today: date,
    *,
    contradicts: bool = False,
    sure: bool = True,
    swapped: bool = False,
) -> list[str]:
    met = list(dates)
    words: list[str] = []
    if contradicts:
        words.append(_("Some dates have the day first, others the month: what could be either is left out."))
    elif not sure:
        words.append(_("Nothing in the column decides it."))
    if swapped:
        words.append(_("A spreadsheet may have exchanged day and month in the other cells of the column."))
    if any(one.short for one in met):
        last = date_patterns.last_short_year(today)
        words.append(
            _("Years of two digits go up to {last}; from {first:02} on they are 19{first:02} and later.").format(
                last=last, first=(last + 1) % 100
            )
        )
    if any(one.republic for one in met):
        words.append(_("The years are those of Taiwan's calendar, which begins with 1912."))
    return words


def _day(day: date, today: date) -> str:
    return Formats(today).full_day(day)


def _number_sentence(style: str, telling: Mapping[str, Figure]) -> str:
    text, one = max(
        ((text, one) for text, one in telling.items() if style in one.values),
        key=lambda pair: (len(pair[1].values),),
    )
    return _("“{text}” is read as {number}.").format(text=text, number=number_text(one.values[style]))


def _bare_numbers(cells: Sequence[Cell], numbers: NumberDecision) -> Iterable[Decimal]:
    for cell in set(cells):
        if type(cell) is int or type(cell) is float:
            if abs(cell) < MOST_DIGITS:
                yield Decimal(f"{cell:.15g}")
        elif type(cell) is str and (figure := numbers.figures.get(cell)) is not None and not figure.percent:
            value = figure.values.get(numbers.style)
            if value is not None and abs(value) < MOST_DIGITS:
                yield value
