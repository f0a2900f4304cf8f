"""Looks every minute whether a backup is due, and knows how safe the company is; on lanes of its own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.tasks import Busy, Task, Tasks

if TYPE_CHECKING:
    from crm_desktop.app.backup_keeper import Keeper, Told
    from crm_desktop.app.session import Session
    from crm_desktop.app.ui.main_window import MainWindow
    from crm_desktop.backup.state import BackupState

FIRST_AFTER_MS: Final = 15_000
"""Not while the person is still looking for the customer who is on the phone."""
EVERY_MS: Final = 60_000


class _Standing(NamedTuple):
    """What one reading tells: the state, and whether closing the program may need a backup."""

    state: "BackupState"
    exit_may_be_wanted: bool


class BackupDesk(QObject):
    """Lives as long as its window; says nothing by itself before `start`."""

    state_changed = Signal(object)
    """Carries a `backup.state.BackupState`."""
    busy_changed = Signal(object)
    """Carries the `Busy` of the backup that is being made."""
    began = Signal()
    """A backup is being made from now on."""

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.run: Callable[..., Any] | None = None
        """What makes a backup; None is a process of its own."""
        self.tasks = Tasks(session.begin, window.dialogs.show_error, self)
        self.tasks.busy_changed.connect(self.busy_changed)
        self.state: BackupState | None = None
        self._exit_may_be_wanted = self._held = False
        self._keeper: Keeper | None = None
        self._looking: Task | None = None
        self._making: Task | None = None
        self._told = ""
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look_and_read)
        self._first = QTimer(self, singleShot=True, interval=FIRST_AFTER_MS)
        self._first.timeout.connect(self.look)
        self.began.connect(self._name_look)
        window.changes.changed.connect(self._take_changes)

    # Its life

    def start(self) -> None:
        """Read how safe the company is, and look from now on whether a backup is due."""
        self.read()
        self._first.start()
        self._timer.start()

    def hold(self, held: bool) -> None:
        """Begin nothing while a restore exchanges the data."""
        self._held = held

    def stop(self) -> None:
        """Look no more; a backup that is being made is stopped and leaves nothing behind."""
        self._timer.stop()
        self._first.stop()
        self.tasks.close()

    # How safe the company is

    def read(self) -> None:
        """Read the state; it is told through `state_changed`."""
        session = self._session

        def ask(work: Any) -> _Standing:
            from crm_desktop.app.backup_here import exit_may_be_wanted
            from crm_desktop.app.backup_job import may_run
            from crm_desktop.backup import plans, state

            return _Standing(state.state(work), may_run(session) and exit_may_be_wanted(session, plans.plan(work)))

        # A server that is away is told elsewhere; what was read last stays.
        self.tasks.read(self, ask, self._take_standing, lambda _error: None, coalesce="state")

    def _take_standing(self, standing: _Standing) -> None:
        self._exit_may_be_wanted = standing.exit_may_be_wanted
        before, self.state = self.state, standing.state
        self.state_changed.emit(standing.state)
        if before is not None and _known(before) != _known(standing.state):
            # Made by the system's scheduler or on another computer: the pages of this window hear of it too.
            self._tell_pages()

    def _tell_pages(self) -> None:
        self._window.changes.publish(Changes({"backup": frozenset()}))

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches("backup"):
            self.read()

    def _look_and_read(self) -> None:
        self.read()
        self.look()

    # By the plan

    def look(self) -> None:
        """Make the backup that is due, if one is, unless a look or a backup is under way."""
        if self._looking is None and self._making is None and not self._held:
            self._looking = self.tasks.free(self, self._look, self._take_look, self._fail_look)

    def _look(self, progress: Any) -> "Told | None":
        return self._keeper_here().look(progress)

    def _keeper_here(self) -> "Keeper":
        """Return the keeper, made on the lane: it brings the whole of backing up with it."""
        if self._keeper is None:
            from crm_desktop.app.backup_keeper import Keeper

            self._keeper = Keeper(self._session, self._run)
        return self._keeper

    def _run(self, session: "Session", order: Any, progress: Any) -> Any:
        from crm_desktop.app.backup_job import run_job

        self.began.emit()
        return (self.run or run_job)(session, order, progress)

    def _name_look(self) -> None:
        if self._looking is not None:
            self._looking.label = _("Backing up")
            self.tasks.busy_changed.emit(self.tasks.busy)

    def _take_look(self, told: "Told | None") -> None:
        self._looking = None
        if told is None:
            return
        self._tell_pages()
        # A failure is tried again every quarter of an hour; it is said once, and the status bar stays red.
        if told.tone == "ok" or told.sentence != self._told:
            self._tell(told)
        self._told = told.sentence

    def _fail_look(self, error: BaseException) -> None:
        self._looking = None
        if isinstance(error, Cancelled):
            self._tell_pages()
            self._say_stopped()

    # By hand

    def back_up(self) -> None:
        """Make a backup now; the result is told."""
        if self._making is not None or (self._looking is not None and self._looking.label):
            self._window.toast(_("A backup is being made already."))
            return
        self._making = self.tasks.free(
            self, self._make, self._made, self._not_made, label=_("Backing up")
        )  # fmt: skip

    def _make(self, progress: Any) -> Any:
        from crm_desktop.app.backup_job import order_of
        from crm_desktop.backup.kinds import Kind

        return self._run(self._session, order_of(self._session, Kind.MANUAL), progress)

    def _made(self, made: Any) -> None:
        self._making = None
        self._tell_pages()
        said = _("The backup {file} was made and verified.").format(file=made.path.name)
        self._window.toast(said, kind="success")

    def _not_made(self, error: BaseException) -> None:
        self._making = None
        self._tell_pages()
        if isinstance(error, Cancelled):
            self._say_stopped()
        elif isinstance(error, UserError):
            self._window.dialogs.show_error(error, _("Backing up"))

    # Before the program ends

    @property
    def wants_exit(self) -> bool:
        """Return whether there is something to wait for: a backup under way, or one the plan may want on closing."""
        return self.running or self._exit_may_be_wanted

    @property
    def running(self) -> bool:
        """Return whether a backup is being made just now."""
        return bool(self.tasks.busy.label)

    def save_before_exit(self, then: Callable[[Any], None], failed: Callable[[BaseException], None]) -> Task:
        """Make the backup of the last exit if one is wanted; one that is under way ends first."""
        return self.tasks.free(
            self, lambda progress: self._keeper_here().on_exit(progress), then, failed, label=_("Backing up")
        )  # fmt: skip

    @property
    def busy(self) -> Busy:
        """Return what is being made."""
        return self.tasks.busy

    # What is said

    def _tell(self, told: "Told") -> None:
        kind = {"ok": "success", "warn": "warn", "danger": "danger"}[told.tone]
        if told.tone != "ok" and self._session.actor.may(Permission.BACKUP_RUN):
            self._window.toast(told.sentence, _("Show"), lambda: self._window.open_settings("backup"), kind)
        else:
            self._window.toast(told.sentence, kind=kind)

    def _say_stopped(self) -> None:
        self._window.toast(_("The backup was stopped. Earlier ones are untouched."))


def _known(state: "BackupState") -> tuple[Any, ...]:
    """Return what of a state does not change by itself as time goes by."""
    return state.verified_at, state.tone, state.detail
