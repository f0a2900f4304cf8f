"""Which windows of a person are gone, told without trusting any other computer's clock (pure but for one look).

A window that shows reminders renews them every so often. Another one looks at them with a stopwatch of its own: what
it saw unchanged for long enough is left behind. Of a window of the same computer the process tells at once.
"""

import os
import platform
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from crm_desktop.backup.processes import is_running

RENEW_SECONDS: Final = 60.0
"""How often a window says that it still shows what it took."""
GONE_SECONDS: Final = 300.0
"""Unchanged for so long, what a window holds is left behind. Five chances to renew are missed then."""


class Holding(Protocol):
    """What a window holds and when it last said so."""

    @property
    def window(self) -> str:
        """Return the word of that window."""
        ...

    @property
    def renewed_at(self) -> datetime:
        """Return when it last renewed, by the clock of its own computer."""
        ...


def new_window() -> str:
    """Return a word for a window of this process: "computer/process/anything"."""
    return f"{platform.node()}/{os.getpid()}/{uuid.uuid4().hex[:12]}"


def died_here(window: str) -> bool:
    """Return whether `window` was of this computer and its process does not run any more."""
    computer, _, rest = window.rpartition("/")[0].rpartition("/")
    return computer == platform.node() and rest.isdigit() and not is_running(int(rest))


class Watch:
    """A stopwatch for what the other windows hold."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[frozenset[datetime], float]] = {}

    def gone(self, held: Iterable[Holding], seconds: float) -> frozenset[str]:
        """Return the windows that are gone; `seconds` is what this computer's own stopwatch shows now."""
        renewed: dict[str, set[datetime]] = {}
        for one in held:
            renewed.setdefault(one.window, set()).add(one.renewed_at)
        seen = {}
        for window, instants in renewed.items():
            marks = frozenset(instants)
            before = self._seen.get(window)
            seen[window] = before if before is not None and before[0] == marks else (marks, seconds)
        self._seen = seen
        return frozenset(
            window for window, (_marks, since) in seen.items() if seconds - since >= GONE_SECONDS or died_here(window)
        )
