"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from crm_desktop.access import passwords
from crm_desktop.db import engine
from crm_desktop.db.work import Database
from tests.companies import (
    Firm,
    copy_on_server,
    engine_with_kept_statements,
    found_firm,
    make_server_template,
    make_template,
    server_company,
    settle_file,
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


@pytest.fixture(autouse=True, scope="session")
def full_cost() -> passwords.Cost:
    """What the program's own hashes cost; in the tests Argon2 is at its cheapest unless one asks for this."""
    cost = passwords.COST
    passwords.COST = passwords.Cost(memory_kib=64, passes=1)
    return cost


@pytest.fixture(autouse=True, scope="session")
def _documents_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Backups of a company without a plan go to the documents of whoever runs the program; not here."""
    import platformdirs

    os.environ["XDG_DOCUMENTS_DIR"] = str(folder := tmp_path_factory.mktemp("documents"))
    platformdirs.user_documents_path = lambda: folder


@pytest.fixture(autouse=True, scope="session")
def _statements_are_compiled_once() -> Iterator[None]:
    """Engines of one kind share their compiled statements, as all the work of one day does in the program."""
    before = engine.create_engine
    engine.create_engine = engine_with_kept_statements
    yield
    engine.create_engine = before


@pytest.fixture(autouse=True, scope="module")
def _garbage_of_the_module() -> Iterator[None]:
    """Collect, on this thread, what a module's own fixtures left; `garbage_on_this_thread` sees each test's only."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        gc.collect()


@pytest.fixture(autouse=True)
def garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect on this thread only, as the program does: a widget in a cycle must not die on a lane."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    # What was there before is not looked through again after every test; that would take longer than the tests.
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()
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


@pytest.fixture(scope="session")
def founded_file(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Firm]:
    """A SQLite file of a small firm with its people, to be copied, and the people."""
    path = tmp_path_factory.mktemp("founded") / "founded.crm"
    database = sqlite_company(template_file, path)
    firm = found_firm(database)
    settle_file(database)
    return path, firm


@pytest.fixture(scope="session")
def founded_on_server(postgres_server: str, template_database: str) -> tuple[str, Firm]:
    """Name of a PostgreSQL database of a small firm with its people, to be copied, and the people."""
    url = make_url(copy_on_server(postgres_server, template_database))
    database = server_company(url.render_as_string(hide_password=False))
    firm = found_firm(database)
    database.close()
    return str(url.database), firm


@pytest.fixture
def begins_with_people(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for the people of the firm, who are in its company from the beginning then."""
    return not {"firm", "staff"}.isdisjoint(request.fixturenames)


@pytest.fixture
def company_url(request: pytest.FixtureRequest, postgres_server: str, begins_with_people: bool) -> Iterator[str]:
    """URL of a new database with the newest schema, empty but for the firm; dropped after the test."""
    template = "founded_on_server" if begins_with_people else "template_database"
    found = request.getfixturevalue(template)
    url = copy_on_server(postgres_server, found[0] if begins_with_people else found)
    yield url
    drop_database(url)


@pytest.fixture
def file_database(
    request: pytest.FixtureRequest, template_file: Path, tmp_path: Path, begins_with_people: bool
) -> Iterator[Database]:
    """A company in a SQLite file of its own, empty but for the firm."""
    template = request.getfixturevalue("founded_file")[0] if begins_with_people else template_file
    database = sqlite_company(template, tmp_path / "company.crm")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A company, empty but for the firm, on both engines in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("file_database")
        return
    company = server_company(request.getfixturevalue("company_url"))
    yield company
    company.close()


@pytest.fixture
def firm(request: pytest.FixtureRequest, database: Database) -> Firm:
    """The people of a small firm, in `database`."""
    kind = "founded_file" if database.path is not None else "founded_on_server"
    people: Firm = request.getfixturevalue(kind)[1]
    return people
