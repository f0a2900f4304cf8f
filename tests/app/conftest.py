"""A demo company on a real file, and the main window of its people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_desktop.app import session as sessions
from crm_desktop.app.demo.make import make_demo
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.db.work import Database
from tests.companies import sqlite_company


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.crm"
    sessions.make_demo_company(str(path), contacts=60)
    return path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, template_file: Path) -> Iterator[Database]:
    """The demo as it is offered; nobody writes into it."""
    database = sqlite_company(template_file, tmp_path_factory.mktemp("offered") / "demo.crm")
    make_demo(database)
    yield database
    database.close()


@pytest.fixture(scope="session", params=["en", "zh_Hans", "zh_Hant"])
def twins(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template_file: Path
) -> Iterator[tuple[str, Database, Database]]:
    """A language, and two small demos of it made with one seed; nobody writes into them."""
    folder = tmp_path_factory.mktemp("twins")
    one, other = (sqlite_company(template_file, folder / f"{name}.crm") for name in ("one", "other"))
    for database in (one, other):
        make_demo(database, contacts=90, language=request.param, seed=7)
    yield request.param, one, other
    one.close()
    other.close()


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
