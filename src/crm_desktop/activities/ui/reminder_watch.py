"""Asks every half minute what is due, shows it once, and counts what waits; lives as long as its window."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.activities import kinds, reminders, watching
from crm_desktop.activities.kinds import Kind
from crm_desktop.activities.reminders import Reminder
from crm_desktop.activities.ui.reminder_popup import ReminderPopup
from crm_desktop.activities.ui.specs import log_activity
from crm_desktop.activities.waiting import Waiting, waiting
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk

EVERY_MS: Final = 30_000
FIRST_AFTER_MS: Final = 1_500
SETTLE_MS: Final = 300


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look: what this window shows, whether more waits, who is gone, how much there is to do."""

    shown: tuple[Reminder, ...]
    is_due: bool
    gone: frozenset[str]
    waiting: Waiting
    kinds: tuple[Kind, ...]


class ReminderWatch(QObject):
    """The reminders of one person in one window."""

    counted = Signal(object)
    """`Waiting`: what the rail and the tray show."""
    arrived = Signal(int)
    """How many reminders are shown now, when a new one is among them."""

    def __init__(
        self,
        desk: Desk,
        host: QWidget,
        parent: QObject,
        *,
        first_after_ms: int = FIRST_AFTER_MS,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.window_word = watching.new_window()
        self._desk, self._host, self._stopwatch = desk, host, stopwatch
        self._may_answer = desk.actor.may(Permission.ACTIVITY_WRITE)
        self._watch = watching.Watch()
        self._kinds: Mapping[int, Kind] = {}
        self._renewed = stopwatch()
        self._busy = self._again = self._stopped = False
        self.popup = ReminderPopup(host)
        self.popup.done_wanted.connect(self._complete)
        self.popup.open_wanted.connect(lambda one: desk.open_record("contact", one.contact_id))
        self.popup.dismiss_wanted.connect(self._dismiss)
        self.popup.snooze_wanted.connect(self._snooze)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._first = QTimer(self, singleShot=True, interval=first_after_ms)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        for timer in (self._timer, self._first, self._settle):
            timer.timeout.connect(self.look)
        if desk.actor.may(Permission.ACTIVITY_READ):
            self._timer.start()
            self._first.start()
            desk.changes.changed.connect(self._heard)

    def look(self) -> None:
        """Look now; a look under way is followed by another."""
        if self._stopped:
            return
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._desk.tasks.read(self, self._see, self._take, lambda _error: self._rest())

    def stop(self) -> None:
        """Look no more, and give back what nobody answered."""
        if self._stopped:
            return
        self._stopped = True
        for timer in (self._timer, self._first, self._settle):
            timer.stop()
        if self.popup.reminders and self._may_answer:
            word = self.window_word
            self._desk.tasks.write(self, lambda work: reminders.release(work, word), failed=lambda _error: None)
        self.popup.hide()

    # Looking

    def _see(self, work: Any) -> _Seen:
        """Runs on the database lane; never twice at once."""
        mine = reminders.shown(work, self.window_word)
        gone = self._watch.gone(reminders.held(work, self.window_word), self._stopwatch())
        is_due = self._may_answer and reminders.due(work, gone)
        return _Seen(mine, is_due, gone, waiting(work), kinds.kinds(work, all=True))

    def _take(self, seen: _Seen) -> None:
        self._kinds = {kind.id: kind for kind in seen.kinds}
        self.counted.emit(seen.waiting)
        now = self._stopwatch()
        word, gone = self.window_word, seen.gone
        if seen.is_due and not self._stopped:
            self._desk.tasks.write(
                self, lambda work: reminders.take(work, word, gone), self._show, lambda _error: self._rest()
            )
            return
        if seen.shown and self._may_answer and now - self._renewed >= watching.RENEW_SECONDS and not self._stopped:
            self._renewed = now
            self._desk.tasks.write(self, lambda work: reminders.renew(work, word), failed=lambda _error: None)
        self._show(seen.shown)

    def _show(self, found: Sequence[Reminder]) -> None:
        if not self._stopped:
            formats = Formats.of(self._desk.today, self._desk.names, self._desk.timezone)
            if self.popup.show_reminders(found, self._kinds, formats):
                self._renewed = self._stopwatch()
                self.arrived.emit(len(found))
        self._rest()

    def _rest(self) -> None:
        self._busy = False
        if self._again:
            self._again = False
            self.look()

    def _heard(self, changes: Changes) -> None:
        if changes.touches("activity") or changes.touches("activity_reminder"):
            self._settle.start()

    # Answering

    def _complete(self, one: Reminder) -> None:
        log_activity(self._desk, self._host.window(), activity_id=one.activity_id)

    def _dismiss(self, ids: list[int]) -> None:
        self._answer(lambda work: reminders.dismiss(work, ids))

    def _snooze(self, ids: list[int], key: str) -> None:
        until = snoozed_until(key, self._desk.clock.now(), self._desk.timezone)
        self._answer(lambda work: reminders.snooze(work, ids, until))

    def _answer(self, work: Callable[[Any], object]) -> None:
        self._desk.tasks.write(self, work, lambda _none: self.look(), self._not_answered)

    def _not_answered(self, error: BaseException) -> None:
        # Gone meanwhile is answered as well; everything else is said, and the reminder stays.
        if not isinstance(error, NotFound):
            self._desk.toast(str(error), kind="danger")
        self.look()


def snoozed_until(key: str, now: datetime, timezone: str) -> datetime:
    """Return until when a reminder is put off by a key of `SNOOZES`; tomorrow begins at nine in the company's zone."""
    if key == "ten":
        return now + timedelta(minutes=10)
    if key == "hour":
        return now + timedelta(hours=1)
    zone = ZoneInfo(timezone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, clock_time(9), zone)
