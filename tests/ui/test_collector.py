"""Garbage in cycles goes on the GUI thread, at the latest when the dialog that made it has closed."""

from __future__ import annotations

import weakref
from typing import Any

from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from crm_desktop.ui.collector import Collector


class Holder:
    """Something only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_closed_dialog_leaves_is_collected_at_once(qtbot: Any, qapp: QApplication) -> None:
    collector = Collector(qapp)
    collector._timer.stop()
    window = QMainWindow()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    dialog = QDialog(window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: bool(qapp.focusWindow() == dialog.windowHandle()))
    left = weakref.ref(Holder())
    assert left() is not None
    dialog.accept()
    window.activateWindow()
    qtbot.waitUntil(lambda: left() is None)
    collector.stop()
