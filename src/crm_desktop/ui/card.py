"""A part of an overview: a title with a remark or a link at the right, and what it shows below."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.plain_table import ROW_PX, PlainColumn, PlainRows, PlainTable


class Card(QWidget):
    """`show_page` puts another content below the title; an empty card is hidden by `show_page(None)`."""

    tab_wanted = Signal(str)
    """The key of an inner tab of the record that has more."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(px(16), px(14), px(16), px(8))
        self._head.setSpacing(px(10))
        self._title = section_label(title)
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._remark = text_label("", LABEL, REGULAR, "muted")
        self._head.addWidget(self._remark)
        self._column.addLayout(self._head)
        self._page: QWidget | None = None

    def say_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def say(self, remark: str) -> None:
        """Show a remark at the right of the title."""
        self._remark.setText(remark)

    def link(self, text: str, act: Callable[[], object]) -> Button:
        """Put a link at the right of the title and return it."""
        button = Button(text, "link")
        button.clicked.connect(lambda _checked=False: act())
        self._head.addWidget(button)
        return button

    def show_page(self, page: QWidget | None) -> None:
        """Show a content in place of the one before; None hides the card."""
        if self._page is not None:
            self._column.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self.setVisible(page is not None)
        if page is not None:
            self._column.addWidget(page)


class CardTable(PlainTable):
    """A few rows that stand whole on the card: it is as high as they are and never scrolls by itself."""

    opened = Signal(object)
    """The row itself."""

    def __init__(self, columns: Sequence[PlainColumn], name: str, rows: Sequence[Any]) -> None:
        made = PlainRows(columns)
        super().__init__(made, name)
        made.setParent(self)
        made.show(rows)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for place, column in enumerate(columns):
            if column.grows:
                self.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.setFixedHeight(px(ROW_PX) * (len(rows) + 1) + 1)
        self.doubleClicked.connect(self._open)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.plain.rows[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter; letters belong to the screen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
