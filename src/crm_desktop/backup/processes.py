"""Whether a process that noted its number is still there."""

import os
from typing import Any


def is_running(process: int) -> bool:
    """Return whether a process of this computer is still there."""
    if process <= 0:
        return False
    if os.name == "nt":  # pragma: no cover
        return _is_running_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_running_on_windows(process: int) -> bool:  # pragma: no cover
    # os.kill would end it there.
    import ctypes

    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(0x1000, False, process)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259
