"""A company as an earlier release left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from crm_desktop.db import schema
from crm_desktop.db.engine import sqlite_engine

COMPANY = """INSERT INTO company (id, dataset_id, name, currency, timezone, language, country, idle_lock_minutes,
    attachment_limit_bytes, is_demo, created_at, version) VALUES (1, 'd-1', 'Harbour', 'CNY', 'Asia/Shanghai', 'en', '',
    10, 25000000, 0, '2026-01-02 03:04:05.000000', 1)"""


def older_company(path: Path) -> Path:
    """Make a company file with the number before ours and nothing in it but its name."""
    engine = sqlite_engine(path)
    schema.upgrade(engine, to=schema.SCHEMA - 1)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(COMPANY)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path
