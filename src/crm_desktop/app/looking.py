"""Open a backup to look: a copy in a folder of its own, shown by a second, read-only program. No Qt."""

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from crm_desktop.shared.child_process import child_environment
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

WORD: Final = "--look"
DATA: Final = "data.sqlite"
TITLE: Final = "made.txt"
_ONLY_LOOKS: Final = ":read"
"""Rights that change nothing; an export is journalled, and nothing is written here."""
_IN_USE: Final = "in-use"
_YOUNG_SECONDS: Final = 600.0
"""A folder younger than this may belong to a window that is still starting."""
_started: Final[list["subprocess.Popen[bytes]"]] = []
"""Kept, so that the system's word on their end is taken; they live on when this program ends."""


class NoRoom(UserError):
    """The copy to look at could not be made."""

    message = N_("There is no room in {folder} for a copy to look at: {reason}. Make room on that disk.")


def looks_folder() -> Path:
    """Return where the copies to look at lie: private to this person, outside of what is backed up."""
    from platformdirs import user_cache_path

    return user_cache_path("crm-desktop", appauthor=False) / "look"


def open_to_look(data: Path, made: str) -> Path:
    """Start the program on a copy of `data`, an unpacked backup of our schema; returns the copy's folder.

    `made` says in words when the backup was made. Raises NoRoom.
    """
    parent = looks_folder()
    _started[:] = [one for one in _started if one.poll() is None]
    try:
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix="backup-", dir=parent))
        # A copy: the wizard goes on with its own, and removes it before this window is closed.
        shutil.copyfile(data, folder / DATA)
        (folder / TITLE).write_text(made, encoding="utf-8")
    except OSError as error:
        raise NoRoom(folder=parent, reason=error.strerror or str(error)) from error
    # Not `child_command`: on Windows that is the program with a console, and this one has a window.
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "crm_desktop.app"]
    _started.append(subprocess.Popen([*program, WORD, str(folder)], env=child_environment(), stdin=subprocess.DEVNULL))
    return folder


class InUse:
    """Keeps the folder of a copy while its window is open; the system lets go of it when the process ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[bytes] = (folder / _IN_USE).open("ab")
        _lock(self._file)

    def end(self) -> None:
        """Remove the copy."""
        self._file.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def remove_stale(now: float | None = None) -> int:
    """Remove copies whose window is gone, as after a crash; returns how many."""
    removed = 0
    with suppress(OSError):
        for folder in looks_folder().glob("backup-*"):
            if _is_stale(folder, time.time() if now is None else now):
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def _is_stale(folder: Path, now: float) -> bool:
    try:
        if 0 <= now - folder.stat().st_mtime < _YOUNG_SECONDS:
            return False
        with (folder / _IN_USE).open("ab") as file:
            _lock(file)
    except OSError:
        return False
    return True


def _lock(file: IO[bytes]) -> None:
    """Lock a file for this process alone. Raises OSError when another one has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def session_of(folder: Path) -> "Session":
    """Return the session of whoever looks: an owner of that data, without a login, unable to write.

    Whoever holds the unlocked zip can read all of it with common tools, so a password would only pretend to
    guard it; and the passwords of a backup from a server are not in it at all.
    """
    from sqlalchemy import select

    from crm_desktop.access import login, rules
    from crm_desktop.access.model import User, UserRole
    from crm_desktop.app.session import of_actor
    from crm_desktop.db.engine import sqlite_engine
    from crm_desktop.db.work import Database
    from crm_desktop.shared.actor import SYSTEM

    path = folder / DATA
    database = Database(sqlite_engine(path, read_only=True), path=path)
    database.read_only = True
    with database.read(SYSTEM) as work:
        owners = select(UserRole.user_id).join(User).where(UserRole.role == rules.OWNER, User.active.is_(True))
        owner = login.current_actor(work, work.session.scalars(owners.order_by(User.id)).first() or 0)
    seeing = frozenset(one for one in owner.permissions if one.endswith(_ONLY_LOOKS))
    return of_actor(database, replace(owner, permissions=seeing), str(path))


def made_text(folder: Path) -> str:
    """Return when the backup was made, in words."""
    return (folder / TITLE).read_text(encoding="utf-8")
