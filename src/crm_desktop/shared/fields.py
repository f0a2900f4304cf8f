"""One description per field, on top of the mapped column; drives tables, editors, search and files.

A description says only what the column cannot know. It holds values, no behaviour: no hooks, no
inheritance, no layout. Names are permanent keys, kept in saved views, import maps and files.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Any

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Permission


class Kind(Enum):
    """What a value is, which decides how it is shown, edited, sorted and exported."""

    TEXT = auto()
    NOTE = auto()
    """Text of several lines."""
    INTEGER = auto()
    DECIMAL = auto()
    MONEY = auto()
    BOOLEAN = auto()
    DATE = auto()
    INSTANT = auto()
    """A moment in UTC, shown in the computer's time zone."""
    CHOICE = auto()
    """One of `Field.choices`; the stored value is the key."""
    STATUS = auto()
    """A choice drawn as a shape and a word; `Field.shapes` names the shape of each key."""
    USER = auto()
    """The id of a user, shown by name."""
    TAGS = auto()
    """A tuple of tag names."""
    PHONE = auto()
    EMAIL = auto()


class Use(Flag):
    """Where a field appears."""

    TABLE = auto()
    """May be a column of the list."""
    DEFAULT = auto()
    """Is a column of the list until the person chooses otherwise."""
    FORM = auto()
    FILTER = auto()
    SORT = auto()
    """The list can be sorted by it: an index `(column, id)` stands behind."""
    SEARCH = auto()
    IMPORT = auto()
    EXPORT = auto()


EVERYWHERE = Use.TABLE | Use.FORM | Use.FILTER | Use.IMPORT | Use.EXPORT


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one entity.

    `reads` is the mapped attribute or SQL expression (typed loosely: this layer knows no SQLAlchemy),
    `chars` the width in characters, `headers` what a spreadsheet may call it in any language.
    """

    name: str
    reads: Any
    label: str
    chars: int
    uses: Use
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    """(stored key, marked label) in the order they are offered."""
    shapes: tuple[tuple[str, str], ...] = ()
    """(stored key, shape name) for `Kind.STATUS`."""
    sorts: Any = None
    """The stored sort column when it is not `reads` itself."""
    headers: tuple[str, ...] = ()
    read: Permission | None = None
    write: Permission | None = None

    def readable_by(self, actor: Actor) -> bool:
        """Return whether the actor may see the field at all."""
        return self.read is None or actor.may(self.read)

    def writable_by(self, actor: Actor) -> bool:
        """Return whether the actor may change the field."""
        return self.readable_by(actor) and (self.write is None or actor.may(self.write))


def readable(fields: Iterable[Field], actor: Actor, use: Use) -> tuple[Field, ...]:
    """Return the fields of `use` that the actor may read, in their order."""
    return tuple(field for field in fields if use in field.uses and field.readable_by(actor))
