"""Which schema a company has, and bringing it up to date."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from crm_desktop.db.engine import APPLICATION_ID, WRITES

SCHEMA: Final = 8
"""Number of the newest revision this program knows; `user_version` of a SQLite file."""


def upgrade(engine: Engine, to: int = SCHEMA) -> None:
    """Create or upgrade the schema up to revision `to` in one transaction. Does nothing when it is there."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        upgrade_within(connection, to)


def upgrade_within(connection: Connection, to: int = SCHEMA) -> None:
    """Run the missing revisions up to `to` inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, f"{to:04d}")
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
        connection.execute(text(f"PRAGMA user_version = {to}"))


def revision(connection: Connection) -> int | None:
    """Return the schema number of an open database, None when there is no company in it.

    Revisions are numbered strings ("0001"), so a revision this program does not know is a higher number.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return int(found) if found else None
