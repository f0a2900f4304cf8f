"""A file appears under its name only when it is whole."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_PIECE_BYTES = 1024 * 1024
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
"""Antivirus programs and indexers hold a new file on Windows for moments."""
_CANNOT_FLUSH = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES)
"""What shares answer that know no flushing of folders."""
_REFUSED = N_("The file {path} could not be written: {reason}. Choose another folder, or make room.")


def part_of(path: Path) -> Path:
    """Return the name under which the file is written until it is whole."""
    return path.with_name(path.name + ".part")


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give the name to write to; on an error the unfinished file is removed.

    Raises Unavailable with a sentence when the folder is full, read-only or gone.
    """
    part = part_of(path)
    try:
        yield part
    except OSError as error:
        _drop(part)
        raise Unavailable(_REFUSED, path=path, reason=error.strerror or str(error)) from error
    except BaseException:
        _drop(part)
        raise


@contextmanager
def publishing(path: Path) -> Iterator[None]:
    """Publish what the block wrote beside `path` when it ends cleanly, else remove it.

    Raises what `publish` raises.
    """
    try:
        yield
    except BaseException:
        _drop(part_of(path))
        raise
    publish(path)


def publish(path: Path) -> None:
    """Give the whole file its name, replacing an older one, and make sure that it is on the disk.

    Raises Unavailable when another program holds the older file or something else has the name; the
    unfinished file is then removed.
    """
    part = part_of(path)
    try:
        with part.open("rb") as written:
            os.fsync(written.fileno())
        _rename(part, path)
    except OSError as error:
        _drop(part)
        if isinstance(error, PermissionError):
            raise Unavailable(
                N_("{path} is open in another program. Close it there and export again."), path=path
            ) from error
        raise Unavailable(_REFUSED, path=path, reason=error.strerror or str(error)) from error
    try:
        _flush_folder(path.parent)
    except OSError as error:
        raise Unavailable(_REFUSED, path=path, reason=error.strerror or str(error)) from error


def _drop(part: Path) -> None:
    """Remove what is unfinished; a disk that refuses that as well must not hide what went wrong first."""
    with suppress(OSError):
        part.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Make sure that a new name in it outlives a power cut, where the system has a way to. Raises OSError."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows knows no handle of a folder
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
    finally:
        os.close(opened)


def _rename(part: Path, path: Path) -> None:
    for wait in _WAITS:
        try:
            os.replace(part, path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    os.replace(part, path)


def copy_file(source: Path, part: Path, progress: Progress) -> None:
    """Copy a file and make sure that the copy is on the disk; `progress` is told bytes. Raises OSError, Cancelled."""
    total, done = source.stat().st_size, 0
    with source.open("rb") as read, part.open("wb") as written:
        while piece := read.read(_PIECE_BYTES):
            written.write(piece)
            done += len(piece)
            progress.step(done, total)
        written.flush()
        os.fsync(written.fileno())
