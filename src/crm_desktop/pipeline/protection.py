"""What a PostgreSQL server enforces for opportunities, stages and lost reasons."""

from typing import Final

from crm_desktop.db.row_security import OwnedTable, Policy, ServerFunction, Table, Verb
from crm_desktop.shared.permissions import Domain, Permission

_CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE)


def _kept(name: str) -> Table:
    """Everybody reads; those who keep the settings of follow-ups change."""
    keep = Permission.FOLLOW_UP_SETTINGS_WRITE
    return Table(name, (Policy(Verb.SELECT), *(Policy(verb, permission=keep) for verb in _CHANGES)))


TABLES: Final = (
    OwnedTable(
        "opportunity",
        "owner_key",
        {Domain.SALES: "true"},
        {
            Verb.SELECT: Permission.OPPORTUNITY_READ,
            Verb.INSERT: Permission.OPPORTUNITY_WRITE,
            Verb.UPDATE: Permission.OPPORTUNITY_WRITE,
        },
    ),
    _kept("pipeline_stage"),
    _kept("lost_reason"),
)
"""Who reads and changes each table of this feature."""

_SAFE: Final = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "count_open_opportunities(bigint)",
        f"""create or replace function crm.count_open_opportunities(of_user bigint) returns bigint
        language sql stable {_SAFE} as $body$
        select count(*) from opportunity o where o.salesperson_id = of_user and o.state = 'open'
            and crm.me() is not null
        $body$""",
        permission=Permission.USER_WRITE,
    ),
    ServerFunction(
        "hand_over_opportunities(bigint, bigint, timestamp)",
        f"""create or replace function crm.hand_over_opportunities(from_user bigint, to_user bigint, at timestamp)
        returns table (opportunity_id bigint, contact_id bigint, new_version int) language plpgsql {_SAFE} as $body$
        begin
            perform crm.check_receiver(to_user);
            return query update opportunity x set salesperson_id = to_user, updated_at = at, updated_by = crm.me(),
                    version = x.version + 1
                where x.salesperson_id = from_user and x.state = 'open' and crm.me() is not null
                returning x.id, x.contact_id, x.version;
        end $body$""",
        runs_as="mover",
        permission=Permission.USER_WRITE,
    ),
)
"""What must reach past the scope when somebody leaves, telling no more than it must."""

SEEN: Final = ("opportunity",)
"""Tables that functions read past a person's scope."""

MOVED: Final = ("opportunity",)
"""Tables that functions change past a person's scope."""
