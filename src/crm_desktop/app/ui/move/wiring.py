"""Opening the move wizard over the window of a company."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.app.founding import Administrator
from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.move.dialog import MoveDialog
from crm_desktop.app.ui.move.road import Target
from crm_desktop.app.ui.move.state import MoveState
from crm_desktop.app.ui.places import where
from crm_desktop.app.ui.poll import Poll
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.app.ui.restore.roads import outcome_of
from crm_desktop.app.ui.ways import documents_folder
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress
from crm_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


def move_from(window: QWidget, session: "Session", desk: Desk) -> MoveDialog:
    """Open the wizard that moves the company of this session. Raises NotAllowed without the right to restore."""
    if not session.actor.may(Permission.BACKUP_RESTORE):
        raise NotAllowed
    state = MoveState(Road(session), desk.tasks, desk.dialogs)
    dialog = MoveDialog(state, session.actor.login, documents_folder(), window)
    polls = window.findChildren(Poll)

    def hold() -> None:
        for poll in polls:
            poll.hold(dialog.moving.applying)

    def leave(outcome: Outcome) -> None:
        note = _("The company has moved. Log in to it in its new place.")
        window.place_changed.emit(outcome.address, note)  # type: ignore[attr-defined]

    dialog.moving.changed.connect(hold)
    dialog.moved.connect(leave)
    dialog.start()
    return dialog


class Road:
    """The move of one session's company."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.company = session.profile.name
        self.where = where(session.address)
        self.to_server = session.server is None

    def check_target(self, target: Target) -> None:
        """Make sure that the place answers and is empty."""
        from crm_desktop.app import founding
        from crm_desktop.app.opening import AlreadyThere

        if target.path is not None:
            if target.path.exists():
                raise AlreadyThere(path=target.path)
            return
        if founding.is_founded(target.address, Administrator(target.administrator, target.administrator_password)):
            raise AlreadyThere(path=target.address)

    def see(self, _progress: Progress) -> Sequence[Row]:
        """Return the figures of the company."""
        from crm_desktop.app import restoring

        return [Row(row.label, row.now, "") for row in restoring.figures_now(self._session)]

    def confirm(self, password: str) -> None:
        """Make sure of the person."""
        from crm_desktop.app.watch import confirm

        confirm(self._session, password)

    def move(self, target: Target, password: str, progress: Progress) -> Outcome:
        """Move it."""
        from crm_desktop.app import moving

        done: Any = moving.move(
            self._session,
            str(target.path) if target.path is not None else target.address,
            password=password,
            administrator=target.administrator,
            administrator_password=target.administrator_password,
            progress=progress,
        )
        return outcome_of(done, self.company)
