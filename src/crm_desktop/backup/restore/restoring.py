"""Taking a backup back: proved and brought up to date in a private folder, then put in the place of the data."""

import sqlite3
import uuid
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crm_desktop.backup.filing import Stage
from crm_desktop.backup.format.archive import is_locked, lock_of, read_manifest, unpack
from crm_desktop.backup.format.contents import proof
from crm_desktop.backup.format.manifest import Manifest
from crm_desktop.backup.format.refusals import Locked, NotABackup
from crm_desktop.backup.format.sealing import Key, open_lock
from crm_desktop.backup.format.verify import prove_data
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.temporary import private_folder
from crm_desktop.db import schema
from crm_desktop.db.engine import APPLICATION_ID, sqlite_engine
from crm_desktop.shared.errors import Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_GROWS: Final = 2
"""So much larger older data may get while it is brought up to date."""
_UNREADABLE: Final = N_("The backup {file} cannot be read: {reason}. Connect its drive, or choose another one.")
_NOT_UPGRADED: Final = N_(
    "The backup {file} is of an older version and could not be brought up to date: {reason}. Nothing was changed. Use "
    "the version of the program it was made with ({version}), and report this."
)


@dataclass(slots=True)
class Prepared:
    """A proved backup, unpacked into a private folder: `data` is a company file of our schema.

    `upgraded`: it was made by an older program. `close` removes the folder, the data in clear with it.
    """

    file: Path
    data: Path
    manifest: Manifest
    upgraded: bool
    _held: ExitStack = field(repr=False)
    operation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Under which it stands in the journal once it was put in its place."""
    epoch: int = 0
    """As it was when the backup was made."""
    is_indexed: bool = False
    """Whether the search words of data from a server were made anew."""
    passwords: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    """One-time passwords it was given as (login, name, password)."""

    def close(self) -> None:
        """Remove the private copy; again does nothing."""
        self._held.close()

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def key_of(file: Path, secret: str) -> Key | None:
    """Return what opens a backup, None when it is not locked; `secret` is its passphrase or its recovery key.

    Raises Locked without a secret, WrongPassphrase, MistypedRecoveryKey, NotABackup, Damaged, Unavailable.
    """
    try:
        if not is_locked(file):
            return None
        if not secret:
            raise Locked(file)
        return open_lock(lock_of(file), secret)
    except OSError as error:
        raise _unreadable(file, error) from error


def prepare(file: Path, key: Key | None, seams: Seams, progress: Progress) -> Prepared:
    """Unpack a backup into a private folder, prove it and bring it up to date; the backup is only read.

    Raises NotABackup, Damaged (says which part), StrangeContents, TooNewBackup, Locked, Unavailable, Cancelled;
    nothing is left then.
    """
    with ExitStack() as held:
        try:
            if not file.is_file():
                raise NotABackup(file)
            manifest = read_manifest(file, key)
            is_older = manifest.schema < schema.SCHEMA
            folder = held.enter_context(private_folder(manifest.size * (_GROWS if is_older else 1)))
            data = unpack(file, folder, key=key, progress=Stage(progress, (0, 600)))
            # The hash proves it to be what was checked page by page when it was made.
            prove_data(file, data, manifest, seams, Stage(progress, (600, 900)), full=False)
        except OSError as error:
            raise _unreadable(file, error) from error
        if is_older:
            _upgrade(file, data, manifest)
        made = _prepared(file, data, manifest, is_older, held)
        progress.step(1000, 1000)
        return made


def prepared_of(snapshot: Path, manifest: Manifest, held: ExitStack) -> Prepared:
    """Return a snapshot of our schema that was just taken, as if it had been a backup."""
    return _prepared(snapshot, snapshot, manifest, False, held)


def _prepared(file: Path, data: Path, manifest: Manifest, upgraded: bool, held: ExitStack) -> Prepared:
    with closing(sqlite3.connect(data, isolation_level=None)) as copy:
        # Says whose file it is, as every file of ours does.
        copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        copy.execute(f"PRAGMA user_version = {schema.SCHEMA}")
        epoch = copy.execute("SELECT epoch FROM company").fetchone()[0]
    return Prepared(file, data, manifest, upgraded, held.pop_all(), epoch=epoch)


def _upgrade(file: Path, data: Path, manifest: Manifest) -> None:
    """Bring the copy up to date, and prove it again."""
    engine = sqlite_engine(data)
    try:
        schema.upgrade(engine)
    except Exception as error:
        raise _not_upgraded(file, manifest, str(getattr(error, "orig", None) or error)) from error
    finally:
        engine.dispose()
    with closing(sqlite3.connect(data, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    found = proof(data, broken_references=manifest.broken_references)
    if found:
        raise _not_upgraded(file, manifest, found[0])


def _not_upgraded(file: Path, manifest: Manifest, reason: str) -> UserError:
    said = (reason.strip().splitlines() or ["?"])[0][:200]
    return UserError(_NOT_UPGRADED, file=file.name, reason=said, version=manifest.app_version)


def _unreadable(file: Path, error: OSError) -> Unavailable:
    return Unavailable(_UNREADABLE, file=file, reason=error.strerror or str(error))
