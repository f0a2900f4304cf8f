"""Whether there is a screen to show windows on."""

import os
import sys


def has_display() -> bool:
    """Return whether a window can be shown on this computer."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
