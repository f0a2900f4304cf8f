"""Days and moments out of the cells of one column whose order is decided (pure)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from crm_desktop.exchange.sheets import date_patterns
from crm_desktop.exchange.sheets.cell_reading import MOST_DIGITS, Read, Surroundings, guarded, quoted
from crm_desktop.exchange.sheets.date_patterns import Written
from crm_desktop.exchange.sheets.deciding import DateDecision
from crm_desktop.exchange.sheets.patterns import Doubt, Problem
from crm_desktop.shared.i18n import N_, _

_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_SERIALS: Final = range(20_000, 73_051)
"""Excel's day numbers from 1954 to 2099: what a date is when its cell lost its format."""
_SOLID: Final = range(1900_01_01, 2200_00_00)
"""Days written as one number: 20260503."""
_YEARS: Final = range(1900, 2200)
_NO_DATE: Final = N_("“{text}” is not a date.")


def date_readers(decision: DateDecision, around: Surroundings, *, instant: bool) -> dict[type, Read]:
    """Return readers by type of cell; with `instant` they make moments in UTC."""

    def made(day: date, clock: time | None) -> Any:
        if clock is not None and clock.tzinfo is not None:
            moment = datetime.combine(day, clock)
            return moment.astimezone(UTC) if instant else moment.astimezone(around.zone).date()
        if not instant:
            return day
        local = datetime.combine(day, clock or time())
        return (local.replace(tzinfo=around.zone) if around.zone else local.astimezone()).astimezone(UTC)

    def cell_day(cell: date) -> Any:
        moment = cell if isinstance(cell, datetime) else None
        if cell.year not in _YEARS:
            return Problem(_("The year {year} cannot be meant.").format(year=cell.year))
        value = made(moment.date() if moment else cell, moment.time() if moment else None)
        if decision.swapped:
            return Doubt(value, _("A spreadsheet may have exchanged day and month here."))
        return value

    def number(cell: int | float) -> Any:
        return _of_number(cell, read, made)

    def read(text: str) -> Any:
        if text.isascii() and text.isdigit() and len(text) == 5:
            return number(int(text))
        written = decision.written.get(text) or date_patterns.parse(text, around.today, around.country)
        return _of_written(text, written, decision, made)

    def refused(cell: object) -> Problem:
        return _no_date(str(cell))

    return {
        str: guarded(read),
        int: number,
        float: number,
        bool: refused,
        date: cell_day,
        datetime: cell_day,
        time: refused,
    }


def _of_written(text: str, written: Written | None, decision: DateDecision, made: Callable[..., Any]) -> Any:
    if written is None:
        return _no_date(text)
    if not written.days:
        return Problem(_("“{text}” is not a day of the calendar.").format(text=quoted(text)))
    day = written.days.get(decision.order) if written.numeric else next(iter(written.days.values()))
    if day is None:
        return Problem(_("“{text}” does not fit the order of the other dates in the column.").format(text=quoted(text)))
    if decision.contradicts and len(set(written.days.values())) > 1:
        return Problem(_("“{text}” could be two days, and the column has both orders.").format(text=quoted(text)))
    return made(day, written.clock)


def _of_number(cell: int | float, read: Read, made: Callable[..., Any]) -> Any:
    if not abs(cell) < MOST_DIGITS:
        return _no_date(f"{cell:.0f}")
    whole = int(cell)
    if whole in _SERIALS:
        moment = _EPOCH + timedelta(days=float(cell))
        clock = moment.time().replace(microsecond=0) if cell != whole else None
        told = _("The number {text} was read as the spreadsheet's day {day}.")
        return Doubt(made(moment.date(), clock), told.format(text=quoted(cell), day=moment.date().isoformat()))
    return read(str(whole)) if whole == cell and whole in _SOLID else _no_date(str(cell))


def _no_date(text: str) -> Problem:
    return Problem(_(_NO_DATE).format(text=quoted(text)))
