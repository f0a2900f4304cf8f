"""Writing and reading the zip of a backup; docs/backup-format.md describes its bytes."""

import errno
import os
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from crm_desktop.backup.format.beside import beside
from crm_desktop.backup.format.box import Box, is_sealed, opened
from crm_desktop.backup.format.contents import checking
from crm_desktop.backup.format.deflating import PIECE, Inflater, SideHash, deflater
from crm_desktop.backup.format.manifest import (
    DATA,
    MANIFEST,
    MEMBERS,
    MOST_BYTES,
    SETTINGS,
    SUMS,
    About,
    Manifest,
    Member,
    NewerFormat,
    Refused,
    clean_text,
    parse_object,
    to_json,
)
from crm_desktop.backup.format.refusals import CompanyDamaged, Damaged, NotABackup, TooNewBackup
from crm_desktop.backup.format.sealing import BadSeal, Key, Lock, Seal, SealedWriter
from crm_desktop.backup.format.zip_structure import (
    DEFLATED,
    LOCAL_MARK,
    MOST_END,
    STORED,
    Entry,
    NoZip,
    crc_of,
    end_of,
    entries_of,
)
from crm_desktop.backup.seams import Seams
from crm_desktop.db.schema import SCHEMA
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_NO_ROOM: Final = N_(
    "There is no room in {folder} for the {megabytes} MB that the backup takes when it is unpacked. Make room on that "
    "disk, then try again."
)
_MOST_RATIO: Final = 250
_FREE_RATIO_BYTES: Final = 64 * 1024 * 1024
_SQLITE: Final = b"SQLite format 3\x00"
_SUM_BYTES: Final = 2 * (64 + 2 + 1) + len(DATA) + len(SETTINGS) + 64 + 3 + len(MANIFEST)


@dataclass(frozen=True, slots=True)
class Written:
    """A backup as it was written: size in bytes and SHA-256 of the whole file; `key` opens it when it is locked."""

    manifest: Manifest
    size: int
    sha256: str
    key: Key | None


class _Sink(Protocol):
    def write(self, piece: bytes, /) -> object: ...


class _Hashed:
    """Hashes what goes into a file."""

    def __init__(self, target: BinaryIO, hashing: SideHash) -> None:
        self._target = target
        self._hashing = hashing
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._target.write(piece)
        self._hashing.update(piece)
        self.size += len(piece)


def write_archive(
    snapshot: Path,
    settings: Mapping[str, Any],
    about: About,
    target: Path,
    *,
    seams: Seams,
    lock: Lock | None = None,
    progress: Progress,
) -> Written:
    """Write a backup of `snapshot` to `target` and flush it to the disk; progress in bytes of the snapshot.

    Broken references are counted, and copied as they are; figures are only taken of a snapshot of our own schema.
    Raises OSError, Cancelled, CompanyDamaged, Unavailable; an unfinished file stays where it is.
    """
    with (
        # Two processors: SQLite checks and counts while the same file is packed.
        beside(lambda stop: _told(snapshot, about, seams, stop)) as told,
        target.open("wb") as file,
        SideHash() as whole,
    ):
        hashed = _Hashed(file, whole)
        sealed = SealedWriter(hashed, lock) if lock is not None else None
        manifest = _write_zip(sealed or hashed, snapshot, to_json(dict(settings)), about.made_at, told, progress)
        if sealed is not None:
            sealed.finish()
        file.flush()
        os.fsync(file.fileno())
        return Written(manifest, hashed.size, whole.hexdigest(), sealed.key if sealed else None)


def _told(snapshot: Path, about: About, seams: Seams, progress: Progress) -> Manifest:
    """Return the manifest of a snapshot without its members."""
    try:
        with checking(snapshot, progress) as data:
            schema = data.schema()
            return Manifest(
                **{name: _clean(getattr(about, name)) for name in About.__slots__},
                schema=schema,
                members={},
                counts=data.counts(),
                figures=data.figures(seams) if schema == SCHEMA else {},
                journal_head=data.journal_head(),
                broken_references=data.count_broken_references(),
            )
    except (sqlite3.Error, ValueError) as error:
        raise CompanyDamaged(str(error)) from error


def _clean(value: Any) -> Any:
    return clean_text(value) if type(value) is str else value


def _write_zip(
    sink: _Sink, snapshot: Path, settings: bytes, made_at: datetime, counted: Callable[[], Manifest], progress: Progress
) -> Manifest:
    entries: list[Entry] = []
    data = Entry(DATA, DEFLATED, 0, 0, snapshot.stat().st_size, 0)
    sink.write(data.local(made_at))
    data, member = _pack(sink, snapshot, data, progress)
    sink.write(data.descriptor())
    entries.append(data)
    sum_of_settings = sha256(settings).hexdigest()
    told = replace(
        counted(),
        members={DATA: member, SETTINGS: Member(len(settings), sum_of_settings, len(settings), sum_of_settings)},
    )
    manifest = told.to_json()
    for name, content in ((SETTINGS, settings), (MANIFEST, manifest), (SUMS, _sums(told, manifest))):
        entry = Entry(name, STORED, crc_of(content), len(content), len(content), entries[-1].ends)
        sink.write(entry.local(made_at) + content)
        entries.append(entry)
    sink.write(end_of(entries, made_at))
    return told


def _pack(sink: _Sink, snapshot: Path, entry: Entry, progress: Progress) -> tuple[Entry, Member]:
    packer = deflater()
    packed_sum = sha256()
    packed_size = done = 0
    with snapshot.open("rb") as source, SideHash(crc=True) as plain:
        while True:
            piece = source.read(PIECE)
            packed = packer.compress(piece) if piece else packer.flush()
            plain.update(piece)
            sink.write(packed)
            packed_sum.update(packed)
            packed_size += len(packed)
            done += len(piece)
            progress.step(done, entry.size)
            if not piece:
                break
        plain_sum = plain.hexdigest()
    if done != entry.size:
        raise CompanyDamaged(snapshot.name)
    made = replace(entry, crc=plain.crc, packed=packed_size)
    return made, Member(done, plain_sum, packed_size, packed_sum.hexdigest())


def _sums(told: Manifest, manifest: bytes) -> bytes:
    """Return the text that `sha256sum --check` takes, when the zip is unpacked."""
    sums = {name: member.sha256 for name, member in told.members.items()} | {MANIFEST: sha256(manifest).hexdigest()}
    return "".join(f"{sums[name]}  {name}\n" for name in MEMBERS[:-1]).encode("ascii")


# ---- reading


@dataclass(frozen=True, slots=True)
class Inside:
    """What the end of a backup tells, proved but for the packed data: `head` and `rest` are all bytes around it."""

    manifest: Manifest
    settings: bytes
    data: Entry
    head: bytes
    rest: bytes


def read_manifest(path: Path, key: Key | None = None) -> Manifest:
    """Return what a backup holds, read from its end only; the data itself is not proved by it.

    Raises NotABackup, Damaged, Locked, TooNewBackup, WrongPassphrase, OSError.
    """
    with opened(path, key) as box:
        return look_inside(box).manifest


def read_settings(path: Path, key: Key | None = None) -> dict[str, Any]:
    """Return the company's profile and plan as they were. Raises what `read_manifest` raises."""
    with opened(path, key) as box:
        try:
            return parse_object(look_inside(box).settings)
        except Refused as error:
            raise Damaged(path, SETTINGS) from error


def is_locked(path: Path) -> bool:
    """Return whether a backup needs a passphrase. Raises NotABackup, Damaged, OSError."""
    with path.open("rb") as file:
        return is_sealed(path, file)


def lock_of(path: Path) -> Lock:
    """Return the lock of a locked backup, to be opened by `sealing.open_lock`. Raises Damaged, OSError."""
    with path.open("rb") as file:
        try:
            return Seal(file, os.fstat(file.fileno()).st_size).lock
        except BadSeal as error:
            raise Damaged(path, str(error)) from error


def look_inside(box: Box) -> Inside:
    """Return what the end of a backup tells. Raises NotABackup, Damaged, TooNewBackup."""
    tail = box.read_at(max(0, box.size - MOST_END), MOST_END)
    try:
        entries = entries_of(tail, box.size)
    except NoZip as error:
        raise _refusal(box, tail, "end") from error
    if tuple(entry.name for entry in entries) != MEMBERS:
        raise _refusal(box, tail, "list of its files")
    data, *small = entries
    _check_shape(box, data, small)
    settings, manifest_text, sums = (box.read_at(entry.begins, entry.size) for entry in small)
    manifest = _manifest(box.path, manifest_text)
    if sums != _sums(manifest, manifest_text):
        raise Damaged(box.path, SUMS)
    if sha256(settings).hexdigest() != manifest.members[SETTINGS].sha256:
        raise Damaged(box.path, SETTINGS)
    try:
        end = end_of(entries, manifest.made_at)
    except struct.error as error:
        raise Damaged(box.path, "list of its files") from error
    if not tail.endswith(end):
        raise Damaged(box.path, "list of its files")
    around = zip(small, (settings, manifest_text, sums), strict=True)
    rest = data.descriptor() + b"".join(entry.local(manifest.made_at) + content for entry, content in around) + end
    member = manifest.members[DATA]
    if (data.size, data.packed) != (member.size, member.packed) or data.ends - len(data.descriptor()) + len(rest) != (
        box.size
    ):
        raise Damaged(box.path, "list of its files")
    return Inside(manifest, settings, data, data.local(manifest.made_at), rest)


def _check_shape(box: Box, data: Entry, small: list[Entry]) -> None:
    """Refuse before anything is read into memory by sizes that a stranger wrote."""
    at = 0
    for entry in (data, *small):
        if entry.offset != at or entry.method != (DEFLATED if entry is data else STORED):
            raise Damaged(box.path, "list of its files")
        if entry is not data and (entry.packed != entry.size or entry.size > MOST_BYTES):
            raise Damaged(box.path, entry.name)
        at = entry.ends
    if at > box.size:
        raise Damaged(box.path, "list of its files")
    if data.size > _FREE_RATIO_BYTES and data.size > _MOST_RATIO * data.packed:
        raise Damaged(box.path, DATA)


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        manifest = Manifest.from_json(text)
    except NewerFormat as error:
        raise TooNewBackup(path, error.version) from error
    except Refused as error:
        raise Damaged(path, MANIFEST) from error
    if manifest.schema > SCHEMA:
        raise TooNewBackup(path, manifest.app_version)
    if manifest.to_json() != text:
        raise Damaged(path, MANIFEST)
    return manifest


def _refusal(box: Box, tail: bytes, part: str) -> Exception:
    """Return whether a file that is none of ours was one once."""
    head = box.read_at(0, 64)
    ours = head.startswith(LOCAL_MARK) and head[30 : 30 + len(DATA)] == DATA.encode()
    if ours or (MANIFEST.encode() in tail and DATA.encode() in tail):
        return Damaged(box.path, part)
    return NotABackup(box.path)


def unpacked(box: Box, inside: Inside, told: "_Told", progress: Progress) -> Iterator[bytes]:
    """Give the bytes of data.sqlite, every byte of the file proved on the way; `told` is given the file's own bytes.

    Progress in bytes of the file. Raises Damaged, and only at the end of it when a hash is not the stated one.
    """
    begins, ends = inside.data.begins, inside.data.begins + inside.data.packed
    member = inside.manifest.members[DATA]
    inflater = Inflater(member.size)
    packed_sum = sha256()
    around = bytearray()
    at = 0
    first = True
    try:
        with SideHash(crc=True) as plain:
            for piece in box.pieces(told):
                low, high = (min(max(edge - at, 0), len(piece)) for edge in (begins, ends))
                around += piece[:low] + piece[high:]
                packed_sum.update(packed := piece[low:high])
                for made in inflater.feed(packed) if packed else ():
                    if first and not made.startswith(_SQLITE):
                        raise Damaged(box.path, DATA)
                    first = False
                    plain.update(made)
                    yield made
                at += len(piece)
                progress.step(at, box.size)
            inflater.finish()
            sums = (plain.hexdigest(), packed_sum.hexdigest(), plain.crc)
    except ValueError as error:
        raise Damaged(box.path, DATA) from error
    if sums != (member.sha256, member.packed_sha256, inside.data.crc):
        raise Damaged(box.path, DATA)
    if bytes(around) != inside.head + inside.rest:
        raise Damaged(box.path, "what lies between its files")


class _Told(Protocol):
    def __call__(self, piece: bytes, /) -> object: ...


def unpack(path: Path, folder: Path, *, key: Key | None = None, progress: Progress) -> Path:
    """Unpack the data into a new file data.sqlite in `folder` and return it; every byte is proved by its hash.

    Nothing else is written. Progress in bytes of the backup. Raises what `read_manifest` raises, Unavailable when
    there is no room, Cancelled; nothing is left then.
    """
    with opened(path, key) as box:
        inside = look_inside(box)
        return write_out(box, inside, folder, lambda _piece: None, progress)


def write_out(box: Box, inside: Inside, folder: Path, told: _Told, progress: Progress) -> Path:
    """Write data.sqlite of an opened backup into `folder`; nothing is left when it fails.

    Raises Damaged, Unavailable when there is no room for it, OSError, Cancelled.
    """
    target = folder / DATA
    size = inside.data.size
    no_room = Unavailable(_NO_ROOM, folder=folder, megabytes=f"{size // 1_000_000 + 1:,}")
    if shutil.disk_usage(folder).free < size:
        raise no_room
    with target.open("xb") as file:
        try:
            for piece in unpacked(box, inside, told, progress):
                file.write(piece)
            file.flush()
        except BaseException as error:
            with suppress(OSError):  # what could not be written before cannot be now
                file.close()
            target.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise no_room from error
            raise
    return target
