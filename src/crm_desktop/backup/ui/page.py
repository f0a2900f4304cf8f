"""Settings › Backup: how safe the company is, the plan, the lock, the system's own scheduler, and every backup."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.backup import history, plans, state
from crm_desktop.backup.history import Run
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.state import BackupState
from crm_desktop.backup.ui.lock_dialogs import LockDialog, RecoveryKeyDialog
from crm_desktop.backup.ui.plan_form import PlanForm
from crm_desktop.backup.ui.seam import BackupSeam
from crm_desktop.backup.ui.system_section import SystemSection
from crm_desktop.backup.ui.words import kind_text, second_text, state_text
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Cancelled, Conflict, Invalid, UserError
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.sizes import size_text
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button, button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.tasks import Task
from crm_desktop.ui.theme import set_ground

_TONES = {"ok": "success", "none": "warn", "warn": "warn", "danger": "danger"}
_SAVE = ActionSpec("save_backup_plan", N_("Save"), icon="save", shortcut=QKeySequence.StandardKey.Save)
_TABLE_HEIGHT = 200


class BackupPage(Screen):
    """For those who may run backups."""

    def __init__(self, desk: Desk, seam: BackupSeam, company: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._seam, self._company = seam, company
        self._plan = replace(Plan(), version=-1)
        self._task: Task | None = None
        self._formats = Formats.of(desk.today, desk.names, desk.timezone)
        self.state, self.note = Note(), Note()
        self.note.clear()
        self.now = Button(_("Back up now"), "primary", icon="archive")
        self.form = PlanForm(desk, seam)
        self.keeps = text_label(_keeps_text(), BODY, REGULAR, "text2", wrap=True)
        self.dry_run = Button(_("What would be removed?"), "link")
        self.lock_state = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.lock = Button("", icon="lock")
        self.system = SystemSection(desk, seam.scheduler, seam.task_of, seam.needs_keyring)
        self.rows = PlainRows(self._columns())
        self.table = PlainTable(self.rows, _("Backups"))
        self.told = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.verify = Button(_("Verify now"), icon="shield-check")
        self.look = Button(_("Open to look"), icon="eye")
        self.show_file = Button(_("Show in folder"), icon="folder-open")
        self.restore = Button(_("Restore…"), icon="archive-restore")
        for button in (self.look, self.restore):
            button.setVisible(desk.actor.may(Permission.BACKUP_RESTORE))
        self.progress = ProgressStrip()
        self.actions_here = ActionSet(self, (_SAVE,), desk.actor.may)
        self._save = self.actions_here[_SAVE.name]
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.now)
        self.reload()

    # How it is put together

    def _columns(self) -> tuple[PlainColumn, ...]:
        return (
            PlainColumn("at", _("When"), 24, lambda run: self._formats.instant(run.started_at)),
            PlainColumn("kind", _("Why"), 16, kind_text),
            PlainColumn("state", _("State"), 24, state_text, grows=True),
            PlainColumn("size", _("Size"), 8, lambda run: size_text(run.size) if run.size else "", right=True),
            PlainColumn("rows", _("Rows"), 7, _rows_text, right=True),
            PlainColumn("second", _("Second copy"), 14, second_text, ink="text2"),
            PlainColumn("computer", _("Computer"), 12, lambda run: run.computer, ink="text2"),
        )

    def _lay_out(self) -> None:
        inside = QWidget()
        set_ground(inside, "surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(14), px(16), px(16))
        column.setSpacing(px(10))
        column.addWidget(self.state)
        column.addWidget(self.note)
        settings = QWidget()
        settings.setMaximumWidth(px(760))
        left = QVBoxLayout(settings)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(px(10))
        left.addWidget(section_label(_("The plan")))
        left.addWidget(self.form)
        left.addWidget(self.keeps)
        left.addWidget(_in_a_row(button_for(self._save, "primary", self), self.dry_run))
        left.addSpacing(px(6))
        left.addWidget(section_label(_("While the program is closed")))
        left.addWidget(self.system)
        left.addSpacing(px(6))
        left.addWidget(section_label(_("Locked backups")))
        left.addWidget(self.lock_state)
        left.addWidget(_in_a_row(self.lock))
        column.addWidget(settings)
        column.addSpacing(px(6))
        column.addWidget(section_label(_("Backups made")))
        self.table.setMinimumHeight(px(_TABLE_HEIGHT))
        column.addWidget(self.table)
        column.addWidget(self.told)
        column.addWidget(self.progress)
        column.addWidget(_in_a_row(self.verify, self.look, self.show_file, self.restore))
        column.addStretch(1)
        area = SheetArea()
        area.show_page(inside)
        head, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addStretch()
        row.addWidget(self.now)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(hairline())
        whole.addWidget(area, 1)

    def _connect(self) -> None:
        self.now.clicked.connect(self._seam.back_up)
        self._save.triggered.connect(self.save)
        self.form.edited.connect(self._dress)
        self.dry_run.clicked.connect(self._tell_dry_run)
        self.lock.clicked.connect(self._change_lock)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._dress())
        self.rows.modelReset.connect(self._dress)
        self.verify.clicked.connect(self._verify)
        self.look.clicked.connect(self._look)
        self.show_file.clicked.connect(self._show_in_folder)
        self.restore.clicked.connect(self._restore)
        self.progress.cancelled.connect(lambda: self._task.cancel() if self._task is not None else None)
        self.desk.changes.changed.connect(self._take_changes)

    def _dress(self) -> None:
        """Offer what can be done just now."""
        run = self.current()
        there = run is not None and run.removed_at is None and bool(run.size)
        for button in (self.verify, self.look, self.restore):
            button.setEnabled(there and self._task is None)
        self.show_file.setEnabled(run is not None and run.removed_at is None)
        self.told.setText("\n".join(part for part in (str(run.path), run.why, run.second_why) if part) if run else "")
        self._save.setEnabled(bool(self.form.changes()))
        locked = bool(self._plan.lock)
        self.lock.setText(_("Stop locking…") if locked else _("Lock with a passphrase…"))
        self.lock_state.setText(
            _("Backups are locked. Only the passphrase or the recovery key opens them; making them needs neither.")
            if locked
            else _("Off: whoever finds a backup can read it with common tools. Lock them when they leave the house.")
        )
        self.state_changed.emit()

    # Reading

    def reload(self) -> None:
        """Read the plan, the state and the history again."""

        def ask(work: Any) -> tuple[Plan, BackupState, list[Run]]:
            return plans.plan(work), state.state(work), history.runs(work)

        self.desk.tasks.read(self, ask, self._show, coalesce="backups")

    def _show(self, told: tuple[Plan, BackupState, list[Run]]) -> None:
        plan, now, runs = told
        # What is said in any case is stressed only when something follows.
        lead, said = (now.sentence, now.detail) if now.detail else ("", now.sentence)
        self.state.show_message(_TONES[now.tone], said, lead=lead, icon=_icon_of(now))
        self.form.take_plan(plan)
        self._plan = plan
        self.system.show_plan(plan)
        kept = self.current()
        self.rows.show(runs)
        if runs:
            place = next((at for at, run in enumerate(runs) if kept is not None and run.id == kept.id), 0)
            self.table.selectRow(place)
        self._dress()

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches("backup"):
            self.reload()

    def current(self) -> Run | None:
        """Return the backup that is chosen in the history."""
        at = self.table.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    # The plan

    def save(self) -> None:
        """Store what was typed."""
        changes = self.form.changes()
        if changes:
            self._store(changes, _("The plan is saved."))

    def _store(self, changes: dict[str, Any], told: str) -> None:
        version = self._plan.version
        self.form.clear_errors()
        self.note.clear()

        def stored(plan: Plan) -> None:
            self._plan = plan
            self.form.take_plan(plan)
            self.system.show_plan(plan)
            self.desk.toast(told, kind="success")
            self.reload()

        self.desk.tasks.write(self, lambda work: plans.save_plan(work, version, changes), stored, self._refused)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, Invalid):
            self.form.refuse(error.field, str(error))
        elif isinstance(error, Conflict):
            self._plan = replace(self._plan, version=-1)
            self.note.show_message("warn", _("Somebody else changed the plan meanwhile. It is shown as it is now."))
            self.reload()
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _tell_dry_run(self) -> None:
        def told(runs: Sequence[Run]) -> None:
            if not runs:
                self.note.show_message("info", _("Nothing would be removed."))
                return
            said = ngettext(
                "The next good backup would remove {count}: {files}",
                "The next good backup would remove {count}: {files}",
                len(runs),
            )
            self.note.show_message("info", said.format(count=len(runs), files=", ".join(run.file_name for run in runs)))

        self.desk.tasks.free(self, lambda _progress: self._seam.would_drop(), told, self._refused)

    # The lock

    def _change_lock(self) -> None:
        if not self._plan.lock:
            asking = LockDialog(self.desk, self._seam, self)
            asking.made.connect(self._show_key)
            asking.open()
            return
        title = _("Make backups that anyone can open from now on?")
        text = _("Those made so far stay locked: keep the passphrase and the recovery key as long as they exist.")
        if self.desk.dialogs.confirm(title, text, _("Stop locking"), keep=_("Keep them locked")):
            self._store({"lock": {}}, _("Backups are no longer locked."))

    def _show_key(self, lock: dict[str, Any], recovery_key: str) -> None:
        showing = RecoveryKeyDialog(self.desk, recovery_key, self._company, self)
        showing.confirmed.connect(partial(self._store, {"lock": dict(lock)}, _("Backups are locked from now on.")))
        showing.open()

    # One backup

    def _verify(self) -> None:
        run = self.current()
        if run is None:
            return
        secret: str | None = ""
        if run.locked:
            label = _("Passphrase or recovery key; when it is left empty, only the file as a whole is compared")
            secret = self.desk.dialogs.input_text(_("Verify a locked backup"), label, secret=True)
            if secret is None:
                return
        self.note.clear()
        self.progress.start(_("Verifying {file}").format(file=run.file_name))
        self._task = self.desk.tasks.free(
            self,
            lambda progress: self._seam.verify(run.id, secret or "", progress),
            self._verified,
            self._not_verified,
            label=_("Verifying {file}").format(file=run.file_name),
            progressed=self.progress.set_progress,
        )
        self._dress()

    def _verified(self, run: Run) -> None:
        self._end()
        said = _("{file} is complete and undamaged.").format(file=run.file_name)
        self.note.show_message("success" if run.status is Status.VERIFIED else "danger", said)

    def _not_verified(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        elif isinstance(error, Cancelled):
            self.note.show_message("info", _("Verifying was stopped; nothing was changed."))

    def _end(self) -> None:
        self._task = None
        self.progress.finish()
        self.reload()

    def _look(self) -> None:
        if (run := self.current()) is not None:
            self._seam.look(self, run.path)

    def _restore(self) -> None:
        if (run := self.current()) is not None:
            self._seam.restore(self.window(), run.path)

    def _show_in_folder(self) -> None:
        if (run := self.current()) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(run.folder))

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Backup")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("archive")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this page."""
        return (KeyHint("Ctrl+S", _("Save")),)

    @property
    def unsaved(self) -> bool:
        """Return whether the plan was changed and not saved."""
        return bool(self.form.changes())

    def can_close(self) -> bool:
        """Ask only when a changed plan would be lost."""
        if not self.unsaved:
            return True
        title = _("The plan of backups is not saved")
        return self.desk.dialogs.confirm(title, "", _("Discard what I typed"), keep=_("Stay here"))


def _in_a_row(*buttons: Button) -> QWidget:
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return around


def _keeps_text() -> str:
    return _(
        "Kept: the newest of 7 days, 5 weeks and 12 months, and copies before imports, updates and restores for 90 "
        "days. Never fewer than three verified ones."
    )


def _rows_text(run: Run) -> str:
    counted = sum(run.counts.values())
    return f"{counted:,}" if counted else ""


def _icon_of(now: BackupState) -> str:
    return "shield-check" if now.tone == "ok" else "shield-alert"
