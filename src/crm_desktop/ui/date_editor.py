"""A date one can type in any usual way, step with the arrow keys, choose from a calendar or clear."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QSizePolicy, QWidgetAction

from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, _, current_language
from crm_desktop.shared.typed_date import UNREADABLE, read_date
from crm_desktop.ui.editor import Editor, field_width
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.theme import token

DATE_CHARS = 13


def shown_date(day: date) -> str:
    """Return `day` as a form shows it: 3 May 2026 in English, 2026-05-03 in Chinese."""
    if current_language() != ENGLISH:
        return day.isoformat()
    return QLocale(QLocale.Language.English).toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


class DateEditor(Editor):
    """A date or nothing. Up and Down step a day, with Shift a week; F4 and Alt+Down open the calendar."""

    def __init__(self, name: str, label: str, today: Callable[[], date]) -> None:
        self.line = QLineEdit()
        super().__init__(name, label, self.line)
        self._today = today
        self.line.setFixedWidth(field_width(DATE_CHARS) + px(20))
        self.line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._open = QAction(icon("calendar", "muted", 16), _("Choose from the calendar"), self.line)
        self._open.setToolTip(_("Choose from the calendar (F4)"))
        self._open.triggered.connect(self.show_calendar)
        self.line.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self.watch(self.line)
        self.line.textEdited.connect(self.notice)
        self.line.editingFinished.connect(self._tidy)
        self.line.returnPressed.connect(self.committed)

    def value(self) -> date | None:
        try:
            return read_date(self.line.text(), self._today())
        except ValueError:
            return None

    def state(self) -> Any:
        return self.value() or self.line.text().strip() or None

    def fill(self, value: Any) -> None:
        self.line.setText(shown_date(value) if value else "")

    def problem(self) -> str | None:
        text = self.line.text().strip()
        return _(UNREADABLE).format(text=text) if text and self.value() is None else None

    def is_empty(self) -> bool:
        return not self.line.text().strip()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self._open.setVisible(not read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step with the arrow keys; draw the calendar again in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._open.setIcon(icon("calendar", "muted", 16))
        pressed = event.type() == QEvent.Type.KeyPress and not self.line.isReadOnly()
        if pressed and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_F4 or (alt and event.key() == Qt.Key.Key_Down):
            self.show_calendar()
            return True
        if event.key() not in steps or self.composition.active:
            return False
        week = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        days = steps[Qt.Key(event.key())] * (7 if week else 1)
        self._choose((self.value() or self._today()) + timedelta(days=days if self.value() else 0))
        return True

    def _choose(self, day: date) -> None:
        self.fill(day)
        self.notice()

    def _tidy(self) -> None:
        """Show what was understood, so that nobody has to guess what 3.5. became."""
        day = self.value()
        if day is not None:
            self.fill(day)

    def show_calendar(self) -> None:
        """Open the calendar below the field."""
        day = self.value() or self._today()
        calendar = QCalendarWidget()
        calendar.setAccessibleName(_("Calendar"))
        languages = {ENGLISH: QLocale.Language.English}
        locale = QLocale(languages.get(current_language(), QLocale.Language.Chinese))
        if current_language() not in (ENGLISH, SIMPLIFIED):
            locale = QLocale(QLocale.Language.Chinese, QLocale.Country.Taiwan)
        calendar.setLocale(locale)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        ordinary = QTextCharFormat()
        ordinary.setForeground(token("text2"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            # Qt paints weekends red; here red means late.
            calendar.setWeekdayTextFormat(weekend, ordinary)
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        menu = QMenu(self.line)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)

        def take(chosen: QDate) -> None:
            menu.close()
            self._choose(date(chosen.year(), chosen.month(), chosen.day()))

        calendar.activated.connect(take)
        calendar.clicked.connect(take)
        menu.popup(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        calendar.setFocus()
