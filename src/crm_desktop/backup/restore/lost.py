"""What a restore would take back: everything entered since the backup was made, told by the journal."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from crm_desktop.backup.engines.server_snapshot import viewing
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.read_only import open_read_only

MOST_NAMED: Final = 2_000
"""So many records are named one by one, the newest; all of them are counted."""
_NOT_WORK: Final = ("backup", "login", "login_unknown")
"""What the journal says of these is nothing anybody entered."""
_SINCE: Final = (
    "SELECT id, at, actor_name, entity, entity_id, contact_id, action, before, after FROM journal"
    " WHERE id > :fork AND entity NOT IN ('backup', 'login', 'login_unknown') ORDER BY id DESC"
)


@dataclass(frozen=True, slots=True)
class LostRecord:
    """One record entered or changed since: the newest step of it, UTC. `told` is what the journal has of it."""

    at: datetime
    by: str
    entity: str
    entity_id: int | None
    contact_id: int | None
    action: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Since:
    """Everything entered since a backup. `hours` counts the hours of the clock in which somebody saved something.

    `people` are their names, the busiest first. `diverged`: the backup has work, too, that the present never had.
    """

    records: tuple[LostRecord, ...] = ()
    count: int = 0
    hours: int = 0
    people: tuple[str, ...] = ()
    diverged: bool = False


def since(source: Source, data: Path) -> Since:
    """Return what the present has and the backup `data` has not. Raises Unavailable."""
    with closing(open_read_only(data)) as backup, seeing(source) as present:
        fork = _fork(backup, present)
        work_in_backup = backup.execute(
            f"SELECT EXISTS (SELECT 1 FROM journal WHERE id > ? AND entity NOT IN ({', '.join('?' * len(_NOT_WORK))}))",  # noqa: S608
            (fork, *_NOT_WORK),
        ).fetchone()[0]
        found: dict[tuple[str, int | None], LostRecord] = {}
        seen: set[tuple[str, int | None]] = set()
        hours: set[datetime] = set()
        people: dict[str, int] = {}
        for row in present.execution_options(yield_per=1_000).execute(text(_SINCE), {"fork": fork}):
            at = _moment(row.at)
            hours.add(at.replace(minute=0, second=0, microsecond=0))
            people[row.actor_name] = people.get(row.actor_name, 0) + 1
            key = (row.entity, row.entity_id if row.entity_id is not None else -row.id)
            if key not in seen and len(found) < MOST_NAMED:
                told = {**_object(row.before), **_object(row.after)}
                found[key] = LostRecord(at, row.actor_name, row.entity, row.entity_id, row.contact_id, row.action, told)
            seen.add(key)
    busiest = tuple(sorted(people, key=lambda name: (-people[name], name)))
    return Since(tuple(found.values()), len(seen), len(hours), busiest, bool(work_in_backup and seen))


@contextmanager
def seeing(source: Source) -> Iterator[Connection]:
    """Give a reading connection that sees all rows of an open company. Raises Unavailable."""
    if source.path is None:
        with viewing(source) as connection:
            yield connection
        return
    with source.engine.connect() as connection:
        yield connection


def _fork(backup: sqlite3.Connection, present: Connection) -> int:
    """Return the number of the last journal entry that both have: up to there they are the same company."""
    low, high = 0, backup.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    if _same(backup, present, high):
        return int(high)
    while high - low > 1:
        middle = (low + high) // 2
        if _same(backup, present, middle):
            low = middle
        else:
            high = middle
    found = backup.execute("SELECT coalesce(max(id), 0) FROM journal WHERE id <= ?", (low,)).fetchone()
    return int(found[0])


def _same(backup: sqlite3.Connection, present: Connection, number: int) -> bool:
    row = backup.execute(
        "SELECT id, operation_id FROM journal WHERE id <= ? ORDER BY id DESC LIMIT 1", (number,)
    ).fetchone()
    if row is None:
        return True
    there = present.execute(text("SELECT operation_id FROM journal WHERE id = :id"), {"id": row[0]}).first()
    return there is not None and there[0] == row[1]


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _object(value: Any) -> dict[str, Any]:
    parsed = json.loads(value) if isinstance(value, str) else value
    return parsed if isinstance(parsed, dict) else {}


def names_of(source: Source, asked: str, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Return by id what a question with `:first` and `:last` of a block of ids says of those records."""
    found: dict[int, tuple[Any, ...]] = {}
    wanted = set(ids)
    with seeing(source) as connection:
        for block in range(0, len(ids), 500):
            some = sorted(wanted)[block : block + 500]
            for row in connection.execute(text(asked.replace(":ids", ", ".join(str(int(one)) for one in some)))):
                found[row[0]] = tuple(row[1:])
    return found
