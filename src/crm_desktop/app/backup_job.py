"""A backup in a process of its own: zipping must not slow the window down, and a killed one must leave no trace."""

import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from crm_desktop.access import company, login
from crm_desktop.backup import folder as folders
from crm_desktop.backup import history, plans
from crm_desktop.backup.format.manifest import Manifest
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import BackupFailed, Made, Order, make_backup
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.child_process import child_command, child_environment
from crm_desktop.shared.errors import Cancelled, NotAllowed, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

WORD: Final = "--backup-job"
"""The argument by which the program knows that it is such a process."""
_END_SECONDS: Final = 5.0
"""How long a process that was told to stop may take."""
_LOOK_SECONDS: Final = 0.05
_BELOW_NORMAL: Final = 0x00004000 | 0x08000000
"""Windows: lower priority, no console."""
_NICE: Final = 10
_ENDED: Final = N_("The backup into {folder} ended before it was done. It is tried again; the log tells more.")

log = logging.getLogger(__name__)


def writer_of(session: "Session") -> Actor:
    """Return who notes backups: on a file the program itself, on a server the person, whose right the server checks."""
    return SYSTEM if session.database.path is not None else session.actor


def may_run(session: "Session") -> bool:
    """Return whether backups run by themselves in this window."""
    return session.database.path is not None or session.actor.may(Permission.BACKUP_RUN)


def order_of(session: "Session", kind: Kind) -> Order:
    """Return the order of a backup: into the plan's folders, else into the folder a company has without a plan.

    A copy before a risky step does not fail for a drive that is away: it goes where it can. Raises FolderRefused.
    """
    with session.database.read(session.actor) as work:
        plan, profile = plans.plan(work), company.company(work)
    second = Path(plan.second_folder) if plan.second_folder and not kind.is_safety_copy else None
    usable = plans.folders_usable_here(plan, profile.dataset_id)
    if usable and kind.is_safety_copy:
        usable = folders.is_ours(Path(plan.folder), profile.dataset_id)
    if usable:
        return Order(kind, Path(plan.folder), second, plan.lock, session.actor.name, expected=True)
    folder = folders.default_folder(session.database, profile.name)
    folders.make_ours(folder, profile.dataset_id)
    return Order(kind, folder, None, plan.lock, session.actor.name)


def make_here(session: "Session", order: Order, progress: Progress) -> Made:
    """Make a backup on this thread. Raises BackupFailed, Cancelled, NotAllowed."""
    from crm_desktop.app.figures import SEAMS

    _check_allowed(session)
    return make_backup(session.database, order, SEAMS, progress, actor=writer_of(session))


def run_job(session: "Session", order: Order, progress: Progress) -> Made:
    """Make a backup in a process of its own. Raises BackupFailed, Cancelled, NotAllowed."""
    _check_allowed(session)
    asked = {
        "order": order.to_json(),
        "place": _place_of(session.database),
        "user_id": session.actor.user_id,
        "epoch": session.database.epoch,
    }
    with tempfile.TemporaryFile() as errors, _Child(errors) as process:
        try:
            said = _follow(process, asked, progress)
        except BaseException:
            _stop(process)
            with suppress(UserError):
                history.settle_interrupted(session.database, writer_of(session), stopped=process.pid)
            raise
        if said is None:
            errors.seek(0)
            log.error("the backup process ended: %s", errors.read()[-4000:].decode("utf-8", "replace"))
            with suppress(UserError):
                history.settle_interrupted(session.database, writer_of(session))
            raise BackupFailed(_ENDED, folder=order.folder)
    return _made(said)


def _check_allowed(session: "Session") -> None:
    if not may_run(session):
        raise NotAllowed


def _place_of(database: Database) -> dict[str, Any]:
    """Return where the data is, a server's password included: it goes through a pipe and is never an argument."""
    if database.path is not None:
        return {"path": str(database.path), "read_only": database.read_only}
    return {"url": database.engine.url.render_as_string(hide_password=False)}


# The parent's side


class _Child:
    """The process: closed and waited for at the end, whatever happens."""

    def __init__(self, errors: IO[bytes]) -> None:
        self._errors = errors

    def __enter__(self) -> "subprocess.Popen[bytes]":
        self._process = subprocess.Popen(
            child_command("crm_desktop.app.backup_job", WORD),
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            creationflags=_BELOW_NORMAL if os.name == "nt" else 0,
        )
        return self._process

    def __exit__(self, *_: object) -> None:
        _stop(self._process)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _follow(
    process: "subprocess.Popen[bytes]", asked: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any] | None:
    """Return what the process made, None when it ended without a word. Raises BackupFailed, Cancelled."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
    at, of = 0, 1000
    for said in _lines(process):
        if "at" in said:
            at, of = said["at"], said["of"]
        elif "refused" in said:
            raise BackupFailed(said["refused"]["template"], **said["refused"]["values"])
        elif "cancelled" in said:
            raise Cancelled
        elif "made" in said:
            made: Mapping[str, Any] = said["made"]
            return made
        # Also while nothing is said, so that Cancel is noticed.
        progress.step(at, of)
    return None


def _lines(process: "subprocess.Popen[bytes]") -> Iterator[Mapping[str, Any]]:
    """Yield what the process says, {} now and then while it is silent."""
    assert process.stdout is not None
    heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(process.stdout, heard), daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            yield {}
            continue
        if line is None:
            return
        yield json.loads(line)


def _hear(stream: IO[bytes], heard: "queue.SimpleQueue[bytes | None]") -> None:
    with suppress(OSError, ValueError):
        for line in stream:
            heard.put(line)
    heard.put(None)


def _made(said: Mapping[str, Any]) -> Made:
    manifest = Manifest.from_json(said["manifest"].encode())
    return Made(Path(said["path"]), manifest, said["run_id"], said["second"], tuple(said["pruned"]))


# The child's side


def main() -> int:
    """Make the backup that standard input asks for; 0 when all there is to say was said."""
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    told = os.fdopen(os.dup(1), "wb")
    # Nobody but the frames below may write where the program reads.
    os.dup2(2, 1)
    asked, stopped = _order_of_stdin()
    try:
        said = _make(asked, _Told(told, stopped))
    except Cancelled:
        said = {"cancelled": True}
    except UserError as error:
        said = {"refused": history.stored(error)}
    _say(told, said)
    return 0


def _make(asked: Mapping[str, Any], progress: "_Told") -> dict[str, Any]:
    from crm_desktop.app.figures import SEAMS

    database = _open(asked["place"])
    try:
        database.epoch = asked["epoch"]
        actor = SYSTEM
        if database.path is None and asked["user_id"] is not None:
            with database.read(SYSTEM) as work:
                actor = login.current_actor(work, asked["user_id"])
        made = make_backup(database, Order.from_json(asked["order"]), SEAMS, progress, actor=actor)
    finally:
        database.close()
    return {
        "made": {
            "path": str(made.path),
            "manifest": made.manifest.to_json().decode(),
            "run_id": made.run_id,
            "second": made.second,
            "pruned": list(made.pruned),
        }
    }


def _open(place: Mapping[str, Any]) -> Database:
    from sqlalchemy import make_url

    from crm_desktop.db.engine import postgres_engine, sqlite_engine

    if "url" in place:
        return Database(postgres_engine(make_url(place["url"])))
    # The window holds the lease of a file on a share for this computer.
    path = Path(place["path"])
    database = Database(sqlite_engine(path, read_only=place["read_only"]), path=path)
    database.read_only = place["read_only"]
    return database


class _Told:
    """Progress that goes through the pipe; closing standard input cancels."""

    def __init__(self, stream: IO[bytes], stopped: threading.Event) -> None:
        self._stream, self._stopped = stream, stopped
        self._at, self._next = -1, 0.0

    def step(self, done: int, total: int | None = None) -> None:
        """Tell how far it is. Raises Cancelled."""
        if self._stopped.is_set():
            raise Cancelled
        now = time.monotonic()
        if done != self._at and now >= self._next:
            self._at, self._next = done, now + _LOOK_SECONDS
            _say(self._stream, {"at": done, "of": total})


def _say(stream: IO[bytes], said: Mapping[str, Any]) -> None:
    with suppress(OSError):  # the window may be gone; then standard input is closed as well
        stream.write(json.dumps(said).encode() + b"\n")
        stream.flush()


def _order_of_stdin() -> tuple[Mapping[str, Any], threading.Event]:
    """Return what is asked, and the event of standard input being closed."""
    # Past the buffer of sys.stdin, whose lock a thread would hold when the process ends.
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            raise SystemExit(2)
        line += byte
    stopped = threading.Event()

    def wait() -> None:
        while os.read(0, 4096):
            pass
        stopped.set()

    threading.Thread(target=wait, daemon=True).start()
    return json.loads(line), stopped


if __name__ == "__main__":
    sys.exit(main())
