"""Who exists on a PostgreSQL server: one login role per person, one group per right and reach.

Roles belong to the whole server, so every name starts with a prefix made from the database's name,
which can be worked out before anybody is logged in.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from crm_desktop.shared.permissions import Domain, Permission, Scope

REACHES: Final = (Scope.OWN, Scope.TEAM, Scope.ALL)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one role of the company gives: permissions, and the row scope per side of the wall."""

    permissions: frozenset[Permission] = frozenset()
    scopes: Mapping[Domain, Scope] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the server roles of one company."""

    prefix: str

    @classmethod
    def of(cls, database: str) -> "Names":
        """Return the names that belong to the database called `database`."""
        return cls(f"crm_{hashlib.sha256(database.encode()).hexdigest()[:8]}")

    @property
    def owner(self) -> str:
        """Owns schema and tables; nobody logs in as it."""
        return f"{self.prefix}_owner"

    @property
    def seer(self) -> str:
        """Owns the functions that look past a person's scope and tell only what they must."""
        return f"{self.prefix}_seer"

    @property
    def mover(self) -> str:
        """Owns the functions that hand contacts over to somebody out of the giver's sight."""
        return f"{self.prefix}_mover"

    @property
    def accounts(self) -> str:
        """Owns the functions that make and change logins, and nothing else."""
        return f"{self.prefix}_accounts"

    @property
    def backup(self) -> str:
        """Reads every row for a backup. Who may run one takes this role for it, and never has its sight otherwise."""
        return f"{self.prefix}_backup"

    @property
    def everybody(self) -> str:
        """Every person who can log in."""
        return f"{self.prefix}_everybody"

    def role(self, key: str) -> str:
        """Return the group of those who have the company's role `key`."""
        return f"{self.prefix}_role_{key}"

    def holders(self, permission: Permission) -> str:
        """Return the group of those who have `permission`, whatever rows they reach."""
        return f"{self.prefix}_{permission.value.replace(':', '_')}"

    def reach(self, permission: Permission, domain: Domain, scope: Scope) -> str:
        """Return the group of those who have `permission` over the rows `scope` reaches in `domain`."""
        return f"{self.holders(permission)}_{domain.value}_{scope.name.lower()}"

    def person(self, login_key: str) -> str:
        """Return the login role of one person; it does not show who they are."""
        return f"{self.prefix}_u_{hashlib.sha256(login_key.encode()).hexdigest()[:16]}"

    def is_person(self, role: str) -> bool:
        """Return whether `role` is the login role of a person."""
        return role.startswith(f"{self.prefix}_u_")

    def keepers(self) -> tuple[str, ...]:
        """Return the roles that own something; no person is ever a member of one."""
        return self.owner, self.seer, self.mover, self.accounts


def groups(names: Names, roles: Iterable[str], scoped: Iterable[Permission]) -> Iterator[str]:
    """Yield every group a person can be put in; `scoped` are the permissions that follow rows."""
    yield names.everybody
    for role in sorted(roles):
        yield names.role(role)
    for permission in Permission:
        yield names.holders(permission)
    for permission in sorted(scoped):
        for domain in Domain:
            for scope in REACHES:
                yield names.reach(permission, domain, scope)


def create_roles(names: Names, people: Iterable[str]) -> Iterator[str]:
    """Yield the statements that make the keepers and the groups `people`, each only if it is missing."""
    for name in names.keepers():
        yield _missing(name, "createrole" if name == names.accounts else "nocreaterole")
    for name in people:
        yield _missing(name, "nocreaterole")
        # From PostgreSQL 16 on CREATEROLE alone may not hand out a role it did not make.
        yield f'grant "{name}" to "{names.accounts}" with admin option'
    yield _missing(names.backup, "nocreaterole")
    # Without INHERIT the members of the group may take the role but do not have its sight by themselves.
    backing_up = names.holders(Permission.BACKUP_RUN)
    yield f'alter role "{backing_up}" noinherit'
    yield f'grant "{names.backup}" to "{backing_up}"'


def _missing(name: str, may_create: str) -> str:
    return f"""do $do$ begin
        if not exists (select from pg_roles where rolname = '{name}') then
            create role "{name}" nologin nosuperuser nocreatedb {may_create} noreplication nobypassrls;
        end if;
    end $do$"""


def account_functions(names: Names, roles: Mapping[str, Rights], scoped: Iterable[Permission]) -> Iterator[str]:
    """Yield the statements that make the functions for managing logins.

    What each role gives is written into them, so that a caller can only ask for whole roles.
    """
    follows_rows = frozenset(scoped)
    given = [
        (role, permission.value.replace(":", "_"), permission in follows_rows)
        for role, rights in sorted(roles.items())
        for permission in sorted(rights.permissions)
    ]
    reaching = [
        (role, domain.value, int(scope))
        for role, rights in sorted(roles.items())
        for domain, scope in sorted(rights.scopes.items())
        if scope is not Scope.NONE
    ]
    yield (
        ACCOUNT_FUNCTIONS.replace("{given}", _values(given))
        .replace("{reaching}", _values(reaching))
        .replace("{strongest}", names.role(STRONGEST))
        .replace("{p}", names.prefix)
    )
    for signature in (*INTERNAL, *OFFERED):
        yield f'alter function crm.{signature} owner to "{names.accounts}"'
        yield f"revoke all on function crm.{signature} from public"
    for signature in OFFERED:
        yield f'grant execute on function crm.{signature} to "{names.everybody}", "{names.owner}"'


def _values(rows: Iterable[tuple[object, ...]]) -> str:
    def literal(value: object) -> str:
        return f"'{value}'" if isinstance(value, str) else str(value).lower()

    return ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in rows)


STRONGEST: Final = "owner"
"""The role that only those who have it may give or take, and whose holders only they may touch."""

INTERNAL: Final = ("check_account(text, text[], boolean)", "end_sessions(text)", "groups_of(text[])")
OFFERED: Final = (
    "create_login(text, text)",
    "disable_login(text)",
    "enable_login(text)",
    "rename_login(text, text)",
    "set_password(text, text)",
    "set_roles(text, text[])",
)

_SAFE = "security definer set search_path = pg_catalog, pg_temp"

ACCOUNT_FUNCTIONS: Final = rf"""
create or replace function crm.groups_of(roles text[]) returns text[] language sql immutable as $body$
    with given (role, permission, follows_rows) as (values {{given}}),
    reaching (role, domain, scope) as (values {{reaching}}),
    held as (select distinct permission, follows_rows from given where role = any (roles)),
    widest as (select domain, max(scope) as scope from reaching where role = any (roles) group by domain)
    select array_agg(name) from (
        select '{{p}}_everybody' as name where roles <> '{{}}'
        union select '{{p}}_role_' || role from (select distinct role from given where role = any (roles)) r
        union select '{{p}}_' || permission from held
        union select '{{p}}_' || permission || '_' || domain || '_' || (array['own', 'team', 'all'])[scope]
            from held, widest where follows_rows) n
$body$;

create or replace function crm.check_account(role_name text, roles text[], own_is_enough boolean)
returns void language plpgsql {_SAFE} as $body$
begin
    if role_name !~ '^{{p}}_u_[0-9a-f]{{16}}$' then
        raise exception 'not a login of this company' using errcode = '42501';
    end if;
    if pg_has_role(session_user, '{{p}}_owner', 'member') then
        return;  -- founding and repairing, by whoever looks after the server
    end if;
    if crm.me() is null or not (pg_has_role(session_user, '{{p}}_user_write', 'member')
            or own_is_enough and role_name = session_user) then
        raise exception 'you may not change logins' using errcode = '42501';
    end if;
    if not pg_has_role(session_user, '{{strongest}}', 'member') and (
            'owner' = any (roles) or role_name = session_user and not own_is_enough
            or exists (select from pg_roles r where r.rolname = role_name
                and pg_has_role(r.oid, '{{strongest}}', 'member'))) then
        raise exception 'only an owner may do this' using errcode = '42501';
    end if;
end $body$;

create or replace function crm.end_sessions(role_name text) returns void language plpgsql {_SAFE} as $body$
begin
    perform pg_terminate_backend(pid) from pg_stat_activity
        where usename = role_name and pid <> pg_backend_pid();
exception when insufficient_privilege then
    null;  -- without pg_signal_backend the policies still stop whoever is no longer active
end $body$;

create or replace function crm.set_roles(role_name text, roles text[]) returns void language plpgsql {_SAFE} as $body$
declare
    wanted text[] := coalesce(crm.groups_of(roles), '{{}}');
    held text[];
    each text;
begin
    perform crm.check_account(role_name, roles, false);
    select coalesce(array_agg(g.rolname::text), '{{}}') into held
        from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles p on p.oid = m.member
        where p.rolname = role_name;
    for each in select unnest(held) except select unnest(wanted) loop
        execute format('revoke %I from %I', each, role_name);
    end loop;
    for each in select unnest(wanted) except select unnest(held) loop
        execute format('grant %I to %I', each, role_name);
    end loop;
    if not (held <@ wanted) then
        perform crm.end_sessions(role_name);
    end if;
end $body$;

create or replace function crm.set_password(role_name text, verifier text)
returns void language plpgsql {_SAFE} as $body$
begin
    perform crm.check_account(role_name, '{{}}', true);
    if verifier !~ '^SCRAM-SHA-256\$[0-9]{{4,7}}:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a password verifier' using errcode = '42501';
    end if;
    execute format('alter role %I password %L', role_name, verifier);
end $body$;

create or replace function crm.create_login(role_name text, verifier text)
returns void language plpgsql {_SAFE} as $body$
begin
    perform crm.check_account(role_name, '{{}}', false);
    if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
            role_name);
    end if;
    perform crm.set_roles(role_name, '{{}}');
    perform crm.set_password(role_name, verifier);
    execute format('alter role %I login', role_name);
end $body$;

create or replace function crm.disable_login(role_name text) returns void language plpgsql {_SAFE} as $body$
begin
    perform crm.check_account(role_name, '{{}}', false);
    execute format('alter role %I nologin', role_name);
    perform crm.end_sessions(role_name);
end $body$;

create or replace function crm.enable_login(role_name text) returns void language plpgsql {_SAFE} as $body$
begin
    perform crm.check_account(role_name, '{{}}', false);
    execute format('alter role %I login', role_name);
end $body$;

create or replace function crm.rename_login(role_name text, new_name text)
returns void language plpgsql {_SAFE} as $body$
begin
    perform crm.check_account(role_name, '{{}}', false);
    perform crm.check_account(new_name, '{{}}', false);
    if role_name <> new_name then
        execute format('alter role %I rename to %I', role_name, new_name);
    end if;
end $body$;
"""
"""Managing people without giving anybody CREATEROLE, which up to PostgreSQL 15 is a shell on the server."""
