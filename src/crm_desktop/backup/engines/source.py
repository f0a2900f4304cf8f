"""What a snapshot is taken of: a company file, or a server seen by whoever may see all of it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from crm_desktop.db.server_roles import Names
from crm_desktop.db.work import Database


@dataclass(frozen=True, slots=True)
class Source:
    """An open company; `path` of a file, `become` the role to take on a server ("": the login sees all already)."""

    engine: Engine
    path: Path | None
    become: str = ""

    @classmethod
    def of(cls, database: Database) -> "Source":
        """Return the source of an open company, a person's or an administrator's."""
        url = database.engine.url
        if database.path is not None or url.database is None:
            return cls(database.engine, database.path)
        names = Names.of(url.database)
        is_person = names.is_person(url.username or "")
        return cls(database.engine, None, names.backup if is_person else "")

    @property
    def engine_name(self) -> str:
        """Return "sqlite" or "postgresql"."""
        return self.engine.dialect.name
