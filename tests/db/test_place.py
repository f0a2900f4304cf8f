"""Local disk, network drive or cloud folder, told from recorded answers of the three systems."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from crm_desktop.db.place import (
    Place,
    cloud_roots,
    in_cloud_folder,
    is_network_path,
    linux_is_remote,
    macos_is_remote,
    place_of,
    windows_is_remote,
)

MOUNTINFO = """\
22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
95 28 0:45 / /mnt/office rw,relatime shared:50 - cifs //nas/office rw,vers=3.1.1
96 95 8:17 / /mnt/office/usb rw - ext4 /dev/sdb1 rw
97 28 0:46 / /home/li/My\\040Share rw - nfs4 nas:/li rw
98 28 0:47 / /mnt/bind rw - fuse bindfs rw
99 28 0:48 / /mnt/ssh rw - fuse.sshfs li@nas:/ rw
100 28 8:33 / /media/stick rw - fuseblk /dev/sdc1 rw
101 28 0:50 / /tmp rw - tmpfs tmpfs rw
102 28 8:49 / /mnt/twice rw - ext4 /dev/sdd rw
103 102 0:51 / /mnt/twice rw - nfs nas:/twice rw
104 28 0:52 / /mnt/c rw - drvfs C: rw
105 28 0:53 / /data rw - btrfs /dev/sde rw
"""


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/home/li/firm.crm", False),
        ("/mnt/office/firm.crm", True),
        ("/mnt/officer/firm.crm", False),
        ("/mnt/office/usb/firm.crm", False),
        ("/home/li/My Share/firm.crm", True),
        ("/mnt/bind/firm.crm", True),
        ("/mnt/ssh/firm.crm", True),
        ("/media/stick/firm.crm", False),
        ("/tmp/firm.crm", False),
        ("/mnt/twice/firm.crm", True),
        ("/mnt/c/firm.crm", True),
        ("/data/firm.crm", False),
    ],
)
def test_linux_takes_the_longest_mount(path: str, remote: bool) -> None:
    assert linux_is_remote(PurePosixPath(path), MOUNTINFO) is remote


def test_linux_without_an_answer_counts_as_network() -> None:
    assert linux_is_remote(PurePosixPath("/home/x"), "")
    assert linux_is_remote(PurePosixPath("/home/x"), "nonsense\n1 2 3 - \n")


@pytest.mark.parametrize(
    ("path", "drive_type", "remote"),
    [
        (r"C:\Data\firm.crm", 3, False),
        (r"E:\firm.crm", 2, False),
        (r"Z:\firm.crm", 4, True),
        (r"Q:\firm.crm", 1, True),
        (r"\\nas\office\firm.crm", 3, True),
        (r"\\?\C:\Data\firm.crm", 3, False),
        (r"\\?\UNC\nas\office\firm.crm", 3, True),
    ],
)
def test_windows_asks_the_drive(path: str, drive_type: int, remote: bool) -> None:
    assert windows_is_remote(PureWindowsPath(path), drive_type) is remote


def test_macos_reads_the_local_flag() -> None:
    assert not macos_is_remote(0x04809000)  # the system disk
    assert macos_is_remote(0x00000008)  # smbfs


@pytest.mark.parametrize(
    "path",
    [
        PureWindowsPath(r"C:\Users\li\OneDrive - Firm\firm.crm"),
        PureWindowsPath(r"C:\Users\li\Dropbox\a\firm.crm"),
        PureWindowsPath(r"G:\My Drive\firm.crm"),
        PureWindowsPath(r"D:\我的坚果云\firm.crm"),
        PurePosixPath("/Users/li/Library/Mobile Documents/com~apple~CloudDocs/firm.crm"),
        PurePosixPath("/Users/li/Library/CloudStorage/GoogleDrive-li@firm.cn/firm.crm"),
        PurePosixPath("/home/li/Nutstore Files/firm.crm"),
        PurePosixPath("/home/li/Nextcloud/firm.crm"),
    ],
)
def test_synchronised_folders_are_known_by_name(path: PureWindowsPath | PurePosixPath) -> None:
    assert in_cloud_folder(path, ())


def test_a_synchronised_folder_is_known_by_the_environment() -> None:
    roots = list(cloud_roots({"OneDrive": r"D:\Sync", "HOME": "/home/li"}))
    assert in_cloud_folder(PureWindowsPath(r"d:\sync\firm.crm"), roots)
    assert not in_cloud_folder(PureWindowsPath(r"D:\Synced\firm.crm"), roots)
    assert not in_cloud_folder(PurePosixPath("/home/li/dropbox.crm"), roots), "a file's own name says nothing"


def test_a_real_local_file(tmp_path: Path) -> None:
    assert place_of(tmp_path / "not made yet" / "firm.crm") is Place.LOCAL
    assert not is_network_path(tmp_path / "firm.crm")
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "Dropbox")
    assert place_of(tmp_path / "link" / "firm.crm") is Place.CLOUD, "links are followed"
