"""One computer at a time on a shared folder: a lease file beside the company file.

SQLite's locks do not hold on every share: two writers damaged a file after three transactions. So the
first computer makes `NAME.lease` (exclusively), raises a counter in it, and everybody else only reads.
Whether a lease is dead is never judged by comparing the clocks of two computers: it is dead when its
counter stood still for a minute on the clock of the one who waits (docs/decisions/0002).
"""

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_

RAISE_SECONDS: Final = 10.0
STALE_SECONDS: Final = 60.0
SILENT_SECONDS: Final = 30.0
"""A holder who could not raise the counter for so long writes no more; others wait twice as long."""
SETTLE_SECONDS: Final = 0.2
"""Pause between pushing a dead lease aside and making one's own, and before reading it back."""


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else works on the file: who, and on which computer."""

    by: str
    computer: str


@dataclass(frozen=True, slots=True)
class Clockwork:
    """How time passes for a lease; tests bring their own. Seconds on this computer's monotonic clock."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class LeaseLost(Unavailable):
    """This computer may no longer write to the shared file."""

    message = N_(
        "The connection to the shared folder was lost for too long, so another computer may be working on "
        "the file. Nothing was saved. Copy your text, then open the company again."
    )


class Lease:
    """The right to write to a file on a share, as long as `check` does not raise."""

    def __init__(self, path: Path, identity: dict[str, Any], clock: Clockwork) -> None:
        self.path = path
        self._identity = identity
        self._clock = clock
        self._counter = 0
        self._raised_at = clock.now()
        self._lost = False
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def acquire(cls, path: Path, who: str, clock: Clockwork | None = None) -> "Lease | Held":
        """Take the lease of the company file `path`, or say who has it.

        When there is a lease it watches for a sign of life, which comes within ten seconds, or gives it
        up for dead after sixty; a holder on this computer whose process is gone is dead at once. Raises
        OSError when the folder cannot be written.
        """
        clock = clock or Clockwork()
        file = path.with_name(path.name + ".lease")
        identity = {"id": uuid.uuid4().hex, "who": who, "computer": _computer(), "pid": os.getpid()}
        took_over = False
        while True:
            lease = cls(file, identity, clock)
            if lease._create():
                if took_over:
                    clock.sleep(SETTLE_SECONDS)  # for whoever was about to push the dead one aside, too
                if lease._is_ours():
                    return lease
            held = _read(file)
            if held is not None:
                if not _is_dead(file, held, clock):
                    return Held(str(held.get("who", "")), str(held.get("computer", "")))
                took_over = _push_aside(file, held, clock) or took_over

    def keep(self) -> None:
        """Raise the counter every ten seconds from a thread of its own, until `release`."""
        self._thread = threading.Thread(target=self._beat_on, name="lease", daemon=True)
        self._thread.start()

    def beat(self) -> bool:
        """Raise the counter once; return whether the lease is still ours and was written."""
        with self._lock:
            if self._lost:
                return False
            try:
                if not self._is_ours():
                    self._lost = True
                    return False
                self._counter += 1
                self._write()
            except OSError:
                return False
            self._raised_at = self._clock.now()
            return True

    def check(self) -> None:
        """Raise LeaseLost unless this computer surely still has the right to write; `Database.before_write`."""
        with self._lock:
            if self._clock.now() - self._raised_at > SILENT_SECONDS:
                self._lost = True
            try:
                if self._lost or not self._is_ours():
                    self._lost = True
                    raise LeaseLost
            except OSError as error:
                raise LeaseLost from error

    def release(self) -> None:
        """Give the lease back; does nothing when it is no longer ours."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(RAISE_SECONDS)
        with self._lock, contextlib.suppress(OSError):
            if not self._lost and self._is_ours():
                self.path.unlink()
            self._lost = True

    def _beat_on(self) -> None:
        while not self._stop.wait(RAISE_SECONDS):
            self.beat()

    def _create(self) -> bool:
        try:
            handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            return False
        with os.fdopen(handle, "wb") as file:
            file.write(self._content())
            file.flush()
            os.fsync(file.fileno())
        self._raised_at = self._clock.now()
        return True

    def _write(self) -> None:
        # Not renamed into place: the file that was made exclusively stays the same one.
        with open(self.path, "r+b") as file:
            file.write(self._content())
            file.flush()
            os.fsync(file.fileno())

    def _content(self) -> bytes:
        text = json.dumps({**self._identity, "counter": f"{self._counter:012d}"}, ensure_ascii=False)
        return text.encode()

    def _is_ours(self) -> bool:
        found = _read(self.path)
        return found is not None and found.get("id") == self._identity["id"]


def _computer() -> str:
    return socket.gethostname()


def _read(file: Path) -> dict[str, Any] | None:
    """Return what the lease says, {} when it is half written, None when there is none."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_dead(file: Path, held: dict[str, Any], clock: Clockwork) -> bool:
    """Return whether the holder is gone: its process here, or a minute without a sign elsewhere."""
    if held.get("computer") == _computer() and not _is_alive(int(held.get("pid", 0))):
        return True
    began = clock.now()
    while clock.now() - began < STALE_SECONDS:
        clock.sleep(1.0)
        if _read(file) != held:
            return False
    return True


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    if os.name == "nt":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    # os.kill would end the process there.
    import ctypes

    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x00100000, False, pid)
    if not handle:
        return False
    waited = kernel.WaitForSingleObject(handle, 0)
    kernel.CloseHandle(handle)
    return bool(waited == 0x102)


def _push_aside(file: Path, held: dict[str, Any], clock: Clockwork) -> bool:
    """Rename a dead lease away; of several who try, one wins. Returns whether it was this one."""
    aside = file.with_name(f"{file.name}.stale-{uuid.uuid4().hex[:8]}")
    try:
        if _read(file) != held:
            return False
        file.rename(aside)
    except FileNotFoundError:
        return False
    if _read(aside) != held:
        # Between the look and the rename somebody else took over: what was renamed is theirs.
        with contextlib.suppress(OSError):
            os.link(aside, file)
        aside.unlink(missing_ok=True)
        return False
    aside.unlink(missing_ok=True)
    clock.sleep(SETTLE_SECONDS)
    return True
