"""What a PostgreSQL server enforces for the letterhead."""

from typing import Final

from crm_desktop.db.row_security import Policy, Table, Verb
from crm_desktop.shared.permissions import Permission

TABLES: Final = (
    Table(
        "letterhead",
        (
            Policy(Verb.SELECT),
            Policy(Verb.INSERT, permission=Permission.COMPANY_WRITE),
            Policy(Verb.UPDATE, permission=Permission.COMPANY_WRITE),
        ),
    ),
)
"""Who reads and changes the letterhead: everybody prints, those who keep the company's settings change."""
