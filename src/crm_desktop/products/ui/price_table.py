"""The table of a price list: prices are typed into it, Enter goes down, a block is pasted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyleOptionViewItem, QWidget

from crm_desktop.products import rules
from crm_desktop.products.ui import words
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.typed_number import UNREADABLE, read_decimal
from crm_desktop.ui.plain_table import INK_ROLE, WRONG_ROLE, PlainColumn, PlainDelegate, PlainRows, PlainTable

PRICE: Final = "price"
TYPED: Final = "typed"
"""What stands in a price cell that cannot be read."""
_Index = QModelIndex | QPersistentModelIndex
Row = dict[str, Any]


class PriceRows(PlainRows):
    """Rows of a price list by code; `edited` follows every change a person makes."""

    edited = Signal()

    def __init__(self, company_currency: str, parent: QWidget | None = None) -> None:
        self.currency = company_currency
        self._company = company_currency
        self.locked = False
        columns = (
            PlainColumn("code", _("Code"), 16, lambda row: row["code"], ink="text2"),
            PlainColumn("name", _("Name"), 26, lambda row: row["name"], grows=True),
            PlainColumn("unit", _("Unit"), 8, lambda row: row["unit"], ink="text2"),
            PlainColumn(
                "list_price",
                _("List price ({currency})").format(currency=company_currency),
                13,
                self._list_price,
                right=True,
                ink="text2",
            ),
            PlainColumn(PRICE, _("Price"), 14, self._shown_price, right=True),
            PlainColumn("difference", _("Difference"), 10, self._difference, right=True, ink="text2"),
        )
        super().__init__(columns, parent)

    def _list_price(self, row: Mapping[str, Any]) -> str:
        return number_text(rules.padded(row["list_price"], self._company))

    def _shown_price(self, row: Mapping[str, Any]) -> str:
        if row.get(TYPED):
            return str(row[TYPED])
        return "" if row[PRICE] is None else number_text(rules.padded(row[PRICE], self.currency))

    def _difference(self, row: Mapping[str, Any]) -> str:
        if row[PRICE] is None or not row["list_price"] or self.currency != self._company:
            return ""
        return words.percent((row[PRICE] - row["list_price"]) / row["list_price"] * 100)

    def set_currency(self, currency: str) -> None:
        """Say in which currency the prices are; another one cannot be compared with the list price."""
        self.currency = currency
        self._tell(range(len(self.rows)))

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that prices can be typed."""
        flags = super().flags(index)
        if index.isValid() and self.columns[index.column()].name == PRICE and not self.locked:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, and what is wrong with it."""
        row, name = self.rows[index.row()], self.columns[index.column()].name
        if role == WRONG_ROLE:
            return name == PRICE and bool(row.get(TYPED))
        if role == Qt.ItemDataRole.EditRole:
            return self._shown_price(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole) and name == PRICE:
            return problem_of(row) or super().data(index, role)
        if role == INK_ROLE and name == "difference" and row[PRICE] is not None and row[PRICE] > row["list_price"]:
            return "warn"
        return super().data(index, role)

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed as a price; what is none stays, marked, until it is put right."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        row, text = self.rows[index.row()], str(value).strip()
        before = (row[PRICE], row.get(TYPED, ""))
        row[PRICE], row[TYPED] = _read(text)
        if (row[PRICE], row[TYPED]) != before:
            self._tell([index.row()])
            self.edited.emit()
        return True

    def put(self, row: Mapping[str, Any]) -> int:
        """Put a product into its place by code, or give one that is there the new price; return its place."""
        for place, known in enumerate(self.rows):
            if known["product_id"] == row["product_id"]:
                if row[PRICE] is not None:
                    known[PRICE], known[TYPED] = row[PRICE], ""
                    self._tell([place])
                return place
        key = rules.code_key(row["code"])
        place = next((n for n, known in enumerate(self.rows) if rules.code_key(known["code"]) > key), len(self.rows))
        self.beginInsertRows(QModelIndex(), place, place)
        self.rows.insert(place, dict(row))
        self.endInsertRows()
        return place

    def take_out(self, places: Sequence[int]) -> list[Row]:
        """Take rows out and return them."""
        taken = [self.rows[place] for place in sorted(places)]
        for place in sorted(places, reverse=True):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self.rows[place]
            self.endRemoveRows()
        return taken

    def _tell(self, places: Sequence[int] | range) -> None:
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), len(self.columns) - 1))


def problem_of(row: Mapping[str, Any]) -> str:
    """Return what is wrong with the price of a row, "" when nothing is."""
    if not row.get(TYPED):
        return "" if row[PRICE] is not None else _("The price is missing.")
    try:
        rules.checked_price(PRICE, read_decimal(row[TYPED]))
    except ValueError:
        return _(UNREADABLE).format(text=row[TYPED])
    except Invalid as refused:
        return str(refused)
    return ""


def _read(text: str) -> tuple[Decimal | None, str]:
    if not text:
        return None, ""
    try:
        return rules.checked_price(PRICE, read_decimal(text)), ""
    except (ValueError, Invalid):
        return None, text


class PriceDelegate(PlainDelegate):
    """Edits a price at the right edge; Enter stores it and goes on."""

    entered = Signal()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the line a price is typed into."""
        line = QLineEdit(parent)
        line.setFrame(False)
        line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.setAccessibleName(_("Price"))
        return line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter for "stored, next one"."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QWidget):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.commitData.emit(watched)
                self.closeEditor.emit(watched)
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)


class PriceTable(PlainTable):
    """Shows `PriceRows`. `finished` says that Enter was pressed in the last row or in a row just added,
    `remove_wanted` and `block_pasted` what the person wants.
    """

    finished = Signal()
    remove_wanted = Signal()
    undo_wanted = Signal()
    block_pasted = Signal(str)

    def __init__(self, rows: PriceRows, parent: QWidget | None = None) -> None:
        super().__init__(rows, _("Prices"), parent)
        self.prices = rows
        self._adding = False
        delegate = PriceDelegate(self)
        delegate.entered.connect(self._go_on)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    def type_price(self, place: int, *, adding: bool = False) -> None:
        """Let the price of a row be typed, unless prices can only be read."""
        if self.prices.locked:
            return
        self._adding = adding
        index = self.prices.index(place, self.prices.column_of(PRICE))
        self.setFocus()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def chosen(self) -> list[int]:
        """Return the places of the rows chosen, else of the current one."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        current = self.currentIndex()
        return places or ([current.row()] if current.isValid() else [])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes rows out, Ctrl+V pastes, Enter and figures begin a price whatever the column."""
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._block())
        elif event.matches(QKeySequence.StandardKey.Paste) and not self.prices.locked:
            self.block_pasted.emit(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete and not self.prices.locked:
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.type_price(index.row())
        else:
            if index.isValid() and event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.setCurrentIndex(index.siblingAtColumn(self.prices.column_of(PRICE)))
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        place = self.currentIndex().row() + 1
        if self._adding or place >= len(self.prices.rows):
            self._adding = False
            self.finished.emit()
        else:
            self.type_price(place)

    def _block(self) -> str:
        rows = [self.prices.rows[place] for place in self.chosen()]
        return "\n".join(f"{row['code']}\t{'' if row[PRICE] is None else f'{row[PRICE]:f}'}" for row in rows)
