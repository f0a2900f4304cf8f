"""What every test may ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from tests.postgres import (
    MEMORY,
    create_database,
    drop_database,
    has_room,
    new_folder,
    remove_cluster,
    shared_cluster,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from tests.db.server_company import Mould, ServerCompany

POSTGRES_FOLDER = "CRM_TEST_POSTGRES_FOLDER"

# A newcomer's run is the same each time; what chance finds, the thorough one looks for.
settings.register_profile("default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """The first process owns the server's folder; the xdist workers inherit where it is."""
    if not hasattr(config, "workerinput"):
        os.environ[POSTGRES_FOLDER] = str(new_folder())
        if has_room(MEMORY):  # no test waits for a disk; what a power cut leaves is tested by other means
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


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
def _garbage_of_the_module_before() -> None:
    """Collect, on this thread, what the module before left; `garbage_on_this_thread` sees each test's only.

    What lives on (modules, compiled statements) is left out of every later collection: looking through it takes a
    second each time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, dressed as the program dresses it: any test of a window may be the first."""
    from crm_desktop.ui.fonts import install_fonts
    from crm_desktop.ui.theme import install_theme

    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    return qapp


@pytest.fixture
def qtbot(qtbot: QtBot) -> Iterator[QtBot]:
    """Pytest-qt's own bot, which also holds what it was given: a test may keep no more than a child of its window."""
    held: list[QWidget] = []
    add = qtbot.addWidget

    def hold(widget: QWidget, **options: Any) -> None:
        held.append(widget)
        add(widget, **options)

    qtbot.addWidget = hold
    yield qtbot
    held.clear()


@pytest.fixture(autouse=True)
def garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect on this thread only, as the program does: a widget in a cycle must not die on a lane."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    # The young generations hold what this test made, as nothing was collected meanwhile.
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put away what a test left on the screen: a forgotten dialog would keep the next window from the keyboard.

    What was to be deleted later goes now, as no event loop runs between tests. A main window must be gone: after
    minutes without a key it would lock itself, and with that the windows of other tests.
    """
    yield
    if "qapp" not in request.fixturenames:
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not any(isinstance(window, QMainWindow) for window in QApplication.topLevelWidgets())


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
def server_mould(postgres_server: str) -> Iterator[Mould]:
    """Where the tests with people logged in to the server get their company from."""
    from tests.db.server_company import Mould

    mould = Mould(postgres_server, contacts=30)
    yield mould
    mould.remove()


@pytest.fixture
def company(server_mould: Mould) -> Iterator[ServerCompany]:
    """A company of thirty contacts on the server, whose people have logins of their own."""
    company = server_mould.take()
    yield company
    company.close()


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
def origin_file(request: pytest.FixtureRequest, begins_with_people: bool) -> Path:
    """The file a test's company is copied from."""
    if begins_with_people:
        return Path(request.getfixturevalue("founded_file")[0])
    return Path(request.getfixturevalue("template_file"))


@pytest.fixture
def origin_on_server(request: pytest.FixtureRequest, begins_with_people: bool) -> str:
    """Name of the database a test's company is copied from."""
    if begins_with_people:
        return str(request.getfixturevalue("founded_on_server")[0])
    return str(request.getfixturevalue("template_database"))


@pytest.fixture
def company_url(postgres_server: str, origin_on_server: str) -> Iterator[str]:
    """URL of a new database with the newest schema, empty but for the firm; dropped after the test."""
    url = copy_on_server(postgres_server, origin_on_server)
    yield url
    drop_database(url)


@pytest.fixture
def file_database(origin_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A company in a SQLite file of its own, empty but for the firm."""
    database = sqlite_company(origin_file, tmp_path / "company.crm")
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
