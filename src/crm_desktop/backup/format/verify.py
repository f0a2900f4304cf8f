"""The proof of a backup: every byte of it read from the disk, its data opened and compared with what it tells."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_desktop.backup.format.archive import Inside, look_inside, unpacked, write_out
from crm_desktop.backup.format.beside import beside
from crm_desktop.backup.format.box import Box, forget, opened
from crm_desktop.backup.format.contents import Checking, StrangeObjects, checking
from crm_desktop.backup.format.deflating import SideHash
from crm_desktop.backup.format.manifest import DATA, Manifest
from crm_desktop.backup.format.refusals import CompanyDamaged, Damaged, StrangeContents
from crm_desktop.backup.format.sealing import Key
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.temporary import private_folder
from crm_desktop.db.schema import SCHEMA
from crm_desktop.shared.progress import Progress


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was proved: size in bytes and SHA-256 of the whole file."""

    manifest: Manifest
    size: int
    sha256: str


def verify_archive(
    path: Path,
    *,
    seams: Seams,
    key: Key | None = None,
    snapshot: Path | None = None,
    progress: Progress,
) -> Verified:
    """Read all of a backup from the disk and prove it; progress in bytes of the file.

    Hashes of every byte; pages, constraints and references of the data; its objects, rows, figures and journal
    as the manifest tells them. `snapshot` is the file that `write_archive` just wrote it of, and checked the
    references of: the same hash proves the data in the backup equal, so that it is looked at there and not
    unpacked. Otherwise it is unpacked into a private folder of this computer.
    Raises Damaged (says which part), NotABackup, Locked, TooNewBackup, WrongPassphrase, Unavailable, OSError,
    Cancelled; CompanyDamaged when it is the snapshot that is not whole.
    """
    forget(path)
    with opened(path, key) as box, SideHash() as whole:
        inside = look_inside(box)
        if snapshot is None:
            _prove_unpacked(box, inside, whole.update, seams, progress)
        else:
            # Two processors: SQLite looks at the snapshot while the backup is read back.
            with beside(lambda stop: _prove_snapshot(snapshot, inside.manifest, seams, stop)) as proved:
                for _piece in unpacked(box, inside, whole.update, progress):
                    pass
                proved()
        return Verified(inside.manifest, box.file_size, whole.hexdigest())


def _prove_snapshot(snapshot: Path, manifest: Manifest, seams: Seams, progress: Progress) -> None:
    try:
        prove_data(snapshot, snapshot, manifest, seams, progress, full=False, references=False)
    except StrangeContents as error:
        raise CompanyDamaged(error.part, CompanyDamaged.STRANGE) from error
    except Damaged as error:
        raise CompanyDamaged(error.part) from error


def _prove_unpacked(
    box: Box,
    inside: Inside,
    told: Callable[[bytes], object],
    seams: Seams,
    progress: Progress,
) -> None:
    with private_folder(inside.data.size) as folder:
        data = write_out(box, inside, folder, told, progress)
        prove_data(box.path, data, inside.manifest, seams, _Still(progress, box.size), full=True)


class _Still:
    """Looks at Cancel while SQLite works and no bytes are counted."""

    def __init__(self, progress: Progress, size: int) -> None:
        self._progress = progress
        self._size = size

    def step(self, done: int, total: int | None = None) -> None:
        """Say that everything was read."""
        self._progress.step(self._size, self._size)


def prove_data(
    path: Path,
    data: Path,
    manifest: Manifest,
    seams: Seams,
    progress: Progress,
    *,
    full: bool,
    references: bool = True,
) -> None:
    """Open the data that was unpacked from the backup `path` and compare it with what the manifest tells.

    `full` compares every index with its table too, which takes long: a restore need not, since `unpack` proved
    the bytes. Raises Damaged, StrangeContents, Cancelled.
    """
    try:
        with checking(data, progress) as file:
            if file.schema() != manifest.schema:
                raise StrangeObjects("the schema number")
            # Before anything that is in the file is asked.
            file.check_objects(manifest.schema)
            found = file.broken_pages(full=full)
            if references and not found and file.count_broken_references() != manifest.broken_references:
                found = file.broken_references() or ["references"]
            part = found[0][:200] if found else _difference(file, manifest, seams)
    except StrangeObjects as error:
        raise StrangeContents(path, str(error)) from error
    except (sqlite3.Error, ValueError) as error:
        raise Damaged(path, f"{DATA} ({error})") from error
    if part:
        raise Damaged(path, f"{DATA} ({part})")


def _difference(file: Checking, manifest: Manifest, seams: Seams) -> str:
    told: list[tuple[str, Any, Any]] = [
        ("number of rows", file.counts(), dict(manifest.counts)),
        ("journal", file.journal_head(), manifest.journal_head),
    ]
    if manifest.schema == SCHEMA:
        # A program of the same schema may ask for other figures than the one that made it.
        figures = {key: value for key, value in file.figures(seams).items() if key in manifest.figures}
        known = {key: value for key, value in manifest.figures.items() if key in figures}
        told.append(("figures", figures, known))
    return next((name for name, found, stated in told if found != stated), "")
