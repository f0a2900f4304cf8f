"""Two revisions side by side: which values differ, which lines came, went or changed (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from crm_desktop.orders.composing import LINE

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
SAME: Final = "same"
TOTALS: Final = ("subtotal", "discount", "net", "tax", "total")


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value of the document that differs; `name` as in its record."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line before and after; one side is None when it came or went. `names` are the values that changed."""

    status: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two documents; `lines` holds all lines in order, unchanged ones as "same"."""

    values: tuple[ValueDifference, ...]
    lines: tuple[LineDifference, ...]
    totals: tuple[ValueDifference, ...]


def compared(header: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Return the differences of two records of quotes."""
    return Comparison(
        tuple(_values(header, before, after)),
        tuple(_lines(before["lines"], after["lines"])),
        tuple(_values(TOTALS, before, after)),
    )


def _values(names: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueDifference]:
    for name in names:
        if before.get(name) != after.get(name):
            yield ValueDifference(name, before.get(name), after.get(name))


def _lines(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[LineDifference]:
    matcher = SequenceMatcher(None, [_what(line) for line in before], [_what(line) for line in after], autojunk=False)
    for _tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old, new = before[old_from:old_to], after[new_from:new_to]
        if _tag == "equal":
            for one, other in zip(old, new, strict=True):
                names = tuple(name for name in LINE if one[name] != other[name])
                yield LineDifference(CHANGED if names else SAME, one, other, names)
            continue
        for one in old:
            yield LineDifference(REMOVED, one, None)
        for other in new:
            yield LineDifference(ADDED, None, other)


def _what(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes two lines the same line: the product, or for a free line its name."""
    return (line["kind"], line["product_id"]) if line["product_id"] else (line["kind"], line["name"])
