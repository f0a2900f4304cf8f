"""The page of backups in the real main window of a small firm, its owner at the desk."""

from pathlib import Path

import pytest

from crm_desktop.app.backup_job import make_here
from tests.journeys.windows import settle, staff, window

__all__ = ["staff", "window"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def calm(qtbot, window):
    """Wait until the window and its backups have nothing left to do."""

    def wait():
        for _round in range(3):
            qtbot.waitUntil(lambda: window.backups.tasks.idle, timeout=60_000)
            settle(qtbot, window)

    return wait


@pytest.fixture
def page(window, calm):
    window.backups.run = make_here
    found = window.open_settings("backup").stack.currentWidget()
    calm()
    return found


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "Copies of 2026"
