"""Run as a program: loads everything once, then forks a child for each deed that is asked for.

Reads one JSON object a line: `{"deed", "arguments", "traced"}`; answers `{"pid"}`, and when the child
ended `{"status", "said"}`. A child speaks through a socket: its own writes are counted and refused.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import socket
import sys
import time
from pathlib import Path

from tests.soak import careless, deeds_of_backup

DEEDS = {**deeds_of_backup.DEEDS, **careless.DEEDS}
_PR_SET_PTRACER = 0x59616D61


def wait_for_tracer() -> None:
    """Wait until strace has attached; kernels with Yama let in only whom the child allows."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1))
    status = Path("/proc/self/status")
    end = time.monotonic() + 20
    while re.search(r"TracerPid:\s+0\b", status.read_text()):
        if time.monotonic() > end:
            os._exit(3)
        time.sleep(0.002)
    time.sleep(0.005)


def child(ask: dict, voice: socket.socket) -> None:
    """Do the deed and say how it ended; never returns."""
    from crm_desktop.shared.errors import UserError

    status = 0
    try:
        if ask["traced"]:
            wait_for_tracer()
        DEEDS[ask["deed"]](*ask["arguments"])
        said = "done"
    except UserError as error:
        said, status = f"refused: {error}", 1
    except BaseException as error:  # noqa: BLE001 - the test is told, whatever it is
        import traceback

        said, status = f"error: {error!r}\n{''.join(traceback.format_exception(error))}", 2
    voice.sendall(said.encode())
    os._exit(status)


def main() -> None:
    for line in sys.stdin:
        ask = json.loads(line)
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            child(ask, theirs)
        theirs.close()
        answer({"pid": pid})
        said = b""
        while piece := ours.recv(65536):
            said += piece
        ours.close()
        _pid, status = os.waitpid(pid, 0)
        answer({"status": status, "said": said.decode()})


def answer(what: dict) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
