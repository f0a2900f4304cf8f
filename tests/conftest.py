"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from crm_desktop.db.work import Database
from tests.companies import (
    Firm,
    found_firm,
    make_server_template,
    make_template,
    postgres_company,
    sqlite_company,
)
from tests.postgres import create_database, drop_database, new_folder, remove_cluster, shared_cluster

POSTGRES_FOLDER = "CRM_TEST_POSTGRES_FOLDER"

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """The first process owns the server's folder; the xdist workers inherit where it is."""
    if not hasattr(config, "workerinput"):
        os.environ[POSTGRES_FOLDER] = str(new_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if a test asked for one."""
    if not hasattr(config, "workerinput"):
        remove_cluster(Path(os.environ.pop(POSTGRES_FOLDER)))


@pytest.fixture(autouse=True)
def garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect on this thread only, as the program does: a widget in a cycle must not die on a lane."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put away what a test left on the screen: a forgotten dialog would keep the next window from the keyboard."""
    yield
    if "qapp" not in request.fixturenames:
        return
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.hide()


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Superuser URL of the throw-away PostgreSQL server; fails (never skips) where none can be started."""
    return shared_cluster(Path(os.environ[POSTGRES_FOLDER]))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new, empty database; dropped after the test."""
    url = create_database(postgres_server)
    yield url
    drop_database(url)


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def template_database(postgres_server: str) -> str:
    """Name of a PostgreSQL database with the newest schema, to be copied."""
    return make_server_template(postgres_server)


@pytest.fixture
def file_database(template_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty company in a SQLite file of its own."""
    database = sqlite_company(template_file, tmp_path / "company.crm")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty company, on both engines in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("file_database")
        return
    server = request.getfixturevalue("postgres_server")
    name = f"company_{uuid.uuid4().hex[:12]}"
    company = postgres_company(server, request.getfixturevalue("template_database"), name)
    yield company
    company.close()
    drop_database(make_url(server).set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def firm(database: Database) -> Firm:
    """The people of a small firm, in `database`."""
    return found_firm(database)
