"""The backup the plan wants before the program ends: made while a small window tells how far it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressBar
from crm_desktop.ui.fonts import LABEL, REGULAR
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.tasks import Busy, Task

if TYPE_CHECKING:
    from crm_desktop.app.ui.backup_desk import BackupDesk


class ExitDialog(SheetDialog):
    """Says that a backup is saved, and how far it is; nothing has to be answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        title = _("Saving a backup before closing …")
        said = _("The program closes by itself when the backup is written and verified.")
        super().__init__(title, _("Close without it"), said, width=440, parent=parent)
        self.bar = ProgressBar()
        self.bar.setAccessibleName(title)
        self.share = text_label("", LABEL, REGULAR, "muted")
        self.note = Note()
        self.note.clear()
        for part in (self.bar, self.share, self.note):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.leave.setText(_("Stay here"))
        # Whoever still types and presses Enter must not go without it.
        self.go.set_kind("plain")
        self.go.setDefault(False)
        self.go.setAutoDefault(False)
        self.leave.setFocus()

    def show_busy(self, busy: Busy) -> None:
        """Show how far it is."""
        if not busy.label:
            return
        self.bar.set_fraction(busy.done / busy.total if busy.total else None)
        self.share.setText(f"{busy.done / busy.total:.0%}" if busy.total else "")

    def show_failure(self, reason: str) -> None:
        """Say why there is no backup, and leave the person the choice."""
        title = _("The backup before closing failed")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.heading.setText(title)
        self.explain("")
        self.bar.hide()
        self.share.hide()
        self.note.show_message("danger", reason)
        self.go.setText(_("Close anyway"))
        self.adjustSize()


class ExitBackup(QObject):
    """One wish to end the program; `quit_now` is called when nothing is left to wait for."""

    def __init__(self, backups: "BackupDesk", window: QWidget, quit_now: Callable[[], None]) -> None:
        super().__init__(window)
        self._backups, self._window, self._quit_now = backups, window, quit_now
        self._task: Task | None = None
        self.dialog: ExitDialog | None = None

    def begin(self) -> None:
        """Ask the keeper; the window comes up only when a backup is made."""
        if self._task is not None:
            return
        if not self._backups.wants_exit:
            self._quit_now()
            return
        self._backups.busy_changed.connect(self._show_busy)
        self._backups.began.connect(self._open)
        if self._backups.running:
            self._open()
        self._task = self._backups.save_before_exit(self._saved, self._failed)

    def _open(self) -> None:
        if self.dialog is None:
            self.dialog = dialog = ExitDialog(self._window)
            dialog.show_busy(self._backups.busy)
            dialog.rejected.connect(self._stay)
            dialog.go.clicked.connect(self._go)
            dialog.open()

    def _show_busy(self, busy: Busy) -> None:
        if self.dialog is not None and self._task is not None:
            self.dialog.show_busy(busy)

    def _saved(self, told: Any) -> None:
        if self._task is None:
            return
        if told is not None and told.tone == "danger":
            self._say_failed(told.sentence)
        else:
            self._go()

    def _failed(self, error: BaseException) -> None:
        if self._task is None:
            return
        if isinstance(error, UserError):
            self._say_failed(_("Backup failed: {reason}").format(reason=error))
        elif isinstance(error, Cancelled):
            self._end()
        else:
            self._say_failed(_("Something unforeseen went wrong. The report is in the log."))

    def _say_failed(self, reason: str) -> None:
        self._open()
        assert self.dialog is not None
        self.dialog.show_failure(reason)

    def _stay(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._end()

    def _go(self) -> None:
        self._end()
        self._quit_now()

    def _end(self) -> None:
        """Forget this wish; the next one begins anew."""
        self._task = None
        self._backups.busy_changed.disconnect(self._show_busy)
        self._backups.began.disconnect(self._open)
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.rejected.disconnect(self._stay)
            dialog.close()
