"""The unit of work: one transaction with its actor, what it changed, and what happens after commit."""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, Table, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm_desktop.db import journal
from crm_desktop.db.base import Versioned
from crm_desktop.db.engine import WRITES, FileIdentity
from crm_desktop.db.epoch import check_epoch
from crm_desktop.db.failures import explained, is_busy, is_connection_lost, raise_explained
from crm_desktop.db.inserting import insert_many
from crm_desktop.db.journal import JournalEntry, Note, Notes
from crm_desktop.db.reading import Parameters, Reading, ReadingConnections
from crm_desktop.db.scope import UNSCOPED, bind_scope
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.clock import Clock, SystemClock
from crm_desktop.shared.errors import Conflict, NotFound, OutcomeUnknown, Unavailable
from crm_desktop.shared.garbage import uncollected
from crm_desktop.shared.i18n import N_

E = TypeVar("E")

BUSY_SECONDS = 10.0
"""How long a writing transaction waits for other computers before it gives up."""

GUARDED = "guarded"
_GUARDED = "SELECT row_security_active('journal')"
_OPERATION_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:operation, 0))")


class Work:
    """One transaction of one actor. Services take it first, never commit it, never keep it."""

    def __init__(self, source: Session | Reading, actor: Actor, clock: Clock, operation_id: str) -> None:
        self.actor = actor
        self.now: datetime = clock.now()
        self.operation_id = operation_id
        self.batch: str | None = None
        self.touched: dict[str, set[int]] = {}
        self._reading: Reading | None = None
        self._session: Session | None = None
        if isinstance(source, Reading):
            self._reading = source
            self.dialect = source.dialect
            return
        self._session = source
        self.dialect = source.get_bind().dialect
        bind_scope(source, actor)
        event.listen(source, "before_flush", self.notes.gather)
        event.listen(source, "after_flush", self.notes.settle)

    @property
    def session(self) -> Session:
        """Return the session, bound to the scope of the actor; work that only reads makes it when it is asked for."""
        if self._session is None:
            assert self._reading is not None
            self._session = self._reading.session()
            bind_scope(self._session, self.actor)
        return self._session

    @cached_property
    def notes(self) -> Notes:
        """Return what the journal will say of this work."""
        return Notes(self.session)

    @property
    def is_postgres(self) -> bool:
        """Return whether a server is behind this work."""
        return self.dialect.name == "postgresql"

    @property
    def has_system_rights(self) -> bool:
        """Return whether `system_rights` lifts the row scope just now."""
        return self._session is not None and bool(self._session.info.get(UNSCOPED))

    @property
    def is_guarded(self) -> bool:
        """Return whether a server enforces the scope of this very connection by row policies."""
        if not self.is_postgres:
            return False
        info = self._reading.info if self._reading is not None else self.session.connection().info
        if GUARDED not in info:
            info[GUARDED] = self.compiled_rows(_GUARDED, ())[0][0]
        return bool(info[GUARDED])

    def compiled_rows(self, sql: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Return the rows of SQL in the driver's own words: only for statements that carry their own scope."""
        if self._reading is not None:
            return self._reading.rows(sql, parameters)
        return list(self.session.connection().exec_driver_sql(sql, parameters).cursor.fetchall())

    def get(self, entity: type[E], id_: int, version: int | None = None) -> E:
        """Return the row, locked until the end when `version` is given.

        Raises NotFound when it does not exist or is out of scope, Conflict when it has another version.
        """
        row = self._row(entity, id_, lock=version is not None)
        if version is not None and isinstance(row, Versioned) and row.version != version:
            raise Conflict(theirs={}, original={}, version=row.version)
        return row

    def edit(self, entity: type[E], id_: int, version: int, changes: Mapping[str, Any]) -> E:
        """Return the locked row, ready to take `changes` made over `version`.

        Fields that others changed since and that are not among `changes` merge silently. Raises
        Conflict with both sides' values when a field was changed by both, NotFound as `get` does.
        """
        row = self._row(entity, id_, lock=True)
        if row.version == version:  # type: ignore[attr-defined]
            return row
        since = self._changed_since(row.journal_entity, id_, version)  # type: ignore[attr-defined]
        clashing = {
            key: entry
            for key, (entry, _original) in since.items()
            if key in changes and journal.plain(changes[key]) != entry.after[key]
        }
        if clashing:
            raise Conflict(
                theirs={key: entry.after[key] for key, entry in clashing.items()},
                original={key: since[key][1] for key in clashing},
                version=row.version,  # type: ignore[attr-defined]
                changed_by=max(clashing.values(), key=lambda entry: entry.id).actor_name,
            )
        return row

    def _row(self, entity: type[E], id_: int, *, lock: bool) -> E:
        statement = select(entity).where(entity.id == id_)  # type: ignore[attr-defined]
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        row = self.session.scalars(statement).one_or_none()
        if row is None:
            raise NotFound
        return row

    def _changed_since(self, entity: str, id_: int, version: int) -> dict[str, tuple[JournalEntry, Any]]:
        """Return for each field changed after `version` its last journal entry and its value at `version`."""
        since: dict[str, tuple[JournalEntry, Any]] = {}
        later = select(JournalEntry).where(
            JournalEntry.entity == entity, JournalEntry.entity_id == id_, JournalEntry.version > version
        )
        for entry in self.session.scalars(later.order_by(JournalEntry.id)):
            for key in entry.after:
                original = since[key][1] if key in since else entry.before.get(key)
                since[key] = (entry, original)
        return since

    def stored_by(self, operation_id: str, entity: str) -> int | None:
        """Return the id of the `entity` the actor's own operation stored, None when it never arrived.

        Asked after the connection broke during COMMIT. On a server the lost transaction may still be
        running; it holds a lock named after the operation, and this waits for the same one.
        """
        if self.is_postgres:
            self.session.execute(_OPERATION_LOCK, {"operation": operation_id})
        found = select(JournalEntry.entity_id).where(
            JournalEntry.operation_id == operation_id,
            JournalEntry.entity == entity,
            JournalEntry.actor_id == self.actor.user_id,
        )
        # A new contact brings new persons along; the record itself is written first.
        return self.session.scalars(found.order_by(JournalEntry.id).limit(1)).first()

    def note(
        self,
        entity: str,
        id_: int | None,
        action: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        contact_id: int | None = None,
        version: int | None = None,
    ) -> None:
        """Write into the journal what the session cannot see by itself (child rows, exports, logins)."""
        self.notes.add(
            entity,
            id_,
            Note(action, journal.plain(before or {}), journal.plain(after or {}), version, contact_id),
        )

    def touch(self, entity: str, *ids: int) -> None:
        """Tell open windows that rows of `entity` changed; no ids means any of them."""
        self.touched.setdefault(entity, set()).update(ids)

    @contextmanager
    def system_rights(self, reason: str) -> Iterator[None]:
        """See rows out of the actor's scope while a rule needs them; `reason` is for the reader.

        Only for checks whose answer shows nothing of those rows. On PostgreSQL the database still
        applies its policies: such a check asks a function of the database instead.
        """
        assert reason
        before = self.has_system_rights
        self.session.info[UNSCOPED] = True
        try:
            yield
        finally:
            self.session.info[UNSCOPED] = before

    def write_journal(self, origin: str) -> None:
        """Flush, then insert one journal row per note. Called once, just before commit."""
        self.session.flush()
        told: list[tuple[str, int | None, Note]] = [(*row, note) for row, note in self.notes.by_row.items()]
        told += [(entity, None, note) for entity, note in self.notes.loose]
        if not told:
            return
        notes = [note for _entity, _id, note in told]
        columns: dict[str, Iterable[Any]] = {
            "operation_id": repeat(self.operation_id, len(told)),
            "at": repeat(self.now, len(told)),
            "actor_id": repeat(self.actor.user_id, len(told)),
            "actor_name": repeat(self.actor.name, len(told)),
            "entity": [entity for entity, _id, _note in told],
            "entity_id": [id_ for _entity, id_, _note in told],
            "contact_id": [note.contact_id for note in notes],
            "action": [note.action for note in notes],
            "version": [note.version for note in notes],
            "before": [note.before for note in notes],
            "after": [note.after for note in notes],
            "batch": repeat(self.batch, len(told)),
            "origin": repeat(origin, len(told)),
        }
        with uncollected():
            table = cast(Table, JournalEntry.__table__)
            insert_many(self.session.connection(), table, list(columns), list(columns.values()))

    def changes(self, origin: str) -> Changes:
        """Return what this transaction changed."""
        ids: dict[str, set[int]] = {}
        for entity, id_ in self.notes.by_row:
            ids.setdefault(entity, set()).add(id_)
        merged = {
            entity: frozenset()
            if self.touched.get(entity) == set()
            else frozenset(ids.get(entity, set()) | self.touched.get(entity, set()))
            for entity in ids.keys() | self.touched.keys()
        }
        return Changes(merged, origin)


class Database:
    """An open company: hands out units of work and tells listeners what was committed."""

    def __init__(self, engine: Engine, *, path: Path | None = None, clock: Clock | None = None) -> None:
        self.engine = engine
        self.path = path
        self.clock: Clock = clock or SystemClock()
        self.token = uuid.uuid4().hex
        self.read_only = False
        self.held_by = ""
        """Who works on the file from another computer, when that is why it can only be read."""
        self.epoch: int | None = None
        """The company's epoch at login; a restore raises it, and this window then writes no more."""
        self.published: list[Callable[[Changes], None]] = []
        self.before_write: list[Callable[[], None]] = []
        self.on_close: list[Callable[[], None]] = []
        self.damaged = False
        self.on_damage: list[Callable[[], None]] = []
        """Told, on whatever thread finds out, when the file turns out to be broken."""
        self._identity = FileIdentity.of(path) if path else None
        self._reading = ReadingConnections(engine)

    @contextmanager
    def begin(self, actor: Actor, *, origin: str = "", operation_id: str | None = None) -> Iterator[Work]:
        """Run one writing transaction: commit on clean exit, roll back on any exception.

        `origin` names the screen that caused it. Raises Unavailable with a sentence when the data
        cannot be written, OutcomeUnknown when the connection broke during COMMIT.
        """
        self._check_writable()
        session = Session(self.engine.execution_options(**{WRITES: True}), expire_on_commit=False)
        operation = operation_id or str(uuid.uuid4())
        try:
            with explained():
                self._start(session)
                if self.epoch is not None:
                    check_epoch(session.connection(), self.epoch)
                work = Work(session, actor, self.clock, operation)
                yield work
                work.write_journal(self.token)
                self._commit(session, operation)
        finally:
            session.close()
        changes = work.changes(origin or self.token)
        if changes:
            for tell in self.published:
                tell(changes)

    def read(self, actor: Actor) -> AbstractContextManager[Work]:
        """Run one reading transaction, nothing to commit: on a file a consistent view, on a server READ COMMITTED."""
        return _ReadOnly(self._reading, actor, self.clock)

    def arrived(self, operation_id: str) -> bool:
        """Return whether the operation was committed, waiting for it to be decided.

        On a server the lost transaction may still be running: it holds an advisory lock named after
        the operation, and this waits for the same lock. Raises Unavailable when there is no connection.
        """
        with explained(), Session(self.engine) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(_OPERATION_LOCK, {"operation": operation_id})
                session.commit()
            found = select(JournalEntry.id).where(JournalEntry.operation_id == operation_id).limit(1)
            return session.scalar(found) is not None

    def note_damage(self) -> None:
        """Write no more into a broken file, and tell whoever listens."""
        self.read_only = self.damaged = True
        for tell in tuple(self.on_damage):
            tell()

    def close(self) -> None:
        """Give the connections back, and the lease of a file on a share."""
        self.engine.dispose()
        while self.on_close:
            self.on_close.pop()()

    def _check_writable(self) -> None:
        if self.read_only:
            raise Unavailable(N_("The company is open for reading only here, so nothing was saved."))
        if self.path is not None:
            try:
                same = FileIdentity.of(self.path) == self._identity
            except OSError:
                same = False
            if not same:
                raise Unavailable(
                    N_(
                        "The company file was moved, replaced or deleted while it was open, so nothing was saved. "
                        "Put it back to {path}, or close the program and open the file from its new place."
                    ),
                    path=self.path,
                )
        for check in self.before_write:
            check()

    def _start(self, session: Session) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                session.connection()
                return
            except DBAPIError as error:
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                session.rollback()
                time.sleep(random.uniform(0, 0.005))

    def _commit(self, session: Session, operation_id: str) -> None:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(_OPERATION_LOCK, {"operation": operation_id})
        try:
            session.commit()
        except DBAPIError as error:
            if is_connection_lost(error):
                raise OutcomeUnknown(operation_id) from error
            raise


class _ReadOnly(AbstractContextManager[Work]):
    """One reading transaction; written out, because three nested generators show in the time of a page."""

    def __init__(self, connections: ReadingConnections, actor: Actor, clock: Clock) -> None:
        self._connections = connections
        self._actor = actor
        self._clock = clock

    def __enter__(self) -> Work:
        try:
            self._reading = self._connections.take()
        except DBAPIError as error:
            raise_explained(error)
            raise
        return Work(self._reading, self._actor, self._clock, "")

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        try:
            self._connections.give_back(self._reading, keep=error is None)
        except DBAPIError as lost:
            raise_explained(lost)
            raise
        if isinstance(error, DBAPIError):
            raise_explained(error)
