"""How backups and what became of them are called on screen."""

from collections.abc import Mapping
from typing import Final

from crm_desktop.backup.history import DONE, Run
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.shared.i18n import N_, _

KINDS: Final[Mapping[str, str]] = {
    Kind.SCHEDULED: N_("By the plan"),
    Kind.MANUAL: N_("By hand"),
    Kind.ON_EXIT: N_("On closing"),
    Kind.BEFORE_IMPORT: N_("Before an import"),
    Kind.BEFORE_MOVE: N_("Before a move"),
    Kind.BEFORE_RESTORE: N_("Before a restore"),
    Kind.BEFORE_UPGRADE: N_("Before an update of the program"),
}
_STATES: Final[Mapping[str, str]] = {
    Status.RUNNING: N_("Running"),
    Status.VERIFIED: N_("Verified"),
    Status.FAILED: N_("Failed"),
    Status.CANCELLED: N_("Cancelled"),
    Status.DAMAGED: N_("Damaged"),
}


def kind_text(run: Run) -> str:
    """Return why a backup was made."""
    return _(KINDS[run.kind])


def state_text(run: Run) -> str:
    """Return what became of a backup, and why when it failed."""
    said = _("Removed by the plan") if run.removed_at is not None else _(_STATES[run.status])
    if run.status is Status.VERIFIED and run.locked and run.removed_at is None:
        said = _("Verified, locked")
    return f"{said}: {run.why}" if run.why else said


def second_text(run: Run) -> str:
    """Return what became of the copy in the second folder, "" when none was to be made."""
    if run.second == DONE:
        return _("Copied")
    return run.second_why
