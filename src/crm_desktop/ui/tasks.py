"""Work off the GUI thread: one lane for the database, one for everything else.

A screen hands over a plain function and two slots. The function runs on a lane inside its own unit of
work; the slots run on the GUI thread through one long-lived queued signal and only while the owner
lives. Everything that belongs to Qt (owner, slots, the function with what it closes over) stays in a
table of the GUI thread, so that a lane never drops the last reference to a widget.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.ui.lane import Lane

log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 0.1
"""A lane tells the GUI thread at most this often; more would only fill the event queue."""


class Begin(Protocol):
    """Opens a unit of work; given by the app, which alone knows the database."""

    def __call__(self, *, operation_id: str, writes: bool) -> AbstractContextManager[Any]:
        """Return a context that commits on clean exit and rolls back on an exception."""
        ...


class Busy:
    """What the status bar shows: how many tasks, and the one that has been named and runs longest.

    `since` is in `time.monotonic` seconds; `cancel` is None when the task cannot be cancelled.
    """

    __slots__ = ("cancel", "count", "done", "label", "since", "total")

    # Written out: making a data class would hold up the first window, which loads this module.
    def __init__(
        self,
        count: int = 0,
        label: str = "",
        done: int = 0,
        total: int | None = None,
        since: float = 0.0,
        cancel: Callable[[], None] | None = None,
    ) -> None:
        self.count, self.label, self.done, self.total = count, label, done, total
        self.since, self.cancel = since, cancel


class Task:
    """One piece of work that was handed over."""

    def __init__(self, owner: QObject, label: str, coalesce: str, writes: bool) -> None:
        self.operation_id = os.urandom(16).hex()
        self.owner = owner
        self.label = label
        self.coalesce = coalesce
        self.writes = writes
        self.call: Callable[[], Any] | None = None
        self.then: Callable[[Any], None] | None = None
        self.failed: Callable[[BaseException], None] | None = None
        self.progressed: Callable[[int, int | None], None] | None = None
        self.watched = False
        self.since = time.monotonic()
        self.reached: tuple[int, int | None] = (0, None)
        self.cancelled = False
        self.superseded = False
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._told_at = 0.0

    def cancel(self) -> None:
        """Ask the task to stop at its next step; what it wrote is rolled back."""
        self.cancelled = True

    def run(self) -> None:
        """Do the work and keep its outcome. Runs on a lane."""
        try:
            if self.cancelled:
                raise Cancelled
            assert self.call is not None
            self.result = self.call()
        except (UserError, Cancelled) as error:
            self.error = error
        except Exception as error:  # The edge: a bug must reach the log and the person, not end the lane.
            log.exception("Task %s failed", self.operation_id)
            self.error = error


class _TaskProgress:
    """What long work is given to report its steps."""

    def __init__(self, task: Task, tell: Callable[[str, str], None]) -> None:
        self._task = task
        self._tell = tell

    def step(self, done: int, total: int | None = None) -> None:
        """Report `done` of `total`. Raises Cancelled when Cancel was pressed."""
        if self._task.cancelled:
            raise Cancelled
        self._task.reached = (done, total)
        now = time.monotonic()
        if done == total or now - self._task._told_at >= PROGRESS_EVERY_S:
            self._task._told_at = now
            self._tell("progressed", self._task.operation_id)


def _log_error(error: BaseException, label: str) -> None:
    """Stand in for the error dialog before there is a window."""
    log.error("%s: %s", label or "task", error)


class Tasks(QObject):
    """Runs work on the lanes and delivers what came of it; lives on the GUI thread."""

    busy_changed = Signal(object)
    _told = Signal(str, str)

    def __init__(
        self,
        begin: Begin,
        show_error: Callable[[BaseException, str], None] = _log_error,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._begin = begin
        self._show_error = show_error
        self._database = Lane("database", self._run)
        self._free = Lane("free", self._run)
        self._tasks: dict[str, Task] = {}
        self._closed = False
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        owner: QObject,
        work: Callable[[Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        label: str = "",
        coalesce: str = "",
    ) -> Task:
        """Run `work(unit_of_work)` on the database lane without the right to write.

        `coalesce` names a question whose older answers are not wanted any more: queued ones are
        dropped, a running one finishes unheard.
        """
        task = Task(owner, label, coalesce, writes=False)
        return self._submit(task, self._database, self._in_unit(task, work), then, failed)

    def write(
        self,
        owner: QObject,
        work: Callable[[Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        label: str = "",
    ) -> Task:
        """Run `work(unit_of_work)` on the database lane and commit it."""
        task = Task(owner, label, "", writes=True)
        return self._submit(task, self._database, self._in_unit(task, work), then, failed)

    def read_long(
        self,
        owner: QObject,
        work: Callable[[Any, Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        label: str,
        progressed: Callable[[int, int | None], None] | None = None,
    ) -> Task:
        """Run `work(unit_of_work, progress)`, which reports its steps and can be cancelled."""
        return self._long(owner, work, then, failed, label, progressed, writes=False)

    def write_long(
        self,
        owner: QObject,
        work: Callable[[Any, Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        label: str,
        progressed: Callable[[int, int | None], None] | None = None,
    ) -> Task:
        """Run `work(unit_of_work, progress)` and commit it; Cancel rolls everything back."""
        return self._long(owner, work, then, failed, label, progressed, writes=True)

    def free(
        self,
        owner: QObject,
        work: Callable[[Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        *,
        label: str = "",
        progressed: Callable[[int, int | None], None] | None = None,
    ) -> Task:
        """Run `work(progress)` on the lane without a database: PDF, zip, thumbnails."""
        task = Task(owner, label, "", writes=False)
        progress = self._watch(task, progressed)
        return self._submit(task, self._free, lambda: work(progress), then, failed)

    @property
    def idle(self) -> bool:
        """Return whether nothing is queued, running or waiting to be delivered."""
        return not self._tasks

    @property
    def busy(self) -> Busy:
        """Return what the status bar shows now."""
        named = [task for task in self._tasks.values() if task.label]
        if not named:
            return Busy(count=len(self._tasks))
        task = min(named, key=lambda one: one.since)
        done, total = task.reached
        cancel = task.cancel if task.watched and not task.cancelled else None
        return Busy(len(self._tasks), task.label, done, total, task.since, cancel)

    def close(self) -> None:
        """Drop queued reads, let queued writes finish, and wait for both lanes.

        Later reads are dropped (a screen may live a moment longer); a later write raises RuntimeError.
        """
        self._closed = True
        for task in self._tasks.values():
            if not task.writes:
                task.cancel()
        self._database.close()
        self._free.close()
        self._tasks.clear()

    def _long(
        self,
        owner: QObject,
        work: Callable[[Any, Any], Any],
        then: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
        label: str,
        progressed: Callable[[int, int | None], None] | None,
        *,
        writes: bool,
    ) -> Task:
        task = Task(owner, label, "", writes=writes)
        progress = self._watch(task, progressed)
        call = self._in_unit(task, lambda unit: work(unit, progress))
        return self._submit(task, self._database, call, then, failed)

    def _watch(self, task: Task, progressed: Callable[[int, int | None], None] | None) -> _TaskProgress:
        task.watched = True
        task.progressed = progressed
        return _TaskProgress(task, self._told.emit)

    def _in_unit(self, task: Task, work: Callable[[Any], Any]) -> Callable[[], Any]:
        def call() -> Any:
            with self._begin(operation_id=task.operation_id, writes=task.writes) as unit:
                return work(unit)

        return call

    def _submit(
        self,
        task: Task,
        lane: Lane,
        call: Callable[[], Any],
        then: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
    ) -> Task:
        if self._closed and not task.writes:
            task.cancelled = task.done = True
            return task
        task.call, task.then, task.failed = call, then, failed
        if task.coalesce:
            for older in self._tasks.values():
                if older.coalesce == task.coalesce and older.owner is task.owner:
                    older.superseded = older.cancelled = True
        self._tasks[task.operation_id] = task
        lane.submit(task.operation_id)
        self.busy_changed.emit(self.busy)
        return task

    def _run(self, operation_id: str) -> None:
        """Run one task on a lane; the lane holds no reference when the GUI thread is told."""
        task = self._tasks.get(operation_id)
        if task is None:
            return
        task.run()
        del task
        self._told.emit("finished", operation_id)

    @Slot(str, str)
    def _deliver(self, what: str, operation_id: str) -> None:
        task = self._tasks.get(operation_id)
        if task is None:
            return
        if what == "progressed":
            self.busy_changed.emit(self.busy)
            if task.progressed is not None and isValid(task.owner) and not task.done:
                task.progressed(*task.reached)
            return
        del self._tasks[operation_id]
        task.done = True
        self.busy_changed.emit(self.busy)
        if isValid(task.owner) and not task.superseded:
            self._hand_over(task)

    def _hand_over(self, task: Task) -> None:
        if task.error is None:
            if task.then is not None:
                task.then(task.result)
            return
        foreseen = isinstance(task.error, (UserError, Cancelled))
        if task.failed is not None:
            task.failed(task.error)
        if not foreseen or (task.failed is None and not isinstance(task.error, Cancelled)):
            self._show_error(task.error, task.label)
