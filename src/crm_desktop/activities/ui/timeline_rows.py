"""The rows of a timeline on screen: days, and under each what happened, in words and ready to be drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from crm_desktop.activities.above import Entry
from crm_desktop.activities.timeline_words import Line, Teller
from crm_desktop.shared.i18n import _

_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Day:
    """The heading of a day."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with its words."""

    entry: Entry
    line: Line


Row = Day | Told


class TimelineRows(QAbstractListModel):
    """What is planned on top, then what happened, newest first; older pages are appended."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.happened: list[Entry] = []
        """What is shown of the past, without what is planned."""
        self._last_day: date | None = None

    def show(self, teller: Teller, planned: Sequence[Entry], happened: Sequence[Entry]) -> None:
        """Show these entries in place of those before."""
        self.beginResetModel()
        self.rows = [*_planned_rows(teller, planned)]
        self._last_day = None
        self.rows += self._rows_of(teller, happened)
        self.happened = list(happened)
        self.endResetModel()

    def append(self, teller: Teller, older: Sequence[Entry]) -> None:
        """Add what is older than all that is shown."""
        rows = self._rows_of(teller, older)
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
        self.rows += rows
        self.happened += older
        self.endInsertRows()

    def entry_at(self, row: int) -> Entry | None:
        """Return the entry in a row, None for a heading or outside."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found.entry if isinstance(found, Told) else None

    def row_of(self, wanted: Entry) -> int:
        """Return the row of an entry that stands at the same place, -1 when it is not shown."""
        place = (wanted.mark, wanted.planned)
        for row, found in enumerate(self.rows):
            if isinstance(found, Told) and (found.entry.mark, found.entry.planned) == place:
                return row
        return -1

    def first_entry(self) -> int:
        """Return the first row that is no heading, -1 when there is none."""
        return next((row for row, found in enumerate(self.rows) if isinstance(found, Told)), -1)

    def _rows_of(self, teller: Teller, entries: Iterable[Entry]) -> list[Row]:
        rows: list[Row] = []
        for entry in entries:
            day = teller.formats.local(entry.at).date()
            if day != self._last_day:
                self._last_day = day
                rows.append(Day(day_text(teller, day)))
            rows.append(Told(entry, teller.line(entry)))
        return rows

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many rows there are, headings among them."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row itself, or what it says."""
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text if isinstance(row, Day) else row.line.sentence()
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that only entries can be walked to."""
        if isinstance(self.rows[index.row()], Day):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def day_text(teller: Teller, day: date) -> str:
    """Return the heading of a day: near ones in words, with the date behind them."""
    near, full = teller.formats.near(day), teller.formats.full_day(day)
    return full if near in (full, teller.formats.day(day)) else f"{near} · {full}"


def _planned_rows(teller: Teller, planned: Sequence[Entry]) -> Iterable[Row]:
    """Yield what is planned: the late first, then day by day."""
    last = ""
    for entry in planned:
        due = entry.values.get("due")
        if due is None:
            heading = _("Planned, no day yet")
        elif due < teller.formats.today:
            heading = _("Overdue")
        else:
            heading = _("Planned · {day}").format(day=day_text(teller, due))
        if heading != last:
            last = heading
            yield Day(heading)
        line = teller.line(entry)
        if due is not None and due < teller.formats.today:
            line = Line(line.headline, f"{teller.formats.day(due)} · {line.detail}", line.notes)
        yield Told(entry, line)
