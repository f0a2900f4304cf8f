"""What the wizard is about while it is open."""

from pathlib import Path
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal

from crm_desktop.app.ui.restore.road import Outcome, Road, Seen, Wish
from crm_desktop.shared.errors import Cancelled
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.settings import LAST_FOLDER, Settings
from crm_desktop.ui.tasks import Tasks


class RestoreState(QObject):
    """Shared by the steps of one wizard; forgets what it unpacked when it closes."""

    another_wanted = Signal(object)
    """The path of another backup to begin with."""

    def __init__(
        self, road: Road, tasks: Tasks, dialogs: Dialogs, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.road, self.tasks, self.dialogs, self.settings = road, tasks, dialogs, settings
        self.path: Path | None = None
        self.prepared: Any = None
        self.seen: Seen | None = None
        self.wish = Wish()
        self.outcome: Outcome | None = None
        self._lock, self._abandoned = Lock(), False

    def choose(self, path: Path) -> None:
        """Turn to a backup; what was unpacked of another one goes."""
        if path != self.path:
            self.forget()
        self.path = path
        self.settings.set(LAST_FOLDER, str(path.parent))

    def keep(self, prepared: Any) -> None:
        """Keep what was unpacked; called on a lane. Raises Cancelled when nobody waits for it any more."""
        with self._lock:
            if not self._abandoned:
                self.prepared = prepared
                return
        prepared.close()
        raise Cancelled

    def forget(self) -> None:
        """Remove what was unpacked."""
        with self._lock:
            prepared, self.prepared, self.seen = self.prepared, None, None
        if prepared is not None:
            prepared.close()

    def abandon(self) -> None:
        """Remove what was unpacked, and what a lane may still unpack."""
        with self._lock:
            self._abandoned = True
        self.forget()
