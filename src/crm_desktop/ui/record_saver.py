"""Saving one record: one save at a time, and never twice when nobody knows whether it arrived."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.shared.errors import OutcomeUnknown, Unavailable
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.record import Record
from crm_desktop.ui.tasks import Tasks

Store = Callable[[Any, int | None, int | None, dict[str, Any]], Record]
"""(work, record id or None, version or None, values) -> the stored record; runs on the database lane."""
Outcome = Callable[[Any, str], Record | None]
"""(work, operation id) -> the record that operation stored, None when it never arrived."""

ASK_AGAIN_MS = 1000
"""A commit may still be under way on the server when the journal is asked the first time."""
UNREACHABLE_MS = 4000
ANSWERS_NEEDED = 2


class NotArrived(Unavailable):
    """The journal does not know the operation: nothing was stored."""

    message = N_("The change did not arrive, nothing was saved. Your text is still here.")


class RecordSaver(QObject):
    """Hands values to the database lane and says what became of them.

    `stored` carries the record and the values that were sent, `failed` the error; between them
    `checking` says that the connection broke and the journal is asked.
    """

    stored = Signal(object, object)
    failed = Signal(object)
    checking = Signal()
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject, tasks: Tasks, store: Store, outcome: Outcome) -> None:
        super().__init__(parent)
        self._tasks, self._store, self._outcome = tasks, store, outcome
        self._sent: dict[str, Any] = {}
        self._operation = ""
        self._answers = 0
        self.busy = False
        self.in_doubt = False
        """Whether the connection broke while saving and the journal has not answered yet."""
        self.operations: set[str] = set()
        """The operations of this screen, to know its own changes when they are published."""
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.ask)

    def save(self, record_id: int | None, version: int | None, values: Mapping[str, Any]) -> None:
        """Store `values`; does nothing while another save is under way or its outcome unknown."""
        if self.busy:
            return
        sent = dict(values)
        store = self._store
        self._sent = sent
        self._set_busy(True)
        task = self._tasks.write(
            self,
            lambda work: store(work, record_id, version, sent),
            then=self._done,
            failed=self._refused,
            label=_("Saving"),
        )
        self.operations.add(task.operation_id)

    def ask(self) -> None:
        """Ask the journal now whether the last save arrived."""
        outcome, operation = self._outcome, self._operation
        self._again.stop()
        self._tasks.read(
            self,
            lambda work: outcome(work, operation),
            then=self._answered,
            failed=lambda _error: self._again.start(UNREACHABLE_MS),
            coalesce="outcome",
        )

    def _done(self, record: Record) -> None:
        self._set_busy(False)
        self.stored.emit(record, self._sent)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, OutcomeUnknown):
            self._operation = error.operation_id
            self._answers = 0
            self.in_doubt = True
            self.checking.emit()
            self.ask()
            return
        self._set_busy(False)
        self.failed.emit(error)

    def _answered(self, record: Record | None) -> None:
        if record is not None:
            self._done(record)
            return
        self._answers += 1
        if self._answers < ANSWERS_NEEDED:
            self._again.start(ASK_AGAIN_MS)
            return
        self._set_busy(False)
        self.failed.emit(NotArrived())

    def _set_busy(self, busy: bool) -> None:
        self.busy, self.in_doubt = busy, False
        self.busy_changed.emit(busy)
