"""A copy of a whole company as it stood at one moment: always a plain SQLite file, whatever it is taken of."""

import errno
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from crm_desktop.backup.engines.server_snapshot import copy_server
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.read_only import open_read_only
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_STEP_BYTES: Final = 4 * 1024 * 1024
"""Copied between two looks at Cancel; SQLite takes and gives back its locks as often."""
_BUSY_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.2
"""Between two looks at Cancel while another program holds the lock."""
_MOST_RESTARTS: Final = 2
"""How often another computer's writing may send a copy without lock back to its beginning."""

_FULL: Final = N_("The disk with {folder} is full, so no backup was made. Make room on it, then try again.")
_DAMAGED: Final = N_("The company file {path} is damaged, so no backup was made. Restore the last verified backup.")
_BUSY: Final = N_("Other programs kept {path} busy, so no backup was made. Try again in a moment.")
_FAILED: Final = N_(
    "{path} could not be copied into {folder}, so no backup was made: {reason}. Have both "
    "disks checked, then try again."
)


class _StartedAgain(Exception):
    """Somebody else wrote to the file meanwhile, so SQLite began from its first page."""


def take_snapshot(source: Source, target: Path, progress: Progress) -> None:
    """Write everything as of one moment to `target`, a new SQLite file in rollback-journal mode.

    Nothing is flushed to the disk. Writers are not kept waiting. Raises Unavailable, Cancelled; no file
    is left then.
    """
    try:
        if source.path is None:
            copy_server(source, target, progress)
        else:
            with _explained(source.path, target):
                _copy_file(source.path, target, progress)
    except BaseException:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                target.with_name(target.name + ending).unlink(missing_ok=True)
        raise


def _copy_file(path: Path, target: Path, progress: Progress) -> None:
    # A second handle on the file opened and closed by other means would drop SQLite's locks.
    with closing(open_read_only(path, wait_s=_LOOK_SECONDS)) as source:
        # Nobody waits for a reader of a write-ahead log. Readers of other files keep writers waiting: there the
        # lock is held from beginning to end only when the copy would not end otherwise.
        is_log = _asked(source, "PRAGMA journal_mode", progress) == "wal"
        for _attempt in range(0 if is_log else _MOST_RESTARTS):
            try:
                _copy_pages(source, target, progress, may_restart=True)
            except _StartedAgain:
                continue
            return
        source.execute("BEGIN")
        _asked(source, "SELECT count(*) FROM sqlite_master", progress)
        _copy_pages(source, target, progress, may_restart=False)
        source.rollback()


def _asked(source: sqlite3.Connection, question: str, progress: Progress) -> Any:
    """Return the first answer, waiting for others' locks as long as one may. Raises Cancelled meanwhile too."""
    began = time.monotonic()
    while True:
        try:
            return source.execute(question).fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() - began > _BUSY_SECONDS:
                raise
        progress.step(0, None)


def _copy_pages(source: sqlite3.Connection, target: Path, progress: Progress, *, may_restart: bool) -> None:
    target.unlink(missing_ok=True)
    pages = max(1, _STEP_BYTES // source.execute("PRAGMA page_size").fetchone()[0])
    busy_since = 0.0
    least_left = -1

    def stepped(status: int, remaining: int, total: int) -> None:
        nonlocal busy_since, least_left
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            # The driver would try for ever.
            busy_since = busy_since or time.monotonic()
            if time.monotonic() - busy_since > _BUSY_SECONDS:
                raise sqlite3.OperationalError("database is locked")
            progress.step(max(0, total - remaining), total or None)
            return
        busy_since = 0.0
        if may_restart and 0 <= least_left <= remaining:
            raise _StartedAgain
        least_left = remaining
        progress.step(total - remaining, total)

    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy, pages=pages, progress=stepped, sleep=0.02)
        # It does not raise where it fails, but says which mode it stayed in.
        if copy.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise OSError(errno.EIO, "its journal could not be removed")


@contextmanager
def _explained(path: Path, target: Path) -> Iterator[None]:
    """Turn what SQLite or the system says into a sentence with the file's and the folder's name."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_FAILED, path=path, folder=target.parent, reason=error.strerror or str(error)) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        sentence = {
            sqlite3.SQLITE_FULL: _FULL,
            sqlite3.SQLITE_CORRUPT: _DAMAGED,
            sqlite3.SQLITE_NOTADB: _DAMAGED,
            sqlite3.SQLITE_BUSY: _BUSY,
            sqlite3.SQLITE_LOCKED: _BUSY,
        }.get(code, _BUSY if str(error) == "database is locked" else _FAILED)
        raise Unavailable(sentence, path=path, folder=target.parent, reason=str(error)) from error
