"""Which rows are checked, by id: a million of them cost nothing and a reload keeps them."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import filterfalse

from PySide6.QtCore import QObject, Signal


class IdSelection(QObject):
    """A set of ids, or everything except a set of ids."""

    changed = Signal()

    def __init__(self, all_ids: "Callable[[], array[int]]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all_ids = all_ids
        self._ids: set[int] = set()
        self._everything = False

    def __contains__(self, id_: int) -> bool:
        return (id_ in self._ids) is not self._everything

    def __len__(self) -> int:
        return len(self._all_ids()) - len(self._ids) if self._everything else len(self._ids)

    def __bool__(self) -> bool:
        return len(self) > 0

    @property
    def everything(self) -> bool:
        """Return whether all rows of the list are checked."""
        return self._everything and not self._ids

    @property
    def is_open(self) -> bool:
        """Return whether rows that arrive later are checked as well."""
        return self._everything

    def ids(self) -> "array[int]":
        """Return the checked ids in the order of the list, as an array('q')."""
        if self.everything:
            return self._all_ids()[:]
        pick = filterfalse if self._everything else filter
        return array("q", pick(self._ids.__contains__, self._all_ids()))

    def toggle(self, id_: int) -> None:
        """Check or uncheck one row."""
        self._ids ^= {id_}
        self.changed.emit()

    def add(self, ids: Iterable[int]) -> None:
        """Check rows."""
        if self._everything:
            self._ids.difference_update(ids)
        else:
            self._ids.update(ids)
        self.changed.emit()

    def replace(self, ids: Sequence[int]) -> None:
        """Check these rows and no others."""
        self._everything = False
        self._ids = set(ids)
        self.changed.emit()

    def select_everything(self) -> None:
        """Check every row, also those that have not arrived yet."""
        self._everything = True
        self._ids.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Uncheck every row."""
        if self._everything or self._ids:
            self._everything = False
            self._ids.clear()
            self.changed.emit()

    def forget_missing(self) -> None:
        """Drop ids that are no longer in the list."""
        if not self._ids:
            return
        kept = self._ids.intersection(self._all_ids())
        if len(kept) != len(self._ids):
            self._ids = kept
            self.changed.emit()
