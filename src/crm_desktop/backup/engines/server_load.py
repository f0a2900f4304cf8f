"""Putting a company file's rows onto a PostgreSQL server in one transaction: the old stays or the new is there."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from crm_desktop.backup.engines.server_filling import found_from_file
from crm_desktop.backup.engines.server_people import (
    Account,
    PeoplePasswords,
    assign_roles,
    open_logins,
    roles_in_use,
)
from crm_desktop.backup.engines.server_snapshot import never_cut_off
from crm_desktop.db.engine import postgres_engine, postgres_url
from crm_desktop.db.read_only import open_read_only
from crm_desktop.db.row_security import AccessPlan
from crm_desktop.db.schema import revision
from crm_desktop.db.server import as_owner, end_sessions, names_of, prepare_server
from crm_desktop.shared.errors import Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

if TYPE_CHECKING:
    from crm_desktop.backup.seams import Seams

KEPT_DAYS: Final = 30
"""How long the data that a restore replaced stays on the server."""

_KEPT: Final = "crm_before_"
_STAMP: Final = "%Y%m%d_%H%M%S"
_LOCK_SECONDS: Final = 10

_CLOSED: Final = (
    "select exists (select from pg_namespace where nspname = 'crm' and not has_schema_privilege(oid, 'usage'))"
)
"""Whether there is a company that this login cannot even look for."""

_NOT_YOURS: Final = N_(
    "This login may not replace the company on the server: another one prepared it. Use that one, or postgres. Nothing "
    "was changed."
)
_IN_USE: Final = N_(
    "Somebody is still saving on the server, so nothing was changed. Ask everybody to close CRM Desktop and try again."
)
_CONTRADICTS: Final = N_(
    "The rows of this backup do not fit together ({reason}), so nothing was changed on the server. Choose another one."
)
_NOT_DONE: Final = N_("The server did not take the data, so nothing was changed there: {reason}")
_SENTENCES: Final = {"55P03": _IN_USE, "40": _IN_USE, "42501": _NOT_YOURS, "23": _CONTRADICTS}
"""By what the server's state of an error is or begins with."""


class CompanyThere(UserError):
    """The database holds a company that nobody said to replace."""

    message = N_("There is a company in this database already. Choose an empty one, or restore over it.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: one-time `passwords` as (login, name, password), and the schema that keeps what was there."""

    passwords: tuple[tuple[str, str, str], ...]
    kept_in: str = ""


def load_into_server(
    data: Path,
    address: str,
    plan: AccessPlan,
    seams: "Seams",
    *,
    replace: bool,
    epoch: int,
    people: PeoplePasswords,
    progress: Progress,
) -> Loaded:
    """Put the rows of the company file `data`, of our schema, into the database at `address`.

    `address` carries the administrator's name and password. What was there is kept aside for 30 days; everybody's
    session ends. Raises CompanyThere without `replace`, Unavailable, Cancelled: nothing is changed then.
    """
    engine = postgres_engine(postgres_url(address))
    accounts: list[Account] = []
    try:
        with closing(open_read_only(data)) as file, _explained(), engine.begin() as connection:
            never_cut_off(connection)
            connection.exec_driver_sql(f"set local lock_timeout = '{_LOCK_SECONDS}s'")
            kept_roles, kept_in = _set_aside(connection, replace)

            def found(owned: Connection) -> None:
                found_from_file(owned, file, seams, progress)
                owned.execute(text("update company set epoch = :epoch, moved_to = ''"), {"epoch": epoch})
                accounts.extend(assign_roles(owned, kept_roles, people))

            prepare_server(connection, plan, found)
            open_logins(connection, tuple(accounts))
            _drop_old(connection)
            progress.step(0, None)
    finally:
        engine.dispose()
    one_time = tuple((one.login, one.name, one.password) for one in accounts if one.is_one_time)
    return Loaded(one_time, kept_in)


def _set_aside(connection: Connection, replace: bool) -> tuple[frozenset[str], str]:
    """Rename the schema with the company that is there; return its login roles and its new name, "" without one."""
    if revision(connection) is None:
        if connection.scalar(text(_CLOSED)):
            raise Unavailable(_NOT_YOURS)
        return frozenset(), ""
    with as_owner(connection):
        is_founded = connection.scalar(text("select exists (select from company)"))
        roles = roles_in_use(connection)
    if not is_founded:
        connection.exec_driver_sql("drop schema crm cascade")  # what a founding that was cut off left
        return roles, ""
    if not replace:
        raise CompanyThere
    _lock_out(connection)
    return roles, _rename(connection)


def _lock_out(connection: Connection) -> None:
    """Let nobody write any more, and nobody begin: who waits for the company's row then finds the new one."""
    tables = ", ".join(
        connection.scalars(
            text("select format('crm.%I', tablename) from pg_tables where schemaname = 'crm' order by tablename")
        )
    )
    connection.exec_driver_sql(f"lock table {tables} in share row exclusive mode")
    end_sessions(connection)
    connection.exec_driver_sql("lock table crm.company in access exclusive mode")


def _rename(connection: Connection) -> str:
    names = names_of(connection)
    taken = set(connection.scalars(text("select nspname::text from pg_namespace")))
    name = stamped = _KEPT + _now(connection).strftime(_STAMP)
    number = 2
    while name in taken:
        name, number = f"{stamped}_{number}", number + 1
    connection.exec_driver_sql(f"alter schema crm rename to {name}")
    others = ", ".join(f'"{role}"' for role in (names.everybody, names.backup, *names.keepers()[1:]))
    connection.exec_driver_sql(f"revoke all on schema {name} from public, {others}")
    return name


def _drop_old(connection: Connection) -> None:
    """Remove what restores of long ago set aside."""
    oldest = _now(connection) - timedelta(days=KEPT_DAYS)
    for name in connection.scalars(
        text("select nspname::text from pg_namespace where starts_with(nspname, :start)"), {"start": _KEPT}
    ).all():
        try:
            made = datetime.strptime(name[len(_KEPT) :][:15], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue  # somebody else's name
        if made < oldest:
            connection.exec_driver_sql(f'drop schema "{name}" cascade')


def _now(connection: Connection) -> datetime:
    now = connection.scalar(text("select now()"))
    assert isinstance(now, datetime)
    return now.astimezone(UTC)


@contextmanager
def _explained() -> Iterator[None]:
    import psycopg

    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        said: Any = error.orig if isinstance(error, DBAPIError) else error
        reason = (str(said).strip().splitlines() or [""])[0]
        state = getattr(said, "sqlstate", None) or ""
        sentence = _SENTENCES.get(state) or _SENTENCES.get(state[:2]) or _NOT_DONE
        raise Unavailable(sentence, reason=reason) from error
