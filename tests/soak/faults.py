"""Deeds of the program done by a child that is killed, or refused by the system, at the n-th call of a kind.

The nursery has everything imported and forks a child per deed; strace attaches to it and injects the
fault. `calls` counts the calls of a deed that may be chosen; strace counts each kind, and each
thread, apart, and so does `Point`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CALLS: Final = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "link", "mkdir", "copy_file_range", "sendfile",
)  # fmt: skip
SOAK: Final = os.environ.get("CRM_SOAK") == "1"
"""`make soak`: every point; the ordinary run takes a sample of them."""
_LINE: Final = re.compile(r"^(\d+) +(\w+)\(")


@dataclass(frozen=True, slots=True)
class Point:
    """The n-th call of its kind in a thread, from 1."""

    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a deed ended: killed, or with what it said ("done", "refused: …", "error: …")."""

    killed: bool
    said: str


class Nursery:
    """A process that forks one child per deed."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        """Where the children put what is of no use to anybody else: temporary files and caches."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.deeds"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1",
                 "TMPDIR": str(cache), "XDG_CACHE_HOME": str(cache)},
        )  # fmt: skip

    def do(self, deed: str, *arguments: object, strace: Sequence[str] = ()) -> Outcome:
        """Have a child do the deed, traced with these options."""
        self._tell({"deed": deed, "arguments": [str(one) for one in arguments], "traced": bool(strace)})
        pid = self._hear()["pid"]
        tracer = (
            subprocess.Popen(["strace", "-f", "-qq", *strace, "-p", str(pid)], stderr=subprocess.DEVNULL)
            if strace
            else None
        )
        heard = self._hear()
        if tracer is not None:
            tracer.wait(timeout=60)
        killed = os.WIFSIGNALED(heard["status"]) and os.WTERMSIG(heard["status"]) == signal.SIGKILL
        return Outcome(killed, heard["said"])

    def calls(self, deed: str, *arguments: object) -> list[Point]:
        """Do the deed to its end and return its calls in order."""
        log = self.cache / "calls.log"
        outcome = self.do(deed, *arguments, strace=["-e", _all(), "-o", str(log)])
        assert outcome.said == "done", outcome
        return list(_points(log.read_text()))

    def killed(self, deed: str, *arguments: object, at: Point) -> Outcome:
        """Do the deed and kill it as it makes the call."""
        return self.do(deed, *arguments, strace=_inject(at, "signal=SIGKILL"))

    def refused(self, deed: str, *arguments: object, at: Point, error: str, ever_after: bool) -> Outcome:
        """Do the deed while the system answers the call, or it and all later ones, with `error`."""
        return self.do(deed, *arguments, strace=_inject(at, f"error={error}", "+" if ever_after else ""))

    def close(self) -> None:
        """End the nursery."""
        self._process.communicate(timeout=60)

    def _tell(self, what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, object] | dict[str, int] | dict[str, str]:
        assert self._process.stdout is not None
        heard = self._process.stdout.readline()
        assert heard, "the nursery ended"
        return json.loads(heard)


@contextmanager
def nursery(cache: Path) -> Iterator[Nursery]:
    """Run a nursery for the length of the block."""
    made = Nursery(cache)
    try:
        yield made
    finally:
        made.close()


def why_not() -> str:
    """Return why nothing can be traced here, "" when it can."""
    if not sys.platform.startswith("linux"):
        return "strace is of Linux"
    if shutil.which("strace") is None:
        return "strace is not installed"
    return ""


def sample(points: Sequence[Point], most: int) -> list[Point]:
    """Return all points in soak, else `most` of them evenly, the first and the last among them, and every renaming."""
    if SOAK or len(points) <= most:
        return list(points)
    chosen = {points[round(number * (len(points) - 1) / (most - 1))] for number in range(most)}
    chosen |= {one for one in points if one.call.startswith("rename")}
    return [one for one in points if one in chosen]


def _all() -> str:
    return "trace=" + ",".join(f"?{call}" for call in CALLS)


def _inject(at: Point, what: str, after: str = "") -> list[str]:
    return ["-o", "/dev/null", "-e", f"trace={at.call}", "-e", f"inject={at.call}:{what}:when={at.number}{after}"]


def _points(log: str) -> Iterator[Point]:
    counts: Counter[tuple[str, str]] = Counter()
    seen = set()
    for line in log.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue  # "resumed", "exited"
        thread, call = found.groups()
        counts[thread, call] += 1
        point = Point(call, counts[thread, call])
        if point not in seen:
            seen.add(point)
            yield point
