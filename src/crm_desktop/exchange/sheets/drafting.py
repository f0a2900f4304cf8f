"""What a sheet is taken for while a person looks at it: header, columns, how cells are read, what was decided.

The wizard and the command line drive a `Draft`; it is pure but for `context`, which asks the company.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crm_desktop.exchange.book import Book, Sheet
from crm_desktop.exchange.imports import Job, Remembered
from crm_desktop.exchange.sheets import columns as matching
from crm_desktop.exchange.sheets import content, layout, values
from crm_desktop.exchange.sheets.cell_reading import Surroundings
from crm_desktop.exchange.sheets.column_reading import Decisions, SheetBody, Taken
from crm_desktop.exchange.sheets.columns import BY_PERSON, REMEMBERED, ColumnMatch, Vocabulary
from crm_desktop.exchange.sheets.context import Context, context
from crm_desktop.exchange.sheets.mapping_file import WrongMapping, apply_mapping, mapping_file
from crm_desktop.exchange.sheets.patterns import Reading
from crm_desktop.exchange.sheets.recognising import likely_target
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.garbage import uncollected
from crm_desktop.shared.importing import (
    ID_FIELD,
    Candidate,
    ImportOptions,
    ImportRow,
    ImportTarget,
    OnMatch,
    id_header,
)
from crm_desktop.shared.text import clean_line, fold

__all__ = [
    "Context",
    "Draft",
    "Unclear",
    "WrongMapping",
    "apply_mapping",
    "context",
    "likely_target",
    "mapping_file",
]

_SAMPLES: Final = 5
_JUDGED: Final = 200
_CURRENCY_FIELD: Final = "currency"
_IDENTITY: Final = Field(ID_FIELD, None, "", 1, Use.IMPORT)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text in a column of colleagues that names nobody, or several; `folded` is how an answer is filed."""

    field: str
    text: str
    folded: str
    candidates: tuple[Candidate, ...]
    count: int


class Draft:
    """One sheet on its way in. Everything it found out can be corrected; `rows` is what the target is given.

    `header_rows`, `first_row` and `last_row` count from 0; `left_out` says by the sheet's row number (from 1)
    why a row is no data: "title", "blank", "total", "repeated header", "note".
    """

    def __init__(
        self,
        book: Book,
        sheet: Sheet,
        target: ImportTarget,
        context: Context,
        remembered: Remembered | None = None,
    ) -> None:
        self.book, self.sheet, self.target, self.context = book, sheet, target, context
        self._fields = {described.name: described for described in context.fields}
        self._vocabulary = Vocabulary(context.fields)
        self._chosen: dict[str, str] = {}
        self._decided: Decisions | None = None
        self.header_rows: tuple[int, ...]
        self.left_out: Mapping[int, str]
        self.columns: list[ColumnMatch]
        self.headers: tuple[str, ...]
        self.folded: tuple[str, ...]
        self._lay_out(layout.find_header(sheet, self._vocabulary.knows))
        defaults = {choice.name: choice.choices[0][0] for choice in target.choices}
        self._options = ImportOptions(chosen=defaults | dict(target.suggest(sheet.name, self.headers)))
        if remembered is not None:
            self.recall(remembered)

    def set_header(self, first: int, last: int) -> None:
        """Take the rows `first` to `last` (from 0) for the header and find the columns anew; none when last < first."""
        self._lay_out(tuple(range(max(first, 0), min(last, len(self.sheet.rows) - 1) + 1)))

    def map(self, place: int, field: str) -> None:
        """Take the column at `place` for `field`, "" for none; a field is used once and taken from where it was.

        Raises KeyError for a field the target does not have, LookupError for a place without a column.
        """
        if field and field not in self._fields and field != ID_FIELD:
            raise KeyError(field)
        chosen = next((column for column in self.columns if column.place == place), None)
        if chosen is None:
            raise LookupError(place)
        for column in self.columns:
            if field and column.field == field and column is not chosen:
                column.field, column.how = "", BY_PERSON
        chosen.field, chosen.how = field, BY_PERSON
        self._decided = None

    def recall(self, remembered: Remembered) -> None:
        """Read the sheet as one of the same layout was read last time, as far as its fields still exist."""
        wanted: dict[int, str] = {}
        for column, folded in zip(self.columns, self.folded, strict=True):
            name = remembered.columns.get(folded)
            if name == "" or (name in self._fields and name not in wanted.values()):
                wanted[column.place] = name
        for column in self.columns:
            if column.place in wanted:
                column.field, column.how = wanted[column.place], REMEMBERED
            elif column.field in wanted.values():
                column.field, column.how = "", ""
        read = remembered.settings.get("read", {})
        self._chosen = {name: key for name, key in read.items() if name in self._fields}
        self._options = _recalled(self._options, remembered.settings, self.target)
        self._decided = None

    @property
    def readings(self) -> Mapping[str, Reading]:
        """Return how the columns of dates, numbers and percents that need words are read, by field."""
        return self._decisions().readings()

    def read_as(self, field: str, key: str) -> None:
        """Read the column of a field by another of its reading's `others`."""
        self._chosen[field] = key
        self._decided = None

    @property
    def options(self) -> ImportOptions:
        """What was decided about the whole import."""
        return self._options

    @options.setter
    def options(self, options: ImportOptions) -> None:
        self._options = options

    def missing(self) -> tuple[tuple[str, ...], ...]:
        """Return what the target must have and no column gives: of each entry one field is enough."""
        mapped = {column.field for column in self.columns}
        return tuple(names for names in self.target.required if mapped.isdisjoint(names))

    def unclear(self) -> list[Unclear]:
        """Return the texts in columns of colleagues that no answer or single colleague stands for."""
        found: list[Unclear] = []
        for taken in self._mapped():
            if taken.field.kind is not Kind.USER:
                continue
            around = self._around(taken.field.name)
            counted = Counter(cell.strip() for cell in self._body.cells(taken.place) if type(cell) is str)
            for text, count in counted.items():
                if values.is_unknown_colleague(text, around):
                    folded = fold(clean_line(text))
                    candidates = tuple(Candidate(id_, name) for id_, name in self.context.users.get(folded, ()))
                    found.append(Unclear(taken.field.name, text, folded, candidates, count))
        return found

    def rows(self) -> list[ImportRow]:
        """Return the typed rows: values by field, blank cells absent, each flaw beside its field."""
        mapped, decided, numbers = self._mapped(), self._decisions(), self._body.numbers
        read = [self._body.read(taken, decided, self._around(taken.field.name)) for taken in mapped]
        names = [taken.field.name for taken in mapped]
        with uncollected():
            rows = [
                ImportRow(number, {name: value for name, value in zip(names, line) if value is not None}, {}, {})  # noqa: B905
                for number, line in zip(numbers, _lines(read, len(numbers)), strict=True)
            ]
        for name, column_values in zip(names, read, strict=True):
            for place, text in column_values.problems.items():
                rows[place].problems[name] = text
            for place, text in column_values.remarks.items():
                rows[place].remarks[name] = text
        return rows

    def job(self) -> Job:
        """Return the sheet as the import takes it, with what is to be remembered."""
        options = self._options
        return Job(
            target=self.target,
            rows=self.rows(),
            options=options,
            file_name=self.book.path.name,
            sha256=self.book.sha256,
            sheet=self.sheet.name,
            headers=self.folded if self.header_rows else (),
            columns={
                folded: column.field
                for folded, column in zip(self.folded, self.columns, strict=True)
                if column.field != ID_FIELD
            },
            settings={
                "read": dict(self._chosen),
                "key": options.key,
                "on_match": str(options.on_match),
                "create_missing": options.create_missing,
                "keep_duplicates": options.keep_duplicates,
                "chosen": dict(options.chosen),
            },
        )

    def _lay_out(self, header_rows: tuple[int, ...]) -> None:
        found = layout.lay_out(self.sheet, header_rows)
        self.header_rows, self.first_row, self.last_row = found.header_rows, found.first_row, found.last_row
        self.left_out = found.left_out
        self._body = SheetBody(self.sheet, found)
        self._decided = None
        parts = layout.header_texts(self.sheet, header_rows)
        filled = [place for place, names in enumerate(parts) if names or self._body.first_filled(place, 1)]
        matched = matching.match_columns(
            [parts[place] for place in filled],
            self._vocabulary,
            self.context.fields,
            [content.likeness(self._body.first_filled(place, _JUDGED), self.context.users) for place in filled],
            id_header(self.target.entity, self.context.dataset_id),
        )
        self.columns = [
            ColumnMatch(place, " ".join(parts[place]), name, how, self._sample(place))
            for place, (name, how) in zip(filled, matched, strict=True)
        ]
        self.headers = tuple(column.header for column in self.columns)
        self.folded = matching.folded_headers(self.headers)

    def _sample(self, place: int) -> tuple[str, ...]:
        return tuple(" ".join(str(cell).split()) for cell in self._body.first_filled(place, _SAMPLES))

    def _mapped(self) -> list[Taken]:
        return [
            Taken(
                column.place,
                _IDENTITY if column.field == ID_FIELD else self._fields[column.field],
                self._chosen.get(column.field, ""),
                column.field in self.target.percents,
            )
            for column in self.columns
            if column.field
        ]

    def _decisions(self) -> Decisions:
        if self._decided is None:
            self._decided = self._body.decide(self._mapped(), self.context)
        return self._decided

    def _around(self, name: str) -> Surroundings:
        context = self.context
        return Surroundings(
            today=context.today,
            country=context.country,
            currency=context.currency,
            zone=context.zone,
            users=context.users,
            answers={text: id_ for (field, text), id_ in self._options.answers.items() if field == name},
            currency_known=any(column.field == _CURRENCY_FIELD for column in self.columns),
        )


def _lines(read: Sequence[values.ColumnValues], count: int) -> Iterator[tuple[Any, ...]]:
    """Return the columns as rows; without columns as many empty ones."""
    return zip(*(one.values for one in read), strict=True) if read else iter([()] * count)


def _recalled(options: ImportOptions, settings: Mapping[str, Any], target: ImportTarget) -> ImportOptions:
    """Return the options with what was decided last time; what this sheet itself says about choices comes first."""
    key = settings.get("key", options.key)
    allowed = {choice.name: {one for one, _label in choice.choices} for choice in target.choices}
    chosen = {
        name: value for name, value in settings.get("chosen", {}).items() if value in allowed.get(name, frozenset())
    }
    return replace(
        options,
        key=key if key in target.keys else "",
        on_match=OnMatch(settings.get("on_match", options.on_match)),
        create_missing=bool(settings.get("create_missing", options.create_missing)),
        keep_duplicates=bool(settings.get("keep_duplicates", options.keep_duplicates)),
        chosen=dict(options.chosen) | chosen,
    )
