"""Work of a screen that takes long: its progress and Cancel in the place that started it."""

from collections.abc import Callable
from typing import Any

from crm_desktop.shared.errors import Cancelled
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.tasks import Task


class LongWork(ProgressStrip):
    """Runs one piece of work at a time; a newer one stops the one before."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.task: Task | None = None
        self.cancelled.connect(self.stop)

    def run(
        self,
        text: str,
        work: Callable[[Any, Any], Any],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        writes: bool = False,
        only_shows: bool = False,
    ) -> None:
        """Run `work(unit_of_work, progress)`; `failed` hears of errors, and of `Cancelled` too.

        What `only_shows` something leaves no trace, so a Cancel that comes when it is just done still counts.
        """
        self.stop()
        started: list[Task] = []

        def mine() -> bool:
            return not started or self.task is started[0]

        def finished(result: Any) -> None:
            if only_shows and started and started[0].cancelled:
                given_up(Cancelled())
            elif mine():
                self.finish()
                then(result)

        def given_up(error: BaseException) -> None:
            if not mine():
                return
            self.finish()
            if failed is not None:
                failed(error)
            elif not isinstance(error, Cancelled):
                self._desk.dialogs.show_error(error, text)

        start = self._desk.tasks.write_long if writes else self._desk.tasks.read_long
        self.start(text)
        self.task = start(self, work, finished, given_up, label=text, progressed=self.set_progress)
        started.append(self.task)

    def stop(self) -> None:
        """Ask what runs to stop at its next step."""
        if self.task is not None and not self.task.done:
            self.task.cancel()
