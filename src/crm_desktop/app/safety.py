"""A proved backup before every step that could go wrong: an import, an upgrade, a move, a restore."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress, Quiet

if TYPE_CHECKING:
    from crm_desktop.app.session import Session
    from crm_desktop.backup.history import Run
    from crm_desktop.backup.kinds import Kind
    from crm_desktop.backup.making import Made

_SMALL_BYTES: Final = 32 * 1024 * 1024
"""Up to this size a copy takes less time than the start of another process."""
_NOT_ALLOWED: Final = N_(
    "Your role does not allow backups of the company on this server. Ask its owner to make one, or for the right to."
)


class NoSafety(UserError):
    """No backup could be made before a risky step; the sentence says why. Whoever is in charge decides."""


@dataclass(frozen=True, slots=True)
class Safety:
    """A proved backup of the data as they are now; `reused`: it was there already."""

    path: Path
    reused: bool


def before_import(session: "Session", progress: Progress | None = None) -> Safety:
    """Make sure that a proved backup of the present data lies somewhere. Raises NoSafety, Cancelled."""
    from crm_desktop.backup import history
    from crm_desktop.backup.folder import has_size
    from crm_desktop.backup.kinds import Kind

    with session.database.read(session.actor) as work:
        good = history.newest_verified(work)
    if good is not None and has_size(good.path, good.size) and not _changed_since(session, good):
        return Safety(good.path, reused=True)
    return Safety(make_safety(session, Kind.BEFORE_IMPORT, progress).path, reused=False)


def make_safety(session: "Session", kind: "Kind", progress: Progress | None = None) -> "Made":
    """Make a proved backup now, into the plan's folder or, when that is away, beside the file. Raises NoSafety."""
    from crm_desktop.app.backup_job import make_here, may_run, order_of, run_job
    from crm_desktop.shared.errors import NotAllowed

    if not may_run(session):
        raise NoSafety(_NOT_ALLOWED)
    path = session.database.path
    small = path is not None and path.stat().st_size <= _SMALL_BYTES
    try:
        run = make_here if small else run_job
        return run(session, order_of(session, kind), progress or Quiet())
    except NotAllowed:
        raise
    except UserError as error:
        raise NoSafety(error.template, **error.values) from error


def _changed_since(session: "Session", good: "Run") -> bool:
    from crm_desktop.app.backup_job import may_run
    from crm_desktop.backup import history

    return not may_run(session) or history.changed_since(session.database, good)
