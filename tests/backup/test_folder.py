"""The folders of backups: what the system says of them is said in words, and strangers' files are left alone."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_desktop.backup import folder, temporary
from crm_desktop.backup.folder import FolderRefused
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import Unavailable


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "You may not write"),
        (errno.EROFS, "can only be read"),
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "is full"),
        (errno.ENOTCONN, "Connect its drive"),
        (errno.ESTALE, "Connect its drive"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_every_refusal_of_the_system_names_the_folder(tmp_path: Path, number: int, said: str) -> None:
    refused = folder.refused(tmp_path, OSError(number, os.strerror(number)))
    assert said in str(refused)
    assert str(tmp_path) in str(refused)


def test_windows_says_it_with_numbers_of_its_own(tmp_path: Path) -> None:
    for number, said in ((112, "is full"), (21, "Connect its drive"), (53, "Connect its drive"), (19, "only be read")):
        error = OSError(errno.EINVAL, "whatever")
        error.winerror = number  # type: ignore[attr-defined]
        assert said in str(folder.refused(tmp_path, error))


def test_a_folder_serves_several_companies(tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        folder.make_ours(tmp_path / "backups", name)
    assert folder.is_ours(tmp_path / "backups", "one")
    assert folder.is_ours(tmp_path / "backups", "two")
    assert not folder.is_ours(tmp_path / "backups", "three")


@pytest.mark.parametrize("mark", [b"", b"{", b"[]", b'{"companies": 4}', b"\xff\xfe", b"[" * 100_000])
def test_a_mark_that_cannot_be_read_is_none(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / folder.MARK).write_bytes(mark)
    assert not folder.is_ours(tmp_path, "one")
    folder.make_ours(tmp_path, "one")
    assert folder.is_ours(tmp_path, "one")


def test_a_folder_is_made_but_not_the_drive_it_should_lie_on(tmp_path: Path) -> None:
    with pytest.raises(FolderRefused, match="Connect its drive"):
        folder.make_ours(tmp_path / "drive" / "backups", "one")
    assert not (tmp_path / "drive").exists()


def test_what_lies_in_a_folder_is_told_without_opening_strangers(tmp_path: Path) -> None:
    (tmp_path / "crm-backup-20261120-123000.zip").write_bytes(b"not a zip at all")
    (tmp_path / "crm-backup-20261120-123001.zip.crmlock").write_bytes(b"locked or not")
    (tmp_path / "crm-backup-20261120-123002.zip").mkdir()
    (tmp_path / "crm-backup-20261120-123003.zip").symlink_to("/etc/passwd")
    (tmp_path / "crm-backup-20261120-123004.zip.part").write_bytes(b"half")
    (tmp_path / "photo.zip").write_bytes(b"")
    found = {one.path.name: one for one in folder.listing(tmp_path, "one")}
    assert sorted(found) == ["crm-backup-20261120-123000.zip", "crm-backup-20261120-123001.zip.crmlock"]
    assert found["crm-backup-20261120-123000.zip"].problem
    assert found["crm-backup-20261120-123001.zip.crmlock"].locked
    with pytest.raises(FolderRefused):
        folder.listing(tmp_path / "gone")


def test_only_old_unfinished_backups_of_ours_are_removed(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for name in ("crm-backup-20261120-123000.zip.part", "crm-backup-20261120-123001.zip.part", "film.part"):
        (tmp_path / name).write_text("half")
    old = (now - timedelta(days=2)).timestamp()
    for name in ("crm-backup-20261120-123000.zip.part", "film.part"):
        os.utime(tmp_path / name, (old, old))
    folder.remove_old_parts(tmp_path, now)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm-backup-20261120-123001.zip.part", "film.part"]
    folder.remove_old_parts(tmp_path / "gone", now)


def test_without_a_choice_backups_lie_beside_the_file(file_database: Database) -> None:
    assert file_database.path is not None
    assert folder.default_folder(file_database, "Harbour") == file_database.path.with_name("company backups")


# The private folder on this computer


def test_the_private_folder_is_the_persons_own_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with temporary.private_folder(1) as made:
        assert made.stat().st_mode & 0o777 == 0o700
        (made / "data.sqlite").write_text("secret")
    assert not made.exists()


def test_what_a_killed_process_left_is_removed_and_a_living_ones_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "_bases", lambda: [tmp_path])
    for name in (f"crm-backup-{os.getpid()}-abc", "crm-backup-4194305-abc", "crm-backup-none", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.sqlite").write_text("secret")
    temporary.remove_leftovers()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"crm-backup-{os.getpid()}-abc",
        "crm-backup-none",
        "mine",
    ]


def test_where_there_is_no_room_it_is_said_how_much_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "_bases", lambda: [tmp_path])
    with pytest.raises(Unavailable, match=r"The data, 1,000,000,000,0\d\d MB"), temporary.private_folder(10**18):
        pytest.fail("a disk without room was taken")
    assert list(tmp_path.iterdir()) == []
