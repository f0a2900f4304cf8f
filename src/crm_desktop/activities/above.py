"""What activities ask of the features above them; `app` hangs them in when the program starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from crm_desktop.db.work import Work
from crm_desktop.shared.money import Money


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a timeline: what comes after it is older. Entries are ordered by it, the greatest first."""

    at: datetime
    source: str
    id: int


class Word(str):
    """A marked text among the values of an entry: it is translated when the entry is shown."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a contact's timeline.

    `group` is "talks", "documents", "money", "changes" or "steps" (each step of each record: only told when asked
    for). `told` is a marked text that takes `values` (text, Word, day, number, Money); `detail` is such texts with
    " · " between them. `notes` is what people wrote. `whole_day` entries have a day and no time. `entity` and `id`
    are what a click opens, `entity` "" opens nothing.
    """

    at: datetime
    source: str
    group: str
    entity: str
    id: int
    icon: str
    told: str
    values: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    notes: str = ""
    money: Money | None = None
    by: int | None = None
    by_name: str = ""
    """Who did it when there is no such user."""
    tone: str = "plain"
    """"plain", "success", "warn" or "danger"."""
    whole_day: bool = False
    planned: bool = False
    key: int = 0
    """Its own number, where that is not the `id` of what a click opens."""

    @property
    def mark(self) -> Mark:
        """Return its place in the timeline."""
        return Mark(self.at, self.source, self.key or self.id)


class TimelineSource(Protocol):
    """A feature with something to tell in a contact's timeline."""

    name: str
    groups: frozenset[str]

    def entries(self, work: Work, contact_id: int, before: Mark | None, limit: int) -> Sequence[Entry]:
        """Return up to `limit` entries before the mark, newest first; none that the actor may not see."""
        ...


class Holds(Protocol):
    """A feature that keeps customers from going back to the public pool."""

    def held(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, str]:
        """Return for each of the contacts that must stay with its owner why, as a marked text.

        An open order, a running contract or a debt holds, whoever sees it.
        """
        ...

    def dealt(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, datetime]:
        """Return for each of the contacts that ever bought when it last did."""
        ...


@dataclass(frozen=True, slots=True)
class _Attached:
    sources: tuple[TimelineSource, ...] = ()
    holds: tuple[Holds, ...] = ()


_now = [_Attached()]


def attach(*, sources: Sequence[TimelineSource] = (), holds: Sequence[Holds] = ()) -> None:
    """Hang in the features above, in place of those before."""
    _now[0] = _Attached(tuple(sources), tuple(holds))


def sources() -> tuple[TimelineSource, ...]:
    """Return what the features above tell in timelines."""
    return _now[0].sources


def holds() -> tuple[Holds, ...]:
    """Return what keeps customers out of the pool."""
    return _now[0].holds
