"""The reminders on screen: several at once in one pop-up that never takes the keyboard."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.activities.kinds import Kind
from crm_desktop.activities.reminders import Reminder
from crm_desktop.activities.ui.words import called, due_words
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px, set_font
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import section_label
from crm_desktop.ui.shapes import paint_panel, paint_shadow
from crm_desktop.ui.theme import set_ground, set_ink, token

SNOOZES: Final = (("ten", N_("In 10 minutes")), ("hour", N_("In 1 hour")), ("tomorrow", N_("Tomorrow at 9:00")))
"""(key, marked words) of what a reminder can be put off to."""
WIDTH_PX: Final = 400
MOST_ROWS: Final = 4
"""More than these scroll."""
_SHADOW: Final = 14
_EDGE: Final = 16


class _ReminderRow(QWidget):
    """One reminder: what, with whom and when, and what can be done about it."""

    def __init__(self, reminder: Reminder, kind: Kind | None, formats: Formats, popup: "ReminderPopup") -> None:
        super().__init__()
        self.reminder = reminder
        words = called(kind) if kind is not None else ""
        what = reminder.subject or words
        when = due_words(reminder.due_on, reminder.due_time, formats)
        self.setAccessibleName(", ".join((what, reminder.customer, when)))
        picture = QLabel()
        set_icon(picture, kind.icon if kind is not None else "bell", "accent")
        title = _line(what, BODY, MEDIUM, "text")
        below = _line(" · ".join((when, reminder.customer)), LABEL, REGULAR, "text2")
        self.done = _quiet(_("Done…"), "plain")
        self.done.clicked.connect(lambda: popup.done_wanted.emit(reminder))
        self.open = _quiet(_("Open"), "quiet")
        self.open.clicked.connect(lambda: popup.open_wanted.emit(reminder))
        self.snooze = _quiet(_("Later"), "quiet")
        self.snooze.setMenu(popup.snooze_menu([reminder.activity_id]))
        self.close_button = IconButton("x", _("Do not remind me of this again"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(lambda: popup.dismiss_wanted.emit([reminder.activity_id]))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(picture)
        head.addWidget(title, 1)
        head.addWidget(self.close_button)
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addSpacing(px(24))
        for button in (self.done, self.snooze, self.open):
            row.addWidget(button)
        row.addStretch(1)
        under = QHBoxLayout()
        under.addSpacing(px(24))
        under.addWidget(below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, px(6))
        column.setSpacing(px(3))
        column.addLayout(head)
        column.addLayout(under)
        column.addLayout(row)


class ReminderPopup(QFrame):
    """Stands at the bottom right of the window, above what is there, until every reminder is answered.

    It belongs to the window and is shown without being activated, so whoever types goes on typing; the mouse does not
    bring the keyboard here either. `take_keyboard` does.
    """

    done_wanted = Signal(object)
    open_wanted = Signal(object)
    """A `Reminder`."""
    dismiss_wanted = Signal(list)
    snooze_wanted = Signal(list, str)
    """Ids of activities, and the key of one of `SNOOZES`."""
    height_changed = Signal(int)
    """How much room it takes at the bottom, 0 when it is away."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.rows: list[_ReminderRow] = []
        self.reminders: tuple[Reminder, ...] = ()
        self.bottom_px = _EDGE
        self.setObjectName("reminders")
        self._title = section_label("")
        self.all_later = _quiet(_("All later"), "quiet")
        self.all_later.setMenu(self.snooze_menu(None))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.all_later)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(2))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        for part in (self._scroll.viewport(), self._inside):
            set_ground(part, "raised")
        column = QVBoxLayout(self)
        column.setContentsMargins(_SHADOW + px(16), _SHADOW + px(10), _SHADOW + px(10), _SHADOW + px(8))
        column.setSpacing(px(6))
        column.addLayout(head)
        column.addWidget(self._scroll)
        host.installEventFilter(self)
        self.hide()

    def show_reminders(self, found: Sequence[Reminder], kinds: Mapping[int, Kind], formats: Formats) -> bool:
        """Show these, in place of those before; return whether one is new."""
        before = {one.activity_id for one in self.reminders}
        is_new = any(one.activity_id not in before for one in found)
        if tuple(found) == self.reminders:
            return False
        self.reminders = tuple(found)
        had_keyboard = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        self._fill(kinds, formats)
        if not found:
            self.hide()
            self.height_changed.emit(0)
            return False
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        if had_keyboard:
            self.take_keyboard()
        if is_new:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        return is_new

    def take_keyboard(self) -> None:
        """Bring the keyboard to the first reminder: only when somebody asks for it."""
        if self.rows:
            self.rows[0].done.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def snooze_menu(self, ids: list[int] | None) -> QMenu:
        """Return the times to put something off to; None means everything that is shown."""
        menu = QMenu(self)
        for key, words in SNOOZES:
            menu.addAction(_(words), partial(self._snooze, ids, key))
        return menu

    def _snooze(self, ids: list[int] | None, key: str) -> None:
        self.snooze_wanted.emit(ids if ids is not None else [one.activity_id for one in self.reminders], key)

    def _fill(self, kinds: Mapping[int, Kind], formats: Formats) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [_ReminderRow(one, kinds.get(one.kind_id), formats, self) for one in self.reminders]
        for row in self.rows:
            self._column.addWidget(row)
        count = len(self.rows)
        self._title.setText(ngettext("{count} reminder", "{count} reminders", count).format(count=count))
        self.setAccessibleName(self._title.text())
        self.all_later.setVisible(count > 1)
        high = sum(row.sizeHint().height() + px(2) for row in self.rows[:MOST_ROWS])
        self._scroll.setFixedHeight(high)

    def _place(self) -> None:
        width = min(px(WIDTH_PX) + 2 * _SHADOW, self._host.width() - _EDGE)
        self.setFixedWidth(width)
        self.adjustSize()
        top = self._host.height() - self.bottom_px - self.height() + _SHADOW
        self.move(self._host.width() - width - _EDGE + _SHADOW, max(top, -_SHADOW))
        self.height_changed.emit(self.height() - 2 * _SHADOW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep its corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize and watched is self._host and self.isVisible():
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        paint_shadow(painter, box, 6, _SHADOW - 4)
        paint_panel(painter, box, token("raised"), token("line"), 6)


def _quiet(words: str, kind: str) -> Button:
    button = Button(words, kind)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _line(words: str, size: int, weight: int, ink: str) -> ElidedLabel:
    label = ElidedLabel()
    set_font(label, size, weight)
    set_ink(label, ink)
    label.show_text(words)
    return label
