"""The whole road back to a backup, for windows and the command line. No Qt."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import update

from crm_desktop.access.model import Company
from crm_desktop.access.passwords import check_new
from crm_desktop.access.rules import login_key
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.opening import AlreadyThere, is_server, public_address
from crm_desktop.app.restore_facts import compare, figures_now
from crm_desktop.app.restore_facts import lost_entries as lost
from crm_desktop.app.safety import NoSafety, make_safety
from crm_desktop.app.watch import confirm
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.format.naming import parse as parse_name
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.restore import placing, restoring
from crm_desktop.backup.restore.moving import is_marked
from crm_desktop.backup.restore.placing import Terms
from crm_desktop.backup.restore.present import present_in_file, present_on_server
from crm_desktop.backup.restore.restoring import Prepared
from crm_desktop.db.epoch import DataMoved
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import SystemClock
from crm_desktop.shared.errors import NotAllowed, Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

__all__ = ["Restored", "compare", "figures_now", "lost", "prepare", "restore"]

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

_READ_ONLY: Final = N_(
    "{place} can only be read here, so no backup can be restored into it. Restore it where it can be changed, or into "
    "a new company file."
)
_IS_FOLDER: Final = N_("{path} is a folder, so nothing was changed. Say the name of a company file in it.")
_IS_BACKUP: Final = N_("{path} is a backup itself, so nothing was changed. Choose the name of a new company file.")
_NO_SUCH_PERSON: Final = N_(
    "Nobody in {file} has the login “{login}”, so nothing was changed. Check how it is spelled."
)
_HAS_PASSWORD: Final = N_(
    "The password of “{login}” comes with {file}, so nothing was changed. Restore it without a new password, and log "
    "in with the old one or with the recovery code."
)
_NO_ADMINISTRATOR: Final = N_(
    "Restoring on a server takes the login that prepared the database. Type the administrator's login and password."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it. `passwords` are for one login each: (login, name, password), shown once.

    `safety` is the backup of what was there before, `aside` where a broken file lies now, or the name of the schema
    a server keeps for 30 days. `rows` are the figures of both places after a move.
    """

    address: str
    company: str
    safety: Path | None = None
    passwords: Sequence[tuple[str, str, str]] = field(default=(), repr=False)
    aside: str = ""
    rows: Sequence[Any] = ()


def prepare(file: Path, secret: str, progress: Progress) -> Prepared:
    """Unpack a backup into a private folder, prove it and bring it up to date; to be closed.

    `secret` is the passphrase or recovery key of a locked one. Raises NotABackup, Damaged, TooNewBackup, Locked,
    WrongPassphrase, MistypedRecoveryKey, Unavailable, Cancelled.
    """
    return restoring.prepare(file, restoring.key_of(file, secret), SEAMS, progress)


def restore(
    prepared: Prepared,
    address: str,
    *,
    session: "Session | None" = None,
    password: str = "",
    administrator: str = "",
    administrator_password: str = "",
    owner: str = "",
    owner_password: str = "",
    progress: Progress,
) -> Restored:
    """Put a prepared backup in the place `address`, old or new, never mixed; everybody logs in again.

    With `session`, into the company that is open there: `password` is that person's own, a backup of what is
    there is made before. Without, into a new place, or over a file that is broken; a backup from a server has no
    passwords, so `owner` may choose theirs and everybody else gets one for one login. On a server with the
    administrator's login. Raises what `confirm` raises, NotAllowed, NoSafety, AlreadyThere, Unavailable, Cancelled;
    nothing is changed then.
    """
    if session is not None:
        check_may(session, password)
    if owner:
        _check_owner(prepared, owner, owner_password, on_server=is_server(address))
    full = ""
    if is_server(address):
        full = with_login(address, administrator, administrator_password)
        check_server(full, replace_there=session is not None)
    with _nobody_else_saves(session):
        return _put(prepared, address, full, session, password, owner, owner_password, progress)


def _put(
    prepared: Prepared,
    address: str,
    full: str,
    session: "Session | None",
    password: str,
    owner: str,
    owner_password: str,
    progress: Progress,
) -> Restored:
    """Make the safety backup and put the prepared one in the place of what it holds."""
    safety, is_broken = (None, False) if session is None else _safety(session, Kind.BEFORE_RESTORE, progress)
    terms = terms_of(placing.RESTORED, session, {"file": prepared.file.name, "made_at": _made_at(prepared)})
    known = {login_key(owner): owner_password} if owner else {}
    if session is not None:
        known = {login_key(session.actor.login): password}
    terms = replace(terms, known=known)
    if full:
        done = load(prepared, full, session, terms, replace_there=session is not None, progress=progress)
        return Restored(public_address(address), prepared.manifest.company, safety, done.passwords, done.kept_in)
    # Where a link points to: the file itself is replaced.
    path = Path(os.path.realpath(Path(address).expanduser()))
    if session is None:
        is_broken = _check_free(path)
    elif is_broken:
        session.database.engine.dispose()  # where open files cannot be renamed
    placed = placing.apply_to_file(prepared, path, SEAMS, terms, set_aside=is_broken, progress=progress)
    aside = str(placed.aside) if placed.aside is not None else ""
    return Restored(address, prepared.manifest.company, safety, placed.passwords, aside)


def check_server(full: str, *, replace_there: bool) -> None:
    """Make sure, before the long work, that the administrator gets in and what is there may be replaced.

    Raises ServerRefused, CompanyThere.
    """
    from sqlalchemy import make_url

    from crm_desktop.app.founding import Administrator, is_founded
    from crm_desktop.backup.engines.server_load import CompanyThere

    url = make_url(full)
    if is_founded(public_address(full), Administrator(url.username or "", url.password or "")) and not replace_there:
        raise CompanyThere


def load(
    prepared: Prepared,
    address: str,
    session: "Session | None",
    terms: Terms,
    *,
    replace_there: bool,
    progress: Progress,
) -> Any:
    """Put prepared data onto the server at `address`, which carries the administrator's login; returns a `Loaded`."""
    from crm_desktop.app.server_plan import access_plan
    from crm_desktop.backup.engines.server_load import load_into_server
    from crm_desktop.backup.engines.server_people import PeoplePasswords

    is_here = session is not None and replace_there
    present = present_on_server(Source.of(session.database)) if is_here and session is not None else None
    placing.settle(prepared, present, terms, on_server=True)
    with closing(sqlite3.connect(prepared.data)) as data:
        epoch = data.execute("SELECT epoch FROM company").fetchone()[0]
    people = PeoplePasswords(terms.known, terms.new)
    return load_into_server(
        prepared.data, address, access_plan(), SEAMS, replace=replace_there, epoch=epoch, people=people,
        progress=progress,
    )  # fmt: skip


def with_login(address: str, administrator: str, administrator_password: str) -> str:
    """Return the address with the administrator's login in it, unless it has one. Raises Unavailable without any."""
    from sqlalchemy import make_url

    url = make_url(address)
    if administrator:
        url = url.set(username=administrator, password=administrator_password)
    elif not url.username:
        raise Unavailable(_NO_ADMINISTRATOR)
    return url.render_as_string(hide_password=False)


def administrator_in(address: str, administrator: str, administrator_password: str) -> tuple[str, str]:
    """Return the administrator's login and password: those given, else those in the address. Raises Unavailable."""
    from sqlalchemy import make_url

    url = make_url(with_login(address, administrator, administrator_password))
    return url.username or "", url.password or ""


def check_may(session: "Session", password: str) -> None:
    """Make sure that this person may exchange the data of this place, and is who they say.

    Raises NotAllowed, DataMoved, Unavailable where it is only read, and what a login raises.
    """
    if not session.actor.may(Permission.BACKUP_RESTORE):
        raise NotAllowed
    if session.database.read_only and not session.database.damaged:
        raise Unavailable(_READ_ONLY, place=public_address(session.address))
    confirm(session, password)
    if moved_to := is_marked(Source.of(session.database)):
        raise DataMoved(place=moved_to)


@contextmanager
def _nobody_else_saves(session: "Session | None") -> Iterator[None]:
    """Send the other windows of a file to the login: what they save after the safety backup would be in neither.

    On a server the tables are locked and the replaced ones kept. When nothing was restored they may save again.
    """
    database = None if session is None else session.database
    if database is None or database.path is None or database.damaged or database.epoch is None:
        yield
        return
    before = database.epoch
    _set_epoch(database, before + 1)
    try:
        yield
    except BaseException:
        with suppress(UserError):
            _set_epoch(database, before)
        raise


def _set_epoch(database: Database, epoch: int) -> None:
    with database.begin(SYSTEM) as work:
        work.session.execute(update(Company).values(epoch=epoch).execution_options(synchronize_session=False))
    database.epoch = epoch


def _safety(session: "Session", kind: Kind, progress: Progress) -> tuple[Path | None, bool]:
    """Return the proved backup of what is there now, or that it is broken, which is why there is none.

    Raises NoSafety.
    """
    try:
        return make_safety(session, kind, progress).path, False
    except NoSafety:
        path = session.database.path
        if path is None or not is_broken_file(path):
            raise
        return None, True


def _check_owner(prepared: Prepared, login: str, password: str, *, on_server: bool) -> None:
    """Make sure that the person whose password is to be set is there, and that it is one.

    Raises Invalid("password"), Unavailable.
    """
    asked = "SELECT database_role FROM app_user WHERE active AND login_key = ?"
    with closing(sqlite3.connect(prepared.data)) as data:
        found = data.execute(asked, (login_key(login),)).fetchone()
    if found is None:
        raise Unavailable(_NO_SUCH_PERSON, login=login, file=prepared.file.name)
    if not found[0] and not on_server:
        raise Unavailable(_HAS_PASSWORD, login=login, file=prepared.file.name)
    check_new(password, login)


def _check_free(path: Path) -> bool:
    """Return whether something broken lies at `path`.

    Raises AlreadyThere for a company that can be opened, Unavailable for what is never set aside: folders, backups.
    """
    if path.exists() and not path.is_file():
        raise Unavailable(_IS_FOLDER, path=path)
    if path.is_file() and parse_name(path.name) is not None:
        raise Unavailable(_IS_BACKUP, path=path)
    present = present_in_file(path)
    if present is None:
        return False
    if not present.broken and not is_broken_file(path):
        raise AlreadyThere(path=path)
    return True


def is_broken_file(path: Path) -> bool:
    """Return whether the pages of a company file are broken, looked at by SQLite only."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as file:
            return bool(file.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Unavailable(cause=str(error)) from error
        return True
    except sqlite3.DatabaseError:
        return True


def terms_of(action: str, session: "Session | None", after: Mapping[str, Any]) -> Terms:
    clock = session.clock if session is not None else SystemClock()
    actor = session.actor if session is not None else SYSTEM
    return Terms(action, after, clock.now(), actor.name, actor.login)


def _made_at(prepared: Prepared) -> str:
    return prepared.manifest.made_at.isoformat()
