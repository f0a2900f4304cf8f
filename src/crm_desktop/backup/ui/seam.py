"""What the page of backups asks of the program, handed in so that this room knows neither sessions nor windows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.backup.history import Run
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.system_schedule import Scheduler, Task
from crm_desktop.shared.progress import Progress


@dataclass(frozen=True)
class BackupSeam:
    """The calls without a widget run on a worker thread and may raise UserError and Cancelled."""

    back_up: Callable[[], None]
    """Begin a backup by hand; its progress is in the status bar, and the history hears of it."""
    verify: Callable[[int, str, Progress], Run]
    """Read a backup of the history again; the text is the passphrase or recovery key, "" without."""
    would_drop: Callable[[], Sequence[Run]]
    """Which backups the next good one would remove."""
    place_of: Callable[[Path], str]
    """What kind of place a folder is: "same_disk", "local", "network", "cloud"."""
    new_lock: Callable[[str], tuple[Mapping[str, Any], str]]
    """Make a lock of a passphrase; returns it with its recovery key."""
    look: Callable[[QWidget, Path], None]
    restore: Callable[[QWidget, Path | None], None]
    scheduler: Scheduler | None
    """How the operating system runs the plan while the program is closed; None where it cannot."""
    task_of: Callable[[Plan], Task]
    """The task that runs a plan."""
    needs_keyring: bool
    """Whether that task can only log in with a remembered password: on a server."""
