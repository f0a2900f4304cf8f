"""The login roles of people on a server that gets its rows from a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from crm_desktop.db.server import as_owner, names_of, password_verifier


@dataclass(frozen=True, slots=True)
class PeoplePasswords:
    """Passwords of those who had no login on this server before.

    `known` gives what a person typed by their folded login, `new` makes a one-time password for everybody else.
    """

    known: Mapping[str, str]
    new: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in, or could: `password` is "" when the server keeps the one it has."""

    user_id: int
    login: str
    name: str
    active: bool
    role: str
    password: str
    is_one_time: bool


def roles_in_use(connection: Connection) -> frozenset[str]:
    """Return the login roles of the company that is on the server now; the caller acts as the schema's owner."""
    return frozenset(connection.scalars(text("select database_role from app_user where database_role <> ''")))


def assign_roles(connection: Connection, kept: frozenset[str], people: PeoplePasswords) -> tuple[Account, ...]:
    """Give everybody who could log in the name of a login role; the hashes of a file are of no use on a server.

    Whose role is one of `kept` keeps its password. The caller acts as the owner, before row security is on.
    """
    names = names_of(connection)
    rows = connection.execute(
        text(
            "select id, login, login_key, name, active from app_user"
            " where password <> '' or database_role <> '' order by id"
        )
    ).all()
    accounts = []
    for row in rows:
        role = names.person(row.login_key)
        if not row.active and role not in kept:
            continue  # without a role until somebody opens the account again and gives it a password
        known = people.known.get(row.login_key, "")
        password = "" if role in kept else known or people.new()
        is_one_time = bool(password) and not known
        accounts.append(Account(row.id, row.login, row.name, row.active, role, password, is_one_time))
    connection.execute(text("update app_user set database_role = '', password = ''"))
    for account in accounts:
        connection.execute(
            text(
                "update app_user set database_role = :role, must_change_password = must_change_password or :must"
                " where id = :id"
            ),
            {"role": account.role, "must": account.is_one_time, "id": account.user_id},
        )
    return tuple(accounts)


def open_logins(connection: Connection, accounts: tuple[Account, ...]) -> None:
    """Make, open and close login roles so that they are those of `accounts`; after `prepare_server`."""
    names = names_of(connection)
    with as_owner(connection):
        held: dict[int, list[str]] = {}
        for user_id, role in connection.execute(text("select user_id, role from user_role order by role")):
            held.setdefault(user_id, []).append(role)
        for account in accounts:
            if account.password:
                verifier = password_verifier(connection, account.role, account.password)
                _call(connection, "create_login(:role, :verifier)", role=account.role, verifier=verifier)
            roles = held.get(account.user_id, []) if account.active else []
            _call(connection, "set_roles(:role, :roles)", role=account.role, roles=roles)
            _call(connection, f"{'enable' if account.active else 'disable'}_login(:role)", role=account.role)
        for role in _left_over(connection, names.prefix, {account.role for account in accounts}):
            _call(connection, "set_roles(:role, :roles)", role=role, roles=[])
            _call(connection, "disable_login(:role)", role=role)


def _left_over(connection: Connection, prefix: str, used: set[str]) -> list[str]:
    """Return the login roles of people who are not in the data any more."""
    found = connection.scalars(
        text("select rolname::text from pg_roles where starts_with(rolname, :start) order by 1"),
        {"start": f"{prefix}_u_"},
    )
    return [role for role in found if role not in used]


def _call(connection: Connection, call: str, **values: object) -> None:
    connection.execute(text(f"select crm.{call}"), values)
