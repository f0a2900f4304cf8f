"""The lines of a day in words, under their headings: overdue, today, the coming week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from crm_desktop.home.day import Day, Line
from crm_desktop.home.ui.figure_words import money_text
from crm_desktop.home.ui.weekdays import weekday_name
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _, ngettext

_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
SECTIONS: Final = (("overdue", N_("Overdue")), ("today", N_("Today")), ("week", N_("The next 7 days")))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with how many lines stand below it; `said` is shown in place of lines."""

    key: str
    text: str
    count: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words: when, what kind, what, with whom, who does it."""

    line: Line
    when: str
    kind: str
    what: str
    who: str
    late: bool
    tip: str

    @property
    def spoken(self) -> str:
        """Return the line as one sentence for a screen reader."""
        return ", ".join(part for part in (self.when, self.kind, self.what, self.line.customer, self.who) if part)


class DayRows(QAbstractTableModel):
    """Headings and lines."""

    def __init__(self, formats: Formats, kinds: Mapping[int, str], me: int | None) -> None:
        super().__init__()
        self.formats, self.kinds, self.me = formats, dict(kinds), me
        self.rows: list[Heading | Told] = []

    def show(self, day: Day) -> None:
        """Show a day."""
        self.beginResetModel()
        self.rows = list(self._told(day))
        self.endResetModel()

    def line_at(self, row: int) -> Line | None:
        """Return the line in a row; None for a heading and outside."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found.line if isinstance(found, Told) else None

    def row_of(self, source: str, id_: int) -> int:
        """Return where a line stands, -1 when it is not there."""
        for row, one in enumerate(self.rows):
            if isinstance(one, Told) and (one.line.source, one.line.id) == (source, id_):
                return row
        return -1

    def next_line(self, row: int, step: int = 1) -> int:
        """Return the row of the next line from `row` on in a direction, -1 without one."""
        while 0 <= row < len(self.rows):
            if isinstance(self.rows[row], Told):
                return row
            row += step
        return -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return that a row is drawn as one."""
        return 0 if parent.isValid() else 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that headings are passed by."""
        if isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row, or what is said of it."""
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text if isinstance(row, Heading) else row.spoken
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Told):
            return row.tip
        return None

    def _told(self, day: Day) -> Any:
        for key, words in SECTIONS:
            lines: Sequence[Line] = getattr(day, key)
            if lines:
                yield Heading(key, _(words), len(lines))
                for line in lines:
                    yield self.told(line, day.on)
            elif key == "today":
                yield Heading(key, _(words), 0, _("Nothing is planned for today."))

    def told(self, line: Line, today: date) -> Told:
        """Return a line in words."""
        late = line.due_on < today
        kind = self.kinds.get(line.kind_id or 0, "") if line.source == "activity" else _("Promised money")
        what = " ".join((line.what or ("" if line.money is not None else kind)).split())
        if line.money is not None:
            what = " · ".join(part for part in (money_text(line.money), what) if part)
        who = self.formats.names.get(line.user_id, "") if line.user_id is not None else _("Nobody yet")
        tip = [self._when(line, today, whole=True), kind, what, line.customer, who, line.notes]
        if line.priority > 1:
            tip.insert(1, _("High priority"))
        said = "\n".join(dict.fromkeys(part for part in tip if part))
        return Told(line, self._when(line, today), kind, what, "" if line.user_id == self.me else who, late, said)

    def _when(self, line: Line, today: date, *, whole: bool = False) -> str:
        days = (today - line.due_on).days
        if whole:
            return f"{self.formats.full_day(line.due_on)} {line.due_time}".strip()
        if days > 0:
            return ngettext("{count} d late", "{count} d late", days).format(count=days)
        if days == 0:
            return line.due_time
        return f"{weekday_name(line.due_on)} {self.formats.day(line.due_on)} {line.due_time}".strip()


def counts(found: Day) -> str:
    """Return in words how much there is to do."""
    parts = []
    if found.overdue:
        parts.append(
            ngettext("{count} overdue", "{count} overdue", len(found.overdue)).format(count=len(found.overdue))
        )
    parts.append(ngettext("{count} today", "{count} today", len(found.today)).format(count=len(found.today)))
    shown = sum(line.source == "activity" for line in (*found.overdue, *found.today, *found.week))
    if found.count > shown:
        rest = _("{count} more than are shown").format(count=f"{found.count - shown:,}")
        parts.append(rest)
    return " · ".join(parts)
