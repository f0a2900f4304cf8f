"""What happened to one invoice, newest first."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from crm_desktop.access.sentences import Entry
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.permissions import Permission, requires

_ENTITY: Final = "invoice"


@requires(Permission.INVOICE_READ)
def invoice_history(work: Work, invoice_id: int, *, before_id: int | None = None, limit: int = 50) -> Sequence[Entry]:
    """Return the journal entries of an invoice or credit note, older than `before_id` when given. Raises NotFound."""
    work.get(Invoice, invoice_id)
    asked = select(JournalEntry).where(JournalEntry.entity == _ENTITY, JournalEntry.entity_id == invoice_id)
    if before_id is not None:
        asked = asked.where(JournalEntry.id < before_id)
    rows = work.session.scalars(asked.order_by(JournalEntry.id.desc()).limit(limit))
    return [
        Entry(
            row.id,
            row.at,
            row.actor_id,
            row.actor_name,
            row.entity,
            row.entity_id,
            row.contact_id,
            row.action,
            dict(row.before),
            dict(row.after),
        )
        for row in rows
    ]
