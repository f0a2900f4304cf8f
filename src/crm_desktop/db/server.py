"""A company on a PostgreSQL server: preparing the database, logging in, managing logins."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from crm_desktop.db import row_security, server_roles
from crm_desktop.db.engine import postgres_engine
from crm_desktop.db.row_security import SCHEMA, AccessPlan
from crm_desktop.db.schema import upgrade_within
from crm_desktop.db.server_roles import Names
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_


def names_of(connection: Connection) -> Names:
    """Return the role names of the database behind `connection`."""
    return Names.of(str(connection.scalar(text("select current_database()"))))


def connect_as(url: URL, login_key: str, password: str) -> Engine:
    """Return the engine of one person; nothing is asked of the server yet.

    `url` names host and database (a user in it is ignored), `login_key` is the folded login.
    """
    names = Names.of(url.database or "")
    return postgres_engine(url.set(username=names.person(login_key), password=password))


def administrator_engine(url: URL) -> Engine:
    """Return an engine that acts as the owner of the schema, whom no scope binds.

    For founding, restoring and checking, with the administrator's name and password in `url`; only
    after `prepare_server`.
    """
    engine = postgres_engine(url)
    owner = Names.of(url.database or "").owner

    @event.listens_for(engine, "connect")
    def become_owner(connection: DBAPIConnection, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f'set role "{owner}"')
        cursor.close()
        connection.commit()

    return engine


class ServerLogins:
    """Manages the login roles of people, inside the transaction of a unit of work.

    `key_of` folds a login the way `User.login_key` is folded.
    """

    def __init__(self, key_of: Callable[[str], str]) -> None:
        self._key_of = key_of

    def create_login(self, work: Work, login: str, password: str) -> str:
        """Make a login role without any rights yet and return its name."""
        connection = work.session.connection()
        role = names_of(connection).person(self._key_of(login))
        _call(connection, "create_login", role, password_verifier(connection, role, password))
        return role

    def set_roles(self, work: Work, database_role: str, user_id: int, roles: Collection[str]) -> None:
        """Give the login role exactly what `roles` give together; narrowing ends its other sessions."""
        _call(work.session.connection(), "set_roles", database_role, sorted(roles))

    def set_password(self, work: Work, database_role: str, password: str) -> None:
        """Set a new password; the server gets a verifier, never the password."""
        connection = work.session.connection()
        _call(connection, "set_password", database_role, password_verifier(connection, database_role, password))

    def disable(self, work: Work, database_role: str) -> None:
        """Let nobody log in with the role any more and end its sessions."""
        _call(work.session.connection(), "disable_login", database_role)

    def enable(self, work: Work, database_role: str) -> None:
        """Let the role log in again."""
        _call(work.session.connection(), "enable_login", database_role)


def _call(connection: Connection, function: str, *arguments: object) -> None:
    connection.execute(select(getattr(func.crm, function)(*arguments)))


def password_verifier(connection: Connection, role: str, password: str) -> str:
    """Return what the server keeps instead of the password of `role`."""
    driver: Any = connection.connection.driver_connection
    made: bytes = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return made.decode("ascii")


def prepare_server(
    connection: Connection, plan: AccessPlan, upgrade: Callable[[Connection], None] = upgrade_within
) -> None:
    """Found or upgrade a company: roles, schema `crm`, tables, policies and functions, as `plan` says.

    `connection` belongs to a superuser, or to whoever owns the database and has CREATEROLE; it is
    needed for this only. Everything happens in the caller's transaction, and doing it again changes
    nothing. Raises Unavailable when the login is too weak.
    """
    names = names_of(connection)
    if not connection.scalar(text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")):
        raise Unavailable(N_("This login may not prepare the server. Use one that may create roles, such as postgres."))
    people = list(server_roles.groups(names, plan.roles, plan.scoped))
    _run(connection, server_roles.create_roles(names, people))
    with _as_keepers(connection, names):
        _open_schema(connection, names)
        with as_owner(connection):
            upgrade(connection)
        # Policies name functions and functions name tables, so this is the order.
        _run(connection, _function_statements(plan, names))
        with as_owner(connection):
            _protect(connection, plan, names)
            _run(connection, plan.triggers)
        _run(connection, [f'revoke create on schema {SCHEMA} from "{name}"' for name in names.keepers()[1:]])


def _function_statements(plan: AccessPlan, names: Names) -> Iterator[str]:
    yield from row_security.functions(plan, names)
    yield from server_roles.account_functions(names, plan.roles, plan.scoped)


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """Act as the owner of the schema, whom no scope binds: founding, upgrades, restoring.

    Only for an administrator's connection, within one transaction.
    """
    owner = names_of(connection).owner
    before = connection.scalar(text("select current_setting('search_path')"))
    connection.exec_driver_sql(f'set local role "{owner}"')
    connection.exec_driver_sql(f"set local search_path = {SCHEMA}, pg_temp")
    yield
    connection.exec_driver_sql("reset role")
    connection.execute(text("select set_config('search_path', :before, true)"), {"before": before})


@contextmanager
def _as_keepers(connection: Connection, names: Names) -> Iterator[None]:
    """Make the administrator a member of the keepers meanwhile, as giving them things demands."""
    keepers = ", ".join(f'"{name}"' for name in names.keepers())
    if connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
        yield
        return
    connection.exec_driver_sql(f"grant {keepers} to current_user")
    yield
    others = ", ".join(f'"{name}"' for name in names.keepers()[1:])
    connection.exec_driver_sql(f"revoke {others} from current_user")


def end_sessions(connection: Connection) -> None:
    """End every session of a person of this company, as far as the administrator's login may."""
    names = names_of(connection)
    people = f"datname = current_database() and starts_with(usename, '{names.prefix}_u_')"
    statement = f"select pg_terminate_backend(pid) from pg_stat_activity where {people} and pid <> pg_backend_pid()"  # noqa: S608 - our own prefix
    with _as_keepers(connection, names):
        # The keeper of the logins may signal them where the administrator may not.
        connection.exec_driver_sql(f'set local role "{names.accounts}"')
        _try(connection, statement)
        connection.exec_driver_sql("reset role")


def _open_schema(connection: Connection, names: Names) -> None:
    database = str(connection.scalar(text("select quote_ident(current_database())")))
    _run(
        connection,
        [
            f'create schema if not exists {SCHEMA} authorization "{names.owner}"',
            f"revoke all on schema {SCHEMA} from public",
            f'grant usage on schema {SCHEMA} to "{names.everybody}", "{names.backup}"',
            *(f'grant usage, create on schema {SCHEMA} to "{name}"' for name in names.keepers()[1:]),
            f'grant connect on database {database} to "{names.everybody}"',
        ],
    )
    for statement in (
        # A temporary table can take the name of one of ours; nobody needs any.
        f"revoke connect, temporary, create on database {database} from public",
        "revoke create on schema public from public",
        f'grant pg_signal_backend to "{names.accounts}"',
    ):
        _try(connection, statement)


def _protect(connection: Connection, plan: AccessPlan, names: Names) -> None:
    tables = list(
        connection.scalars(text("select tablename::text from pg_tables where schemaname = 'crm' order by tablename"))
    )
    known = [
        (row.tablename, row.policyname)
        for row in connection.execute(text("select tablename, policyname from pg_policies where schemaname = 'crm'"))
    ]
    others = (names.seer, names.mover, names.accounts, names.backup)
    grantees = [*server_roles.groups(names, plan.roles, plan.scoped), *others]
    _run(connection, row_security.forget(tables, grantees, known))
    _run(connection, row_security.protect(plan, names, tables))
    _run(connection, [f'grant usage on all sequences in schema {SCHEMA} to "{names.everybody}"'])


def _run(connection: Connection, statements: Iterable[str]) -> None:
    # All in one message: two thousand ways to a server and back would take seconds in an office.
    connection.execution_options(no_parameters=True).exec_driver_sql(";\n".join(statements))


def _try(connection: Connection, statement: str) -> None:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
