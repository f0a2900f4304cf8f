"""One recipe for each engine: SQLite with the durability settings we measured, PostgreSQL by psycopg."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from crm_desktop.db.place import is_network_path
from crm_desktop.db.read_only import read_only_query

APPLICATION_ID: Final = 0x43524D44
""""CRMD", written into the header of our SQLite files."""

WRITES: Final = "crm_writes"
"""Execution option of a connection whose transactions write."""


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file a path named when it was opened, so that a swap or removal is noticed."""

    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "FileIdentity":
        """Return the identity of the file at `path`. Raises OSError when it is gone."""
        status = os.stat(path)
        return cls(status.st_dev, status.st_ino)


def sqlite_url(path: Path) -> URL:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite+pysqlite", database=str(path))


def _read_only_url(path: Path) -> URL:
    query = {**read_only_query(path), "uri": "true"}
    return URL.create("sqlite+pysqlite", database=path.resolve().as_uri(), query=query)


def postgres_url(text: str) -> URL:
    """Return the psycopg 3 URL for what a person typed (`postgresql://…` or `postgres://…`)."""
    url = make_url(text.replace("postgres://", "postgresql://", 1) if text.startswith("postgres://") else text)
    return url.set(drivername="postgresql+psycopg")


def is_postgres(address: str) -> bool:
    """Return whether `address` names a server rather than a file."""
    return address.startswith(("postgresql://", "postgres://", "postgresql+psycopg://"))


def sqlite_engine(path: Path, *, read_only: bool = False) -> Engine:
    """Return an engine for a company file.

    Local disks use WAL with `synchronous=FULL`, network paths TRUNCATE with FULL and no memory map
    (docs/decisions/0002): the settings that lost nothing in the power-cut trials. Every writing
    transaction begins IMMEDIATE.
    """
    journal = "TRUNCATE" if is_network_path(path) else "WAL"
    engine = create_engine(
        _read_only_url(path) if read_only else sqlite_url(path),
        connect_args={"timeout": 10},
        pool_size=5,
        max_overflow=5,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            cursor.execute(f"PRAGMA journal_mode = {journal}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -65536")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA mmap_size = 0" if journal == "TRUNCATE" else "PRAGMA mmap_size = 1073741824")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:  # plain rows were read before a session was asked for: the same snapshot goes on
            return
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgres_engine(url: URL) -> Engine:
    """Return an engine for a server: UTC sessions, our schema first, a lost server noticed within seconds."""
    return create_engine(
        url,
        pool_size=3,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 8,
            "options": "-c timezone=UTC -c search_path=crm,pg_temp -c jit=off",
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "application_name": "crm-desktop",
        },
    )
