"""What a PostgreSQL server enforces for the company, its people and the journal."""

from typing import Final

from crm_desktop.access.rules import SALES_ENTITIES, TALK_ENTITY
from crm_desktop.db.row_security import Policy, ServerFunction, Table, Verb
from crm_desktop.shared.permissions import Permission

_OWN = "user_id = (select crm.me())"
_SHARED = "user_id is null"
_GIVABLE = "role <> 'owner' or (select pg_has_role(session_user, '{p}_role_owner', 'member'))"
_SALES = ", ".join(f"'{entity}'" for entity in SALES_ENTITIES)
# On a contact that is customer and supplier, purchasing reads nothing of what was sold to it.
_SOLD_TO = (
    "c.is_customer and ((select crm.reach_every_sale()) or c.owner_key = any ((select crm.my_sales())::bigint[]))"
)
# What was said to such a contact is read on its own side alone, as the row is.
_TALKED = "exists (select from crm.activity a where a.id = entity_id)"
_OWN_SETTINGS = ("language", "must_change_password", "last_login_at", "version")


def _kept_by(permission: Permission) -> tuple[Policy, ...]:
    """Everybody reads; those with `permission` change."""
    return (
        Policy(Verb.SELECT),
        Policy(Verb.INSERT, permission=permission),
        Policy(Verb.UPDATE, permission=permission),
        Policy(Verb.DELETE, permission=permission),
    )


TABLES: Final = (
    Table("alembic_version", (Policy(Verb.SELECT),)),
    Table(
        "app_user",
        (
            Policy(Verb.SELECT),
            Policy(Verb.UPDATE, "id = (select crm.me())", columns=_OWN_SETTINGS),
            Policy(Verb.INSERT, permission=Permission.USER_WRITE),
            Policy(Verb.UPDATE, permission=Permission.USER_WRITE),
            # Only one an import made, see the trigger, and only while nobody can log in with it.
            Policy(Verb.DELETE, "database_role = ''", Permission.USER_WRITE),
        ),
    ),
    Table("company", (Policy(Verb.SELECT), Policy(Verb.UPDATE, permission=Permission.COMPANY_WRITE))),
    Table(
        "journal",
        (
            # Whoever looks after the users reads the journal too, but nothing of the business.
            Policy(
                Verb.SELECT,
                "entity not in ('product_cost', 'customer_credit')"
                " and (contact_id is null or (select crm.reach_everything()))",
                Permission.JOURNAL_READ,
            ),
            Policy(
                Verb.SELECT,
                "contact_id is not null and exists (select from crm.contact c where c.id = contact_id"
                f" and (entity not in ({_SALES}) or {_SOLD_TO}) and (entity <> '{TALK_ENTITY}' or {_TALKED}))",
                Permission.CONTACT_READ,
            ),
            # One's own entries, or a save that handed its contact away could not be looked up afterwards.
            Policy(Verb.SELECT, "actor_id = (select crm.me())"),
            Policy(Verb.INSERT, "actor_id = (select crm.me())"),
            # What belongs to no contact: whoever may read the rows may read what became of them, or two
            # people who change the same field would not be told of each other.
            Policy(Verb.SELECT, "entity = 'product'", Permission.PRODUCT_READ),
            Policy(Verb.SELECT, "entity = 'product_cost'", Permission.COST_READ),
            Policy(Verb.SELECT, "entity = 'customer_credit'", Permission.CREDIT_LIMIT_READ),
            Policy(Verb.SELECT, "entity = 'receivable_settings'", Permission.RECEIVABLE_SETTINGS_WRITE),
            Policy(Verb.SELECT, "entity = 'price_list' and contact_id is null", Permission.PRICE_READ),
            Policy(Verb.SELECT, "entity = 'sales_settings'", Permission.SALES_SETTINGS_WRITE),
        ),
    ),
    Table(
        "saved_view",
        (
            Policy(Verb.SELECT, f"{_OWN} or {_SHARED}"),
            *(Policy(verb, _OWN) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
            *(Policy(verb, _SHARED, Permission.VIEW_SHARE) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
        ),
    ),
    Table("team", _kept_by(Permission.USER_WRITE)),
    Table(
        "user_role",
        (
            Policy(Verb.SELECT),
            *(Policy(verb, _GIVABLE, Permission.USER_WRITE) for verb in (Verb.INSERT, Verb.DELETE)),
        ),
    ),
)
"""Who reads and changes each table of this feature."""

_SAFE = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    # In plpgsql, which keeps its plans: every statement asks these, and planning them anew took it most of its time.
    ServerFunction(
        "me()",
        f"""create or replace function crm.me() returns bigint language plpgsql stable {_SAFE} as $body$
        begin return (select id from app_user where database_role = session_user and active); end $body$""",
    ),
    ServerFunction(
        "my_name()",
        f"""create or replace function crm.my_name() returns text language sql stable {_SAFE} as
        'select name from app_user where database_role = session_user and active'""",
    ),
    ServerFunction(
        "my_keys()",
        f"""create or replace function crm.my_keys() returns bigint[] language plpgsql stable {_SAFE} as $body$
        begin return (select array[0, id] from app_user where database_role = session_user and active); end $body$""",
    ),
    ServerFunction(
        "my_team()",
        f"""create or replace function crm.my_team() returns bigint[] language plpgsql stable {_SAFE} as $body$
        declare
            mine bigint := crm.me();
        begin
        return (
            with recursive reached as (
                select t.id, t.manager_id from team t where t.manager_id = mine
                union
                select t.id, t.manager_id from team t join reached r on t.parent_id = r.id)
            select array[0, mine]
                || array(select u.id from app_user u where u.team_id in (select id from reached))
                || array(select manager_id from reached where manager_id is not null)
            where mine is not null);
        end $body$""",
    ),
    ServerFunction(
        "my_sales()",
        # The owners whose customers a person reaches on the sales side, unless that is all of them.
        f"""create or replace function crm.my_sales() returns bigint[] language plpgsql stable {_SAFE} as $body$
        begin
        return case when pg_has_role(session_user, '{{p}}_contact_read_sales_team', 'member') then crm.my_team()
            when pg_has_role(session_user, '{{p}}_contact_read_sales_own', 'member') then crm.my_keys()
            else '{{}}'::bigint[] end;
        end $body$""",
    ),
    ServerFunction(
        "sign_entry()",
        """create or replace function crm.sign_entry() returns trigger language plpgsql
        set search_path = crm, pg_temp as $body$
        begin
            if current_user <> '{p}_owner' then
                new.actor_name := crm.my_name();
            end if;
            return new;
        end $body$""",
        runs_as="caller",
        offered=False,
    ),
    ServerFunction(
        "keep_account()",
        # The role's name follows from the login, or a person could be made to pass for another. The
        # server keeps the passwords, so there is nothing in this table worth guessing at.
        """create or replace function crm.keep_account() returns trigger language plpgsql
        set search_path = crm, pg_temp as $body$
        declare
            expected text := '{p}_u_' || substr(encode(sha256(convert_to(new.login_key, 'UTF8')), 'hex'), 1, 16);
        begin
            if tg_op = 'UPDATE' and new.login_key <> old.login_key and new.database_role <> ''
                and new.database_role = old.database_role
            then
                perform crm.rename_login(old.database_role, expected);
                new.database_role := expected;
            end if;
            if new.database_role not in ('', expected) then
                raise exception 'this login role belongs to another login' using errcode = '42501';
            end if;
            if new.database_role <> '' then
                new.password := '';
                new.recovery := '';
            end if;
            return new;
        end $body$""",
        runs_as="caller",
        offered=False,
    ),
    ServerFunction(
        "queue_entries()",
        # Numbers are drawn before commit. Whoever writes entries does so last of all; queueing them from
        # there to the commit makes numbers appear in order, so that a reader who remembers the last one
        # misses none.
        """create or replace function crm.queue_entries() returns trigger language plpgsql
        set search_path = crm, pg_temp as $body$
        begin
            perform pg_advisory_xact_lock(hashtextextended('crm.journal', 0));
            return null;
        end $body$""",
        runs_as="caller",
        offered=False,
    ),
    ServerFunction(
        "journal_head()",
        f"""create or replace function crm.journal_head() returns bigint language sql stable {_SAFE} as
        'select coalesce(max(id), 0) from journal where crm.me() is not null'""",
    ),
    ServerFunction(
        "journal_since(bigint)",
        f"""create or replace function crm.journal_since(last_seen bigint)
        returns table (id bigint, entity text, entity_id bigint, origin text)
        language sql stable {_SAFE} as $body$
        select j.id, j.entity, j.entity_id, j.origin from journal j
        where j.id > last_seen and crm.me() is not null
        order by j.id limit 10000
        $body$""",
    ),
)
"""Who asks, and what changed elsewhere."""

TRIGGERS: Final = (
    "drop trigger if exists sign_entry on crm.journal",
    "create trigger sign_entry before insert on crm.journal for each row execute function crm.sign_entry()",
    "drop trigger if exists queue_entries on crm.journal",
    "create trigger queue_entries before insert on crm.journal for each statement execute function crm.queue_entries()",
    "drop trigger if exists keep_account on crm.app_user",
    "create trigger keep_account before insert or update on crm.app_user "
    "for each row execute function crm.keep_account()",
    "drop trigger if exists only_imported on crm.app_user",
    "create trigger only_imported before delete on crm.app_user "
    "for each row execute function crm.only_imported('user')",
)

SEEN: Final = ("app_user", "journal", "team", "user_role")
"""Tables that functions read past a person's scope."""
