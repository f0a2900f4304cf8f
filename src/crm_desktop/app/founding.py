"""What the first run asks for: look at a place, found a company there, make the demo. No Qt.

Called on a worker thread; the database is imported when called, not before the first window.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from crm_desktop.app.opening import (
    AlreadyThere,
    FileMissing,
    Kind,
    NotOurs,
    ServerRefused,
    has_company,
    is_server,
    look_at,
    public_address,
    server_errors,
)
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_REACH_SECONDS: Final = 5.0
_SSL_REQUEST: Final = (8).to_bytes(4) + (80877103).to_bytes(4)
"""The first message of PostgreSQL's protocol that needs no login; a server answers S or N."""


class NotReached(UserError):
    """Nothing answers at the address of a server."""

    message = N_(
        "No answer from {server}, port {port}. Check the name and the port, and that this computer is on the network."
    )


class OtherServer(UserError):
    """Something answers that is not PostgreSQL."""

    message = N_("What answers at {server}, port {port} is not a PostgreSQL server. Check the port; 5432 is usual.")


class NoCompanyThere(UserError):
    """The database on the server holds no company."""

    message = N_("There is no company at {path}. Check the name of the database.")


@dataclass(frozen=True, slots=True)
class NewCompany:
    """Everything the founding of a company needs; `language` is a key of `LANGUAGES`."""

    name: str
    currency: str
    country: str
    timezone: str
    language: str
    owner_name: str
    owner_login: str
    password: str


@dataclass(frozen=True, slots=True)
class Administrator:
    """The login of a database server that may make roles; used once and never kept."""

    login: str
    password: str


def check_file(path: Path) -> str:
    """Return the address of the company file at `path`.

    Raises FileMissing, NotOurs and what `look_at` raises.
    """
    found = look_at(path)
    if found.kind is Kind.MISSING:
        raise FileMissing(path=path)
    if found.kind is Kind.EMPTY:
        raise NotOurs(path=path, what=N_("it is empty"))
    return str(path)


def place_of(path: Path) -> str:
    """Return "local", "network" or "cloud"; asking about a share may take a while."""
    from crm_desktop.db import place

    return str(place.place_of(path))


def reach(server: str, port: int) -> None:
    """Make sure that a PostgreSQL server answers, without logging in. Raises NotReached, OtherServer."""
    import socket

    try:
        with socket.create_connection((server, port), _REACH_SECONDS) as connection:
            connection.sendall(_SSL_REQUEST)
            answer = connection.recv(1)
    except (OSError, UnicodeError) as error:
        raise NotReached(server=server, port=port) from error
    if answer not in (b"S", b"N"):
        raise OtherServer(server=server, port=port)


def is_founded(address: str, administrator: Administrator) -> bool:
    """Return whether a company is in the database at `address` already. Raises ServerRefused."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import DBAPIError

    from crm_desktop.db.engine import postgres_engine, postgres_url

    engine = postgres_engine(postgres_url(_with_login(address, administrator)))
    try:
        with engine.connect() as connection:
            return has_company(connection)
    except DBAPIError as error:
        reason = (str(error.orig).strip().splitlines() or [""])[-1]
        raise ServerRefused(server=make_url(address).host or "", reason=reason) from error
    finally:
        engine.dispose()


def create(address: str, company: NewCompany, administrator: Administrator | None = None) -> str:
    """Found a company and return the recovery code of its owner.

    A file appears at its place only when everything in it is done. Raises AlreadyThere, Invalid (field)
    and, on a server, ServerRefused and Unavailable.
    """
    from crm_desktop.app.session import found_company

    settings = asdict(company)
    if administrator is not None:
        address = _with_login(address, administrator)
    with new_place(address) as place:
        return found_company(place, **settings)


def make_demo(path: Path, language: str, progress: Progress, **choices: Any) -> str:
    """Return the address of the demo company at `path`, made when it was not there yet. Raises Cancelled."""
    from crm_desktop.app.session import make_demo_company

    if look_at(path).kind is not Kind.OURS:
        with _Aside(path) as aside:
            make_demo_company(str(aside), language=language, progress=progress, **choices)
    return str(path)


@contextmanager
def new_place(address: str) -> Iterator[str]:
    """Give the address at which to make a new company; a file appears under its own name at a clean end only.

    Raises AlreadyThere, NotOurs, UserError when no file can be made there.
    """
    if is_server(address):
        yield address
        return
    with _Aside(Path(address)) as aside:
        yield str(aside)


class _Aside:
    """A name beside `path` to work at; it becomes `path` at a clean end and is removed otherwise."""

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()
        self._aside = self._path.with_name(f"{self._path.name}.new")

    def __enter__(self) -> Path:
        if look_at(self._path).kind is Kind.OURS:
            raise AlreadyThere(path=self._path)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._remove()
            self._aside.touch()
        except OSError as error:
            raise UserError(
                N_("A file cannot be made in {folder}: {reason}. Choose another folder."),
                folder=self._path.parent,
                reason=error.strerror,
            ) from error
        return self._aside

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            os.replace(self._aside, self._path)
        else:
            self._remove()

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal", ".lock"):
            self._aside.with_name(self._aside.name + ending).unlink(missing_ok=True)


def _with_login(address: str, administrator: Administrator) -> str:
    from sqlalchemy import make_url

    url = make_url(address).set(username=administrator.login, password=administrator.password)
    return url.render_as_string(hide_password=False)


def upgrade_server(address: str) -> Path | None:
    """Bring the company on a server up to date, with everything the server enforces; again changes nothing.

    `address` carries the administrator's name and password. Returns the backup that was made before the data
    became of another number. Raises NoCompanyThere, ServerRefused, Unavailable, NoBackupBefore.
    """
    from crm_desktop.app.server_plan import access_plan
    from crm_desktop.app.upgrading import back_up_server
    from crm_desktop.db import schema
    from crm_desktop.db.engine import postgres_engine, postgres_url
    from crm_desktop.db.server import prepare_server

    url, backup = postgres_url(address), None
    engine = postgres_engine(url)
    try:
        with server_errors(address), engine.begin() as connection:
            is_older = has_company(connection) and (schema.revision(connection) or 0) < schema.SCHEMA
        if is_older:
            with server_errors(address):
                backup = back_up_server(url, public_address(address))
        with server_errors(address), engine.begin() as connection:
            if not has_company(connection):
                raise NoCompanyThere(path=public_address(address))
            prepare_server(connection, access_plan())
    finally:
        engine.dispose()
    return backup
