"""What comes in from a file: rows with typed values, what becomes of each, and who takes them (pure).

Features offer an `ImportTarget`; the wizard and the command line drive it through `exchange.imports`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final, Protocol

from crm_desktop.shared.fields import Field
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import clean_line


class Mark(Enum):
    """What a cell says beyond a value."""

    CLEAR = "-"
    """A single "-": the stored value is emptied. A blank cell is no value at all and leaves what is stored."""


CLEAR: Final = Mark.CLEAR
ID_FIELD: Final = "id"
"""The field of the hidden column of an exported list; its value is an `Identity`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which record a row of an exported list is, and the version it was exported with."""

    id: int
    version: int

    @classmethod
    def read(cls, text: str) -> "Identity":
        """Return the identity a cell of the hidden column names. Raises ValueError."""
        id_, _slash, version = text.partition("/")
        return cls(int(id_), int(version))

    def __str__(self) -> str:
        return f"{self.id}/{self.version}"


def id_header(entity: str, dataset_id: str) -> str:
    """Return the header of the hidden column of a list exported from the company `dataset_id`."""
    return f"crm-desktop {entity} {dataset_id}"


@dataclass(slots=True)
class ImportRow:
    """One line of a sheet. `number` counts as the sheet does, from 1.

    `values` holds typed values by field name: `str`, `Decimal`, `date`, `datetime`, `bool`, the key of a
    choice, the id of a user, `CLEAR`; blank cells are absent. `problems` are finished sentences about cells
    that cannot be read, `remarks` about cells that were read with a doubt, both by field name.
    """

    number: int
    values: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the text of a cell on one line, "" when it is blank or empties what is stored."""
        value = self.values.get(name)
        return "" if value is None or value is CLEAR else clean_line(str(value))


class Verdict(StrEnum):
    """What becomes of a row, or of the document its rows make up."""

    NEW = "new"
    UPDATE = "update"
    SKIP = "skip"
    """It is there already, and nothing differs or matches are to be skipped."""
    DUPLICATE = "duplicate"
    """An earlier row of the same file is the same thing."""
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several records a cell may mean."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field an update changes: both values as they are shown."""

    field: str
    label: str
    old: str
    new: str


@dataclass(slots=True)
class Planned:
    """What becomes of one record: the rows it comes from (the first one speaks for a document), and why.

    `id` and `version` name the record that is updated, skipped or doubled. `why` and `similar` are finished
    sentences; a record that only looks like another one (`similar`) comes in all the same. `field` is where
    the reason stands, `candidates` are offered when the cell of `field` names several records. `lines`
    counts the lines of a document that come in with it, `payload` is the target's own.
    """

    verdict: Verdict
    rows: list[ImportRow]
    id: int | None = None
    version: int | None = None
    why: str = ""
    similar: str = ""
    field: str = ""
    candidates: tuple[Candidate, ...] = ()
    differences: tuple[Difference, ...] = ()
    lines: int = 0
    payload: Any = None

    @property
    def number(self) -> int:
        """Return the sheet's number of its first row."""
        return self.rows[0].number


class OnMatch(StrEnum):
    """What happens to a row whose record is there already."""

    UPDATE = "update"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person decides about a whole import.

    `key` is the field by which rows meet their record, "" for the target's own order. `answers` say which
    record (or user) a text stands for where several or none fit, None for "leave it empty", by
    (field, folded text). `chosen` holds the target's own `ImportChoice`s by name.
    """

    key: str = ""
    on_match: OnMatch = OnMatch.UPDATE
    create_missing: bool = False
    keep_duplicates: bool = False
    owner: int | None = None
    answers: Mapping[tuple[str, str], int | None] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """A question a target asks about the whole file; `choices` are (key, marked label), the first the usual one."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]


class ImportTarget(Protocol):
    """How rows become records of one kind. Its methods run inside a unit of work whose actor has `permission`."""

    @property
    def name(self) -> str:
        """Return its permanent key."""
        ...

    @property
    def label(self) -> str:
        """Return what its records are called, a marked text."""
        ...

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Return words that sheets of such records are called by, in any language, besides name and label."""
        ...

    @property
    def entity(self) -> str:
        """Return the journal's name of the main record."""
        ...

    @property
    def permission(self) -> Permission:
        """Return what a person needs to bring such records in and to take the import back."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the fields by which rows may meet their record."""
        ...

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        """Return what a sheet must have: of each entry one field is enough."""
        ...

    @property
    def grouped(self) -> str:
        """Return the field whose equal values make rows one document, "" for a row each."""
        ...

    @property
    def percents(self) -> frozenset[str]:
        """Return the fields whose cells may hold 15 or 0.15 for 15 percent."""
        ...

    @property
    def choices(self) -> tuple[ImportChoice, ...]:
        """Return what it asks about the whole file."""
        ...

    @property
    def undoers(self) -> "Mapping[str, Undoer]":
        """Return what takes back what it does, by the journal's name of the record, what hangs on others first."""
        ...

    def fields(self, work: Any) -> tuple[Field, ...]:
        """Return what a column can be, only what the actor may write, in the order they are offered."""
        ...

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return what the name of a sheet and its headers say about the target's `choices`."""
        ...

    def plan(self, work: Any, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of the rows, in their order; writes nothing. Raises Cancelled."""
        ...

    def apply(self, work: Any, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write down what `plan` returned with NEW or UPDATE, each with a journal note. Raises Cancelled."""
        ...


class Undoer(Protocol):
    """Takes back what imports did to one entity. Reasons are finished sentences."""

    def labels(self, work: Any, ids: Iterable[int]) -> Mapping[int, str]:
        """Return what the records are called."""
        ...

    def remove(self, work: Any, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete records an import made, with what belongs to them, journalled; return why some must stay."""
        ...

    def restore(self, work: Any, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give records the values (as the journal keeps them) back; return why some cannot have them."""
        ...
