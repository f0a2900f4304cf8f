"""Who changed what of many records since each was read: what an import of an edited list must not overwrite."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work

_AT_ONCE = 500


def changed_since(work: Work, entity: str, versions: Mapping[int, int]) -> dict[int, dict[str, str]]:
    """Return for each record the fields changed after the version given here, with who changed each last.

    `versions` are by id; `entity` is the journal's name. A record nobody changed since is left out. Fields are
    named as the journal names them. One query for 500 records.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    ids = sorted(versions)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        later = (
            select(JournalEntry.entity_id, JournalEntry.version, JournalEntry.after, JournalEntry.actor_name)
            .where(
                JournalEntry.entity == entity,
                JournalEntry.entity_id.in_(part),
                JournalEntry.version > min(versions[id_] for id_ in part),
            )
            .order_by(JournalEntry.id)
        )
        for id_, version, after, name in work.session.execute(later):
            if version > versions[id_]:
                found[id_] |= dict.fromkeys(after, name)
    return dict(found)
