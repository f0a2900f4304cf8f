"""Before anything of a file is written, the company is backed up; when that cannot be done, the person decides."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from crm_desktop.exchange.ui.incoming.seam import BackUp
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.tasks import Task


def back_up_first(
    desk: Desk,
    owner: QObject,
    back_up: BackUp,
    strip: ProgressStrip,
    then: Callable[[], None],
    failed: Callable[[BaseException], None],
) -> Task:
    """Have a backup made off the window's thread, then go on with `then`, or say through `failed` why not."""
    says = _("Backing up before the import")
    strip.start(says)

    def refuse(error: BaseException) -> None:
        if not isinstance(error, UserError):
            failed(error)
        elif _goes_on(desk, error):
            then()
        else:
            failed(Cancelled())

    def made(_backup: Any) -> None:
        then()

    return desk.tasks.free(owner, back_up, made, refuse, label=says, progressed=strip.set_progress)


def _goes_on(desk: Desk, reason: UserError) -> bool:
    return desk.dialogs.confirm(
        _("Import without a backup?"),
        _("No backup of the data as they are now could be made. {reason} The import itself can be undone.").format(
            reason=reason
        ),
        _("Import without a backup"),
        keep=_("Do not import"),
    )
