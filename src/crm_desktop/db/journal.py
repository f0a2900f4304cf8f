"""The journal: every committed change, in the order it was committed.

It is the audit trail, the undo of an import, the refresh signal for other computers, and the answer
to "did my save arrive?" when a connection broke during COMMIT.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, Index, inspect, text
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column
from sqlalchemy.orm.attributes import History

from crm_desktop.db.base import Base, BigId, Journalled

CREATE, UPDATE, DELETE = "create", "update", "delete"
_IMPORTED = text("batch IS NOT NULL")


class JournalEntry(Base):
    """One change of one row: only the fields that differ, `before` and `after`."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    operation_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor_name: Mapped[str]
    """The name at that time: history keeps it whatever becomes of the user."""
    entity: Mapped[str]
    entity_id: Mapped[int | None] = mapped_column(BigId)
    contact_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str]
    version: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    batch: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_journal_entity", "entity", "entity_id", "id"),
        Index("ix_journal_contact", "contact_id", "id"),
        Index("ix_journal_at", "at"),
        Index("ix_journal_batch", "batch", "entity", sqlite_where=_IMPORTED, postgresql_where=_IMPORTED),
    )


@dataclass(slots=True)
class Note:
    """What one transaction did to one row, gathered until commit."""

    action: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    contact_id: int | None = None


def plain(value: Any) -> Any:
    """Return a value as JSON stores it: decimals and dates as text, so that nothing is rounded."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def note_of(row: Journalled, action: str) -> Note:
    """Return the note for a new, changed or deleted mapped row, before it is flushed."""
    note = Note(action, contact_id=row.journal_contact())
    state = inspect(row)
    for key in _told(state.mapper):
        if action == UPDATE:
            # What was not touched has no history: asking for it took half the time of a large save.
            if key in state.committed_state:
                _note_change(note, key, state.attrs[key].history)
        elif (value := getattr(row, key) if action == DELETE else state.dict.get(key)) is not None:
            (note.before if action == DELETE else note.after)[key] = plain(value)
    return note


def _note_change(note: Note, key: str, history: History) -> None:
    old = history.deleted[0] if history.deleted else None
    new = history.added[0] if history.added else None
    if history.has_changes() and old != new:
        note.before[key], note.after[key] = plain(old), plain(new)


@cache
def _told(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the columns of a mapped class that the journal tells."""
    skips = mapper.class_.journal_skips | {"id", "version"}
    return tuple(key for attribute in mapper.column_attrs if (key := attribute.key) not in skips)


class Notes:
    """Collects what one session does: one note per row, and loose ones that belong to no row."""

    def __init__(self, session: Session) -> None:
        self.by_row: dict[tuple[str, int], Note] = {}
        self.loose: list[tuple[str, Note]] = []
        self._flushing: list[tuple[Journalled, Note]] = []
        self._session = session

    def gather(self, *_: object) -> None:
        """Take down what the flush that begins will do (a `before_flush` listener)."""
        for rows, action in (
            (self._session.deleted, DELETE),
            (self._session.dirty, UPDATE),
            (self._session.new, CREATE),
        ):
            for row in rows:
                if isinstance(row, Journalled):
                    note = note_of(row, action)
                    if action != UPDATE or note.after:
                        self._flushing.append((row, note))

    def settle(self, *_: object) -> None:
        """Take the ids and versions the flush gave (an `after_flush` listener)."""
        for row, note in self._flushing:
            note.version = getattr(row, "version", None)
            note.contact_id = row.journal_contact()
            self.add(row.journal_entity, row.id, note)  # type: ignore[attr-defined]
        self._flushing.clear()

    def add(self, entity: str, id_: int | None, note: Note) -> None:
        """Add a note, joining it with what is already known of the same row."""
        if id_ is None:
            self.loose.append((entity, note))
            return
        known = self.by_row.setdefault((entity, id_), note)
        if known is note:
            return
        for key, value in note.before.items():
            known.before.setdefault(key, value)
        known.after.update(note.after)
        known.version = note.version or known.version
        known.contact_id = known.contact_id or note.contact_id
        if note.action != UPDATE:
            known.action = note.action

    def __bool__(self) -> bool:
        return bool(self.by_row or self.loose)
