"""The columns of a sheet's data as typed values: what each column decides, and what its cells are then (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Final

from crm_desktop.exchange.book import Cell, Sheet
from crm_desktop.exchange.sheets import deciding, layout, values
from crm_desktop.exchange.sheets.cell_reading import Surroundings
from crm_desktop.exchange.sheets.context import Context
from crm_desktop.exchange.sheets.date_patterns import Written
from crm_desktop.exchange.sheets.number_patterns import Figure
from crm_desktop.exchange.sheets.patterns import Reading
from crm_desktop.shared.fields import Field, Kind

_LOOKED_AT: Final = 1000
_NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_DATES: Final = frozenset({Kind.DATE, Kind.INSTANT})


@dataclass(frozen=True, slots=True)
class Taken:
    """A column taken for a field; `chosen` is how a person wants it read, `percents`: 0.15 may be 15."""

    place: int
    field: Field
    chosen: str = ""
    percents: bool = False


@dataclass(slots=True)
class Decisions:
    """How each column of dates or numbers is read, by field."""

    dates: dict[str, deciding.DateDecision] = field(default_factory=dict)
    numbers: dict[str, deciding.NumberDecision] = field(default_factory=dict)
    percents: dict[str, deciding.PercentDecision] = field(default_factory=dict)

    def readings(self) -> dict[str, Reading]:
        """Return what should be told, by field."""
        found = {name: one.reading for name, one in self.dates.items()}
        found |= {name: one.reading for name, one in self.numbers.items()}
        # Fraction or percent matters more than the decimal sign, and a column has one reading.
        found |= {name: one.reading for name, one in self.percents.items() if one.reading}
        return {name: reading for name, reading in found.items() if reading is not None}


class SheetBody:
    """The rows of data of a sheet, by column. What was parsed once is kept."""

    def __init__(self, sheet: Sheet, found: layout.Layout) -> None:
        self._rows, self.numbers = layout.body(sheet, found)
        self._narrowest = min(map(len, self._rows), default=0)
        self._columns: dict[int, list[Cell]] = {}
        self._dates: dict[int, dict[str, Written | None]] = {}
        self._figures: dict[int, dict[str, Figure | None]] = {}

    def cells(self, place: int) -> list[Cell]:
        """Return a column, None where a row is shorter."""
        if place not in self._columns:
            if place < self._narrowest:
                self._columns[place] = list(map(itemgetter(place), self._rows))
            else:
                self._columns[place] = [row[place] if place < len(row) else None for row in self._rows]
        return self._columns[place]

    def first_filled(self, place: int, most: int) -> list[Cell]:
        """Return the first filled cells of a column, as far as they stand near its beginning."""
        head = (row[place] for row in self._rows[:_LOOKED_AT] if place < len(row))
        return list(islice((cell for cell in head if not layout.is_blank(cell)), most))

    def decide(self, taken: Iterable[Taken], context: Context) -> Decisions:
        """Decide every column; those that decide themselves first, so that the others may follow them."""
        columns = list(taken)
        habits = deciding.Habits()
        decided = self._decide(columns, context, habits)
        if all(reading.sure for reading in decided.readings().values()):
            return decided
        return self._decide(columns, context, habits)

    def read(self, taken: Taken, decided: Decisions, around: Surroundings) -> values.ColumnValues:
        """Return a column's typed values."""
        name = taken.field.name
        percents = decided.percents.get(name)
        return values.read_column(
            self.cells(taken.place),
            taken.field,
            around,
            decided.dates.get(name),
            decided.numbers.get(name),
            percents.key if percents else "",
        )

    def _decide(self, columns: Iterable[Taken], context: Context, habits: deciding.Habits) -> Decisions:
        found = Decisions()
        today, country = context.today, context.country
        for one in columns:
            name, place, cells = one.field.name, one.place, self.cells(one.place)
            if one.field.kind in _DATES:
                if place not in self._dates:
                    self._dates[place] = deciding.written_dates(cells, today, country)
                found.dates[name] = deciding.decide_dates(cells, self._dates[place], today, country, habits, one.chosen)
            elif one.field.kind in _NUMBERS:
                if place not in self._figures:
                    self._figures[place] = deciding.written_numbers(cells)
                numbers = deciding.decide_numbers(self._figures[place], country, habits, one.chosen)
                found.numbers[name] = numbers
                if one.percents:
                    found.percents[name] = deciding.decide_percents(cells, numbers, one.chosen)
        return found
