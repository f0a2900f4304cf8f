"""The weekly look whether the data is whole, and what counts as damage. Nothing is ever repaired here. No Qt.

A damaged file is for a person to decide about: SQLite's own recovery guesses, a verified backup does not.
"""

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from crm_desktop.app import checks
from crm_desktop.backup import plans
from crm_desktop.db.failures import is_damage
from crm_desktop.db.read_only import open_read_only
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress, Quiet

if TYPE_CHECKING:
    from pathlib import Path

    from crm_desktop.app.session import Session

log = logging.getLogger(__name__)

EVERY: Final = timedelta(days=7)
_STEPS_PER_LOOK: Final = 200_000
"""Steps of SQLite's machine between two looks whether somebody cancelled; some milliseconds."""
_MOST_FINDINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `damaged` is whether the file itself is broken, not only what stands in it."""

    at: datetime
    findings: tuple[str, ...] = ()
    damaged: bool = False


def is_due(session: "Session") -> bool:
    """Return whether nobody looked for a week; a time of the future does not count, for clocks jump."""
    with session.database.read(session.actor) as work:
        checked_at = plans.plan(work).checked_at
    now = session.clock.now()
    return checked_at is None or not now - EVERY < checked_at <= now + timedelta(days=1)


def check_if_due(session: "Session", progress: Progress | None = None) -> Checked | None:
    """Check when it is time and this person's window may write down the result; None when not."""
    database = session.database
    if database.read_only or (session.server is not None and not session.actor.may(Permission.BACKUP_RUN)):
        return None
    return check_now(session, progress) if is_due(session) else None


def check_now(session: "Session", progress: Progress | None = None) -> Checked:
    """Check storage, links and derived values, and write down what was found. Raises Unavailable, Cancelled.

    The storage is read on a connection of its own that may not write; other people go on working.
    """
    database, now = session.database, session.clock.now()
    watched = progress or Quiet()
    findings, damaged = _storage(database.path, watched) if database.path is not None else ([], False)
    if not damaged:
        watched.step(0)
        try:
            findings += _values(session)
        except UserError as error:
            if not is_damage(error):
                raise
            findings, damaged = [*findings, str(error)], True
    told = Checked(now, tuple(findings[:_MOST_FINDINGS]), damaged)
    if damaged:
        # Nothing more is written into a broken file, not even this.
        database.note_damage()
        log.error("The company file is damaged: %s", " ".join(told.findings))
        return told
    if not database.read_only:
        actor = SYSTEM if session.server is None else session.actor
        with database.begin(actor) as work:
            plans.note_check(work, now, "\n".join(told.findings))
    return told


def _values(session: "Session") -> list[str]:
    """Return what does not add up among the values, by the findings of `crm-desktop check`."""
    actor = SYSTEM if session.server is None else session.actor
    with session.database.read(actor) as work:
        return checks.of_values(work)


def _storage(path: "Path", progress: Progress) -> tuple[list[str], bool]:
    """Return what SQLite says of the file, and whether it is broken; a row without its parent is not."""
    stopped: list[Cancelled] = []

    def look() -> int:
        try:
            progress.step(0)
        except Cancelled as cancelled:
            stopped.append(cancelled)
            return 1
        return 0

    try:
        # Through SQLite only: closing a plain handle of the file would drop the locks of this process.
        with closing(open_read_only(path, wait_s=10)) as connection:
            connection.set_progress_handler(look, _STEPS_PER_LOOK)
            said = connection.execute("PRAGMA quick_check(5)").fetchall()
            problems = [row[0] for row in said if row[0] != "ok"]
            if problems:
                return [_("The file is damaged: {what}").format(what=problem) for problem in problems], True
            orphans = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.DatabaseError as error:
        if stopped:
            raise stopped[0] from error
        if not is_damage(error):
            raise
        return [_("The file is damaged: {what}").format(what=error)], True
    if not orphans:
        return [], False
    said_of = ngettext("{count} row points to nothing.", "{count} rows point to nothing.", orphans)
    return [said_of.format(count=orphans)], False
