"""The folders backups lie in: where, whether they can be used, what is in them, and which of them are ours."""

import errno
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from crm_desktop.backup.format import naming
from crm_desktop.backup.format.archive import read_manifest
from crm_desktop.backup.format.manifest import Manifest
from crm_desktop.backup.kinds import Kind
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.published import part_of

MARK: Final = "crm-backups.json"
"""Says whose backups lie in a folder: a drive that is not connected leaves an empty folder of the same name."""
_MARK_BYTES: Final = 65_536
_SUFFIX: Final = " backups"
_OLD_PART: Final = timedelta(days=1)

_GONE: Final = N_("The folder {folder} is not there. Connect its drive, or choose another folder for the backups.")
_NOT_A_FOLDER: Final = N_("{folder} is a file, not a folder. Choose a folder for the backups.")
_EMPTIED: Final = N_(
    "The folder {folder} is there, but the backups in it are not. Connect its drive; or, if you emptied it, choose "
    "it again in Settings › Backup."
)
_NO_RIGHT: Final = N_("You may not write into the folder {folder}. Choose another folder, or get the right to it.")
_READ_ONLY: Final = N_("The folder {folder} can only be read. Choose another one, or take its write protection off.")
_FULL: Final = N_("The disk with {folder} is full. Make room on it, or choose another folder for the backups.")
_FAILED: Final = N_("The folder {folder} cannot be written to: {reason}. Choose another folder for the backups.")
_SENTENCES: Final = {
    errno.ENOENT: _GONE,
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ESTALE: _GONE,
    errno.EHOSTDOWN: _GONE,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
}
_WINDOWS: Final = {3: _GONE, 15: _GONE, 19: _READ_ONLY, 21: _GONE, 53: _GONE, 55: _GONE, 67: _GONE, 112: _FULL}


class FolderRefused(UserError):
    """A folder takes no backup; the sentence names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup found in a folder. Without `manifest` it is locked, or `problem` is the sentence that says why."""

    path: Path
    kind: Kind
    made_at: datetime
    size: int
    locked: bool
    manifest: Manifest | None = None
    problem: str = ""


def default_folder(database: Database, company: str) -> Path:
    """Return where the backups go when nobody chose: beside a file; for a server among the person's documents."""
    if database.path is not None:
        return beside(database.path)
    from platformdirs import user_documents_path

    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*]', " ", company).strip(" .") or "Company"
    return user_documents_path() / "CRM Desktop Backups" / plain[:60]


def beside(path: Path) -> Path:
    """Return the folder for the backups of a company file."""
    return path.with_name(path.stem + _SUFFIX)


def make_ours(folder: Path, dataset_id: str) -> None:
    """Make the folder if its parent is there, and mark it as one with backups of this company. Raises FolderRefused."""
    try:
        if not folder.exists():
            folder.mkdir(parents=folder.parent.name == "CRM Desktop Backups", exist_ok=True)
        if not folder.is_dir():
            raise FolderRefused(_NOT_A_FOLDER, folder=folder)
        _write_mark(folder, dataset_id)
    except OSError as error:
        raise refused(folder, error) from error


def is_ours(folder: Path, dataset_id: str) -> bool:
    """Return whether a folder is there and marked as one with backups of this company."""
    return dataset_id in _marks(folder)


def check(folder: Path, dataset_id: str, *, expected: bool) -> None:
    """Make sure that the folder takes a file. `expected`: backups of ours lie in it. Raises FolderRefused."""
    try:
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise FolderRefused(_NOT_A_FOLDER, folder=folder)
        if expected and not is_ours(folder, dataset_id):
            raise FolderRefused(_EMPTIED, folder=folder)
        with tempfile.TemporaryFile(dir=folder, prefix=".crm-"):
            pass
    except OSError as error:
        raise refused(folder, error) from error


def refused(folder: Path, error: OSError) -> FolderRefused:
    """Return the sentence for what the system said about a folder."""
    sentence = _WINDOWS.get(getattr(error, "winerror", 0) or 0) or _SENTENCES.get(error.errno or 0, _FAILED)
    if sentence is not _READ_ONLY and sentence is not _FULL and not os.path.lexists(folder):
        sentence = _GONE
    return FolderRefused(sentence, folder=folder, reason=error.strerror or str(error))


def listing(folder: Path, dataset_id: str = "") -> list[Listed]:
    """Return the backups in a folder, newest first; only those of one company when `dataset_id` names it.

    Locked ones and such as cannot be read are always among them, since nobody can say whose they are.
    Raises FolderRefused.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise refused(folder, error) from error
    found = [one for name in names if (one := look_at(folder / name)) is not None]
    ours = [one for one in found if one.manifest is None or not dataset_id or one.manifest.dataset_id == dataset_id]
    return sorted(ours, key=lambda one: (one.made_at, one.path.name), reverse=True)


def look_at(path: Path) -> Listed | None:
    """Return what is told of a backup without reading all of it, None when the name is not one of ours."""
    named = naming.parse(path.name)
    if named is None:
        return None
    try:
        status = path.lstat()
        if not path.is_file() or path.is_symlink():
            return None
        made_at = datetime.fromtimestamp(status.st_mtime).astimezone()
        plain = Listed(path, named.kind, made_at, status.st_size, named.locked)
        if named.locked:
            return plain
        manifest = read_manifest(path)
    except OSError as error:
        return Listed(path, named.kind, datetime.fromtimestamp(0).astimezone(), 0, named.locked, problem=str(error))
    except UserError as error:
        return Listed(path, named.kind, plain.made_at, plain.size, plain.locked, problem=str(error))
    return Listed(path, manifest.kind, manifest.made_at, plain.size, plain.locked, manifest)


def has_size(path: Path, size: int) -> bool:
    """Return whether a file is there with so many bytes."""
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def remove_parts(folder: Path, names: Iterable[str]) -> None:
    """Remove what an interrupted backup left under these names; what cannot be reached stays."""
    for name in names:
        if naming.parse(name) is not None:
            with suppress(OSError):
                part_of(folder / name).unlink(missing_ok=True)


def remove_old_parts(folder: Path, now: datetime, age: timedelta = _OLD_PART) -> None:
    """Remove unfinished backups nobody wrote to for so long, such as one that was noted nowhere when it was cut off."""
    with suppress(OSError):
        for part in folder.glob("crm-backup-*.part"):
            touched = datetime.fromtimestamp(part.stat().st_mtime, UTC)
            if naming.parse(part.stem) is not None and now - touched > age:
                part.unlink(missing_ok=True)


def _marks(folder: Path) -> list[str]:
    try:
        with (folder / MARK).open("rb") as file:
            said = json.loads(file.read(_MARK_BYTES))
        return [str(one) for one in said["companies"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _write_mark(folder: Path, dataset_id: str) -> None:
    marks = _marks(folder)
    if dataset_id in marks:
        # Still finds out whether the folder takes a file.
        with tempfile.TemporaryFile(dir=folder, prefix=".crm-"):
            return
    aside = folder / f".{MARK}.part"
    aside.write_text(json.dumps({"companies": [*marks, dataset_id]}), "utf-8")
    os.replace(aside, folder / MARK)
