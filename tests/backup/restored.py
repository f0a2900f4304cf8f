"""A demo company with a backup of it, for the tests of restoring and moving."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from crm_desktop.app import session as sessions
from crm_desktop.app.backup_job import make_here, order_of
from crm_desktop.backup.kinds import Kind
from crm_desktop.shared.progress import Quiet

OWNER, PASSWORD = "owner", "demo"


def enter(path: Path | str, login: str = OWNER, password: str = PASSWORD) -> sessions.Session:
    """Log in."""
    return sessions.log_in(str(path), login, password)


def back_up(session: sessions.Session) -> Path:
    """Make a backup of a company into its folder."""
    return make_here(session, order_of(session, Kind.MANUAL), Quiet()).path


def rename(session: sessions.Session, contact_id: int, name: str) -> None:
    """Do some work: a contact gets another name."""
    from crm_desktop.contacts.model import Contact

    with session.database.begin(session.actor) as work:
        work.get(Contact, contact_id).name = name


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a question to a file."""
    with closing(sqlite3.connect(path)) as file:
        return file.execute(sql).fetchall()


def name_of(path: Path, contact_id: int = 3) -> str:
    """Return a contact's name as the file has it."""
    return str(ask(path, f"SELECT name FROM contact WHERE id = {contact_id}")[0][0])


def company_in(folder: Path, demo: Path) -> Path:
    """Return a copy of the demo company."""
    return Path(shutil.copy(demo, folder / "firm.crm"))
