"""One block of Home: its title, what it counts, and its bars or rows. Every figure opens its list."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.home.figures import Column, Row, Section
from crm_desktop.home.ui.figure_buttons import BarRow
from crm_desktop.home.ui.figure_words import not_added_text, value_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, font, px
from crm_desktop.ui.labels import caption, section_label, text_label
from crm_desktop.ui.plain_table import INK_ROLE, PlainColumn, PlainRows, PlainTable

_SHARE = 0.42
_CHARS = {"customer": 20, "overdue": 13, "oldest": 8, "said": 24, "owner": 12}


class SectionRows(PlainRows):
    """Rows of a section; a late cell is in danger."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell as `PlainRows` does, in the ink its row asks for."""
        if role == INK_ROLE and self.columns[index.column()].name in self.rows[index.row()].late:
            return "danger"
        return super().data(index, role)


class SectionTable(PlainTable):
    """The rows, as high as they are: Enter opens the record, Ctrl+Enter or a click on the amount its list."""

    row_opened = Signal(object)
    figure_opened = Signal(object)

    def __init__(self, columns: tuple[Column, ...], title: str) -> None:
        super().__init__(SectionRows([_plain(column) for column in columns]), title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.horizontalHeader().setVisible(any(column.label for column in columns))
        self._money = next((place for place, column in enumerate(columns) if column.kind == "money"), -1)
        self.doubleClicked.connect(self._open_pressed)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other rows; the current one keeps its place."""
        current = self.currentIndex().row()
        self.plain.show(rows)
        if rows and current >= 0:
            self.selectRow(min(current, len(rows) - 1))
        header = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().height()
        self.setFixedHeight(header + len(rows) * self.verticalHeader().defaultSectionSize() + px(2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row, or the list of its amount."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._open_figure(self.currentIndex())
            else:
                self._open_row(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that the amount can be pressed."""
        over = self.indexAt(event.position().toPoint())
        pressed = over.isValid() and over.column() == self._money
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pressed else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the list of an amount."""
        super().mouseReleaseEvent(event)
        over = self.indexAt(event.position().toPoint())
        if over.isValid() and over.column() == self._money and event.button() == Qt.MouseButton.LeftButton:
            self._open_figure(over)

    def focusInEvent(self, event: Any) -> None:
        """Have a current row as soon as the keyboard is here."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.plain.rows:
            self.selectRow(0)

    def _open_pressed(self, index: QModelIndex) -> None:
        # A press on the amount has opened its list already.
        if index.column() != self._money:
            self._open_row(index)

    def _open_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_opened.emit(self.plain.rows[index.row()])

    def _open_figure(self, index: QModelIndex) -> None:
        if index.isValid() and self.plain.rows[index.row()].figure is not None:
            self.figure_opened.emit(self.plain.rows[index.row()].figure)


class SectionView(QWidget):
    """A title with what it counts, then bars or rows, then which currencies are not in it."""

    figure_opened = Signal(object)
    row_opened = Signal(object)
    list_wanted = Signal(object)
    """An `Opens`: the whole list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section: Section | None = None
        self.bars: list[BarRow] = []
        self.table: SectionTable | None = None
        self.title = section_label("")
        self.said = caption("")
        self.total = Button("", "link")
        self.total.clicked.connect(self._open_total)
        self.more = Button("", "link")
        self.more.clicked.connect(self._open_more)
        self.nothing = text_label("", BODY, ink="muted", wrap=True)
        self.foot = text_label("", LABEL, ink="muted", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(px(20), 0, px(20), 0)
        head.addWidget(self.title)
        head.addStretch(1)
        for part in (self.said, self.total, self.more):
            part.setVisible(False)
            head.addWidget(part)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, px(12), 0, px(12))
        self._column.setSpacing(px(4))
        self._column.addLayout(head)
        self._column.addLayout(self._rows)
        for line in (self.nothing, self.foot):
            line.setContentsMargins(px(20), 0, px(20), 0)
            self._column.addWidget(line)
            line.setVisible(False)

    def show_section(self, section: Section) -> None:
        """Show a block; rows that were there are filled anew, so that the keyboard stays where it is."""
        self.section = section
        self.title.setText(section.title)
        self._head(section)
        if section.columns:
            self._show_rows(section)
        else:
            self._show_bars(section)
        empty = not section.figures and not section.rows
        self.nothing.setText(section.nothing)
        self.nothing.setVisible(empty and bool(section.nothing))
        # What stands in the head has no place at the foot; a total takes it, so the unit goes below.
        below = section.said if self.said.isHidden() else ""
        told = [part for part in (below, section.explains, not_added_text(section.not_added)) if part]
        self.foot.setText("\n".join(told))
        self.foot.setVisible(bool(told) and not (empty and not section.not_added))

    def show_failure(self) -> None:
        """Say that it could not be read."""
        self.nothing.setText(_("This could not be read. Press F5 to try again."))
        self.nothing.setVisible(True)

    def _head(self, section: Section) -> None:
        total = section.total
        if total is not None:
            self.total.setText(value_text(total.value))
            self.total.setAccessibleName(f"{total.label}: {value_text(total.value)}")
        self.total.setVisible(total is not None)
        self.more.setText(section.more_words)
        has_link = bool(section.more_words) and section.more is not None and bool(section.columns)
        self.more.setVisible(has_link)
        self.said.setText(section.said)
        self.said.setVisible(total is None and not has_link and bool(section.said))

    def _show_bars(self, section: Section) -> None:
        while len(self.bars) > len(section.figures):
            bar = self.bars.pop()
            self._rows.removeWidget(bar)
            bar.deleteLater()
        while len(self.bars) < len(section.figures):
            bar = BarRow(self)
            bar.figure_opened.connect(self.figure_opened)
            self.bars.append(bar)
            row = QHBoxLayout()
            row.setContentsMargins(px(12), 0, px(12), 0)
            row.addWidget(bar)
            self._rows.addLayout(row)
        longest = max((abs(one.length) for one in section.figures if one.slot), default=0.0)
        metrics = QFontMetrics(font(BODY))
        figure_px = max((metrics.horizontalAdvance(value_text(one.value)) for one in section.figures), default=0)
        wanted = max((metrics.horizontalAdvance(one.label) for one in section.figures), default=0)
        label_px = min(max(wanted, px(80)), round(max(self.width(), px(360)) * _SHARE))
        for bar, figure in zip(self.bars, section.figures, strict=True):
            share = max(figure.length, 0.0) / longest if longest else 0.0
            bar.show_bar(figure, share, label_px, figure_px)

    def _show_rows(self, section: Section) -> None:
        if self.table is None:
            self.table = SectionTable(section.columns, section.title)
            self.table.row_opened.connect(self.row_opened)
            self.table.figure_opened.connect(self.figure_opened)
            self._rows.addWidget(self.table)
        self.table.show_rows(section.rows)
        self.table.setVisible(bool(section.rows))

    def _open_total(self) -> None:
        if self.section is not None and self.section.total is not None:
            self.figure_opened.emit(self.section.total)

    def _open_more(self) -> None:
        if self.section is not None and self.section.more is not None:
            self.list_wanted.emit(self.section.more)


def _plain(column: Column) -> PlainColumn:
    def text(row: Row) -> str:
        value = row.cells.get(column.name)
        if value is None or value == "":
            return ""
        if column.kind == "days":
            return _("{count} d").format(count=f"{value:,}")
        return value_text(value) if column.kind in ("money", "count") else str(value)

    right = column.kind in ("money", "days", "count")
    ink = "text2" if column.name in ("owner", "said") else "text"
    grows = column.name in ("customer", "said")
    return PlainColumn(column.name, column.label, _CHARS.get(column.name, 14), text, right, ink, grows)
