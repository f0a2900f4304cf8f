"""Did my save arrive? Asked of the journal after the connection broke during COMMIT."""

from sqlalchemy import func, select

from crm_desktop.contacts.service import ENTITY
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires


@requires(Permission.CONTACT_READ)
def stored_by(work: Work, operation_id: str) -> int | None:
    """Return the id of the contact the operation stored, None when it never arrived.

    On a server the lost transaction may still be running; it holds a lock named after the operation,
    and this waits for the same one.
    """
    if work.is_postgres:
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(operation_id, 0))))
    found = (
        select(JournalEntry.entity_id)
        .where(JournalEntry.operation_id == operation_id, JournalEntry.entity == ENTITY)
        .order_by(JournalEntry.id)
    )
    # A new contact brings its new persons along; the contact itself is written first.
    return work.session.scalars(found.limit(1)).first()
