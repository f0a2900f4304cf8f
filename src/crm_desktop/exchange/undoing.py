"""Takes an import back: what it made goes, what it changed gets its values back, what was touched since stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from crm_desktop.db.journal import CREATE, UPDATE, JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.exchange.locking import lock, wait_for_others
from crm_desktop.exchange.model import ImportBatch
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from crm_desktop.shared.garbage import uncollected
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ImportTarget, Undoer
from crm_desktop.shared.permissions import Permission, open_to_all
from crm_desktop.shared.progress import Progress, Quiet

_UNDO: Final = "undo "
"""What the journal calls the batch of an undo, before the name of the import."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that stays as it is: `label` is what it is called, `reason` a finished sentence."""

    entity: str
    id: int
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records were removed and restored, and which were not."""

    removed: int
    restored: int
    kept: tuple[Kept, ...]


@open_to_all("asks for the permission of what was imported")
def undo(work: Work, batch: str, undoers: Mapping[str, Undoer], progress: Progress | None = None) -> Undone:
    """Take one import back. `undoers` are by the journal's name of their records, what belongs to others first.

    A record that somebody (or another import) changed since stays as it is and is told. Raises NotFound,
    NotAllowed, Invalid when it was taken back already, Cancelled.
    """
    wait_for_others(work)
    row = work.session.scalars(select(ImportBatch).where(ImportBatch.batch == batch).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(N_("This import is not known here."))
    if not work.actor.may(Permission(row.permission)):
        raise NotAllowed
    if row.undone_at is not None:
        raise Invalid("batch", N_("This import was taken back already, by {name}."), name=row.undone_by)
    watched = progress or Quiet()
    work.batch = f"{_UNDO}{batch}"
    removed, restored, kept = 0, 0, []
    for entity, undoer in undoers.items():
        made, changed = _made(work, batch, entity), _changed(work, batch, entity)
        if not (made or changed):
            continue
        lock(work, entity, (*made, *changed))
        touched = touched_since(work, batch, entity)
        reasons: dict[int, str] = dict.fromkeys(
            (id_ for id_ in (*made, *changed) if id_ in touched), _("It was changed after the import.")
        )
        free = [id_ for id_ in made if id_ not in touched]
        labels = undoer.labels(work, (*made, *changed))
        with uncollected():
            stays = dict(undoer.remove(work, free, watched))
        before = {id_: values for id_, values in changed.items() if id_ not in touched}
        left = dict(undoer.restore(work, before, watched))
        removed += len(free) - len(stays)
        restored += len(before) - len(left)
        reasons |= stays | left
        kept += [Kept(entity, id_, labels.get(id_, str(id_)), reason) for id_, reason in reasons.items()]
        work.touch(entity)
    row.undone_at, row.undone_by = work.now, work.actor.name
    row.undone = {"removed": removed, "restored": restored, "kept": len(kept)}
    work.note("import", None, "undo_import", after={"file": row.file_name, "removed": removed, "restored": restored})
    return Undone(removed, restored, tuple(kept))


def _made(work: Work, batch: str, entity: str) -> list[int]:
    """Return the records the import made, the last one first."""
    asked = select(JournalEntry.entity_id).where(
        JournalEntry.batch == batch, JournalEntry.entity == entity, JournalEntry.action == CREATE
    )
    return [id_ for id_ in work.session.scalars(asked.order_by(JournalEntry.id.desc())) if id_ is not None]


def _changed(work: Work, batch: str, entity: str) -> dict[int, Mapping[str, Any]]:
    """Return the values before the import of the records it changed."""
    asked = select(JournalEntry.entity_id, JournalEntry.before).where(
        JournalEntry.batch == batch, JournalEntry.entity == entity, JournalEntry.action == UPDATE
    )
    return {id_: before for id_, before in work.session.execute(asked) if id_ is not None}


@open_to_all("returns ids alone, of an import that is being taken back")
def touched_since(work: Work, batch: str, entity: str) -> set[int]:
    """Return the records of the import that the journal tells something of after it.

    What a later import did counts no more once it was taken back.
    """
    later = aliased(JournalEntry)
    taken_back = select(ImportBatch.batch).where(ImportBatch.undone_at.is_not(None))
    stands = or_(later.batch.is_(None), and_(later.batch.not_like(f"{_UNDO}%"), later.batch.not_in(taken_back)))
    asked = select(JournalEntry.entity_id).where(
        JournalEntry.batch == batch,
        JournalEntry.entity == entity,
        JournalEntry.entity_id.is_not(None),
        exists().where(
            later.entity == JournalEntry.entity,
            later.entity_id == JournalEntry.entity_id,
            later.id > JournalEntry.id,
            stands,
        ),
    )
    return set(work.session.scalars(asked))


def undoers_of(targets: Sequence[ImportTarget]) -> dict[str, Undoer]:
    """Return the undoers of every target by entity, what was imported last going first."""
    found: dict[str, Undoer] = {}
    for target in reversed(targets):
        found |= {entity: undoer for entity, undoer in target.undoers.items() if entity not in found}
    return found
