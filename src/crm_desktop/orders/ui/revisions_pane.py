"""The revisions of a quote, and what is different between two of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.orders import quotes
from crm_desktop.orders.comparing import ADDED, CHANGED, REMOVED, Comparison, LineDifference
from crm_desktop.orders.quotes import Revision
from crm_desktop.orders.rules import QUOTE_STATES
from crm_desktop.orders.ui.grid_line import number_text, price_text
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.labels import caption, hairline, section_label, text_label
from crm_desktop.ui.theme import theme, token

Index = QModelIndex | QPersistentModelIndex
COLUMNS: Final = (
    ("mark", N_("Change"), 100),
    ("code", N_("Code"), 140),
    ("name", N_("Product"), 0),
    ("quantity", N_("Quantity"), 140),
    ("unit", N_("Unit"), 60),
    ("unit_price", N_("Price"), 150),
    ("discount_percent", N_("Disc. %"), 110),
    ("tax_percent", N_("Tax %"), 80),
    ("amount", N_("Amount"), 190),
)
FIGURES: Final = ("quantity", "unit_price", "discount_percent", "tax_percent", "amount")
MARKS: Final = {ADDED: N_("Added"), REMOVED: N_("Removed"), CHANGED: N_("Changed")}
GROUNDS: Final = {ADDED: "success-soft", REMOVED: "danger-soft", CHANGED: "warn-soft"}
_NO_PARENT: Final = QModelIndex()


class ComparedLines(QAbstractTableModel):
    """All lines of two revisions in order; what changed says before → after."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[LineDifference, ...] = ()

    def show_lines(self, lines: Sequence[LineDifference]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section][0] in FIGURES else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line, name = self.lines[index.row()], COLUMNS[index.column()][0]
        if name == "mark":
            return _(MARKS[line.status]) if line.status in MARKS else ""
        before, after = (_shown(side, name) if side is not None else "" for side in (line.before, line.after))
        if line.before is None or line.after is None or before == after:
            return after or before
        return f"{before or '–'} → {after or '–'}"


def _shown(line: Any, name: str) -> str:
    value = line[name]
    if name not in FIGURES:
        return str(value)
    if line["kind"] != "item" or (name == "discount_percent" and not value):
        return ""
    if name == "unit_price":
        return price_text(value, "")
    return figure(value) if name == "amount" else number_text(Decimal(value))


class ComparedDelegate(QStyledItemDelegate):
    """Paints a line on the ground of what happened to it."""

    def __init__(self, model: ComparedLines, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, hairline and text; the values that differ are heavier."""
        line, (name, _label, _width) = self._model.lines[index.row()], COLUMNS[index.column()]
        rect: QRect = option.rect
        painter.save()
        painter.fillRect(rect, token(GROUNDS.get(line.status, "surface")))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        stressed = name == "mark" or name in line.names or (name == "amount" and line.status == CHANGED)
        painter.setFont(font(BODY, SEMIBOLD if stressed and line.status in MARKS else REGULAR))
        painter.setPen(token("text" if line.status in MARKS else "text2"))
        side = Qt.AlignmentFlag.AlignRight if name in FIGURES else Qt.AlignmentFlag.AlignLeft
        left = px(16 if index.column() == 0 else 8)
        area = rect.adjusted(left, 0, -px(8), 0)
        text = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row of 28 px."""
        return QSize(px(40), px(28))


class RevisionsPane(QWidget):
    """Two revisions are chosen above, the lines of both stand below; the newest two to begin with."""

    counted = Signal(int)

    def __init__(self, desk: Desk, quote_id: int) -> None:
        super().__init__()
        self._desk, self._quote_id = desk, quote_id
        self.revisions: Sequence[Revision] = ()
        self.model = ComparedLines()
        self.older = ChoiceEditor("older", _("Earlier revision"), (), None, 24)
        self.newer = ChoiceEditor("newer", _("Later revision"), (), None, 24)
        self.totals = text_label("", BODY, REGULAR, "text2")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._build()
        self.reload()

    def _build(self) -> None:
        self._list = QVBoxLayout()
        self._list.setContentsMargins(px(20), px(12), px(20), px(12))
        self._list.setSpacing(px(6))
        self._column.addLayout(self._list)
        self._column.addWidget(hairline())
        head = QHBoxLayout()
        head.setContentsMargins(px(20), px(10), px(20), px(10))
        head.setSpacing(px(12))
        head.addWidget(section_label(_("What is different")))
        for editor in (self.older, self.newer):
            head.addWidget(caption(editor.label))
            head.addWidget(editor.widget)
            editor.edited.connect(self._compare)
        head.addStretch(1)
        head.addWidget(self.totals)
        self._column.addLayout(head)
        self._view = QTableView()
        self._view.setAccessibleName(_("What is different"))
        self._view.setModel(self.model)
        self._view.setItemDelegate(ComparedDelegate(self.model, self._view))
        self._view.setShowGrid(False)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._view.verticalHeader().hide()
        self._view.verticalHeader().setDefaultSectionSize(px(28))
        header = self._view.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(px(28))
        for place, (_name, _label, width) in enumerate(COLUMNS):
            if width:
                header.resizeSection(place, px(width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        theme().changed.connect(self._view.viewport().update)
        self._column.addWidget(self._view, 1)

    def reload(self) -> None:
        """Read the revisions again."""
        quote_id = self._quote_id
        self._desk.tasks.read(self, lambda work: quotes.revisions(work, quote_id), self._show, coalesce="revisions")

    def _show(self, revisions: Sequence[Revision]) -> None:
        self.revisions = revisions
        self.counted.emit(len(revisions))
        while self._list.count():
            item = self._list.takeAt(0).widget()
            if item is not None:
                item.hide()
                item.deleteLater()
        for revision in revisions:
            self._list.addWidget(self._row(revision))
        for editor, place in ((self.older, 1), (self.newer, 0)):
            chosen = editor.value()
            editor.combo.clear()
            for revision in revisions:
                editor.combo.addItem(_title(revision), revision.id)
            kept = editor.combo.findData(chosen)
            editor.combo.setCurrentIndex(kept if kept >= 0 else min(place, len(revisions) - 1))
        self._compare()

    def _row(self, revision: Revision) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(14))
        number = Button(_title(revision), "link")
        number.setEnabled(revision.id != self._quote_id)
        number.clicked.connect(lambda: self._desk.open_record("quote", revision.id))
        line.addWidget(number)
        line.addWidget(text_label(shown_date(revision.dated_on), BODY, REGULAR, "text2"))
        line.addWidget(text_label(_(dict(QUOTE_STATES)[revision.state]), BODY, REGULAR, "text2"))
        line.addStretch(1)
        line.addWidget(text_label(figure(revision.total)))
        return row

    def _compare(self) -> None:
        older, newer = self.older.value(), self.newer.value()
        if older is None or newer is None or older == newer:
            self.model.show_lines(())
            self.totals.setText("")
            return

        def show(found: Comparison) -> None:
            self.model.show_lines(found.lines)
            total = next((one for one in found.totals if one.name == "total"), None)
            said = _("Total {before} → {after}")
            shown = said.format(before=figure(total.before), after=figure(total.after)) if total is not None else ""
            self.totals.setText(shown or _("The totals are the same."))

        self._desk.tasks.read(self, lambda work: quotes.compare(work, older, newer), show, coalesce="compare")


def _title(revision: Revision) -> str:
    return revision.shown or _("Draft")
