"""Garbage is collected on the GUI thread only.

Python's collector runs on whichever thread happens to allocate; a widget that is part of a cycle
would then be destroyed on a lane, which Qt does not survive.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

EVERY_MS = 2_000


class Collector(QObject):
    """Switches the automatic collector off and does its work on a timer, and when a dialog has closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._collect_due)
        self._timer.start()
        self._dialogs = 0
        self._watched = parent if isinstance(parent, QGuiApplication) else None
        if self._watched is not None:
            self._watched.focusWindowChanged.connect(self._count_dialogs)

    def collect_now(self) -> None:
        """Collect every generation."""
        gc.collect()

    def stop(self) -> None:
        """Give collecting back to Python."""
        self._timer.stop()
        if self._watched is not None:
            self._watched.focusWindowChanged.disconnect(self._count_dialogs)
        gc.enable()

    def _count_dialogs(self) -> None:
        """Collect once the window that took the focus back from a dialog is at rest."""
        windows = QGuiApplication.topLevelWindows()
        shown = sum(one.isVisible() and one.type() == Qt.WindowType.Dialog for one in windows)
        if shown < self._dialogs:
            QTimer.singleShot(0, self, self.collect_now)
        self._dialogs = shown

    def _collect_due(self) -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation] > 0:
                gc.collect(generation)
                return
