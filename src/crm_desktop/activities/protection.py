"""What a PostgreSQL server enforces for activities, reminders and the public pool."""

from typing import Final

from crm_desktop.db.row_security import OwnedTable, Policy, ServerFunction, Table, Verb
from crm_desktop.shared.permissions import Domain, Permission

_CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE)


def _side(domain: Domain, flag: str) -> str:
    # Whoever reaches the contact need not reach it on the side the activity belongs to.
    contact = f"exists (select from crm.contact c where c.id = contact_id and c.{flag})"
    return f"side = '{domain.value}' and ((select crm.reach_everything()) or {contact})"


def _kept(name: str, keep: Permission) -> Table:
    """Everybody reads; those who keep the settings change."""
    return Table(name, (Policy(Verb.SELECT), *(Policy(verb, permission=keep) for verb in _CHANGES)))


def _of_contact(name: str, read: Permission, *policies: Policy) -> Table:
    seen = f"(select crm.reach_everything()) or exists (select from crm.contact c where c.id = {name}.contact_id)"
    return Table(name, (Policy(Verb.SELECT, seen, read), *policies))


def _kept_by_me(name: str, also: str = "") -> str:
    """The contact is mine, or in the reach of somebody who hands contacts over."""
    mine = "c.owner_key = (select crm.me()) or pg_has_role(session_user, '{p}_contact_assign', 'member')"
    return f"exists (select from crm.contact c where c.id = {name}.contact_id{also} and ({mine}))"


def _of_owner(name: str) -> str:
    """As `_kept_by_me`, and the row speaks of whoever owns the contact now."""
    return _kept_by_me(name, f" and c.owner_key = {name}.user_id")


_OF_REACHED_ACTIVITY: Final = "exists (select from crm.activity a where a.id = activity_id)"

TABLES: Final = (
    OwnedTable(
        "activity",
        "owner_key",
        {Domain.SALES: _side(Domain.SALES, "is_customer"), Domain.PURCHASING: _side(Domain.PURCHASING, "is_supplier")},
        {
            Verb.SELECT: Permission.ACTIVITY_READ,
            Verb.INSERT: Permission.ACTIVITY_WRITE,
            Verb.UPDATE: Permission.ACTIVITY_WRITE,
            # Taking an import back deletes; all who may delete otherwise may import as well.
            Verb.DELETE: Permission.ACTIVITY_IMPORT,
        },
    ),
    Table(
        "activity_reminder",
        (
            Policy(Verb.SELECT, f"user_id = (select crm.me()) or {_OF_REACHED_ACTIVITY}", Permission.ACTIVITY_READ),
            Policy(Verb.INSERT, _OF_REACHED_ACTIVITY, Permission.ACTIVITY_WRITE),
            # Not one's own alone: it could be hung on an activity out of reach.
            Policy(Verb.UPDATE, _OF_REACHED_ACTIVITY, Permission.ACTIVITY_WRITE),
            Policy(Verb.DELETE, f"user_id = (select crm.me()) or {_OF_REACHED_ACTIVITY}", Permission.ACTIVITY_WRITE),
        ),
    ),
    _kept("activity_kind", Permission.FOLLOW_UP_SETTINGS_WRITE),
    _kept("activity_result", Permission.FOLLOW_UP_SETTINGS_WRITE),
    _kept("pool_rules", Permission.POOL_WRITE),
    _of_contact(
        "pool_lock",
        Permission.CONTACT_READ,
        Policy(Verb.INSERT, _of_owner("pool_lock"), Permission.CONTACT_WRITE),
        # One of a former owner goes too, which holds no more.
        Policy(Verb.DELETE, _kept_by_me("pool_lock"), Permission.CONTACT_WRITE),
    ),
    _of_contact(
        "pool_release",
        Permission.CONTACT_READ,
        # Written before the customer goes, so that nobody can bar a colleague from claiming one.
        Policy(Verb.INSERT, _of_owner("pool_release"), Permission.CONTACT_WRITE),
    ),
)
"""Who reads and changes each table of this feature."""

_REMINDED: Final = """reminded as (
                update activity_reminder r set user_id = coalesce(to_user, r.user_id), shown_at = null, shown_by = '',
                        dismissed_at = case when to_user is null then at end
                    from given where r.activity_id = given.id
            )"""
"""The reminder goes along; with nobody to remind it is waved away."""
_SAFE: Final = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "derive_contact_dates(bigint[])",
        # Whoever writes an activity keeps the dates of its contact, which count what is out of their sight too.
        f"""create or replace function crm.derive_contact_dates(contact_ids bigint[]) returns void
        language plpgsql {_SAFE} as $body$
        begin
        -- One after the other: who waited must see what the other one stored.
        perform 1 from contact c where c.id = any (contact_ids) order by c.id for no key update;
        update contact c set
            last_contact_at = d.spoken,
            last_contact_sort = coalesce(d.spoken, '0001-01-01'::timestamp),
            next_contact_on = d.planned,
            next_contact_sort = coalesce(d.planned, '9999-12-31'::date)
        from (
            select x.id,
                (select a.done_at from activity a join activity_kind k on k.id = a.kind_id
                    where a.contact_id = x.id and a.state = 'done' and not a.taken_over and k.is_contact
                    and a.side = case when x.is_customer then 'sales' else 'purchasing' end
                    order by a.at_sort desc, a.id desc limit 1) as spoken,
                (select min(a.due_on) from activity a
                    where a.contact_id = x.id and a.state = 'planned'
                    and a.side = case when x.is_customer then 'sales' else 'purchasing' end) as planned
            from contact x where x.id = any (contact_ids)
        ) d
        where c.id = d.id and crm.me() is not null
            and (c.last_contact_at, c.next_contact_on) is distinct from (d.spoken, d.planned);
        end $body$""",
        runs_as="owner",
        permission=Permission.ACTIVITY_WRITE,
    ),
    ServerFunction(
        "count_planned_activities(bigint)",
        f"""create or replace function crm.count_planned_activities(of_user bigint) returns bigint
        language sql stable {_SAFE} as $body$
        select count(*) from activity a where a.user_id = of_user and a.state = 'planned' and crm.me() is not null
        $body$""",
        permission=Permission.USER_WRITE,
    ),
    ServerFunction(
        "hand_over_activities(bigint, bigint, timestamp)",
        f"""create or replace function crm.hand_over_activities(from_user bigint, to_user bigint, at timestamp)
        returns table (activity_id bigint, contact_id bigint, new_version int) language plpgsql {_SAFE} as $body$
        begin
            perform crm.check_receiver(to_user);
            return query with given as (
                update activity x set user_id = to_user, updated_at = at, updated_by = crm.me(),
                        version = x.version + 1
                    where x.user_id = from_user and x.state = 'planned' and crm.me() is not null
                    returning x.id, x.contact_id, x.version
            ), {_REMINDED}
            select given.id, given.contact_id, given.version from given;
        end $body$""",
        runs_as="mover",
        permission=Permission.USER_WRITE,
    ),
    ServerFunction(
        "give_plans(bigint[], bigint, bigint, timestamp)",
        # Only ever to whoever owns the contact by now: the former owner's plans are the new one's.
        f"""create or replace function crm.give_plans(contact_ids bigint[], from_user bigint, to_user bigint,
            at timestamp)
        returns table (activity_id bigint, contact_id bigint, new_version int) language plpgsql {_SAFE} as $body$
        begin
            return query with given as (
                update activity x set user_id = to_user, updated_at = at, updated_by = crm.me(),
                        version = x.version + 1
                    where x.contact_id = any (contact_ids) and x.state = 'planned'
                        and x.user_id is not distinct from from_user
                        and x.owner_key = coalesce(to_user, 0) and crm.me() is not null
                        -- Of contacts this very transaction handed over: to others' nobody may help themselves.
                        and exists (select from contact c
                            where c.id = x.contact_id and c.xmin = pg_current_xact_id()::xid)
                    returning x.id, x.contact_id, x.version
            ), {_REMINDED}
            select given.id, given.contact_id, given.version from given;
        end $body$""",
        runs_as="mover",
        permission=Permission.CONTACT_WRITE,
    ),
)
"""What must reach past the scope, telling no more than it must."""

SEEN: Final = ("activity", "activity_kind", "activity_reminder")
"""Tables that functions read past a person's scope."""

MOVED: Final = ("activity", "activity_reminder")
"""Tables that functions change past a person's scope."""
