"""Moving a company: a snapshot that stands in for a backup, and the old place marked so that nobody works in it."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text, update

from crm_desktop import __version__
from crm_desktop.access.company import CompanyProfile
from crm_desktop.access.model import Company
from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.filing import room_for
from crm_desktop.backup.format import contents
from crm_desktop.backup.format.manifest import DATA, Manifest, Member
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.restore.lost import seeing
from crm_desktop.backup.restore.restoring import Prepared, prepared_of
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.temporary import private_folder
from crm_desktop.db import schema
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress

MOVED_AWAY: Final = "move_away"
"""Action of the journal's entity "backup" in the place that was left."""


def take_along(source: Source, profile: CompanyProfile, seams: Seams, at: datetime, progress: Progress) -> Prepared:
    """Copy an open company into a private folder, ready to be put elsewhere; to be closed.

    Raises Unavailable, Cancelled.
    """
    with ExitStack() as held:
        folder = held.enter_context(private_folder(room_for(source)))
        data = folder / DATA
        take_snapshot(source, data, progress)
        manifest = Manifest(
            kind=Kind.BEFORE_MOVE,
            app_version=__version__,
            engine=source.engine_name,
            made_at=at,
            sequence=0,
            dataset_id=profile.dataset_id,
            company=profile.name,
            currency=profile.currency,
            timezone=profile.timezone,
            schema=schema.SCHEMA,
            members={DATA: Member(data.stat().st_size, "", 0, "")},
            counts=contents.counts(data),
            figures=contents.figures(data, seams),
            journal_head=contents.journal_head(data),
        )
        return prepared_of(data, manifest, held)


def journal_end(source: Source) -> tuple[int, int]:
    """Return the last number of the journal and how many entries it has: equal twice, nobody saved anything."""
    with seeing(source) as connection:
        return _end(connection)


def _end(connection: Connection) -> tuple[int, int]:
    last, count = connection.execute(select(func.max(JournalEntry.id), func.count()).select_from(JournalEntry)).one()
    return int(last or 0), int(count)


def snapshot_end(data: Path) -> tuple[int, int]:
    """Return the same of a snapshot."""
    with contents.checking(data) as file:
        last, count = file.execute("SELECT coalesce(max(id), 0), count(*) FROM journal")[0]
        return int(last), int(count)


@requires(Permission.BACKUP_RESTORE)
def mark_moved(work: Work, place: str) -> None:
    """Note where the company lives now, an address without a password; nothing is saved here from then on."""
    asked = update(Company).values(moved_to=place).execution_options(synchronize_session=False)
    if not work.session.execute(asked).rowcount:  # type: ignore[attr-defined]
        raise NotAllowed
    work.note("backup", None, MOVED_AWAY, after={"to": place})


def is_marked(source: Source) -> str:
    """Return where a company was moved to, "" when it was not."""
    with seeing(source) as connection:
        return str(connection.scalar(text("SELECT moved_to FROM company")) or "")
