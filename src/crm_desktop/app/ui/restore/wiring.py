"""Opening the wizard over the window that asked for it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.app.ui.backup_desk import BackupDesk
from crm_desktop.app.ui.poll import Poll
from crm_desktop.app.ui.restore.dialog import RestoreDialog
from crm_desktop.app.ui.restore.road import Outcome, SecretNeeded, SecretWrong
from crm_desktop.app.ui.restore.roads import RoadAnew, RoadBack
from crm_desktop.app.ui.restore.secret_dialog import SecretDialog
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.backup.folder import beside
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.settings import BACKUP_FOLDERS, RECENT_COMPANIES, Settings
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


def restore_in(window: QWidget, session: "Session", desk: Desk, file: Path | None = None) -> RestoreDialog:
    """Open the wizard over the window of a company; with `file` that backup is checked at once.

    Raises NotAllowed without the right to restore.
    """
    if not session.actor.may(Permission.BACKUP_RESTORE):
        raise NotAllowed
    remembered: dict[str, Any] = desk.settings.get(BACKUP_FOLDERS)
    road = RoadBack(session, [Path(one) for one in remembered.get(session.address, [])])
    state = RestoreState(road, desk.tasks, desk.dialogs, desk.settings)
    dialog = RestoreDialog(state, login=session.actor.login, parent=window)
    polls = window.findChildren(Poll)

    def hold() -> None:
        # The restore ends every session, this one too: it is not logged out before the passwords were seen.
        for poll in polls:
            poll.hold(dialog.applying.applying)
        for backups in window.findChildren(BackupDesk):
            backups.hold(dialog.applying.applying)

    def leave(outcome: Outcome) -> None:
        note = _("The backup was restored. Everybody logs in again.")
        window.place_changed.emit(outcome.address, note)  # type: ignore[attr-defined]

    dialog.applying.changed.connect(hold)
    dialog.restored.connect(leave)
    dialog.start_with(file)
    return dialog


def restore_new(
    window: QWidget,
    tasks: Tasks,
    dialogs: Dialogs,
    settings: Settings,
    documents: Path,
    *,
    file: Path | None = None,
    into: Path | None = None,
) -> RestoreDialog:
    """Open the wizard where no company is open: for a new file, or into the place of the damaged file `into`."""
    known = settings.get(RECENT_COMPANIES)
    addresses = [str(into)] if into is not None else [company.address for company in known]
    remembered: dict[str, Any] = settings.get(BACKUP_FOLDERS)
    folders = [Path(folder) for one in addresses for folder in remembered.get(one, [])]
    folders += [beside(Path(one)) for one in addresses if "://" not in one]
    state = RestoreState(RoadAnew(folders, into), tasks, dialogs, settings)
    dialog = RestoreDialog(state, documents=documents, parent=window)
    dialog.start_with(file)
    return dialog


def look_at(window: QWidget, session: "Session", desk: Desk, file: Path) -> None:
    """Open a backup to look, read-only, in a program of its own; a locked one is asked its passphrase.

    Raises NotAllowed without the right to restore.
    """
    if not session.actor.may(Permission.BACKUP_RESTORE):
        raise NotAllowed
    _Look(window, RoadBack(session, ()), desk, file).begin()


class _Look:
    """One wish to look; asks for the passphrase until it fits or the person leaves."""

    def __init__(self, window: QWidget, road: RoadBack, desk: Desk, file: Path) -> None:
        self._window, self._road, self._desk, self._file = window, road, desk, file

    def begin(self, secret: str = "") -> None:
        """Unpack, and start the program on a copy."""
        self._desk.tasks.free(
            self._window, lambda progress: self._open(secret, progress), self._opened, self._refused,
            label=_("Opening the backup to look"),
        )  # fmt: skip

    def _open(self, secret: str, progress: Any) -> None:
        prepared = self._road.prepare(self._file, secret, progress)
        try:
            self._road.look(prepared)
        finally:
            prepared.close()

    def _opened(self, _done: Any) -> None:
        self._desk.toast(_("It opens in a window of its own. Look around in peace."))

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, SecretNeeded | SecretWrong):
            wrong = isinstance(error, SecretWrong)
            asked = SecretDialog("" if wrong else str(error), str(error) if wrong else "", self._window)
            asked.typed.connect(self.begin)
            asked.open()
        elif isinstance(error, UserError):
            self._desk.dialogs.show_error(error)
