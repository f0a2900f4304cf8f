"""The file of a backup as the zip in it, whether it is locked or not; read with a count of every byte."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crm_desktop.backup.format.deflating import PIECE
from crm_desktop.backup.format.naming import LOCKED_SUFFIX, parse
from crm_desktop.backup.format.refusals import Damaged, Locked, NotABackup
from crm_desktop.backup.format.sealing import CHUNK, MAGIC, TAG, BadSeal, Key, Seal
from crm_desktop.shared.progress import Progress


class Box:
    """A backup's file, opened; `size` counts the bytes of the zip in it."""

    def __init__(self, path: Path, file: BinaryIO, key: Key | None) -> None:
        self.path = path
        self._file = file
        self.file_size = os.fstat(file.fileno()).st_size
        self._seal: Seal | None = None
        self._data_key = b""
        if is_sealed(path, file):
            try:
                self._seal = Seal(file, self.file_size)
                if key is None:
                    raise Locked(path)
                self._data_key = self._seal.data_key(key)
            except BadSeal as error:
                raise Damaged(path, str(error)) from error
        self.size = self._seal.plain_size if self._seal else self.file_size

    def read_at(self, at: int, length: int) -> bytes:
        """Return bytes of the zip; fewer at its end. Raises Damaged, OSError."""
        if self._seal is None:
            self._file.seek(at)
            return self._file.read(length)
        length = max(0, min(length, self.size - at))
        first = at // CHUNK
        chunks = [self._chunk(self._seal, number) for number in range(first, -(-(at + length) // CHUNK))]
        return b"".join(chunks)[at - first * CHUNK :][:length]

    def pieces(self, told: Callable[[bytes], object]) -> Iterator[bytes]:
        """Give the whole zip from its beginning in pieces; `told` is given every byte of the file itself."""
        self._file.seek(0)
        if self._seal is None:
            while piece := self._file.read(PIECE):
                told(piece)
                yield piece
            return
        told(self._file.read(self._seal.begins))
        for number in range(self._seal.chunks):
            sealed = self._file.read(CHUNK + TAG)
            told(sealed)
            yield self._opened(self._seal, number, sealed)

    def _chunk(self, seal: Seal, number: int) -> bytes:
        self._file.seek(seal.begins + number * (CHUNK + TAG))
        return self._opened(seal, number, self._file.read(CHUNK + TAG))

    def _opened(self, seal: Seal, number: int, sealed: bytes) -> bytes:
        try:
            return seal.open_chunk(self._data_key, number, sealed)
        except BadSeal as error:
            raise Damaged(self.path, str(error)) from error


@contextmanager
def opened(path: Path, key: Key | None = None) -> Iterator[Box]:
    """Open a backup. Raises NotABackup, Damaged, Locked, WrongPassphrase, OSError."""
    if not path.is_file():
        path.stat()
        raise NotABackup(path)
    with path.open("rb") as file:
        yield Box(path, file, key)


def is_sealed(path: Path, file: BinaryIO) -> bool:
    """Return whether a file is a locked backup, by its first bytes and its name. Raises NotABackup, Damaged."""
    file.seek(0)
    head = file.read(len(MAGIC))
    if head == MAGIC:
        return True
    if not path.name.endswith(LOCKED_SUFFIX):
        return False
    if parse(path.name) is not None:
        raise Damaged(path, "head")
    raise NotABackup(path)


def hash_file(path: Path, progress: Progress) -> str:
    """Return the SHA-256 of a whole file in hex, read from the disk itself. Raises OSError, Cancelled."""
    forget(path)
    made = hashlib.sha256()
    with path.open("rb") as file:
        total = os.fstat(file.fileno()).st_size
        done = 0
        while piece := file.read(PIECE):
            made.update(piece)
            done += len(piece)
            progress.step(done, total)
    return made.hexdigest()


def forget(path: Path) -> None:
    """Have the system forget what it keeps of a file in memory, so that the disk is what is read; where it can."""
    if not hasattr(os, "posix_fadvise"):
        return
    file = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)
