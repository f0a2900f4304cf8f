"""Disks to fill, to pull out and to cut the power of: small ones, mounted for a test. Needs root on Linux."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_SHUTDOWN: Final = 0x8004587D
_WITHOUT_LOG_FLUSH: Final = 2


def why_no_mounts() -> str:
    """Return why nothing can be mounted here, "" when it can."""
    if not sys.platform.startswith("linux"):
        return "mounts as Linux does"
    if os.geteuid() != 0:
        return "mounting needs root"
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else f"mounting is refused: {tried.stderr.decode().strip()}"


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


@contextmanager
def disk_of(megabytes: int, at: Path) -> Iterator[Path]:
    """A disk in memory of that size."""
    at.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", at)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], capture_output=True, check=False)


def pull(at: Path) -> None:
    """Take a disk away under whoever works with it."""
    _run("umount", "-l", at)


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """A folder that can only be read, also by root."""
    _run("mount", "--bind", folder, folder)
    try:
        _run("mount", "-o", "remount,ro,bind", folder)
        yield folder
    finally:
        _run("umount", "-l", folder)


class Disk:
    """An ext4 disk in a file, whose power can be cut: what was not flushed is gone."""

    def __init__(self, image: Path, at: Path) -> None:
        self.image, self.at = image, at
        at.mkdir(exist_ok=True)
        with image.open("wb") as file:
            file.truncate(48 << 20)
        _run("mkfs.ext4", "-q", "-F", image)
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop", self.image, self.at)

    def cut_power(self) -> None:
        """Cut the power, and switch on again."""
        import fcntl  # unknown on Windows, where the tests of this are skipped

        folder = os.open(self.at, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, struct.pack("I", _WITHOUT_LOG_FLUSH))
        finally:
            os.close(folder)
        _run("umount", self.at)
        self.mount()

    def close(self) -> None:
        with suppress(subprocess.CalledProcessError):
            _run("umount", "-l", self.at)
