"""The records of a plan as a table holds them: texts are made when a cell is painted, never before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.exchange.sheets.drafting import Draft, Unclear
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.exchange.ui.incoming.check_words import (
    LOOKS,
    Question,
    Run,
    kind_of,
    problem_fields,
    question_of,
    read_text,
    reason_runs,
)
from crm_desktop.shared.display import choice_label, list_separator, number_text
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import CLEAR, ID_FIELD, Planned, Verdict

_FIRST: Final = ("number", "name", "customer", "product", "phone")
"""What tells a record from others soonest; then its people, its money, its codes and days."""
_THEN: Final = {Kind.USER: 20, Kind.MONEY: 21, Kind.PHONE: 23, Kind.DATE: 24, Kind.DECIMAL: 25}
_CODES: Final = ("code", "customer_code", "product_code")
_VALUES: Final = 3
_LINE: Final = 40
_JUDGED: Final = 100
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TEXTS: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)
Index = QModelIndex | QPersistentModelIndex


class CheckRows(QAbstractTableModel):
    """The records of a plan, all of them or those of one kind."""

    def __init__(self, names: Mapping[int, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._draft: Draft | None = None
        self._unclear: Sequence[Unclear] = ()
        self._all: Sequence[Planned] = ()
        self._shown: Sequence[Planned] = ()
        self.fields: tuple[Field, ...] = ()
        self._labels: Mapping[str, str] = {}
        self.lead = ""
        """The name of the field that tells one record from another soonest."""
        self.changed: frozenset[int] = frozenset()
        """Numbers of the rows of which something else became while a person was looking."""

    def show(
        self,
        draft: Draft | None,
        planned: Sequence[Planned],
        unclear: Sequence[Unclear] = (),
        changed: frozenset[int] = frozenset(),
    ) -> None:
        """Show another plan."""
        self.beginResetModel()
        self._draft, self._unclear, self.changed = draft, unclear, changed
        self._all = self._shown = planned
        self.fields, self.lead = _telling(draft, planned) if draft is not None else ((), "")
        self._labels = {field.name: _(field.label) for field in draft.context.fields} if draft is not None else {}
        self.endResetModel()

    def show_only(self, kind: str) -> None:
        """Show the records of one kind, "" for all."""
        self.beginResetModel()
        self._shown = [one for one in self._all if kind_of(one) == kind] if kind else self._all
        self.endResetModel()

    @property
    def shown(self) -> Sequence[Planned]:
        """Return the records on screen."""
        return self._shown

    def planned(self, row: int) -> Planned:
        """Return the record of a row on screen."""
        return self._shown[row]

    def question(self, row: int) -> Question | None:
        """Return what a person can decide about a row on screen."""
        return question_of(self._draft, self._unclear, self._shown[row]) if self._draft is not None else None

    def runs(self, row: int) -> list[Run]:
        """Return the pieces of the reason of a row on screen."""
        return reason_runs(self._shown[row], self._labels, asks=self.question(row) is not None)

    def is_wrong(self, row: int, place: int) -> bool:
        """Return whether a cell is what cannot be read."""
        one, field = self._shown[row], self.field_at(place)
        if field is None or one.verdict is not Verdict.INVALID:
            return False
        return field.name == one.field or any(field.name in line.problems for line in one.rows)

    def field_at(self, place: int) -> Field | None:
        """Return the field of a column, None for number, verdict and reason."""
        return self.fields[place - 2] if 1 < place < len(self.fields) + 2 else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many records are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.fields) + 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell and its side."""
        if role in _TEXTS:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_("Row"), _("What happens"), *(_(field.label) for field in self.fields), _("Why"))[section]

    def _side(self, place: int) -> Qt.AlignmentFlag:
        field = self.field_at(place)
        return RIGHT if place == 0 or (field is not None and field.kind in NUMBERS) else LEFT

    def text(self, row: int, place: int) -> str:
        """Return the text of a cell."""
        one = self._shown[row]
        if place == 0:
            return str(one.number)
        if place == 1:
            return _(LOOKS[kind_of(one)][0])
        field = self.field_at(place)
        if field is None:
            return "".join(run.text for run in self.runs(row))
        if self.is_wrong(row, place) and self._draft is not None:
            return read_text(self._draft, one, field.name)
        value = next((line.values[field.name] for line in one.rows if field.name in line.values), None)
        return self._value(field, value)

    def _value(self, field: Field, value: Any) -> str:
        if value is None:
            return ""
        if value is CLEAR:
            return "-"
        if field.kind is Kind.USER:
            return self._names.get(value) or self._known_name(value)
        if field.kind in (Kind.CHOICE, Kind.STATUS):
            return choice_label(field, value)
        if isinstance(value, datetime | date):
            return words.cell_text(value.astimezone().date() if isinstance(value, datetime) else value)
        if isinstance(value, tuple):
            return list_separator().join(map(str, value))
        return number_text(value) if isinstance(value, int | Decimal) and field.kind in NUMBERS else str(value)

    def _known_name(self, id_: int) -> str:
        """Return the name of somebody who came in since the window was opened."""
        users = self._draft.context.users if self._draft is not None else {}
        return next((name for found in users.values() for one, name in found if one == id_), str(id_))


def _telling(draft: Draft, planned: Sequence[Planned]) -> tuple[tuple[Field, ...], str]:
    """Return the few mapped fields that tell one record from another, in the order of the sheet, and the best one.

    A column in which problems stand takes the place of the least telling one.
    """
    fields = {field.name: field for field in draft.context.fields}
    mapped = [fields[column.field] for column in draft.columns if column.field in fields and column.field != ID_FIELD]
    lines = _line_fields(planned)
    ranked = sorted(mapped, key=lambda field: _LINE if field.name in lines else _rank(field))
    chosen = [field.name for field in ranked[:_VALUES]]
    names = {field.name for field in mapped}
    troubled = next((name for name in problem_fields(planned) if name in names and name not in chosen), "")
    if troubled and len(chosen) == _VALUES:
        chosen[-1] = troubled
    return tuple(field for field in mapped if field.name in chosen), chosen[0] if chosen else ""


def _line_fields(planned: Sequence[Planned]) -> set[str]:
    """Return the fields that differ among the rows of one record: they tell its lines apart, not it."""
    found: set[str] = set()
    for one in islice((one for one in planned if len(one.rows) > 1), _JUDGED):
        first = one.rows[0].values
        found.update(name for row in one.rows for name, value in row.values.items() if first.get(name) != value)
    return found


def _rank(field: Field) -> int:
    if field.name in _FIRST:
        return _FIRST.index(field.name)
    return 22 if field.name in _CODES else _THEN.get(field.kind, 30)
