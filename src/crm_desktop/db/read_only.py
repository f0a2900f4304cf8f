"""Opening a SQLite file so that nothing can be written to it, on a medium that can only be read as well."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import urlencode


def read_only_query(path: Path) -> dict[str, str]:
    """Return what a SQLite URI says after its `?` so that the file can only be read."""
    as_who = {"effective_ids": os.access in os.supports_effective_ids}
    if not os.access(path.parent, os.W_OK, **as_who) and not path.with_name(path.name + "-wal").exists():
        # On a read-only medium SQLite cannot make the shared memory that a WAL file asks for; nobody
        # else can write there either.
        return {"mode": "ro", "immutable": "1"}
    return {"mode": "ro"}


def open_read_only(path: Path, *, wait_s: float = 5.0) -> sqlite3.Connection:
    """Open a SQLite file in autocommit; `wait_s`: how long to wait for others' locks. Raises sqlite3.Error."""
    path = path.resolve()
    address = f"{path.as_uri()}?{urlencode(read_only_query(path))}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=wait_s)
