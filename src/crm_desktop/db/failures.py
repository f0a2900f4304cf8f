"""What the drivers' errors mean to a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_

_SQLITE: dict[int, str] = {
    sqlite3.SQLITE_FULL: N_("The disk is full, so nothing was saved. Make room on it, then save again."),
    sqlite3.SQLITE_IOERR: N_(
        "The disk or network drive with your data did not answer, so nothing was saved. "
        "Check the connection, then save again."
    ),
    sqlite3.SQLITE_READONLY: N_(
        "The company file can only be read here, so nothing was saved. "
        "Move it to a place where you may write, or ask whoever looks after this computer."
    ),
    sqlite3.SQLITE_CANTOPEN: N_(
        "The company file cannot be opened. It may have been moved, or its folder may be read-only."
    ),
    sqlite3.SQLITE_BUSY: N_("Other computers are saving just now, so this was not saved. Save again in a moment."),
    sqlite3.SQLITE_LOCKED: N_("Other computers are saving just now, so this was not saved. Save again in a moment."),
    sqlite3.SQLITE_CORRUPT: N_(
        "The company file is damaged, so nothing was saved. Do not work on; restore the last verified backup."
    ),
    sqlite3.SQLITE_NOTADB: N_("The company file is not readable as one. Restore the last verified backup."),
    sqlite3.SQLITE_PERM: N_("You may not write to the company file, so nothing was saved."),
}
_POSTGRES: dict[str, str] = {
    "08": N_("The server does not answer, so nothing was saved. Your text is still here; save again in a moment."),
    "28": N_("The server refused the login. Check the name and the password."),
    "42501": N_("Your role does not allow this. Ask the owner of the company if you need it."),
    "53100": N_("The server's disk is full, so nothing was saved. Tell whoever looks after the server."),
    "53": N_("The server has no room for another connection just now. Try again in a moment."),
    "57": N_("The server was stopped or restarted, so nothing was saved. Save again in a moment."),
    "25006": N_("The server accepts no changes just now, so nothing was saved. Try again later."),
    "40": N_("Somebody else was saving the same thing, so this was not saved. Save again."),
    "55P03": N_("Somebody else was saving the same thing, so this was not saved. Save again."),
}


def is_busy(error: DBAPIError) -> bool:
    """Return whether waiting a little and trying the whole transaction again may help."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return bool(code) and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_connection_lost(error: DBAPIError) -> bool:
    """Return whether the server may or may not have got the last statement."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (
        hasattr(error.orig, "sqlstate") and (state is None or state[:2] in ("08", "57"))
    )


def is_out_of_reach(error: BaseException | None) -> bool:
    """Return whether a driver error says that server, disk or file does not answer just now."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) or (not code and is_connection_lost(error))


def is_damage(error: BaseException | None) -> bool:
    """Return whether an error, or what caused it, is SQLite saying that the file itself is broken."""
    while error is not None:
        code = getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return True
        error = error.__cause__ or error.__context__
    return False


def explain(error: DBAPIError) -> Unavailable | None:
    """Return the sentence for a driver error, None when it is a bug and not the environment's fault."""
    if code := getattr(error.orig, "sqlite_errorcode", 0):
        message = _SQLITE.get(code & 0xFF)
        return Unavailable(message) if message else None
    if hasattr(error.orig, "sqlstate"):
        state = getattr(error.orig, "sqlstate", None) or "08"
        message = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
        return Unavailable(message) if message else None
    return None


def raise_explained(error: DBAPIError) -> None:
    """Raise Unavailable with the sentence for a driver error if there is one."""
    if (sentence := explain(error)) is not None:
        raise sentence from error


@contextmanager
def explained() -> Iterator[None]:
    """Raise Unavailable with a sentence for what the drivers raise in the block, where there is one."""
    try:
        yield
    except DBAPIError as error:
        raise_explained(error)
        raise
