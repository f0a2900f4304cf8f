"""What the page of backups is given: the calls about this session, this computer and its windows."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crm_desktop.app import backup_here
from crm_desktop.backup.system_schedule import scheduler_here
from crm_desktop.backup.ui.seam import BackupSeam
from crm_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


def seam_of(session: "Session", desk: Desk, back_up: Callable[[], None]) -> BackupSeam:
    """Return the seam of one window; `back_up` begins a backup by hand."""

    def look(parent: QWidget, file: Path) -> None:
        from crm_desktop.app.ui.restore.wiring import look_at

        look_at(parent, session, desk, file)

    def restore(window: QWidget, file: Path | None) -> None:
        from crm_desktop.app.ui.restore.wiring import restore_in

        restore_in(window, session, desk, file)

    return BackupSeam(
        back_up=back_up,
        verify=partial(backup_here.verify, session),
        would_drop=partial(backup_here.would_drop, session),
        place_of=partial(backup_here.kind_of_place, session),
        new_lock=backup_here.new_lock,
        look=look,
        restore=restore,
        scheduler=scheduler_here(),
        task_of=partial(backup_here.task_of, session),
        needs_keyring=session.server is not None,
    )
