"""A private folder on this computer's own disk for a copy in clear; gone when the work ends, whatever happens."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crm_desktop.backup.processes import is_running
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_

_NAME: Final = re.compile(r"crm-backup-(\d+)-.+")
_SPARE_BYTES: Final = 32 * 1024 * 1024
_NO_ROOM: Final = N_(
    "The data, {needed} MB, are copied to this computer for a while, and {folder} has room for {free} MB only. Make "
    "room on that disk."
)
_NO_FOLDER: Final = N_(
    "The data are copied to this computer for a while, and no folder takes them: {reason}. Have its disk checked."
)


@contextmanager
def private_folder(needed_bytes: int) -> Iterator[Path]:
    """Give a new folder only this person reads, where so many bytes have room. Raises Unavailable."""
    remove_leftovers()
    base = _roomy(needed_bytes + _SPARE_BYTES)
    made = Path(tempfile.mkdtemp(prefix=f"crm-backup-{os.getpid()}-", dir=base))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the folders of processes that were killed."""
    for base in _bases():
        try:
            names = os.listdir(base)
        except OSError:
            continue
        for name in names:
            found = _NAME.fullmatch(name)
            if found is not None and not is_running(int(found[1])):
                shutil.rmtree(base / name, ignore_errors=True)


def _bases() -> list[Path]:
    from platformdirs import user_cache_path

    return [user_cache_path("crm-desktop", appauthor=False), Path(tempfile.gettempdir())]


def _roomy(needed: int) -> Path:
    most, roomiest, reason = -1, None, ""
    for base in _bases():
        try:
            base.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(base).free
        except OSError as error:
            reason = error.strerror or str(error)
            continue
        if free >= needed and os.access(base, os.W_OK):
            return base
        if free > most:
            most, roomiest = free, base
    if roomiest is None:
        raise Unavailable(_NO_FOLDER, reason=reason)
    raise Unavailable(_NO_ROOM, needed=f"{needed // 1_000_000:,}", free=f"{most // 1_000_000:,}", folder=roomiest)
