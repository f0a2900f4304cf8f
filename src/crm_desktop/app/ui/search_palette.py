"""Ctrl+K: every record, screen and command by typing; two lines a row, Enter opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from crm_desktop.contacts.ui.specs import Found
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import key_frame_width, key_text, paint_key
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.shapes import paint_panel, paint_shadow
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground, token

DEBOUNCE_MS: Final = 60
WIDTH_PX: Final = 620
SHOWN_ROWS: Final = 8
_SHADOW: Final = 14
_ROW: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Command:
    """Something Ctrl+K can do: its words, what kind it is, its icon and key."""

    title: str
    detail: str
    icon: str
    run: Callable[[], object]
    keys: str = ""

    def matches(self, typed: str) -> bool:
        """Return whether every word typed begins or stands inside the title."""
        title = self.title.casefold()
        return all(word in title for word in typed.casefold().split())


Provider = Callable[[Any, str], Sequence[Found]]


class _Rows(QStyledItemDelegate):
    """Paints icon, title, second line and key."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return 52 px at 100 %."""
        return QSize(px(200), px(52))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one hit."""
        row: Command = index.data(_ROW)
        box = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, token("selection"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), token("accent"))
        paint_icon(painter, QRectF(box.left() + px(16), box.top(), px(16), box.height()), row.icon, "text2")
        right = box.right() - px(16)
        if row.keys:
            keys = key_text(row.keys)
            width, height = key_frame_width(keys), px(18)
            right -= width
            paint_key(painter, QRectF(round(right), round(box.center().y() - height / 2), width, height), keys)
            right -= px(8)
        left = box.left() + px(44)
        lines = ((row.title, BODY, MEDIUM, "text"), (row.detail, LABEL, REGULAR, "muted"))
        for place, (words, size, weight, ink) in enumerate(lines):
            painter.setFont(font(size, weight))
            painter.setPen(token(ink))
            top = box.top() + px(7) + place * px(20)
            line = QRectF(left, top, right - left, px(18))
            if not row.detail:
                line = QRectF(left, box.top(), right - left, box.height())
            shown = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class SearchPalette(QWidget):
    """Lies over the window while open; a click beside it or Esc closes it."""

    def __init__(
        self,
        host: QWidget,
        tasks: Tasks,
        providers: Sequence[Provider],
        commands: Callable[[], Sequence[Command]],
        open_record: Callable[[str, int | None], None],
    ) -> None:
        super().__init__(host)
        self._host, self._tasks, self._providers = host, tasks, tuple(providers)
        self._commands, self._open_record = commands, open_record
        self._before: QWidget | None = None
        self._offered: list[Command] = []
        self._lay_out()
        self._settle = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._settle.timeout.connect(self._search)
        host.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        self.panel = QFrame(self)
        set_ground(self.panel, "raised")
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Name, phone, city, or what you want to do"))
        self.field.setAccessibleName(_("Search everything"))
        self.field.textEdited.connect(self._typed)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        set_ground(self.list, "raised")
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        self.nothing = text_label("", BODY, REGULAR, "muted", wrap=True)
        self.nothing.setContentsMargins(px(16), px(14), px(16), px(16))
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(px(12), px(12), px(12), px(12))
        top.addWidget(self.field)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addWidget(self.list)
        column.addWidget(self.nothing)

    # Opening and closing

    def open(self) -> None:
        """Come up empty, with the commands of the moment."""
        self._before = self._host.focusWidget()
        self._offered = list(self._commands())
        self.field.clear()
        self._show([], "")
        self.setGeometry(self._host.rect())
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Go away and give the keyboard back."""
        if not self.isVisible():
            return
        self._settle.stop()
        self.hide()
        # What had the keyboard may have been made anew meanwhile.
        if self._before is not None and isValid(self._before):
            self._before.setFocus()
        self._before = None

    # Searching

    @property
    def rows(self) -> list[Command]:
        """Return what is offered now, best first."""
        return [self.list.item(place).data(_ROW) for place in range(self.list.count())]

    def _typed(self, text: str) -> None:
        if text.strip():
            self._settle.start()
        else:
            self._settle.stop()
            self._show([], "")

    def _search(self) -> None:
        text, providers = self.field.text().strip(), self._providers
        if not text:
            return

        def read(work: Any) -> list[Found]:
            return [hit for provider in providers for hit in provider(work, text)]

        self._tasks.read(
            self, read, lambda hits: self._answer(hits, text), lambda error: self._fail(error, text), coalesce="palette"
        )

    def _fail(self, error: BaseException, text: str) -> None:
        """Offer the commands still, and say why there are no records: "nothing found" would be untrue."""
        self._answer([], text)
        if isinstance(error, UserError):
            self.nothing.setText(str(error))
            self.nothing.setVisible(True)
            self._place()

    def _answer(self, hits: Sequence[Found], text: str) -> None:
        if text == self.field.text().strip():
            self._show(hits, text)

    def _show(self, hits: Sequence[Found], text: str) -> None:
        records = [Command(hit.title, hit.detail, hit.icon, self._opener(hit)) for hit in hits]
        commands = [command for command in self._offered if command.matches(text)]
        self.list.clear()
        for row in [*records, *commands]:
            item = QListWidgetItem(f"{row.title}, {row.detail}", self.list)
            item.setData(_ROW, row)
        found = self.list.count()
        if found:
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        said = _("Nothing found for “{text}”. Fewer letters find more; a phone number is found by its last digits.")
        self.nothing.setText(said.format(text=text))
        self._place()

    def _opener(self, hit: Found) -> Callable[[], None]:
        return lambda: self._open_record(hit.entity, hit.id)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        row: Command = item.data(_ROW)
        self.leave()
        row.run()

    # Events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows walk the list while the keyboard stays in the field; keep to the window's size."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
            self._place()
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), self.list.count()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in steps and count:
            place = self.list.currentRow() + steps[Qt.Key(key)]
            self.list.setCurrentRow(place % count if abs(steps[Qt.Key(key)]) == 1 else min(max(place, 0), count - 1))
        else:
            # Tab stays: there is nowhere else to go inside.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _enter(self) -> None:
        # Somebody who types and presses Enter at once means what they typed, not the row shown before.
        if self._settle.isActive():
            self._settle.stop()
            self._search()
            QTimer.singleShot(0, self, self._enter_when_there)
            return
        self._take(self.list.currentItem())

    def _enter_when_there(self) -> None:
        if self._tasks.idle:
            self._take(self.list.currentItem())
        elif self.isVisible():
            QTimer.singleShot(15, self, self._enter_when_there)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close when the click is beside the panel."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shadow and the edge under the panel."""
        painter = QPainter(self)
        box = QRectF(self.panel.geometry()).adjusted(-1, -1, 1, 1)
        paint_shadow(painter, box, 6, _SHADOW)
        paint_panel(painter, box, token("raised"), token("line"), 6)

    def _place(self) -> None:
        width = min(px(WIDTH_PX), self.width() - px(32))
        rows = min(self.list.count(), SHOWN_ROWS)
        self.list.setFixedHeight(rows * px(52))
        self.panel.setFixedWidth(width)
        self.panel.adjustSize()
        self.panel.move((self.width() - width) // 2, px(64))
        self.update()
