"""Three-way merge of a record two people changed at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One field both people changed, and not to the same value."""

    name: str
    original: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """`merged` holds every field; a field in conflict has my value there until a person decides."""

    merged: Mapping[str, Any] = field(default_factory=dict)
    conflicts: tuple[Difference, ...] = ()


def merge(original: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Return what the record should be after both people's changes to `original`.

    All three map field names to values; a name missing from `mine` or `theirs` was not touched there.
    A field only one of them changed takes that change, a field both changed alike takes it once, and
    only a field both changed differently is a conflict. Conflicts come in the order of `original`,
    then of `mine`.
    """
    names = dict.fromkeys((*original, *mine, *theirs))
    merged: dict[str, Any] = {}
    conflicts: list[Difference] = []
    for name in names:
        before = original.get(name)
        ours = mine.get(name, before)
        other = theirs.get(name, before)
        if same(ours, before):
            merged[name] = other
            continue
        merged[name] = ours
        if not same(other, before) and not same(other, ours):
            conflicts.append(Difference(name, before, ours, other))
    return Merge(merged, tuple(conflicts))


def same(left: object, right: object) -> bool:
    """Return whether two field values mean the same; nothing, "" and () are all "empty"."""
    if is_empty(left) and is_empty(right):
        return True
    # 1 == True in Python, but a number and a tick are not the same answer.
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def is_empty(value: object) -> bool:
    """Return whether a field value says nothing; 0 and False say something."""
    return value is None or value in ("", (), [])
