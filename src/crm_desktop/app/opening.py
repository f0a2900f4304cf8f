"""Opening a company: what an address is gets decided before anything is written to it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_desktop.shared.errors import Unavailable, UserError
from crm_desktop.shared.i18n import N_, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_desktop.db.lease import Held, Lease
    from crm_desktop.db.work import Database
    from crm_desktop.shared.clock import Clock

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_BYTES: Final = 100
_KNOWN_PROGRAMS: Final = (
    ({"gnclock", "gncversion"}, "GnuCash"),
    ({"moz_places"}, "Firefox"),
    ({"CHECKINGACCOUNT_V1"}, "Money Manager EX"),
    ({"SingleValue", "SalesInvoice"}, "Frappe Books"),
    ({"ZABCDRECORD"}, "macOS Contacts"),
    ({"messages", "kvtable"}, "Signal"),
    ({"col", "notes", "revlog"}, "Anki"),
)
_REFUSED_LOGIN: Final = ("password authentication failed", "is not permitted to log in")
"""What a server says of a person who may not come in; it does not tell a wrong login from a closed one."""


class Kind(Enum):
    """What lies at an address."""

    MISSING = auto()
    OURS = auto()
    EMPTY = auto()
    """An empty file, or an empty database on a server."""


class FileMissing(UserError):
    """Nothing is there; the window leads to locate, new or another company."""

    message = N_("There is no file at {path}. It may have been moved or renamed, or its drive is not connected.")


class NotOurs(UserError):
    """A file of another program."""

    message = N_("{path} is not a CRM Desktop company: {what}. It was not changed.")

    def __str__(self) -> str:
        return _(self.template).format(path=self.values["path"], what=_(str(self.values["what"])))


class FileDamaged(UserError):
    """A company file whose pages are broken."""

    message = N_("{path} is damaged. It was not changed. Restore the last verified backup.")


class AlreadyThere(UserError):
    """A company lies where a new one should be made."""

    message = N_("There is a company at {path} already. Open it, or choose another name for the new one.")


class TooNew(UserError):
    """Made by a newer version of this program."""

    message = N_(
        "This company was last used by a newer CRM Desktop (its data has number {theirs}, this program knows "
        "{ours}). Update the program on this computer. Nothing was changed."
    )


class TooOld(UserError):
    """Made by an older version of this program, and this one may not bring it up to date here."""

    message = N_(
        "{path} was last used by an older CRM Desktop and has to be brought up to date, but it may only be read "
        "here. Copy it into a folder of this computer and open the copy. Nothing was changed."
    )


class TooOldAndHeld(TooOld):
    """The same on a share where another computer works with it."""

    message = N_(
        "{path} was last used by an older CRM Desktop and has to be brought up to date, but {who} works in it just "
        "now. Open it when they have left. Nothing was changed."
    )


class TooOldServer(TooOld):
    """The same on a server, where only its administrator may change tables."""

    message = N_(
        "The company at {path} was last used by an older CRM Desktop (its data has number {theirs}, this program "
        "knows {ours}). Whoever looks after the server has to run “crm-desktop upgrade”. Nothing was changed."
    )


class HardLinked(UserError):
    """The file has a second name, under which another program could write past our locks."""

    message = N_("{path} has a second name elsewhere (a hard link). Make a real copy of it and open that.")


class ServerRefused(UserError):
    """The server cannot be reached or does not let us in."""

    message = N_("The server {server} does not let you in: {reason}. Check the address, the login and the password.")


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at the path of a file; `schema` is the number of its data, 0 when it has none."""

    kind: Kind
    schema: int = 0
    writable: bool = True


def look_at(path: Path) -> Look:
    """Tell what a file is, reading its first 100 bytes and nothing else.

    Only to be called while this process does not have the file open in SQLite: closing any handle of it
    would drop SQLite's locks. Raises NotOurs, TooNew, HardLinked.
    """
    from crm_desktop.db.engine import APPLICATION_ID
    from crm_desktop.db.schema import SCHEMA

    try:
        status = os.stat(path)
    except OSError:
        return Look(Kind.MISSING)
    if not path.is_file():
        raise NotOurs(path=path, what=N_("it is a folder"))
    if status.st_nlink > 1:
        raise HardLinked(path=path)
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header:
        return Look(Kind.EMPTY)
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise NotOurs(path=path, what=_kind_of_file(header))
    application, schema = int.from_bytes(header[68:72]), int.from_bytes(header[60:64])
    if application != APPLICATION_ID:
        raise NotOurs(path=path, what=_program_of(path))
    if schema > SCHEMA:
        raise TooNew(theirs=schema, ours=SCHEMA)
    return Look(Kind.OURS, schema, writable=os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def open_file(path: Path, clock: "Clock | None" = None) -> "Database":
    """Open a company file, bringing an older one up to date after a proved backup (`app.upgrading`).

    A file that may only be read is opened for reading; so is one on a network share while another
    computer works on it, which may take ten seconds to find out. Raises FileMissing, TooOld when an older file
    may only be read, and what `look_at` raises.
    """
    from crm_desktop.app.upgrading import upgrade_file
    from crm_desktop.db import schema
    from crm_desktop.db.engine import sqlite_engine
    from crm_desktop.db.lease import Held
    from crm_desktop.db.place import is_network_path
    from crm_desktop.db.work import Database

    path = Path(os.path.realpath(path))
    look = look_at(path)
    if look.kind is Kind.MISSING:
        raise FileMissing(path=path)
    if look.kind is Kind.EMPTY:
        raise NotOurs(path=path, what=N_("it is empty"))
    found = _number_in_sqlite(path, look.schema)
    lease = _lease_of(path) if look.writable and is_network_path(path) else None
    writable = look.writable and not isinstance(lease, Held)
    if found < schema.SCHEMA:
        if isinstance(lease, Held):
            raise TooOldAndHeld(path=path, who=f"{lease.by}, {lease.computer}")
        if not writable:
            raise TooOld(path=path)
        upgrade_file(path, clock)
    database = Database(sqlite_engine(path, read_only=not writable), path=path, clock=clock)
    database.read_only = not writable
    if isinstance(lease, Held):
        database.held_by = f"{lease.by}, {lease.computer}"
    elif lease is not None:
        lease.keep()
        database.before_write.append(lease.check)
        database.on_close.append(lease.release)
    return database


def new_file(path: Path, clock: "Clock | None" = None) -> "Database":
    """Make a company file with an empty schema. Raises AlreadyThere, and NotOurs when it is another file."""
    from crm_desktop.db import schema
    from crm_desktop.db.engine import sqlite_engine
    from crm_desktop.db.work import Database

    path = Path(os.path.realpath(path))
    if look_at(path).kind is Kind.OURS:
        raise AlreadyThere(path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(path)
    schema.upgrade(engine)
    return Database(engine, path=path, clock=clock)


def new_on_server(address: str, clock: "Clock | None" = None) -> "Database":
    """Prepare an empty database on a server; `address` carries the administrator's name and password.

    The database returned acts as the owner of the schema and serves to found the company. Raises
    ServerRefused, Unavailable, AlreadyThere.
    """
    from crm_desktop.app.server_plan import access_plan
    from crm_desktop.db.engine import postgres_engine, postgres_url
    from crm_desktop.db.server import administrator_engine, prepare_server
    from crm_desktop.db.work import Database

    url = postgres_url(address)
    engine = postgres_engine(url)
    try:
        with server_errors(address), engine.begin() as connection:
            if has_company(connection):
                raise AlreadyThere(path=public_address(address))
            prepare_server(connection, access_plan())
    finally:
        engine.dispose()
    return Database(administrator_engine(url), clock=clock)


def has_company(connection: "Connection") -> bool:
    """Return whether a company was founded in the database an administrator is connected to.

    A founding that was refused or cut off leaves an empty schema, which the next one takes.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from crm_desktop.db import schema
    from crm_desktop.db.server import as_owner

    if schema.revision(connection) is None:
        return False
    try:
        with connection.begin_nested(), as_owner(connection):
            return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM company)")))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
        return True  # Another administrator prepared it, so this one cannot look.


def open_on_server(address: str, login: str, password: str, clock: "Clock | None" = None) -> "Database":
    """Open a company on a server as one person, whose password the server checks.

    Raises ServerRefused, TooNew, TooOld, NotOurs, Unavailable when the server would not enforce the roles.
    """
    from crm_desktop.access.rules import login_key
    from crm_desktop.db import schema
    from crm_desktop.db.engine import postgres_url
    from crm_desktop.db.row_security import check_login
    from crm_desktop.db.server import connect_as
    from crm_desktop.db.work import Database

    engine = connect_as(postgres_url(address), login_key(login), password)
    try:
        with server_errors(address), engine.connect() as connection:
            found = schema.revision(connection)
            if found is None:
                raise NotOurs(path=public_address(address), what=N_("there is no company in this database"))
            if found > schema.SCHEMA:
                raise TooNew(theirs=found, ours=schema.SCHEMA)
            if found < schema.SCHEMA:
                raise TooOldServer(path=public_address(address), theirs=found, ours=schema.SCHEMA)
            check_login(connection)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, clock=clock)


def public_address(address: str) -> str:
    """Return an address without login and password in it."""
    from sqlalchemy import URL, make_url

    if "://" not in address:
        return address
    url = make_url(address)
    # `URL.set` takes None for "leave as it is", so the URL is put together anew.
    bare = URL.create(url.drivername, host=url.host, port=url.port, database=url.database, query=url.query)
    return bare.render_as_string()


def is_server(address: str) -> bool:
    """Return whether an address names a server rather than a file."""
    return address.startswith(("postgresql://", "postgres://"))


@contextmanager
def server_errors(address: str) -> Iterator[None]:
    """Turn what the driver says while connecting into a sentence."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import DBAPIError

    from crm_desktop.access.login import WrongLogin

    try:
        yield
    except DBAPIError as error:
        reason = (str(error.orig).strip().splitlines() or [""])[-1]
        if any(said in reason for said in _REFUSED_LOGIN):
            raise WrongLogin from error
        raise ServerRefused(server=make_url(address).host or "", reason=reason) from error


def _kind_of_file(header: bytes) -> str:
    if header.startswith(b"PK\x03\x04"):
        return N_("it is a zip or Office file; import it, or restore it if it is a backup")
    if header.startswith(b"%PDF"):
        return N_("it is a PDF document")
    return N_("it is not a database")


def _program_of(path: Path) -> str:
    """Name the program whose tables a SQLite file has; opened so that nothing can be written."""
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        return N_("it is a damaged or encrypted database")
    for known, program in _KNOWN_PROGRAMS:
        if known <= tables:
            return program
    return N_("it is a database of another program")


def _number_in_sqlite(path: Path, in_header: int) -> int:
    """Return the number of the data as SQLite sees it: the newest may still be in the write-ahead log.

    Where SQLite may not open it (a log on a read-only medium), the number in its header. Raises NotOurs, TooNew.
    """
    import sqlite3

    from crm_desktop.db.schema import SCHEMA

    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'company'").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "readonly" in str(error) or "unable to open" in str(error):
            return in_header
        raise NotOurs(path=path, what=N_("it is damaged; restore the last verified backup")) from error
    if found > SCHEMA:
        raise TooNew(theirs=found, ours=SCHEMA)
    if not tables:
        raise NotOurs(path=path, what=N_("it is damaged; restore the last verified backup"))
    return int(found)


def _lease_of(path: Path) -> "Lease | Held":
    """Take the lease beside a file on a share, or tell who holds it. Raises Unavailable."""
    import getpass

    from crm_desktop.db.lease import Lease

    try:
        return Lease.acquire(path, getpass.getuser())
    except OSError as error:
        raise Unavailable(
            N_("Nobody can be kept from writing to {path} at the same time: its folder takes no new files. Move it."),
            path=path,
        ) from error
