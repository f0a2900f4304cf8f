"""The model of every list: a million rows, of which a few pages are in memory.

The ids of the whole list come in chunks, each a short job of its own, so that a page that has come
into view never waits behind a long one. Rows are read in pages of known ids and kept as ready texts.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.record import Page
from crm_desktop.shared.relative_days import resolved
from crm_desktop.ui.list_source import Count, IdChunk, ListSource
from crm_desktop.ui.looks import Look, alignment_of
from crm_desktop.ui.shown_row import ShownRow, shown_rows
from crm_desktop.ui.tasks import Tasks

SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1
RECORD_ROLE: Final = Qt.ItemDataRole.UserRole + 2
PAGE_ROWS: Final = 256
PAGES_KEPT: Final = 16
CHUNK_IDS: Final = 50_000
"""About 40 ms of a lane's time: a page that is wanted meanwhile waits no longer."""

AnyIndex = QModelIndex | QPersistentModelIndex


class RecordTable(QAbstractTableModel):
    """Rows of a `ListSource`, read through `tasks`, shown by `formats()`."""

    first_shown = Signal()
    """The first page of a new listing stands."""
    completed = Signal()
    """Every id of the listing is known."""
    counted = Signal(object)
    """A `Count` of the listing."""
    failed = Signal(object)
    about_to_replace = Signal()
    replaced = Signal()
    """The same listing was read again; rows may stand elsewhere now."""

    def __init__(
        self,
        tasks: Tasks,
        source: ListSource,
        formats: Callable[[], Formats],
        looks: Mapping[str, Look] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.looks = looks or {}
        self.listing = Listing()
        self.columns: tuple[Field, ...] = ()
        self.complete = False
        self.capped = False
        self.count = Count(0)
        self._fields = {field.name: field for field in source.fields}
        self.tasks = tasks
        self._formats = formats
        self._ids: array[int] = array("q")
        self._shown: dict[int, ShownRow] = {}
        self._fresh: OrderedDict[int, Sequence[int]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._fetching = False
        self._generation = 0
        # One timer, so that all pages a repaint misses are asked for in one job.
        self._fetch_soon = QTimer(self)
        self._fetch_soon.setSingleShot(True)
        self._fetch_soon.timeout.connect(self._fetch)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the rows known so far."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, raw value, whole record, alignment or full text of a cell."""
        if not index.isValid() or not (0 <= index.row() < len(self._ids)):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment_of(self.columns[index.column()])
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, SORT_ROLE, RECORD_ROLE):
            return None
        shown = self.shown(index.row())
        if shown is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.texts[index.column()]
        if role == SORT_ROLE:
            return shown.values[index.column() + 1]
        if role == RECORD_ROLE:
            return self.record(index.row())
        return self.tip(index.row(), index.column())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column, or the number of a row."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].label)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment_of(self.columns[section])
        return None

    def shown(self, row: int) -> ShownRow | None:
        """Return a row if it is in memory, perhaps as it was before the last change, and order it if not."""
        page = row // PAGE_ROWS
        if page not in self._fresh:
            self._want(page)
        return self._shown.get(self._ids[row])

    def touch(self, first: int, last: int) -> None:
        """Keep the pages of these rows: they are on screen."""
        for page in range(first // PAGE_ROWS, last // PAGE_ROWS + 1):
            if page in self._fresh:
                self._fresh.move_to_end(page)

    def id_at(self, row: int) -> int | None:
        """Return the id in a row, None outside the list."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def ids(self) -> "array[int]":
        """Return the ids known so far, in order. Not to be changed."""
        return self._ids

    def row_of(self, id_: int, near: int = 0) -> int | None:
        """Return the row of an id, looked for around `near` first; None when it is not in the list."""
        low = max(0, near - PAGE_ROWS)
        for start, stop in ((low, near + PAGE_ROWS), (0, len(self._ids))):
            try:
                return self._ids.index(id_, start, stop)
            except ValueError:
                continue
        return None

    def record(self, row: int) -> dict[str, Any] | None:
        """Return the raw values of a row by field name, `id` included; None while it is being read."""
        shown = self.shown(row)
        if shown is None:
            return None
        names = ("id", *(field.name for field in self.columns))
        return dict(zip(names, shown.values, strict=True))

    def tip(self, row: int, column: int) -> str:
        """Return the value of a cell at its longest."""
        shown = self.shown(row)
        if shown is None:
            return ""
        field = self.columns[column]
        look = self.looks.get(field.name)
        value = shown.values[column + 1]
        if look is not None and look.tip is not None:
            return look.tip(value)
        return self._formats().full_text(field, value)

    def formats(self) -> Formats:
        """Return how values are shown today."""
        return self._formats()

    def show(self, listing: Listing) -> None:
        """Show another listing; the old rows stay until the first page of the new one is there."""
        columns = tuple(name for name in listing.columns if name in self._fields)
        self.listing = replace(listing, columns=columns)
        self._generation += 1
        self.complete = False
        generation, asked = self._generation, self._asked()
        prepare = self._preparer(columns)
        source = self.source

        def first_page(work: Any) -> tuple[list[ShownRow], int]:
            page = source.first_page(work, asked, PAGE_ROWS)
            return prepare(page), generation

        self.tasks.read(self, first_page, self._show_first, self.failed.emit, coalesce="first")

    def reload(self) -> None:
        """Read the same listing again; rows, selection and place are kept."""
        if not self.columns:
            self.show(self.listing)
            return
        self._generation += 1
        self._fresh.clear()
        self._repaint_all()
        self._read_ids(None, array("q"), growing=False)
        self._read_count()

    def refresh_rows(self, ids: Collection[int]) -> None:
        """Read the pages in memory again that hold one of `ids`."""
        for page in [page for page, held in self._fresh.items() if any(id_ in ids for id_ in held)]:
            del self._fresh[page]
        self._repaint_all()

    def set_columns(self, names: Sequence[str]) -> None:
        """Show other columns of the same rows."""
        columns = tuple(self._fields[name] for name in names if name in self._fields)
        if columns == self.columns:
            return
        self.about_to_replace.emit()
        self.beginResetModel()
        before = self.columns
        self.columns = columns
        self.listing = replace(self.listing, columns=tuple(field.name for field in columns))
        self._shown = {
            id_: row.with_columns(before, columns, self._formats(), self.looks) for id_, row in self._shown.items()
        }
        self._fresh.clear()
        self.endResetModel()
        self.replaced.emit()

    def retranslate(self) -> None:
        """Read labels, choices and days again, in the language on screen now."""
        self._fresh.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))
        self._repaint_all()

    def _asked(self) -> Listing:
        return resolved(self.listing, self._formats().today)

    def _preparer(self, columns: Sequence[str]) -> Callable[[Page], list[ShownRow]]:
        fields = tuple(self._fields[name] for name in columns)
        formats, looks = self._formats(), self.looks
        return lambda page: shown_rows(page, fields, formats, looks)

    def _show_first(self, arrived: tuple[list[ShownRow], int]) -> None:
        rows, generation = arrived
        if generation != self._generation:
            return
        self.beginResetModel()
        self.columns = tuple(self._fields[name] for name in self.listing.columns)
        self._ids = array("q", (row.id for row in rows))
        self._shown = {row.id: row for row in rows}
        self._fresh.clear()
        self._fresh[0] = self._ids[:]
        self.capped = False
        self.count = Count(len(rows))
        self.endResetModel()
        whole = len(rows) < PAGE_ROWS
        self.complete = whole
        self.first_shown.emit()
        if not whole:
            self._read_ids(None, array("q"), growing=True)
        else:
            self.completed.emit()
        self._read_count()

    def _read_ids(self, after: Any, before: "array[int]", *, growing: bool) -> None:
        generation, asked, source = self._generation, self._asked(), self.source

        def take(chunk: IdChunk) -> None:
            if generation != self._generation:
                return
            before.extend(chunk.ids)
            last = chunk.after is None
            if last:
                self.complete, self.capped = True, chunk.capped
            if growing or last:
                self._replace_ids(before if last else before[:])
            if last:
                self.completed.emit()
            else:
                self._read_ids(chunk.after, before, growing=growing)

        self.tasks.read(
            self,
            lambda work: source.ids(work, asked, after, CHUNK_IDS),
            take,
            self.failed.emit,
            coalesce="ids",
        )

    def _read_count(self) -> None:
        asked, source, generation = self._asked(), self.source, self._generation

        def take(count: Count) -> None:
            if generation == self._generation:
                self.count = count
                self.counted.emit(count)

        self.tasks.read(self, lambda work: source.count(work, asked), take, self.failed.emit, coalesce="count")

    def _replace_ids(self, ids: "array[int]") -> None:
        """Put another id array in place: rows are added or removed at the end, the rest repainted."""
        before, after = len(self._ids), len(ids)
        moved = ids[: min(before, after)] != self._ids[: min(before, after)]
        if moved:
            self.about_to_replace.emit()
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
            self._ids = ids
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
            self._ids = ids
            self.endRemoveRows()
        else:
            self._ids = ids
        if moved:
            self._fresh.clear()
            self._repaint_all()
            self.replaced.emit()
        elif before != after and (before % PAGE_ROWS):
            self._fresh.pop(before // PAGE_ROWS, None)  # It was a part of a page; now there is more of it.

    def _want(self, page: int) -> None:
        self._wanted.pop(page, None)
        self._wanted[page] = None
        if not self._fetching and not self._fetch_soon.isActive():
            self._fetch_soon.start(0)

    def _fetch(self) -> None:
        """Ask for the pages wanted last; the ones a fast scroll has left behind are dropped."""
        pages = [page for page in list(self._wanted)[-3:] if page * PAGE_ROWS < len(self._ids)]
        self._wanted.clear()
        if not pages or self._fetching:
            return
        self._fetching = True
        generation = self._generation
        columns = tuple(field.name for field in self.columns)
        held = {page: self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS] for page in pages}
        wanted_ids = [id_ for ids in held.values() for id_ in ids]
        prepare, source = self._preparer(columns), self.source

        def read(work: Any) -> list[ShownRow]:
            return prepare(source.rows(work, columns, wanted_ids))

        def take(rows: list[ShownRow]) -> None:
            self._fetching = False
            same = columns == tuple(field.name for field in self.columns)
            if same:
                self._keep(held, rows, fresh=generation == self._generation)
            if self._wanted:
                self._fetch_soon.start(0)

        def give_up(error: BaseException) -> None:
            self._fetching = False
            self.failed.emit(error)

        self.tasks.read(self, read, take, give_up)

    def _keep(self, held: Mapping[int, "array[int]"], rows: Iterable[ShownRow], *, fresh: bool) -> None:
        for ids in held.values():
            for id_ in ids:
                self._shown.pop(id_, None)
        self._shown.update((row.id, row) for row in rows)
        for page, ids in held.items():
            in_place = self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS] == ids
            if in_place and fresh:
                self._fresh[page] = ids
                self._fresh.move_to_end(page)
            if in_place and len(ids):
                first = page * PAGE_ROWS
                self._tell_changed(first, first + len(ids) - 1)
        self._evict()

    def _evict(self) -> None:
        while len(self._fresh) > PAGES_KEPT:
            _page, ids = self._fresh.popitem(last=False)
            for id_ in ids:
                self._shown.pop(id_, None)
        if len(self._shown) > 2 * PAGES_KEPT * PAGE_ROWS:
            kept = {id_ for ids in self._fresh.values() for id_ in ids}
            self._shown = {id_: row for id_, row in self._shown.items() if id_ in kept}

    def _repaint_all(self) -> None:
        if self._ids:
            self._tell_changed(0, len(self._ids) - 1)

    def _tell_changed(self, first: int, last: int) -> None:
        if self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
