"""Making prepared data the company's own: what belongs to the place is carried over, then it takes the place."""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from crm_desktop.access import passwords
from crm_desktop.access.rules import login_key
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.restore.present import KEPT_TABLES, Present, present_in_file
from crm_desktop.backup.restore.restoring import Prepared
from crm_desktop.backup.seams import Seams
from crm_desktop.db.engine import WRITES, sqlite_url
from crm_desktop.db.place import is_network_path
from crm_desktop.db.read_only import open_read_only
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.published import copy_file, part_of, publishing

RESTORED, MOVED_HERE = "restore", "move_here"
"""Actions of the journal's entity "backup"."""

_ONE_TIME_GROUPS: Final = 3
"""Of five characters: 75 bits."""
_PAGES: Final = 8_192
_SPARE_BYTES: Final = 32 * 1024 * 1024
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
_MOMENT: Final = "%Y-%m-%d %H:%M:%S.%f"
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_IN_USE: Final = N_(
    "Somebody works in {path}, so nothing was changed. Ask everybody to close CRM Desktop and try again."
)
_NO_ROOM: Final = N_(
    "There is no room for the data in {folder}: it takes {needed} MB, and {free} MB are free. Nothing was changed. "
    "Make room on that disk."
)
_NOT_WRITTEN: Final = N_("{path} could not be written, so nothing was changed: {reason}")


def _one_time() -> str:
    return "-".join(passwords.new_recovery_code().split("-")[:_ONE_TIME_GROUPS])


@dataclass(frozen=True, slots=True)
class Terms:
    """What is noted of a restore or a move, and the passwords people get when the backup has none.

    `after` goes into the journal. `known` gives the password a person chose by their folded login, everybody else
    gets one of `new`.
    """

    action: str
    after: Mapping[str, Any]
    at: datetime
    by: str = ""
    by_login: str = ""
    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    new: Callable[[], str] = _one_time


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of it: one-time passwords as (login, name, password), and where a broken file lies now."""

    passwords: tuple[tuple[str, str, str], ...] = ()
    aside: Path | None = None


def apply_to_file(
    prepared: Prepared,
    path: Path,
    seams: Seams,
    terms: Terms,
    *,
    set_aside: bool = False,
    deadline_s: float = 30.0,
    progress: Progress,
) -> Placed:
    """Put prepared data into the company file at `path`: whoever is killed meanwhile leaves the old or the new.

    A file that others have open is changed in one transaction; `set_aside`, or one that nobody can read, keeps it
    under another name beside. What is to be kept of the old was saved by the caller. Raises Unavailable, Cancelled:
    nothing is changed then.
    """
    present = present_in_file(path)
    made = settle(prepared, present, terms)
    make_file_of_it(prepared, seams)
    _check_room(prepared.data, path)
    if present is None or present.broken or set_aside:
        return Placed(made, _put(prepared.data, path, progress))
    _overwrite(prepared.data, path, deadline_s, progress)
    return Placed(made)


def settle(
    prepared: Prepared, present: Present | None, terms: Terms, *, on_server: bool = False
) -> tuple[tuple[str, str, str], ...]:
    """Write into the prepared data what belongs to the place it goes to; again changes nothing more.

    The epoch is past both, so that windows of before write no more; the plan and the history of backups stay those
    of the place; numbers of the journal are not used twice. Returns one-time passwords, for a file only.
    """
    now = present or Present()
    with closing(sqlite3.connect(prepared.data, isolation_level=None)) as data:
        data.execute("PRAGMA synchronous = OFF")
        data.execute("BEGIN IMMEDIATE")
        same = data.execute("SELECT dataset_id FROM company").fetchone()[0] == now.dataset_id
        epoch = max(prepared.epoch, now.epoch) + 1
        data.execute("UPDATE company SET epoch = ?, moved_to = ''", (epoch,))
        if same and now.kept.get("backup_run") is not None:
            _keep(data, now)
        else:
            _own_run(data, prepared)
        _note(data, prepared, now, terms)
        if not on_server:
            # Kept, since a second try finds that everybody has one.
            prepared.passwords += _give_passwords(data, now if same else Present(), terms)
        data.execute("COMMIT")
    return prepared.passwords


def _keep(data: sqlite3.Connection, now: Present) -> None:
    highest = data.execute("SELECT max(sequence) FROM backup_plan").fetchone()[0] or 0
    for table in KEPT_TABLES:
        known = {row[1] for row in data.execute(f"PRAGMA table_info({table})")}
        data.execute(f"DELETE FROM {table}")  # noqa: S608 names of our own
        for row in now.kept[table]:
            values = {name: value for name, value in row.items() if name in known}
            marks = ", ".join("?" * len(values))
            data.execute(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 names of our own
                tuple(values.values()),
            )
    data.execute("UPDATE backup_plan SET sequence = max(sequence, ?)", (highest,))


def _own_run(data: sqlite3.Connection, prepared: Prepared) -> None:
    """Say of the backup itself that it is good: its own snapshot was taken before anybody could know."""
    manifest, file = prepared.manifest, prepared.file
    with suppress(OSError):
        data.execute(
            "UPDATE backup_run SET status = ?, verified_at = ?, finished_at = ?, folder = ?, file_name = ?, size = ?,"
            " counts = ?, journal_head = ?, reason = '{}' WHERE status = ? AND sequence = ?",
            (
                *(str(Status.VERIFIED), manifest.made_at.strftime(_MOMENT), manifest.made_at.strftime(_MOMENT)),
                *(str(file.parent), file.name, file.stat().st_size, json.dumps(dict(manifest.counts))),
                *(manifest.journal_head.id, str(Status.RUNNING), manifest.sequence),
            ),
        )


def _note(data: sqlite3.Connection, prepared: Prepared, now: Present, terms: Terms) -> None:
    data.execute("DELETE FROM journal WHERE operation_id = ?", (prepared.operation_id,))
    last = data.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    person = data.execute("SELECT id FROM app_user WHERE login_key = ?", (login_key(terms.by_login),)).fetchone()
    data.execute(
        "INSERT INTO journal (id, operation_id, at, actor_id, actor_name, entity, action, before, after, origin)"
        " VALUES (?, ?, ?, ?, ?, 'backup', ?, '{}', ?, '')",
        (
            # Past both: the same number never means two things, and open windows hear of it.
            max(last, now.journal_id) + 1,
            prepared.operation_id,
            terms.at.strftime(_MOMENT),
            person[0] if person and terms.by_login else None,
            terms.by,
            terms.action,
            json.dumps(dict(terms.after), ensure_ascii=False),
        ),
    )


def _give_passwords(data: sqlite3.Connection, now: Present, terms: Terms) -> tuple[tuple[str, str, str], ...]:
    """Give those whose password a server kept one of the file: what they chose, had here before, or for one login."""
    people = data.execute(
        "SELECT id, login, name, login_key, active FROM app_user WHERE database_role <> '' ORDER BY name, id"
    ).fetchall()
    made = []
    for user_id, login, name, key, active in people:
        must = False
        if key in terms.known:
            kept = passwords.hash_password(terms.known[key])
        elif key in now.hashes:
            kept = now.hashes[key]
        elif active:
            word, must = terms.new(), True
            kept = passwords.hash_password(word)
            made.append((login, name, word))
        else:
            kept = ""
        data.execute(
            "UPDATE app_user SET database_role = '', password = ?, failed_attempts = 0, retry_at = NULL,"
            " must_change_password = max(must_change_password, ?) WHERE id = ?",
            (kept, must, user_id),
        )
    return tuple(made)


def make_file_of_it(prepared: Prepared, seams: Seams) -> None:
    """Make the search words anew when the data came from a server, which asks for them in another form."""
    if prepared.manifest.engine == "sqlite" or prepared.is_indexed:
        return
    engine = create_engine(sqlite_url(prepared.data), poolclass=NullPool)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            seams.rebuild(connection)
    finally:
        engine.dispose()
    prepared.is_indexed = True


def _check_room(data: Path, path: Path) -> None:
    needed = data.stat().st_size + _SPARE_BYTES
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise Unavailable(_NOT_WRITTEN, path=path, reason=error.strerror or str(error)) from error
    if free < needed:
        raise Unavailable(_NO_ROOM, folder=folder, needed=needed // 1_000_000, free=free // 1_000_000)


def _overwrite(data: Path, path: Path, deadline_s: float, progress: Progress) -> None:
    """Replace the pages of a file others may have open, in one transaction of it."""
    ends = time.monotonic() + deadline_s

    def watch(status: int, remaining: int, total: int) -> None:
        if status in _BUSY and time.monotonic() > ends:
            raise Unavailable(_IN_USE, path=path)
        if status != sqlite3.SQLITE_DONE:  # then it is there already, and nobody can cancel it
            progress.step(total - remaining, total or None)

    progress.step(0, None)
    try:
        with (
            closing(open_read_only(data)) as source,
            closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as live,
        ):
            if is_network_path(path):
                live.execute("PRAGMA journal_mode = TRUNCATE")
            live.execute("PRAGMA synchronous = FULL")
            live.execute("PRAGMA cache_size = -16384")
            source.backup(live, pages=_PAGES, progress=watch, sleep=0.1)
            with suppress(sqlite3.OperationalError):  # somebody still reads the old: the log is written back later
                live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY
        raise Unavailable(_IN_USE if busy else _NOT_WRITTEN, path=path, reason=str(error)) from error


def _put(data: Path, path: Path, progress: Progress) -> Path | None:
    """Write a whole new file beside `path` and give it the name; what had it is set aside and returned."""
    aside: Path | None = None
    try:
        with publishing(path):
            copy_file(data, part_of(path), progress)
            aside = _set_aside(path)
    except OSError as error:
        raise Unavailable(_NOT_WRITTEN, path=path, reason=error.strerror or str(error)) from error
    except Unavailable:
        if aside is not None:
            _put_back(path, aside)
        raise
    return aside


def _set_aside(path: Path) -> Path | None:
    """Give what lies at `path`, and what SQLite left beside it, names that say what they are; None without anything.

    The old name stays until the new file takes it, where the disk can give a file two names.
    """
    found = [one for one in ("", *_SIDE_FILES) if os.path.lexists(f"{path}{one}")]
    if not found:
        return None
    aside = _free_name(path)
    # A log of the old file must not lie beside the new one, which SQLite would mix with it.
    for ending in [one for one in found if one]:
        os.replace(f"{path}{ending}", f"{aside}{ending}")
    if "" not in found:
        return None
    try:
        os.link(path, aside)
    except OSError:
        os.replace(path, aside)
    return aside


def _put_back(path: Path, aside: Path) -> None:
    """Give the old file its name back, unless the new one has it already."""
    if path.exists() and not path.samefile(aside):
        return
    for ending in ("", *_SIDE_FILES):
        with suppress(OSError):
            os.replace(f"{aside}{ending}", f"{path}{ending}")
    aside.unlink(missing_ok=True)  # two names of one file stay two when one replaces the other


def _free_name(path: Path) -> Path:
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    number, aside = 1, path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")
    return aside
