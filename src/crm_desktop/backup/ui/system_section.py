"""The operating system's own scheduler: turned on, shown and removed from the page of backups."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crm_desktop.backup.plans import Plan
from crm_desktop.backup.system_schedule import Scheduler, Task
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note

_SHOWN_LINES = 7


class SystemSection(QWidget):
    """`task_of` makes the task of a plan; without a scheduler it says that this system has none."""

    def __init__(
        self,
        desk: Desk,
        scheduler: Scheduler | None,
        task_of: Callable[[Plan], Task],
        needs_keyring: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._scheduler, self._task_of, self._needs_keyring = desk, scheduler, task_of, needs_keyring
        self._plan = Plan()
        self._there = False
        self.said = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.turn, self.show_text = Button(""), Button(_("Show what is written"), "link")
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(self.show_text.text())
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * (_SHOWN_LINES + 1))
        self.text.hide()
        self.note = Note()
        self.note.clear()
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.turn)
        row.addWidget(self.show_text)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self.said)
        column.addLayout(row)
        column.addWidget(self.text)
        column.addWidget(self.note)
        self.turn.clicked.connect(self._turn)
        self.show_text.clicked.connect(lambda: self.text.setVisible(self.text.isHidden()))
        self._dress()

    def show_plan(self, plan: Plan) -> None:
        """Follow a plan that was read or saved; a task that is there gets its times."""
        changed = self._there and (plan.at, plan.days) != (self._plan.at, self._plan.days)
        self._plan = plan
        scheduler = self._scheduler
        if scheduler is None:
            return
        task = self._task_of(plan)
        self.text.setPlainText(f"{scheduler.where(task)}\n\n{scheduler.text(task)}")

        def ask(_progress: Any) -> bool:
            if changed and scheduler.is_there(task):
                scheduler.write(task)
            return scheduler.is_there(task)

        self._desk.tasks.free(self, ask, self._take, self._failed)

    def _take(self, there: bool) -> None:
        self._there = there
        self._dress()

    def _dress(self) -> None:
        scheduler = self._scheduler
        self.turn.setVisible(scheduler is not None)
        self.show_text.setVisible(scheduler is not None)
        if scheduler is None:
            self.said.setText(_("This system has no scheduler that the program knows. Leave the program open."))
            return
        if self._there:
            said = _("{scheduler} runs the plan also while the program is closed.")
            self.turn.setText(_("Remove it from {scheduler}").format(scheduler=scheduler.name))
        else:
            said = _("Off: backups run while the program is open, and one that was missed is made up for.")
            self.turn.setText(_("Let {scheduler} run the plan").format(scheduler=scheduler.name))
        said = said.format(scheduler=scheduler.name)
        if self._needs_keyring:
            said += " " + _("For a server your password has to be remembered by this computer.")
        self.said.setText(said)
        self.turn.setEnabled(self._there or self._plan.active)

    def _turn(self) -> None:
        scheduler = self._scheduler
        assert scheduler is not None
        task, there = self._task_of(self._plan), self._there
        self.note.clear()
        self.turn.setEnabled(False)

        def do(_progress: Any) -> bool:
            (scheduler.remove if there else scheduler.write)(task)
            return scheduler.is_there(task)

        self._desk.tasks.free(self, do, self._take, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._dress()
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
