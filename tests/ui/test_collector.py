"""Garbage in cycles goes on the GUI thread, at the latest when the dialog that made it has closed."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from crm_desktop.ui.collector import Collector


class Holder:
    """Something only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector(qapp)
    made._timer.stop()
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: Any) -> QMainWindow:
    shown = QMainWindow()
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    return shown


def close_a_dialog(qtbot: Any, window: QMainWindow) -> None:
    dialog = QDialog(window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: bool(QGuiApplication.focusWindow() == dialog.windowHandle()))
    dialog.accept()
    window.activateWindow()
    qtbot.waitUntil(lambda: bool(QGuiApplication.focusWindow() == window.windowHandle()))
    QApplication.processEvents()


def test_what_a_closed_dialog_leaves_is_collected_at_once(
    qtbot: Any, collector: Collector, window: QMainWindow
) -> None:
    left = weakref.ref(Holder())
    assert left() is not None
    close_a_dialog(qtbot, window)
    assert left() is None
    collector.stop()


def test_a_stopped_collector_leaves_closed_dialogs_alone(qtbot: Any, collector: Collector, window: QMainWindow) -> None:
    collector.stop()
    gc.disable()
    left = weakref.ref(Holder())
    close_a_dialog(qtbot, window)
    assert left() is not None
