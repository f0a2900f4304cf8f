"""What needs somebody, beside the day: one block per section, which arrive one by one."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.home.digest import Part, Row, Section
from crm_desktop.home.ui.figure_words import money_text
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, set_up_rows
from crm_desktop.ui.theme import set_ground, theme, token

_Index = QModelIndex | QPersistentModelIndex
ROW_PX: Final = 46
SIDE: Final = 20
_LATE: Final = frozenset({"overdue", "broken"})


class _RowDelegate(QStyledItemDelegate):
    """Paints a row in two lines: name and amount, then what is said and the day."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        view: Any = self.parent()
        row: Row = view.plain.rows[index.row()]
        rect: QRect = option.rect
        painter.save()
        current = view.currentIndex().row() == index.row() and view.hasFocus()
        painter.fillRect(rect, token("selection" if current else "surface"))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.left() + px(SIDE), rect.bottom(), rect.right() - px(SIDE), rect.bottom())
        room = rect.adjusted(px(SIDE), px(5), -px(SIDE), -px(5))
        high = room.height() // 2
        money = money_text(row.money) if row.money is not None else ""
        self._line(painter, QRect(room.left(), room.top(), room.width(), high), row.customer, money, BODY, strong=True)
        below = QRect(room.left(), room.top() + high, room.width(), high)
        self._line(painter, below, row.said, view.day_text(row), LABEL, strong=False, late=view.key in _LATE)
        painter.restore()

    def _line(
        self, painter: QPainter, room: QRect, left: str, right: str, size: int, *, strong: bool, late: bool = False
    ) -> None:
        painter.setFont(font(size, REGULAR))
        width = QFontMetrics(painter.font()).horizontalAdvance(right)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(token("text" if strong else "muted"))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, right)
        painter.setFont(font(size, MEDIUM if strong else REGULAR))
        painter.setPen(token("text" if strong else "danger" if late else "muted"))
        rest = room.adjusted(0, 0, -(width + px(8) if right else 0), 0)
        shown = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row."""
        return QSize(px(200), px(ROW_PX))


class _Rows(QTableView):
    """The rows of a section, as high as they are: Enter and a double click open the record."""

    row_opened = Signal(object)

    def __init__(self, key: str, name: str, formats: Formats) -> None:
        super().__init__()
        self.key, self._formats = key, formats
        self.plain = PlainRows([PlainColumn("row", name, 20, self._spoken, grows=True)], self)
        self.setModel(self.plain)
        self.setItemDelegate(_RowDelegate(self))
        set_up_rows(self, name, ROW_PX)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        for way in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            way(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_ground(self.viewport(), "surface")
        theme().changed.connect(self.viewport().update)
        self.doubleClicked.connect(self._open)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other rows; the current place stays."""
        current = self.currentIndex().row()
        self.plain.show(rows)
        self.setFixedHeight(len(rows) * self.verticalHeader().defaultSectionSize())
        if rows and current >= 0:
            self.setCurrentIndex(self.plain.index(min(current, len(rows) - 1), 0))

    def day_text(self, row: Row) -> str:
        """Return the day a row is about."""
        return self._formats.near(row.on) if row.on is not None else ""

    def _spoken(self, row: Row) -> str:
        money = money_text(row.money) if row.money is not None else ""
        owner = self._formats.names.get(row.owner_id, "") if row.owner_id is not None else ""
        return ", ".join(part for part in (row.customer, money, row.said, self.day_text(row), owner) if part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the record; leave letters to the screen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have a current row as soon as the keyboard is here."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.plain.rows:
            self.setCurrentIndex(self.plain.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_opened.emit(self.plain.rows[index.row()])


class DigestBlock(QWidget):
    """One section: title, count as a link to its list, the first rows."""

    row_opened = Signal(object)
    list_wanted = Signal(object)
    """An `Opens`."""

    def __init__(self, part: Part, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self.section: Section | None = None
        self.title = section_label(_(part.title))
        self.title.setToolTip(_(part.explains))
        self.count = Button("", "link")
        self.count.clicked.connect(self._open_list)
        self.said = text_label(_("Being counted …"), LABEL, ink="muted", wrap=True)
        self.rows = _Rows(part.key, _(part.title), formats)
        self.rows.row_opened.connect(self.row_opened)
        head = QHBoxLayout()
        head.setContentsMargins(px(SIDE), 0, px(SIDE), 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.count)
        self.said.setContentsMargins(px(SIDE), 0, px(SIDE), px(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(10), 0, px(8))
        column.setSpacing(px(2))
        column.addLayout(head)
        column.addWidget(self.said)
        column.addWidget(self.rows)
        self.count.setVisible(False)
        self.rows.show_rows(())
        self.rows.setVisible(False)

    def show_section(self, section: Section) -> None:
        """Show what was found."""
        self.section = section
        # An empty block says too what would stand in it.
        said = [_(self.part.explains), *(money_text(one) for one in section.sums)]
        self.said.setText(" · ".join(said if section.count else [_("Nothing"), said[0]]))
        shown = f"{section.count:,}+" if section.and_more else f"{section.count:,}"
        self.count.setText(_("Show all {count}").format(count=shown))
        self.count.setAccessibleName(f"{_(self.part.title)}: {self.count.text()}")
        self.count.setVisible(bool(section.count) and section.opens is not None)
        self.rows.show_rows(section.rows)
        self.rows.setVisible(bool(section.rows))

    def show_failure(self) -> None:
        """Say that it could not be read."""
        self.said.setText(_("This could not be read. Press F5 to try again."))

    def _open_list(self) -> None:
        if self.section is not None and self.section.opens is not None:
            self.list_wanted.emit(self.section.opens)
