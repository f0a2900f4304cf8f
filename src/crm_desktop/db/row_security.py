"""Row-level security on PostgreSQL: features say what protects each table, this makes the policies.

A table without a rule is closed to everybody. Conditions never call a function per row: what depends
on the person stands in a scalar subquery, which the server works out once per statement (a function
per row was 100 to 1,000 times slower, docs/decisions/0005).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from crm_desktop.db.server_roles import REACHES, Names, Rights
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission, Scope

SCHEMA: Final = "crm"


class Verb(StrEnum):
    """What is done to a row."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Policy:
    """Lets those with `permission` (None: everybody who can log in) do `verb` to rows of `condition`.

    `columns` narrows it to these columns. An update needs `condition` before and after. `{p}` in it
    stands for the prefix of the role names.
    """

    verb: Verb
    condition: str = "true"
    permission: Permission | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table whose rows have an owner and stand on one or both sides of the wall.

    `owner` is the column with the owner's key, `sides` the column that puts a row on each side.
    """

    name: str
    owner: str
    sides: Mapping[Domain, str]
    verbs: Mapping[Verb, Permission]


@dataclass(frozen=True, slots=True)
class Table:
    """A table protected by policies of its own."""

    name: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class ServerFunction:
    """A function of the schema. `{p}` in `body` stands for the prefix of the role names.

    `runs_as` is "seer", "mover" or "caller"; `permission` says who may call it (None: everybody).
    """

    signature: str
    body: str
    runs_as: str = "seer"
    permission: Permission | None = None
    offered: bool = True


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """Everything the server enforces, as plain data put together from the features.

    `seen` and `moved` are the tables the keepers of functions may read and write past the scope.
    """

    roles: Mapping[str, Rights]
    tables: tuple[OwnedTable | Table, ...]
    functions: tuple[ServerFunction, ...] = ()
    triggers: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    scoped: frozenset[Permission] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        owned = (table for table in self.tables if isinstance(table, OwnedTable))
        scoped = frozenset(permission for table in owned for permission in table.verbs.values())
        object.__setattr__(self, "scoped", scoped)


def forget(tables: Iterable[str], grantees: Iterable[str], known: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the statements that take back everything an earlier version allowed; `known`: (table, policy)."""
    for table, policy in known:
        yield f'drop policy "{policy}" on {SCHEMA}."{table}"'
    people = ", ".join(f'"{name}"' for name in grantees)
    for table in tables:
        yield f'revoke all on {SCHEMA}."{table}" from public, {people}'


def protect(plan: AccessPlan, names: Names, tables: Iterable[str]) -> Iterator[str]:
    """Yield the statements that turn row security on for `tables` and make the policies of `plan`."""
    for table in tables:
        yield f'alter table {SCHEMA}."{table}" enable row level security'
        yield f'alter table {SCHEMA}."{table}" force row level security'
        yield _policy(table, "keeper", "all", names.owner, "true", "true")
        yield f'grant select on {SCHEMA}."{table}" to "{names.backup}"'
        yield _policy(table, "backup", "select", names.backup, "true")
    for table in plan.seen:
        yield f'grant select on {SCHEMA}."{table}" to "{names.seer}", "{names.mover}"'
        yield _policy(table, "seer", "select", f'{names.seer}", "{names.mover}', "true")
    for table in plan.moved:
        yield f'grant update on {SCHEMA}."{table}" to "{names.mover}"'
        yield _policy(table, "mover", "update", names.mover, "true", "true")
    for rule in plan.tables:
        # Asking is open to all; whom no policy lets see a row gets none, as on a data file.
        yield f'grant select on {SCHEMA}."{rule.name}" to "{names.everybody}"'
        yield from _owned(rule, names) if isinstance(rule, OwnedTable) else _plain(rule, names)


def _plain(rule: Table, names: Names) -> Iterator[str]:
    for number, policy in enumerate(rule.policies):
        group = names.holders(policy.permission) if policy.permission else names.everybody
        columns = f" ({', '.join(policy.columns)})" if policy.columns else ""
        if policy.verb is not Verb.SELECT:
            yield f'grant {policy.verb}{columns} on {SCHEMA}."{rule.name}" to "{group}"'
        condition = policy.condition.replace("{p}", names.prefix)
        using, check = _halves(policy.verb, condition, condition)
        yield _policy(rule.name, f"{policy.verb}_{number}", policy.verb, group, using, check)


def _owned(rule: OwnedTable, names: Names) -> Iterator[str]:
    for verb, permission in rule.verbs.items():
        if verb is not Verb.SELECT:
            yield f'grant {verb} on {SCHEMA}."{rule.name}" to "{names.holders(permission)}"'
        for domain, side in rule.sides.items():
            for scope in REACHES:
                condition = f"{side} and {reached(rule.owner, scope)}"
                using, check = _halves(verb, condition, condition)
                group = names.reach(permission, domain, scope)
                yield _policy(rule.name, f"{verb}_{domain.value}_{scope.name.lower()}", verb, group, using, check)


def reached(owner: str, scope: Scope) -> str:
    """Return the SQL for "the row whose owner key is in column `owner` is within `scope`"."""
    if scope is Scope.ALL:
        # Asked once per statement, so that a person made inactive sees nothing from then on.
        return "(select crm.me()) is not null"
    keys = "crm.my_keys()" if scope is Scope.OWN else "crm.my_team()"
    return f"{owner} = any ((select {keys})::bigint[])"


def _halves(verb: Verb, using: str, check: str) -> tuple[str, str]:
    return ("" if verb is Verb.INSERT else using), (check if verb in (Verb.INSERT, Verb.UPDATE) else "")


def _policy(table: str, name: str, verb: str, group: str, using: str, check: str = "") -> str:
    halves = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
    return f'create policy "{name}" on {SCHEMA}."{table}" for {verb} to "{group}"{halves}'


def functions(plan: AccessPlan, names: Names) -> Iterator[str]:
    """Yield the statements that make the functions of `plan`."""
    keepers = {"seer": names.seer, "mover": names.mover}
    for function in plan.functions:
        yield function.body.replace("{p}", names.prefix)
        owner = keepers.get(function.runs_as, names.owner)
        yield f'alter function {SCHEMA}.{function.signature} owner to "{owner}"'
        yield f"revoke all on function {SCHEMA}.{function.signature} from public"
        callers = [*names.keepers()]
        if function.offered:
            callers.append(names.holders(function.permission) if function.permission else names.everybody)
        yield f"grant execute on function {SCHEMA}.{function.signature} to {_list(callers)}"


def _list(roles: Iterable[str]) -> str:
    return ", ".join(f'"{role}"' for role in roles)


def unprotected_tables(connection: Connection) -> list[str]:
    """Return the tables of the schema that row security does not cover, sorted; empty is right."""
    return list(
        connection.scalars(
            text(
                """select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'crm' and (
                    c.relkind in ('m', 'f')
                    or c.relkind = 'v' and coalesce(not 'security_invoker=true' = any (c.reloptions), true)
                    or c.relkind in ('r', 'p') and not (
                        c.relrowsecurity and c.relforcerowsecurity
                        and exists (select from pg_policy p where p.polrelid = c.oid)))
                order by 1"""
            )
        )
    )


def check_login(connection: Connection) -> None:
    """Refuse a login the policies do not hold, or a database with a gap in them (fail closed).

    Raises Unavailable with a sentence for the person who looks after the server.
    """
    role = connection.execute(
        text(
            """select r.rolsuper or r.rolbypassrls or r.rolcreaterole as strong,
                exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = 'crm' and pg_has_role(session_user, c.relowner, 'member')) as owns,
                current_setting('row_security') as row_security, current_user = session_user as same
            from pg_roles r where r.rolname = session_user"""
        )
    ).one()
    if role.strong or role.owns or not role.same or role.row_security != "on":
        raise Unavailable(
            N_(
                "This login is stronger than a person's may be, so the server would not keep people's "
                "records apart. Log in with the name you were given in CRM Desktop."
            )
        )
    if gaps := unprotected_tables(connection):
        raise Unavailable(
            N_(
                "The server does not protect these tables: {tables}. Nothing was opened; ask whoever looks "
                "after the server to repeat the preparation."
            ),
            tables=", ".join(gaps),
        )
