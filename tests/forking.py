"""Killing the program many times without loading it each time: one process has it loaded and forks for each death."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from types import TracebackType
from typing import Self

_FORKER = """
import json, os, sys
{work}
for line in iter(sys.stdin.readline, ""):
    child = os.fork()
    if child == 0:
        work(*json.loads(line))
        os._exit(0)
    print(child, flush=True)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forker:
    """Runs `work(*arguments)`, which the given source defines, in a process of its own each time it is asked to.

    What the source does besides, above all its imports, is done once. The work may speak with the test: `say` and
    `hear` here are `print` and `sys.stdin.readline` there. POSIX only.
    """

    def __init__(self, work: str) -> None:
        script = _FORKER.replace("{work}", work)
        self._process = subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self.pid:
            self.kill()
        self._process.communicate()

    def begin(self, *arguments: str | int) -> None:
        """Begin the work in a new process."""
        self.say(json.dumps(arguments))
        self.pid = int(self.hear())

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def kill(self) -> None:
        """Kill the work wherever it is."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> int:
        """Wait until the work ended and return its exit code, negative when a signal ended it."""
        while not (heard := self.hear()).startswith("ended "):
            assert heard, "the program itself is gone"
        self.pid = 0
        return int(heard.removeprefix("ended "))
