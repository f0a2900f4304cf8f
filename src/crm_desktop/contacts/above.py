"""What contacts ask of the features above them; `app` hangs them in when the program starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crm_desktop.db.work import Work


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


@dataclass(frozen=True, slots=True)
class Told:
    """What the records and steps of the features above are called in a contact's history; marked texts."""

    entities: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Attached:
    features: tuple[Above, ...] = ()
    told: Told = field(default_factory=Told)


_now = [_Attached()]


def attach(*features: Above, told: Told | None = None) -> None:
    """Hang in the features above, in place of those before."""
    _now[0] = _Attached(features, told or Told())


def attached() -> tuple[Above, ...]:
    """Return the features above; none in a program that has contacts only."""
    return _now[0].features


def told() -> Told:
    """Return the words of the features above."""
    return _now[0].told
