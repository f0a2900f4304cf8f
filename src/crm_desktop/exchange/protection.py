"""What a PostgreSQL server enforces for imports, and what lets one be taken back."""

from typing import Final

from crm_desktop.db.row_security import Policy, ServerFunction, Table, Verb

_MINE: Final = "(select crm.holds(permission))"


def _kept(name: str) -> Table:
    """Whoever may bring such records in reads, writes and changes its rows; nobody deletes."""
    return Table(name, tuple(Policy(verb, _MINE) for verb in (Verb.SELECT, Verb.INSERT, Verb.UPDATE)))


TABLES: Final = (_kept("import_batch"), _kept("import_layout"))
"""Who reads and changes each table of this feature."""

_SAFE: Final = "security definer set search_path = crm, pg_temp"

FUNCTIONS: Final = (
    ServerFunction(
        "holds(text)",
        f"""create or replace function crm.holds(permission text) returns boolean language sql stable {_SAFE} as $body$
        select crm.me() is not null and pg_has_role(session_user, '{{p}}_' || replace(permission, ':', '_'), 'member')
        $body$""",
    ),
    ServerFunction(
        "only_imported()",
        # A trigger of tables from which nobody but the undo of an import deletes: argument 0 is what the
        # journal calls the row.
        f"""create or replace function crm.only_imported() returns trigger language plpgsql {_SAFE} as $body$
        begin
            if not pg_has_role(session_user, '{{p}}_owner', 'member') and not exists (
                select from journal j where j.entity = tg_argv[0] and j.entity_id = old.id
                    and j.action = 'create' and j.batch is not null)
            then
                raise exception 'only what an import made can be deleted' using errcode = '42501';
            end if;
            return old;
        end $body$""",
        offered=False,
    ),
)
"""What must reach past the scope, telling no more than it must."""


def only_imported(table: str, entity: str) -> tuple[str, str]:
    """Return the trigger of a table whose rows only the undo of an import deletes; `entity` is the journal's name."""
    return (
        f"drop trigger if exists only_imported on crm.{table}",
        f"create trigger only_imported before delete on crm.{table} for each row "
        f"execute function crm.only_imported('{entity}')",
    )
