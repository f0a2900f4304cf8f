"""What other computers changed: read from the journal every few seconds."""

from sqlalchemy import func, select, text

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.changes import Changes

_MOST = 10_000


def journal_head(database: Database) -> int:
    """Return the number of the newest journal entry, from which `changes_since` goes on."""
    with database.read(SYSTEM) as work:
        if work.is_guarded:
            return int(work.session.connection().scalar(text("SELECT crm.journal_head()")) or 0)
        return work.session.scalar(select(func.max(JournalEntry.id))) or 0


def changes_since(database: Database, number: int) -> tuple[int, Changes]:
    """Return the newest number and what others changed after `number`; one's own changes are left out.

    Entries of no row (an import, an export) stand as "any row" of their entity. Raises Unavailable when
    the data cannot be reached.
    """
    with database.read(SYSTEM) as work:
        if work.is_guarded:
            statement = text("SELECT id, entity, entity_id, origin FROM crm.journal_since(:number)")
            rows = work.session.connection().execute(statement, {"number": number}).all()
        else:
            rows = work.session.execute(
                select(JournalEntry.id, JournalEntry.entity, JournalEntry.entity_id, JournalEntry.origin)
                .where(JournalEntry.id > number)
                .order_by(JournalEntry.id)
                .limit(_MOST)
            ).all()
    ids: dict[str, set[int]] = {}
    anything: set[str] = set()
    for _id, entity, entity_id, origin in rows:
        if origin == database.token:
            continue
        ids.setdefault(entity, set())
        if entity_id is None:
            anything.add(entity)
        else:
            ids[entity].add(entity_id)
    changed = {entity: frozenset() if entity in anything else frozenset(found) for entity, found in ids.items()}
    return (rows[-1][0] if rows else number), Changes(changed)
