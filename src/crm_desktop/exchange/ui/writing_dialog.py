"""A dialog that writes a file: with progress and Cancel, open until it worked, journalled before it has its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.tasks import Task


class WritingDialog(SheetDialog):
    """Base of the dialogs that take something out; they put `progress` and `note` below their questions."""

    def __init__(self, desk: Desk, title: str, action: str, explained: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, action, explained, parent=parent)
        self._desk = desk
        self._task: Task | None = None
        self.progress = ProgressStrip()
        self.progress.cancelled.connect(self._cancel)
        self.note = Note()
        self.note.clear()

    def lay_out_below(self) -> None:
        """Put progress and note below everything else."""
        self.body.addWidget(self.progress)
        self.body.addWidget(self.note)
        self.body.addStretch(1)

    def dress(self) -> None:
        """Offer the button while nothing is written; dialogs with questions of their own say when."""
        self.go.setEnabled(self._task is None)

    def write(
        self,
        path: Path,
        label: str,
        write: Callable[[Any, Any], int],
        note_down: Callable[[Any, int], None],
        done: Callable[[int], None],
    ) -> None:
        """Write beside `path`, note the export with its rows, then give the file its name; `done` tells it."""
        self.note.clear()
        self.progress.start(_("Writing the file"))
        self._task = self._desk.tasks.read_long(
            self,
            write,
            lambda rows: self._note_down(path, rows, note_down, done),
            self._failed,
            label=label,
            progressed=self.progress.set_progress,
        )
        self.dress()

    def _note_down(
        self, path: Path, rows: int, note_down: Callable[[Any, int], None], done: Callable[[int], None]
    ) -> None:
        from crm_desktop.shared.published import publish

        def finished(_none: object) -> None:
            self.progress.finish()
            self._task = None
            done(rows)
            self.accept()

        def name_it(_nothing: object) -> None:
            self._desk.tasks.free(self, lambda _progress: publish(path), finished, self._failed)

        self._desk.tasks.write(self, lambda work: note_down(work, rows), name_it, self._failed)

    def _failed(self, error: BaseException) -> None:
        self.progress.finish()
        self._task = None
        self.dress()
        if isinstance(error, Cancelled):
            self.note.show_message("info", _("Cancelled. No file was written."))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def reject(self) -> None:
        """Leaving while it writes cancels the writing."""
        self._cancel()
        super().reject()

    def keyPressEvent(self, event: Any) -> None:
        """Esc while it writes stops the writing and leaves the dialog open."""
        if event.key() == Qt.Key.Key_Escape and self._task is not None:
            self._cancel()
            return
        super().keyPressEvent(event)
