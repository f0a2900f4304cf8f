"""Backups to be read, changed and forged in the tests."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from crm_desktop.backup.format.archive import Written, write_archive
from crm_desktop.backup.format.manifest import DATA, MANIFEST, SUMS, About, JournalHead, Manifest, Member
from crm_desktop.backup.format.manifest import SETTINGS as SETTINGS_NAME
from crm_desktop.backup.format.sealing import Lock
from crm_desktop.backup.format.zip_structure import DEFLATED, STORED, Entry, end_of
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.seams import Seams
from crm_desktop.db.schema import SCHEMA
from crm_desktop.shared.figures import Figure, FigureKind
from crm_desktop.shared.progress import Quiet

NAME = "crm-backup-20261122-123000.zip"
LOCKED_NAME = NAME + ".crmlock"
PASSPHRASE = "four words I remember"
SETTINGS = {"company": {"name": "Harbour & Lin Trading"}, "plan": {"at": "12:30"}}

ABOUT = About(
    kind=Kind.SCHEDULED,
    app_version="0.6.0",
    engine="sqlite",
    made_at=datetime(2026, 11, 22, 4, 30, 15, 250_000, tzinfo=UTC),
    sequence=7,
    dataset_id="3f0d6d6e-0000-4000-8000-000000000001",
    company="Harbour & Lin 海港贸易",
    currency="CNY",
    timezone="Asia/Shanghai",
)

SEAMS = Seams(
    figures=(
        Figure("people", "People", FigureKind.COUNT, "SELECT count(*) FROM app_user"),
        Figure("limits", "Limits", FigureKind.MONEY, "SELECT currency, 12345 FROM company"),
        Figure("name", "Name", FigureKind.TEXT, "SELECT name FROM company"),
    ),
    rebuild=lambda _connection: None,
)


def snapshot_of(template: Path, folder: Path, statements: Iterable[str] = ()) -> Path:
    """Return a snapshot of a company's file, after `statements` were run in it."""
    path = folder / "snapshot.sqlite"
    shutil.copy(template, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)
        file.execute("PRAGMA journal_mode = DELETE")
    return path


def written(snapshot: Path, target: Path, lock: Lock | None = None) -> Written:
    """Write a backup of a snapshot."""
    return write_archive(snapshot, SETTINGS, ABOUT, target, seams=SEAMS, lock=lock, progress=Quiet())


def packed(plain: bytes) -> bytes:
    """Return raw deflate."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def zeros(count: int) -> bytes:
    """Return `count` zeros as raw deflate, without packing each of them."""
    piece = 16 * 1024 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (count // piece - 1) + packer.flush()


def forged(
    target: Path,
    deflated: bytes,
    size: int,
    *,
    sha256_of_data: str = "0" * 64,
    crc: int = 0,
    manifest_text: bytes | None = None,
    settings: bytes = b"{}\n",
) -> Path:
    """Write a backup whose every header and hash is right, but whose data is what a stranger likes."""
    data = Member(size, sha256_of_data, len(deflated), sha256(deflated).hexdigest())
    plain = sha256(settings).hexdigest()
    manifest = Manifest(
        **{name: getattr(ABOUT, name) for name in About.__slots__},
        schema=SCHEMA,
        members={DATA: data, SETTINGS_NAME: Member(len(settings), plain, len(settings), plain)},
        counts={},
        figures={},
        journal_head=JournalHead(),
    )
    text = manifest.to_json() if manifest_text is None else manifest_text
    sums = {DATA: data.sha256, SETTINGS_NAME: plain, MANIFEST: sha256(text).hexdigest()}
    sums_text = "".join(f"{value}  {name}\n" for name, value in sums.items()).encode()
    entries = [Entry(DATA, DEFLATED, crc, len(deflated), size, 0)]
    parts = [entries[0].local(ABOUT.made_at), deflated, entries[0].descriptor()]
    for name, content in ((SETTINGS_NAME, settings), (MANIFEST, text), (SUMS, sums_text)):
        entry = Entry(name, STORED, zlib.crc32(content), len(content), len(content), entries[-1].ends)
        parts += [entry.local(ABOUT.made_at), content]
        entries.append(entry)
    with target.open("wb") as file:
        file.writelines([*parts, end_of(entries, ABOUT.made_at)])
    return target
