"""A zip that a stranger made to look like a backup: refused in words, nothing written outside, quickly and small."""

from __future__ import annotations

import io
import random
import sqlite3
import subprocess
import sys
import time
import zipfile
import zlib
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from crm_desktop.backup.format.archive import read_manifest, unpack
from crm_desktop.backup.format.manifest import DATA
from crm_desktop.backup.format.refusals import CompanyDamaged, Damaged, NotABackup, StrangeContents, TooNewBackup
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.progress import Quiet
from tests.backup.archives import NAME, SEAMS, forged, packed, snapshot_of, written, zeros
from tests.companies import Firm

GIB = 1024**3


@pytest.fixture
def snapshot(founded_file: tuple[Path, Firm], tmp_path: Path) -> Path:
    return snapshot_of(founded_file[0], tmp_path)


@pytest.fixture
def good(snapshot: Path, tmp_path: Path) -> Path:
    path = tmp_path / NAME
    written(snapshot, path)
    return path


def refused(path: Path, folder: Path) -> str:
    """Try everything that is done with a chosen file; return the sentence. Nothing may lie anywhere afterwards."""
    inside = folder / "room" / "unpacked"
    inside.mkdir(parents=True)
    before = sorted(folder.rglob("*"))
    began = time.monotonic()
    with pytest.raises(UserError) as caught:
        unpack(path, inside, progress=Quiet())
    assert sorted(folder.rglob("*")) == before
    assert time.monotonic() - began < 20
    assert path.name in str(caught.value)
    return str(caught.value)


def members_of(path: Path) -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(path) as file:
        return [(info, file.read(info)) for info in file.infolist()]


def rewritten(path: Path, members: list[tuple[zipfile.ZipInfo | str, bytes]], comment: bytes = b"") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for info, content in members:
            file.writestr(info, content)
        file.comment = comment


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/evil",
        "C:\\evil.txt",
        "..\\evil.txt",
        "C:evil",
        "CON",
        "NUL.txt",
        "data.sqlite:stream",
        "data.sqlite/",
        "DATA.SQLITE",
        "data.sqlite",
        "manifest.json",
        "attachments/../../evil",
        "x" * 3000,
    ],
)
def test_a_member_more(good: Path, tmp_path: Path, name: str) -> None:
    rewritten(good, [*members_of(good), (name, b"evil")])
    refused(good, tmp_path)


@pytest.mark.parametrize("name", ["../data.sqlite", "/tmp/data.sqlite", "CON", "data.sqlite\0x", "Data.sqlite"])
def test_another_name_for_the_data(good: Path, tmp_path: Path, name: str) -> None:
    members = members_of(good)
    rewritten(good, [(name, members[0][1]), *members[1:]])
    refused(good, tmp_path)


def test_another_name_in_the_headers_only(good: Path, tmp_path: Path) -> None:
    raw = good.read_bytes()
    assert raw.count(b"data.sqlite") >= 2
    good.write_bytes(raw.replace(b"data.sqlite", b"../evil.sql", 1))
    refused(good, tmp_path)


def test_a_link(good: Path, tmp_path: Path) -> None:
    members = members_of(good)
    members[0][0].external_attr = 0o120777 << 16
    rewritten(good, members)
    refused(good, tmp_path)


@pytest.mark.parametrize("kept", range(4))
def test_a_member_less(good: Path, tmp_path: Path, kept: int) -> None:
    members = members_of(good)
    del members[kept]
    rewritten(good, members)
    refused(good, tmp_path)


def test_another_order(good: Path, tmp_path: Path) -> None:
    rewritten(good, members_of(good)[::-1])
    refused(good, tmp_path)


def test_zipped_anew_with_a_comment(good: Path, tmp_path: Path) -> None:
    rewritten(good, members_of(good), comment=b"hello")
    refused(good, tmp_path)


def test_the_mark_of_a_password(good: Path, tmp_path: Path) -> None:
    raw = bytearray(good.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    good.write_bytes(raw)
    refused(good, tmp_path)


def test_a_program_before_it(good: Path, tmp_path: Path) -> None:
    good.write_bytes(b"MZ" + bytes(4000) + good.read_bytes())
    refused(good, tmp_path)


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    for content in (path.read_bytes(), b"", b"PK", b"hello" * 10_000, bytes(100_000), b"SQLite format 3\0" * 512):
        path.write_bytes(content)
        with pytest.raises(NotABackup, match="is not a backup"):
            read_manifest(path)
    with pytest.raises(NotABackup):
        read_manifest(tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_in_the_directory(good: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(good.read_bytes())
    for _ in range(6):
        at = chance.randrange(raw.index(b"PK\x01\x02"), len(raw) - 2)
        raw[at : at + 2] = chance.choice((b"\xff\xff", b"\0\0", chance.randbytes(2)))
    good.write_bytes(raw)
    refused(good, tmp_path)


class TestForged:
    """Every header and hash is right; the contents are not."""

    def test_the_forger_can_make_a_good_one(self, snapshot: Path, tmp_path: Path) -> None:
        plain = snapshot.read_bytes()
        path = tmp_path / NAME
        forged(path, packed(plain), len(plain), sha256_of_data=sha256(plain).hexdigest(), crc=zlib.crc32(plain))
        unpack(path, tmp_path, progress=Quiet())
        assert (tmp_path / DATA).read_bytes() == plain

    def test_wrong_crc_and_hash(self, snapshot: Path, tmp_path: Path) -> None:
        plain = snapshot.read_bytes()
        right = {"sha256_of_data": sha256(plain).hexdigest(), "crc": zlib.crc32(plain)}
        for number, wrong in enumerate(({"crc": 5}, {"sha256_of_data": "1" * 64})):
            folder = tmp_path / str(number)
            folder.mkdir()
            forged(folder / NAME, packed(plain), len(plain), **{**right, **wrong})  # type: ignore[arg-type]
            assert DATA in refused(folder / NAME, folder)

    @pytest.mark.parametrize("stated", [0, 1, 4096, -1])
    def test_a_size_that_lies(self, snapshot: Path, tmp_path: Path, stated: int) -> None:
        plain = snapshot.read_bytes()
        size = stated if stated >= 0 else len(plain) + stated
        forged(tmp_path / NAME, packed(plain), size, sha256_of_data=sha256(plain).hexdigest(), crc=zlib.crc32(plain))
        assert DATA in refused(tmp_path / NAME, tmp_path)

    def test_more_after_the_end_of_the_stream(self, snapshot: Path, tmp_path: Path) -> None:
        plain = snapshot.read_bytes()
        right = {"sha256_of_data": sha256(plain).hexdigest(), "crc": zlib.crc32(plain)}
        forged(tmp_path / NAME, packed(plain) + b"x", len(plain), **right)  # type: ignore[arg-type]
        assert DATA in refused(tmp_path / NAME, tmp_path)

    def test_a_zip_in_the_zip(self, tmp_path: Path) -> None:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a", bytes(10_000_000))
        plain = inner.getvalue()
        forged(tmp_path / NAME, packed(plain), len(plain), sha256_of_data=sha256(plain).hexdigest())
        assert DATA in refused(tmp_path / NAME, tmp_path)

    @pytest.mark.parametrize("text", [b"{}", b"[" * 200_000, b'{"format": 1}', b"\xff", b"null", b'{"format": NaN}'])
    def test_a_manifest_that_is_none(self, tmp_path: Path, text: bytes) -> None:
        forged(tmp_path / NAME, packed(b"SQLite format 3\0"), 16, manifest_text=text)
        assert "manifest.json" in refused(tmp_path / NAME, tmp_path)

    def test_a_newer_one_is_told_apart(self, tmp_path: Path) -> None:
        newer = b'{"format": 2, "app_version": "9.1"}'
        forged(tmp_path / NAME, packed(b"SQLite format 3\0"), 16, manifest_text=newer)
        with pytest.raises(TooNewBackup, match=r"9\.1"):
            read_manifest(tmp_path / NAME)


BOMBS = {
    "10 GB of zeros": lambda path: forged(path, zeros(10 * GIB), 10 * GIB),
    "1 GB of zeros that say they are 3 MB": lambda path: forged(
        path, packed(b"SQLite format 3\0") + zeros(GIB), 3 << 20
    ),
    "a database, then zeros": lambda path: forged(path, with_head(zeros(4 * GIB)), 4 * GIB + 16),
    "a database, then zeros, few enough to be tried": lambda path: forged(
        path, with_head(zeros(4 * GIB)), 240 * (len(zeros(4 * GIB)))
    ),
    "a manifest of 500 MB": lambda path: forged(path, packed(b"SQLite format 3\0"), 16, manifest_text=bytes(500 << 20)),
    "settings of 200 MB": lambda path: forged(path, packed(b"SQLite format 3\0"), 16, settings=bytes(200 << 20)),
}


def with_head(deflated: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(b"SQLite format 3\0") + packer.flush(zlib.Z_FULL_FLUSH) + deflated


TRIES = """
import sys
from pathlib import Path
from crm_desktop.backup.format.archive import unpack
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.progress import Quiet
try:
    unpack(Path(sys.argv[1]), Path(sys.argv[2]), progress=Quiet())
except UserError as error:
    most = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
    print(int(most[0]) // 1024, type(error).__name__, error)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the most memory that was used")
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(bomb: str, tmp_path: Path) -> None:
    path = tmp_path / NAME
    BOMBS[bomb](path)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    began = time.monotonic()
    said = subprocess.run(
        [sys.executable, "-c", TRIES, str(path), str(folder)], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert time.monotonic() - began < 20
    megabytes, kind = said.split()[:2]
    assert kind == "Damaged", said
    assert int(megabytes) < 300
    assert not list(folder.iterdir())


STRANGE = {
    "a trigger": "CREATE TRIGGER evil AFTER UPDATE ON company BEGIN DELETE FROM contact; END",
    "a trigger less": "",
    "a view": "CREATE VIEW evil AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    "a virtual table": "CREATE VIRTUAL TABLE evil USING fts5(words)",
    "a table": "CREATE TABLE evil (x INTEGER)",
    "an index of an expression": "CREATE INDEX evil ON company (abs(id))",
    "an index with a condition": "CREATE INDEX evil ON company (id) WHERE abs(id) > 1",
    "a column": "ALTER TABLE company ADD COLUMN evil TEXT",
    "a computed column": "ALTER TABLE company ADD COLUMN evil TEXT GENERATED ALWAYS AS (hex(name)) VIRTUAL",
}


@pytest.mark.parametrize("what", STRANGE)
def test_objects_that_no_schema_has(what: str, founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
    statement = STRANGE[what]
    snapshot = snapshot_of(founded_file[0], tmp_path)
    if not statement:
        statement = f"DROP TRIGGER {trigger_of(snapshot)}"
    path = tmp_path / NAME
    written(snapshot_of(founded_file[0], tmp_path, [statement]), path)
    for given in (None, snapshot):
        with pytest.raises((StrangeContents, CompanyDamaged), match="nother program"):
            verify_archive(path, seams=SEAMS, snapshot=given and tmp_path / "snapshot.sqlite", progress=Quiet())


def trigger_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as file:
        return str(file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()[0])


def test_a_view_in_the_place_of_the_schema_number_is_not_asked(
    founded_file: tuple[Path, Firm], snapshot: Path, tmp_path: Path
) -> None:
    endless = (
        "CREATE VIEW alembic_version AS WITH RECURSIVE n(version_num) AS "
        "(SELECT 1 UNION ALL SELECT version_num FROM n) SELECT * FROM n"
    )
    snapshot_of(founded_file[0], tmp_path, ["DROP TABLE alembic_version", endless])
    plain = snapshot.read_bytes()
    path = tmp_path / NAME
    forged(path, packed(plain), len(plain), sha256_of_data=sha256(plain).hexdigest(), crc=zlib.crc32(plain))
    with pytest.raises(StrangeContents):
        verify_archive(path, seams=SEAMS, progress=Quiet())


def test_a_plain_index_of_an_administrator_is_no_harm(founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
    path = tmp_path / NAME
    written(snapshot_of(founded_file[0], tmp_path, ["CREATE INDEX mine ON company (name)"]), path)
    verify_archive(path, seams=SEAMS, progress=Quiet())


@pytest.mark.parametrize("seed", range(5))
def test_pages_that_are_none(snapshot: Path, tmp_path: Path, seed: int) -> None:
    """Everything of the zip is right, the database in it is rubbish from some page on."""
    chance = random.Random(seed)
    plain = bytearray(snapshot.read_bytes())
    for page in range(1, len(plain) // 4096):
        if chance.random() < 0.3:
            plain[page * 4096 : (page + 1) * 4096] = chance.randbytes(4096)
    path = tmp_path / NAME
    forged(path, packed(bytes(plain)), len(plain), sha256_of_data=sha256(plain).hexdigest(), crc=zlib.crc32(plain))
    with pytest.raises(Damaged):
        verify_archive(path, seams=SEAMS, progress=Quiet())
