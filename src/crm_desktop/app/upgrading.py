"""Bringing an older company up to date: a proved backup first, a rehearsal on a copy, then all of it or nothing."""

import logging
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_desktop.shared.clock import Clock, SystemClock
from crm_desktop.shared.errors import CrmError, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress, Quiet

if TYPE_CHECKING:
    from sqlalchemy import URL

    from crm_desktop.backup.engines.source import Source
    from crm_desktop.backup.format.manifest import About

_REHEARSAL_FACTOR: Final = 2
"""So much larger the copy may get while it is brought up to date."""
_CUT_OFF: Final = timedelta(minutes=10)
_FACTS: Final = "SELECT dataset_id, name, currency, timezone FROM company"
_PLAN: Final = "SELECT folder, lock FROM backup_plan"

log = logging.getLogger(__name__)


class UpgradeFailed(UserError):
    """The company is as it was."""

    message = N_(
        "{path} could not be brought up to date: {reason}. Nothing in it was changed, and a backup was made: {file}. "
        "Use the version of the program you had before, and report this."
    )


class NoBackupBefore(UserError):
    """An upgrade is not begun without a backup."""

    message = N_(
        "{path} has to be brought up to date, and the backup before that failed, so nothing was changed. {reason}"
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    dataset_id: str = ""
    company: str = ""
    currency: str = ""
    timezone: str = "UTC"


def upgrade_file(path: Path, clock: Clock | None = None, progress: Progress | None = None) -> Path:
    """Back a company file of an older number up, then bring it up to date; return the backup.

    First a copy is brought up to date where there is room for one: what fails there never touches the file.
    Raises NoBackupBefore, UpgradeFailed; the file is as it was then.
    """
    from crm_desktop.backup import folder as folders
    from crm_desktop.backup.engines.source import Source
    from crm_desktop.backup.filing import room_for
    from crm_desktop.backup.temporary import private_folder
    from crm_desktop.db import schema
    from crm_desktop.db.engine import sqlite_engine

    engine = sqlite_engine(path, read_only=True)
    source = Source(engine, path)
    try:
        facts, plan = _facts_of_file(path)
        chosen = Path(plan.get("folder") or folders.beside(path))
        folder = chosen if folders.is_ours(chosen, facts.dataset_id) else folders.beside(path)
        try:
            with private_folder(room_for(source)) as private:
                backup = _back_up(source, folder, facts, plan.get("lock") or {}, clock, private, progress)
                _rehearse(private / "data.sqlite", path, backup)
        except UpgradeFailed:
            raise
        except UserError as error:
            raise NoBackupBefore(path=path, reason=str(error)) from error
    finally:
        engine.dispose()
    engine = sqlite_engine(path)
    try:
        schema.upgrade(engine)
    except CrmError:
        raise
    except Exception as error:
        log.exception("the upgrade of %s failed", path)
        raise UpgradeFailed(path=path, reason=_reason(error), file=backup) from error
    finally:
        engine.dispose()
    return backup


def back_up_server(url: "URL", place: str, clock: Clock | None = None, progress: Progress | None = None) -> Path:
    """Back a company on a server up before it is brought up to date; `url` is the administrator's.

    The backup goes among the documents of whoever runs this. Raises NoBackupBefore.
    """
    from sqlalchemy import text

    from crm_desktop.backup import folder as folders
    from crm_desktop.backup.engines.source import Source
    from crm_desktop.backup.filing import room_for
    from crm_desktop.backup.temporary import private_folder
    from crm_desktop.db.server import administrator_engine
    from crm_desktop.db.work import Database

    engine = administrator_engine(url)
    try:
        with engine.connect() as connection:
            facts = _Facts(*connection.execute(text(_FACTS)).one())
        source = Source(engine, None)
        folder = folders.default_folder(Database(engine), facts.company)
        with private_folder(room_for(source)) as private:
            return _back_up(source, folder, facts, {}, clock, private, progress)
    except UserError as error:
        raise NoBackupBefore(path=place, reason=str(error)) from error
    finally:
        engine.dispose()


def _back_up(
    source: "Source",
    folder: Path,
    facts: _Facts,
    lock: Mapping[str, Any],
    clock: Clock | None,
    private: Path,
    progress: Progress | None,
) -> Path:
    """Write a proved backup into the folder; its snapshot stays in `private`. The data are too old to note it in."""
    from crm_desktop.app.figures import SEAMS
    from crm_desktop.backup import filing
    from crm_desktop.backup import folder as folders
    from crm_desktop.backup.kinds import Kind

    now = (clock or SystemClock()).now()
    folders.make_ours(folder, facts.dataset_id)
    folders.remove_old_parts(folder, now, _CUT_OFF)
    path = filing.free_path(folder, Kind.BEFORE_UPGRADE, now, _zone(facts.timezone), locked=bool(lock))
    filing.write_proved(
        source,
        path,
        _about(source, facts, now),
        settings={},
        lock=lock,
        seams=SEAMS,
        progress=progress or Quiet(),
        snapshot=private / "data.sqlite",
    )
    filing.give_name(path)
    return path


def _about(source: "Source", facts: _Facts, now: datetime) -> "About":
    from crm_desktop import __version__
    from crm_desktop.backup.format.manifest import About
    from crm_desktop.backup.kinds import Kind

    return About(
        kind=Kind.BEFORE_UPGRADE,
        app_version=__version__,
        engine=source.engine_name,
        made_at=now,
        sequence=0,
        dataset_id=facts.dataset_id,
        company=facts.company,
        currency=facts.currency,
        timezone=facts.timezone,
    )


def _rehearse(copy: Path, path: Path, backup: Path) -> None:
    """Bring a copy up to date and prove it as whole as before. Raises UpgradeFailed; needs room, else does nothing."""
    from crm_desktop.backup.format import contents
    from crm_desktop.db import schema
    from crm_desktop.db.engine import sqlite_engine

    if shutil.disk_usage(copy.parent).free < copy.stat().st_size * _REHEARSAL_FACTOR:
        log.warning("no room to rehearse the upgrade of %s", path)
        return
    engine = sqlite_engine(copy)
    try:
        broken_before = contents.count_broken_references(copy)
        schema.upgrade(engine)
        if found := contents.proof(copy, broken_references=broken_before):
            raise sqlite3.DatabaseError(found[0])
    except Exception as error:
        log.exception("the rehearsal of the upgrade of %s failed", path)
        raise UpgradeFailed(path=path, reason=_reason(error), file=backup) from error
    finally:
        engine.dispose()


def _facts_of_file(path: Path) -> tuple[_Facts, dict[str, Any]]:
    """Return what an older file says of its company and of its plan, as far as it knows."""
    import json

    from crm_desktop.db.read_only import open_read_only

    with closing(open_read_only(path, wait_s=10)) as connection:
        row = connection.execute(_FACTS).fetchone()
        facts = _Facts(*row) if row else _Facts(company=path.stem)
        try:
            plan = connection.execute(_PLAN).fetchone()
        except sqlite3.OperationalError:  # older than the plan
            plan = None
    return facts, {"folder": plan[0], "lock": json.loads(plan[1])} if plan else {}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0][:300] if str(error) else "?"
