"""What stays as it is when a backup takes the place of a company's data: its plan, its history, its numbers."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from crm_desktop.backup.engines.server_snapshot import viewing
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.engine import APPLICATION_ID
from crm_desktop.db.read_only import open_read_only
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_

KEPT_TABLES: Final = ("backup_plan", "backup_run")
_WAIT_SECONDS: Final = 10.0
_LOCKED: Final = N_("Somebody is saving in {path} just now, so nothing was changed. Try again in a moment.")
_MOMENT: Final = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True, slots=True)
class Present:
    """What is in the place a backup goes to; `broken` says why it cannot be read, and is "" when it can.

    `kept` are rows by table as SQLite stores them, `hashes` the passwords of people by their folded login.
    """

    dataset_id: str = ""
    epoch: int = 0
    moved_to: str = ""
    journal_id: int = 0
    kept: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict, repr=False)
    broken: str = ""


def present_in_file(path: Path) -> Present | None:
    """Return what lies at `path`, None when nothing does; only SQLite opens it. Raises Unavailable when locked."""
    if not path.exists():
        return None
    try:
        with closing(open_read_only(path, wait_s=_WAIT_SECONDS)) as file:
            if file.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return Present(broken=str(path))
            file.row_factory = sqlite3.Row
            file.execute("BEGIN")
            return _read(lambda asked: [dict(row) for row in file.execute(asked)], _columns(file))
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Unavailable(_LOCKED, path=path) from error
        return Present(broken=str(error))
    except sqlite3.DatabaseError as error:
        return Present(broken=str(error))


def present_on_server(source: Source) -> Present:
    """Return what is in the company on a server. Raises Unavailable."""
    with viewing(source) as connection:
        rows = connection.execute(
            text(
                "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'crm'"
            )
        )
        columns: dict[str, set[str]] = {}
        for table, column in rows:
            columns.setdefault(table, set()).add(column)
        return _read(
            lambda asked: [
                {name: _as_in_file(value) for name, value in row.items()}
                for row in connection.execute(text(asked)).mappings()
            ],
            columns,
        )


def _columns(file: sqlite3.Connection) -> dict[str, set[str]]:
    tables = ("company", "app_user", "journal", *KEPT_TABLES)
    return {table: {row[1] for row in file.execute(f"PRAGMA table_info({table})")} for table in tables}


def _read(ask: Callable[[str], list[dict[str, Any]]], columns: Mapping[str, set[str]]) -> Present:
    """Read as far as the tables are there: an older company knows no plan yet."""
    wanted = [name for name in ("dataset_id", "epoch", "moved_to") if name in columns.get("company", ())]
    company = ask(f"SELECT {', '.join(wanted)} FROM company")[0] if wanted else {}  # noqa: S608 names of our own
    last = ask("SELECT max(id) AS id FROM journal")[0]["id"] if columns.get("journal") else 0
    kept = {
        table: ask(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 names of our own
        for table in KEPT_TABLES
        if columns.get(table)
    }
    people = ask("SELECT login_key, password FROM app_user WHERE password <> ''") if columns.get("app_user") else []
    heads = [int(run["journal_head"]) for run in kept.get("backup_run", ())]
    return Present(
        dataset_id=company.get("dataset_id", ""),
        epoch=company.get("epoch", 0),
        moved_to=company.get("moved_to", ""),
        journal_id=max([last or 0, *heads]),
        kept=kept,
        hashes={one["login_key"]: one["password"] for one in people},
    )


def _as_in_file(value: Any) -> Any:
    """Return a value of a server as SQLite stores it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(_MOMENT) if value.tzinfo else value.strftime(_MOMENT)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value
