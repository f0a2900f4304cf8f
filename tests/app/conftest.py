"""A demo company on a real file, and the main window of its people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_desktop.app import session as sessions
from crm_desktop.app.demo.people import PASSWORD


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.crm"
    sessions.make_demo_company(str(path), contacts=60)
    return path


@pytest.fixture
def demo_file(demo_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_template, tmp_path / "demo.crm"))


@pytest.fixture
def log_in(demo_file: Path) -> Iterator[Callable[[str], sessions.Session]]:
    opened: list[sessions.Session] = []

    def enter(login: str) -> sessions.Session:
        opened.append(sessions.log_in(str(demo_file), login, PASSWORD))
        return opened[-1]

    yield enter
    for session in opened:
        session.database.close()
