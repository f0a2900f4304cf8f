"""Where a file lies: on this computer's disk, or somewhere SQLite's shared memory does not reach.

The decisions are pure functions over what the system answered, so that they are tested with recorded
answers of systems that are not here.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Final


class Place(StrEnum):
    """What kind of place a path is on. A place that cannot be told counts as network."""

    LOCAL = "local"
    NETWORK = "network"
    CLOUD = "cloud"


_NETWORK_TYPES: Final = frozenset(
    "nfs nfs4 cifs smb smb2 smb3 smbfs 9p ceph glusterfs afs davfs davfs2 vboxsf vmhgfs prl_fs drvfs "
    "lustre gpfs ocfs2 gfs2 beegfs coda ncpfs fuseblk.sshfs".split()
)
_LOCAL_FUSE: Final = frozenset({"fuseblk", "fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.exfat"})
_DRIVE_REMOTE: Final = 4
_DRIVE_UNKNOWN: Final = (0, 1)
_MNT_LOCAL: Final = 0x1000

_CLOUD_NAMES: Final = frozenset(
    {"onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud drive", "iclouddrive",
     "mobile documents", "cloudstorage", "nutstore", "nutstore files", "坚果云", "我的坚果云", "box sync", "nextcloud",
     "owncloud", "syncthing", "baidusyncdisk", "百度云同步盘", "wpsdrive", "wps云盘"}
)  # fmt: skip
_CLOUD_PREFIXES: Final = ("onedrive - ", "onedrive-", "dropbox (", "googledrive-", "icloud~", "nutstore-")
_CLOUD_VARIABLES: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer", "DROPBOX_HOME", "NUTSTORE_HOME")


def place_of(path: Path) -> Place:
    """Return where `path` lies; it need not exist yet. It asks the system, so it may wait for a share."""
    resolved = _resolved(path)
    if in_cloud_folder(resolved, cloud_roots(os.environ)):
        return Place.CLOUD
    try:
        remote = _is_remote(resolved)
    except OSError:
        return Place.NETWORK
    return Place.NETWORK if remote else Place.LOCAL


def is_network_path(path: Path) -> bool:
    """Return whether `path` is on a network or cloud-synced place, or cannot be told."""
    return place_of(path) is not Place.LOCAL


def in_cloud_folder(path: PurePath, roots: Iterable[PurePath]) -> bool:
    """Return whether a synchronising program owns a folder above `path`: a known root, or a known name."""
    if any(path == root or root in path.parents for root in roots):
        return True
    return any(
        name in _CLOUD_NAMES or name.startswith(_CLOUD_PREFIXES)
        for name in (part.casefold() for part in path.parent.parts)
    )


def cloud_roots(environment: Mapping[str, str]) -> Iterator[PurePath]:
    """Yield the folders that synchronising programs name in the environment."""
    for name in _CLOUD_VARIABLES:
        if folder := environment.get(name):
            yield PureWindowsPath(folder) if "\\" in folder else PurePosixPath(folder)


def windows_is_remote(path: PureWindowsPath, drive_type: int) -> bool:
    r"""Return whether a Windows path is on a share: `\\server\share`, or a drive that answers remote.

    `drive_type` is what GetDriveTypeW said of its root; `\\?\C:\` is a long local path.
    """
    text = str(path)
    if text.upper().startswith("\\\\?\\UNC\\"):
        return True
    if text.startswith("\\\\") and not text.startswith(("\\\\?\\", "\\\\.\\")):
        return True
    return drive_type == _DRIVE_REMOTE or drive_type in _DRIVE_UNKNOWN


def linux_is_remote(path: PurePosixPath, mountinfo: str) -> bool:
    """Return whether the mount `path` is on, by the lines of /proc/self/mountinfo, is not a local disk.

    The longest mount point that holds the path counts, the last of several on the same point.
    """
    best, type_found = -1, ""
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        mount = PurePosixPath(_unescaped(fields[4]))
        if (path == mount or mount in path.parents) and len(mount.parts) >= best:
            best, type_found = len(mount.parts), after.split(" ", 1)[0]
    if not type_found:
        return True
    if type_found in _LOCAL_FUSE:
        return False
    return type_found in _NETWORK_TYPES or type_found == "fuse" or type_found.startswith("fuse.")


def macos_is_remote(flags: int) -> bool:
    """Return whether the flags of macOS's statfs lack MNT_LOCAL."""
    return not flags & _MNT_LOCAL


def _unescaped(field: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, char)
    return field.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _resolved(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _existing(path: Path) -> Path:
    """Return the nearest folder above `path`, or itself, that exists."""
    for candidate in (path, *path.parents):
        if candidate.exists():
            return candidate
    return path


def _is_remote(path: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        drive_type = ctypes.windll.kernel32.GetDriveTypeW(path.anchor or None)
        return windows_is_remote(PureWindowsPath(path), int(drive_type))
    if sys.platform == "darwin":
        return macos_is_remote(_macos_flags(_existing(path)))
    mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    return linux_is_remote(PurePosixPath(path), mountinfo)


def _macos_flags(path: Path) -> int:
    """Return `f_flags` of statfs (64-bit inode layout: it stands at byte 64)."""
    import ctypes

    answer = ctypes.create_string_buffer(4096)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.statfs(os.fsencode(path), answer) != 0:
        raise OSError(ctypes.get_errno(), "statfs", str(path))
    return int.from_bytes(answer.raw[64:68], sys.byteorder)
