"""A firm that sells, is paid, talks and waits: what Home counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from crm_desktop.access import rules
from crm_desktop.access.model import User, UserRole
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm, copy_on_server, server_company, settle_file, sqlite_company
from tests.home.books import fill_books


def hire_accountant(database: Database) -> Actor:
    with database.begin(SYSTEM) as work:
        user = User(login="lina", login_key="lina", name="Li Na", created_at=work.now)
        work.session.add(user)
        work.session.flush()
        work.session.add(UserRole(user_id=user.id, role="accountant"))
        return rules.combine(user_id=user.id, login="lina", name="Li Na", roles=["accountant"])


@pytest.fixture(scope="session")
def books_file(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Actor]:
    """A SQLite file of the firm with a year of business, to be copied, and who keeps its books."""
    template, firm = founded_file
    path = tmp_path_factory.mktemp("books") / "books.crm"
    database = sqlite_company(template, path)
    accountant = hire_accountant(database)
    fill_books(database, firm, accountant)
    settle_file(database)
    return path, accountant


@pytest.fixture(scope="session")
def books_on_server(postgres_server: str, founded_on_server: tuple[str, Firm]) -> tuple[str, Actor]:
    """Name of a PostgreSQL database of the firm with a year of business, to be copied, and who keeps its books."""
    template, firm = founded_on_server
    url = copy_on_server(postgres_server, template)
    database = server_company(url)
    accountant = hire_accountant(database)
    fill_books(database, firm, accountant)
    database.close()
    return str(make_url(url).database), accountant


@pytest.fixture
def begins_with_books(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for a year of business, which is in its company from the beginning then."""
    return "books" in request.fixturenames


@pytest.fixture
def origin_file(request: pytest.FixtureRequest, origin_file: Path, begins_with_books: bool) -> Path:
    """The file a test's company is copied from."""
    return Path(request.getfixturevalue("books_file")[0]) if begins_with_books else origin_file


@pytest.fixture
def origin_on_server(request: pytest.FixtureRequest, origin_on_server: str, begins_with_books: bool) -> str:
    """Name of the database a test's company is copied from."""
    return str(request.getfixturevalue("books_on_server")[0]) if begins_with_books else origin_on_server


@pytest.fixture
def accountant(request: pytest.FixtureRequest, database: Database, firm: Firm, begins_with_books: bool) -> Actor:
    """Li Na, who keeps the books of the firm."""
    assert firm
    if not begins_with_books:
        return hire_accountant(database)
    found: Actor = request.getfixturevalue("books_file" if database.path is not None else "books_on_server")[1]
    return found


@pytest.fixture
def books(database: Database, firm: Firm, accountant: Actor) -> Database:
    """The firm with a year of business."""
    assert firm
    assert accountant
    return database
