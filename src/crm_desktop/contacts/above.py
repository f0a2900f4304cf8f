"""What contacts ask of the features above them; `app` hangs them in when the program starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field
from crm_desktop.shared.importing import Difference, Undoer


class Above(Protocol):
    """A feature whose rows belong to contacts."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point every row of one contact to another and return the ids of the rows."""
        ...

    def check_stays_customer(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid("is_customer") when one of the contacts must stay a customer."""
        ...

    def check_may_archive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid when one of the contacts may not leave the lists yet."""
        ...


class ImportAddition(Protocol):
    """What a feature above keeps of contacts that comes in with their sheet, such as a credit limit.

    `values` are typed values by the names of its `fields`, `CLEAR` among them; what is absent stays. Sentences
    are finished. `undoers` take back what `apply` did, by the names it has in the journal.
    """

    undoers: Mapping[str, Undoer]

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be, only what the actor may write."""
        ...

    def check(self, work: Work, values: Mapping[str, Any]) -> str:
        """Return what is wrong with the values of one row, "" when nothing is."""
        ...

    def differences(self, work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> Mapping[int, tuple[Difference, ...]]:
        """Return what the values would change of contacts that are there, by their ids."""
        ...

    def apply(self, work: Work, wanted: Mapping[int, Mapping[str, Any]]) -> None:
        """Write the values of new and changed contacts by their ids, each with a journal note."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What the records and steps of the features above are called in a contact's history; marked texts."""

    entities: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Attached:
    features: tuple[Above, ...] = ()
    additions: tuple[ImportAddition, ...] = ()
    told: Told = field(default_factory=Told)


_now = [_Attached()]


def attach(*features: Above, told: Told | None = None, additions: tuple[ImportAddition, ...] = ()) -> None:
    """Hang in the features above, in place of those before."""
    _now[0] = _Attached(features, additions, told or Told())


def attached() -> tuple[Above, ...]:
    """Return the features above; none in a program that has contacts only."""
    return _now[0].features


def additions() -> tuple[ImportAddition, ...]:
    """Return what else comes in with a sheet of contacts."""
    return _now[0].additions


def told() -> Told:
    """Return the words of the features above."""
    return _now[0].told
