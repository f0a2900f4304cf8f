"""A backup holds what the snapshot held, is read by common tools, and is proved by reading it from the disk."""

from __future__ import annotations

import errno
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.format import deflating
from crm_desktop.backup.format.archive import Written, read_manifest, read_settings, unpack, write_archive
from crm_desktop.backup.format.box import hash_file
from crm_desktop.backup.format.contents import counts, figures, journal_head, proof
from crm_desktop.backup.format.manifest import DATA, MEMBERS
from crm_desktop.backup.format.refusals import CompanyDamaged, Damaged, TooNewBackup
from crm_desktop.backup.format.verify import prove_data, verify_archive
from crm_desktop.backup.format.zip_structure import DEFLATED, STORED, Entry, end_of, entries_of
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.schema import SCHEMA, upgrade
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import Cancelled, Unavailable
from crm_desktop.shared.progress import Quiet
from tests.backup.archives import ABOUT, NAME, SEAMS, SETTINGS, snapshot_of, written
from tests.companies import Firm

GIB = 1024**3


@pytest.fixture
def snapshot(founded_file: tuple[Path, Firm], tmp_path: Path) -> Path:
    return snapshot_of(founded_file[0], tmp_path)


@pytest.fixture
def made(snapshot: Path, tmp_path: Path) -> Written:
    return written(snapshot, tmp_path / NAME)


class Watching:
    """Progress that is kept, and cancelled at a look."""

    def __init__(self, cancel_at: int = 0) -> None:
        self.seen: list[tuple[int, int | None]] = []
        self.cancel_at = cancel_at

    def step(self, done: int, total: int | None = None) -> None:
        self.seen.append((done, total))
        if len(self.seen) == self.cancel_at:
            raise Cancelled


class TestWhatItHolds:
    def test_the_manifest_tells(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        found = read_manifest(tmp_path / NAME)
        assert found == made.manifest
        assert (found.company, found.made_at, found.schema) == (ABOUT.company, ABOUT.made_at, SCHEMA)
        assert found.size == snapshot.stat().st_size
        assert found.counts == counts(snapshot)
        assert found.counts["app_user"] == 7
        assert found.figures == {"people": 7, "limits": {"CNY": 12345}, "name": "Harbour & Lin Trading"}
        assert found.figures == figures(snapshot, SEAMS)
        with closing(sqlite3.connect(snapshot)) as file:
            last = file.execute("SELECT max(id) FROM journal").fetchone()[0] or 0
        assert found.journal_head.id == last == journal_head(snapshot).id
        assert read_settings(tmp_path / NAME) == SETTINGS

    def test_the_file_is_told_whole(self, made: Written, tmp_path: Path) -> None:
        path = tmp_path / NAME
        assert made.size == path.stat().st_size
        assert made.sha256 == sha256(path.read_bytes()).hexdigest() == hash_file(path, Quiet())
        assert made.key is None

    def test_unpacked_it_is_the_snapshot(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        folder = tmp_path / "new"
        folder.mkdir()
        assert unpack(tmp_path / NAME, folder, progress=Quiet()) == folder / DATA
        assert (folder / DATA).read_bytes() == snapshot.read_bytes()
        with pytest.raises(FileExistsError):
            unpack(tmp_path / NAME, folder, progress=Quiet())
        assert (folder / DATA).read_bytes() == snapshot.read_bytes()

    def test_no_room_is_said_before_and_while_unpacking(
        self, made: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "new"
        folder.mkdir()
        there_is = shutil.disk_usage(folder)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: there_is._replace(free=1000))
        with pytest.raises(Unavailable, match=f"no room in {re.escape(str(folder))} for the 2 MB"):
            unpack(tmp_path / NAME, folder, progress=Quiet())
        monkeypatch.undo()

        class Full:
            def step(self, done: int, total: int | None = None) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(Unavailable, match="no room in"):
            unpack(tmp_path / NAME, folder, progress=Full())
        assert list(folder.iterdir()) == []

    def test_names_with_odd_characters_are_read_again(self, snapshot: Path, tmp_path: Path) -> None:
        about = replace(
            ABOUT, company="海港　贸易\u00a0\x07GmbH\u200d" + "x" * 3000, made_at=datetime(1970, 1, 1, tzinfo=UTC)
        )
        write_archive(snapshot, {}, about, tmp_path / NAME, seams=SEAMS, progress=Quiet())
        found = verify_archive(tmp_path / NAME, seams=SEAMS, progress=Quiet()).manifest
        assert found.company.startswith("海港　贸易\u00a0GmbH\u200dxxx")
        assert found.made_at == about.made_at


class TestCommonTools:
    def test_zipfile(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / NAME) as file:
            assert file.testzip() is None
            assert tuple(file.namelist()) == MEMBERS
            assert file.getinfo(DATA).date_time == (2026, 11, 22, 4, 30, 14)
            assert file.read(DATA) == snapshot.read_bytes()
            assert json.loads(file.read("manifest.json"))["format"] == 1

    def test_unzip_and_sha256sum(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        if not (shutil.which("unzip") and shutil.which("sha256sum")):
            pytest.skip("unzip and sha256sum are not installed here")
        folder = tmp_path / "new"
        folder.mkdir()
        unzipped = subprocess.run(["unzip", str(tmp_path / NAME)], cwd=folder, capture_output=True, text=True)
        assert (unzipped.returncode, unzipped.stderr) == (0, "")
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True, capture_output=True)
        assert sorted(one.name for one in folder.iterdir()) == sorted(MEMBERS)

    @pytest.mark.parametrize(
        ("size", "packed"), [(0xF000_0000 - 1, 9), (0xF000_0000, 9), (5 * GIB, 4 * GIB - 50), (9 * GIB, 5 * GIB)]
    )
    def test_more_than_four_gigabytes(self, size: int, packed: int, tmp_path: Path) -> None:
        """The structure of a large zip, with a hole where the data would be, as Python's own module reads it."""
        data = Entry(DATA, DEFLATED, 1, packed, size, 0)
        small = Entry("settings.json", STORED, 0, 0, 0, data.ends)
        end = end_of([data, small], ABOUT.made_at)
        path = tmp_path / NAME
        with path.open("wb") as file:
            file.write(data.local(ABOUT.made_at))
            file.seek(data.begins + packed)
            file.write(data.descriptor() + small.local(ABOUT.made_at) + end)
        with zipfile.ZipFile(path) as read:
            found = [(one.filename, one.file_size, one.compress_size, one.header_offset) for one in read.infolist()]
            assert read.read("settings.json") == b""
        assert found == [(DATA, size, packed, 0), ("settings.json", 0, 0, data.ends)]
        assert entries_of(end, path.stat().st_size) == [data, small]


class TestOrigins:
    """Nothing that this program made is ever refused."""

    def test_both_engines(self, database: Database, firm: Firm, tmp_path: Path) -> None:
        copy = tmp_path / "copy.sqlite"
        take_snapshot(Source.of(database), copy, Quiet())
        made = written(copy, tmp_path / NAME)
        for given in (copy, None):
            assert verify_archive(tmp_path / NAME, seams=SEAMS, snapshot=given, progress=Quiet()).sha256 == made.sha256
        assert made.manifest.figures["people"] == 7

    @pytest.mark.parametrize("number", range(1, SCHEMA + 1))
    def test_every_schema(self, number: int, tmp_path: Path) -> None:
        copy = tmp_path / "copy.sqlite"
        engine = sqlite_engine(copy)
        for step in range(1, number + 1):
            upgrade(engine, to=step)
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        engine.dispose()
        made = written(copy, tmp_path / NAME)
        assert made.manifest.schema == number
        assert bool(made.manifest.figures) == (number == SCHEMA)
        verify_archive(tmp_path / NAME, seams=SEAMS, progress=Quiet())


class TestVerify:
    def test_both_ways_agree(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        for given in (snapshot, None):
            found = verify_archive(tmp_path / NAME, seams=SEAMS, snapshot=given, progress=Quiet())
            assert (found.manifest, found.size, found.sha256) == (made.manifest, made.size, made.sha256)

    def test_where_there_is_no_isal(self, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as changed:
            changed.setattr(deflating, "_deflate", zlib)
            one = written(snapshot, tmp_path / "one")
            verify_archive(tmp_path / "one", seams=SEAMS, progress=Quiet())
        verify_archive(tmp_path / "one", seams=SEAMS, progress=Quiet())
        two = written(snapshot, tmp_path / "two")
        assert one.manifest.members[DATA].sha256 == two.manifest.members[DATA].sha256
        monkeypatch.setattr(deflating, "_deflate", zlib)
        verify_archive(tmp_path / "two", seams=SEAMS, progress=Quiet())

    def test_progress_counts_bytes(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        watching = Watching()
        written_anew = write_archive(snapshot, {}, ABOUT, tmp_path / NAME, seams=SEAMS, progress=watching)
        assert watching.seen[-1] == (snapshot.stat().st_size,) * 2
        watching = Watching()
        verify_archive(tmp_path / NAME, seams=SEAMS, progress=watching)
        assert watching.seen[-1] == (written_anew.size,) * 2
        assert watching.seen == sorted(watching.seen)

    def test_cancel_leaves_nothing_unpacked(self, made: Written, snapshot: Path, tmp_path: Path) -> None:
        with pytest.raises(Cancelled):
            verify_archive(tmp_path / NAME, seams=SEAMS, progress=Watching(1))
        with pytest.raises(Cancelled):
            verify_archive(tmp_path / NAME, seams=SEAMS, snapshot=snapshot, progress=Watching(1))
        with pytest.raises(Cancelled):
            write_archive(snapshot, {}, ABOUT, tmp_path / "other", seams=SEAMS, progress=Watching(1))
        assert sorted(one.name for one in tmp_path.iterdir() if one.is_dir()) == []

    def test_another_count_or_figure_is_seen(self, snapshot: Path, tmp_path: Path) -> None:
        """The hashes are right, but the manifest tells of other data than there is."""
        path = tmp_path / NAME
        wrong = (
            replace(SEAMS, figures=(replace(SEAMS.figures[0], sql="SELECT 999"),)),
            replace(SEAMS, figures=(replace(SEAMS.figures[1], sql="SELECT 'EUR', -1"),)),
        )
        for seams in wrong:
            write_archive(snapshot, {}, ABOUT, path, seams=seams, progress=Quiet())
            with pytest.raises(Damaged, match="figures"):
                verify_archive(path, seams=SEAMS, progress=Quiet())

    def test_figures_of_another_program_version_are_left_alone(self, snapshot: Path, tmp_path: Path) -> None:
        path = tmp_path / NAME
        other = replace(SEAMS, figures=(replace(SEAMS.figures[0], key="unknown_here"),))
        write_archive(snapshot, {}, ABOUT, path, seams=other, progress=Quiet())
        verify_archive(path, seams=SEAMS, progress=Quiet())

    def test_a_broken_reference_is_copied_as_it_is_and_told(
        self, founded_file: tuple[Path, Firm], tmp_path: Path
    ) -> None:
        broken = snapshot_of(founded_file[0], tmp_path, ["UPDATE user_role SET user_id = 999 WHERE user_id = 1"])
        assert "app_user is missing" in proof(broken)[0]
        assert not proof(broken, broken_references=1)
        made = written(broken, tmp_path / NAME)
        assert made.manifest.broken_references == 1
        for snapshot in (broken, None):
            proved = verify_archive(tmp_path / NAME, seams=SEAMS, snapshot=snapshot, progress=Quiet())
            assert proved.manifest.broken_references == 1

    def test_another_number_of_broken_references_is_seen(self, snapshot: Path, tmp_path: Path) -> None:
        """The hashes are right, but the manifest tells of a company less whole than there is."""
        manifest = written(snapshot, tmp_path / NAME).manifest
        with pytest.raises(Damaged, match="references"):
            prove_data(tmp_path / NAME, snapshot, replace(manifest, broken_references=1), SEAMS, Quiet(), full=False)

    def test_the_company_itself_is_damaged(self, founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
        """What is wrong with the data is not said of the disk of the backups."""
        broken = snapshot_of(founded_file[0], tmp_path, ["DROP TABLE alembic_version"])
        with pytest.raises(CompanyDamaged, match="the schema number"):
            written(broken, tmp_path / NAME)

    def test_a_snapshot_that_cannot_be_read_is_no_damage(self, founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
        gone = snapshot_of(founded_file[0], tmp_path)
        gone.unlink()
        gone.mkdir()
        with pytest.raises(Unavailable, match=r"snapshot\.sqlite could not be read"):
            journal_head(gone)

    def test_a_newer_schema_is_refused_in_words(self, founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
        newer = [f"UPDATE alembic_version SET version_num = '{SCHEMA + 1:04d}'", f"PRAGMA user_version = {SCHEMA + 1}"]
        written(snapshot_of(founded_file[0], tmp_path, newer), tmp_path / NAME)
        with pytest.raises(TooNewBackup, match=r"newer version of the program \(0\.6\.0\)"):
            read_manifest(tmp_path / NAME)
