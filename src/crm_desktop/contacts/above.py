"""What contacts ask of the features above them; `app` hangs them in when the program starts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
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


class PoolGate(Protocol):
    """The rules of the public pool: who may claim, and who gave back."""

    def check_may_claim(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise a UserError when the actor may not claim these contacts now."""
        ...

    def released(self, work: Work, owners: Sequence[tuple[int, int]]) -> None:
        """Remember which contact was given back by hand by which owner."""
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


class Follows(Protocol):
    """A feature whose rows, or what it keeps on the contact, follow from the contact itself."""

    def derive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Write what it keeps anew: rows moved, or a contact became a customer or ceased to be one."""
        ...

    def handed(self, work: Work, contact_ids: Sequence[int], from_id: int | None, to_id: int | None) -> None:
        """Let what its owner had to do for these contacts be the new owner's; None is the public pool."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What the records and steps of the features above are called in a contact's history; marked texts."""

    entities: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    readable: Mapping[str, Callable[[Any, Actor], Any]] = field(default_factory=dict)
    """By entity, where reaching the contact is not enough: the condition on (id of the record, actor)."""


@dataclass(frozen=True, slots=True)
class _Attached:
    features: tuple[Above, ...] = ()
    additions: tuple[ImportAddition, ...] = ()
    told: Told = field(default_factory=Told)
    gate: PoolGate | None = None
    follows: tuple[Follows, ...] = ()


_now = [_Attached()]


def attach(
    *features: Above,
    told: Told | None = None,
    additions: tuple[ImportAddition, ...] = (),
    gate: PoolGate | None = None,
    follows: tuple[Follows, ...] | None = None,
) -> None:
    """Hang in the features above, in place of those before; without `follows` those that follow stay."""
    _now[0] = _Attached(features, additions, told or Told(), gate, _now[0].follows if follows is None else follows)


def attached() -> tuple[Above, ...]:
    """Return the features above; none in a program that has contacts only."""
    return _now[0].features


def additions() -> tuple[ImportAddition, ...]:
    """Return what else comes in with a sheet of contacts."""
    return _now[0].additions


def told() -> Told:
    """Return the words of the features above."""
    return _now[0].told


def derive(work: Work, contact_ids: Sequence[int]) -> None:
    """Let the features above write anew what they keep on these contacts."""
    if contact_ids:
        for feature in _now[0].follows:
            feature.derive(work, contact_ids)


def handed(work: Work, owners: Iterable[tuple[int, int | None]], to_id: int | None) -> None:
    """Tell the features above whose contacts (id, former owner) are another's now."""
    given: dict[int | None, list[int]] = {}
    for contact_id, from_id in owners:
        given.setdefault(from_id, []).append(contact_id)
    for feature in _now[0].follows:
        for from_id, contact_ids in given.items():
            feature.handed(work, contact_ids, from_id, to_id)


def gate() -> PoolGate | None:
    """Return the rules of the public pool; None where nobody made any."""
    return _now[0].gate
