"""The model of the allocation table: open items, the amounts typed against them, what is wrong with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from crm_desktop.receivables.ui.money.allocation_rows import OpenRow, amount_problem
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import exponent
from crm_desktop.shared.typed_number import UNREADABLE, read_decimal
from crm_desktop.ui.date_editor import shown_date

ALLOCATE: Final = "allocate"
TICK: Final = "tick"
_AT: Final = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
_TOP: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `figures` is the usual width in figures."""

    name: str
    label: str
    figures: int
    right: bool = False
    stretch: bool = False


COLUMNS: Final = (
    Column(TICK, "", 4),
    Column("number", N_("Instalment"), 24, stretch=True),
    Column("due_on", N_("Due"), 12),
    Column("late", N_("Late"), 6, right=True),
    Column("amount", N_("Amount"), 11, right=True),
    Column("open", N_("Still open"), 11, right=True),
    Column(ALLOCATE, N_("Allocate"), 13, right=True),
    Column("left", N_("Left open"), 11, right=True),
)
PLACES: Final = {column.name: place for place, column in enumerate(COLUMNS)}


class AllocationModel(QAbstractTableModel):
    """Amounts are kept by row key, whatever rows are shown: a restored draft waits for its rows.

    `allocated` is emitted after every change a person made to an amount, `amounts_changed` after any.
    """

    allocated = Signal()
    amounts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[OpenRow] = []
        self.amounts: dict[str, Decimal] = {}
        self.wrong: dict[str, tuple[str, str]] = {}
        """Row key -> (what is typed, the sentence about it)."""
        self.currency = "CNY"
        self.writable = True

    # Rows ----------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[OpenRow], currency: str) -> None:
        """Show other rows; amounts of rows that are gone go with them, others are cut to what is open."""
        self.beginResetModel()
        self.rows, self.currency = list(rows), currency
        known = {row.key: row for row in rows if not row.is_heading}
        self.amounts = {key: min(amount, known[key].open) for key, amount in self.amounts.items() if key in known}
        self.wrong = {key: said for key, said in self.wrong.items() if key in known}
        self.endResetModel()
        self.amounts_changed.emit()

    def row_of(self, key: str) -> int:
        """Return the place of a row, −1 when it is not there."""
        return next((place for place, row in enumerate(self.rows) if row.key == key), -1)

    def claims(self) -> list[OpenRow]:
        """Return the instalments."""
        return [row for row in self.rows if row.is_claim]

    def credits(self) -> list[OpenRow]:
        """Return credit notes and money not used yet."""
        return [row for row in self.rows if not row.is_claim and not row.is_heading]

    # Amounts -------------------------------------------------------------------------------------

    def set_amounts(self, amounts: Mapping[str, Decimal], *, by_hand: bool = False) -> None:
        """Put in amounts by row key; all others become nothing."""
        self.amounts = {key: amount for key, amount in amounts.items() if amount}
        self.wrong.clear()
        self._tell_rows(0, len(self.rows) - 1, by_hand)

    def type_text(self, row: int, text: str) -> None:
        """Take what is typed for a row; what cannot be is marked and counts as nothing."""
        one = self.rows[row]
        plain = text.strip()
        self.wrong.pop(one.key, None)
        self.amounts.pop(one.key, None)
        if plain:
            try:
                amount = read_decimal(plain)
            except ValueError:
                self.wrong[one.key] = (plain, _(UNREADABLE).format(text=plain))
            else:
                problem = amount_problem(one, amount, self.currency, self.figure(one.open))
                if problem:
                    self.wrong[one.key] = (plain, problem)
                elif amount:
                    self.amounts[one.key] = amount
        self._tell_rows(row, row, by_hand=True)

    def take(self, row: int, most: Decimal | None = None) -> None:
        """Take all of a row, at most `most`; a row that is taken whole is let go again."""
        one = self.rows[row]
        wanted = one.open if most is None else min(one.open, max(most, Decimal(0)))
        taken = self.amounts.get(one.key) == wanted and one.key not in self.wrong
        self.wrong.pop(one.key, None)
        self.amounts.pop(one.key, None)
        if wanted and not taken:
            self.amounts[one.key] = wanted
        self._tell_rows(row, row, by_hand=True)

    def placed(self, *, claims: bool) -> dict[str, Decimal]:
        """Return the amounts above 0 of instalments, or of credits, by row key in the order of the rows."""
        rows = self.claims() if claims else self.credits()
        return {row.key: self.amounts[row.key] for row in rows if row.key in self.amounts}

    def _tell_rows(self, first: int, last: int, by_hand: bool) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
        self.amounts_changed.emit()
        if by_hand:
            self.allocated.emit()

    # Words ---------------------------------------------------------------------------------------

    def figure(self, amount: Decimal) -> str:
        """Return an amount with the decimals of its currency."""
        return number_text(amount.quantize(Decimal(1).scaleb(-exponent(self.currency))))

    def text(self, row: int, name: str) -> str:
        """Return what a cell says."""
        one = self.rows[row]
        if one.is_heading:
            return _("Credits of this customer, taken into the same receipt") if name == "number" else ""
        if name == ALLOCATE:
            wrong = self.wrong.get(one.key)
            return wrong[0] if wrong else self._amount(one)
        if name == "left":
            return self._left(one)
        if name == "due_on":
            day = one.due_on if one.is_claim else one.dated_on
            return shown_date(day) if day else one.event
        signed = one.amount if one.is_claim else -one.open
        said = {
            "number": one.number,
            "late": _("{days} d").format(days=one.late_days) if one.late_days else "",
            "amount": self.figure(signed) if one.is_claim else "",
            "open": self.figure(one.open if one.is_claim else signed),
        }
        return said.get(name, "")

    def second(self, row: int) -> str:
        """Return what stands muted behind the number."""
        one = self.rows[row]
        return " · ".join(part for part in (one.place, _("disputed") if one.disputed else "") if part)

    def _amount(self, row: OpenRow) -> str:
        amount = self.amounts.get(row.key)
        return self.figure(amount) if amount else ""

    def _left(self, row: OpenRow) -> str:
        left = row.open - self.amounts.get(row.key, Decimal(0))
        if left:
            return self.figure(left if row.is_claim else -left)
        return _("settled") if row.is_claim else _("used")

    # Qt ------------------------------------------------------------------------------------------

    def rowCount(self, _parent: Index = _TOP) -> int:
        """Return how many lines there are, the heading counted."""
        return len(self.rows)

    def columnCount(self, _parent: Index = _TOP) -> int:
        """Return how many columns there are."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = _AT.DisplayRole) -> Any:
        """Return text, tooltip and what a screen reader says."""
        if not index.isValid():
            return None
        row, name = index.row(), COLUMNS[index.column()].name
        if role in (_AT.DisplayRole, _AT.AccessibleTextRole):
            return f"{self.text(row, name)} {self.second(row)}".strip() if name == "number" else self.text(row, name)
        if role == _AT.ToolTipRole:
            wrong = self.wrong.get(self.rows[row].key)
            if wrong and name == ALLOCATE:
                return wrong[1]
            if name == "due_on":
                return self.rows[row].event
            return f"{self.text(row, name)} {self.second(row)}".strip() if name == "number" else None
        if role == _AT.CheckStateRole and name == TICK and not self.rows[row].is_heading:
            taken = self.rows[row].key in self.amounts
            return Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _AT.DisplayRole) -> Any:
        """Return the label of a column."""
        if orientation == Qt.Orientation.Horizontal and role == _AT.DisplayRole:
            return _(COLUMNS[section].label) if COLUMNS[section].label else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the keyboard come to every line that can be typed in."""
        if not index.isValid() or self.rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
