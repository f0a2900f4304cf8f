"""What a PostgreSQL server enforces for the backup plan and its history."""

from typing import Final

from crm_desktop.db.row_security import Policy, Table, Verb
from crm_desktop.shared.permissions import Permission


def _run_by_few(name: str) -> Table:
    """Everybody sees how old the last backup is; those who may run one write it down."""
    return Table(
        name,
        (
            Policy(Verb.SELECT),
            *(Policy(verb, permission=Permission.BACKUP_RUN) for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)),
        ),
    )


TABLES: Final = (_run_by_few("backup_plan"), _run_by_few("backup_run"))
"""Who reads and changes each table of this feature."""
