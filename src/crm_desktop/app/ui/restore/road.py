"""What the restore wizard asks for, and what it is told. Every call of a `Road` runs on a worker thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from crm_desktop.app.restore_answers import Lost, Row
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress


class SecretNeeded(UserError):
    """The backup is locked and no passphrase was given."""

    message = N_("This backup is locked. Type its passphrase, or the recovery key that was printed for it.")


class SecretWrong(UserError):
    """The passphrase does not fit; that says nothing of the backup itself."""

    message = N_(
        "This passphrase does not open the backup. The file itself was not found damaged. Try again, mind Caps Lock "
        "and the keyboard’s language, or use the recovery key."
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A backup in a folder, as its name and the history tell it; `at` is when it was made, None when nobody knows."""

    path: Path
    at: datetime | None
    kind: str
    size: int
    locked: bool = False
    verified: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is in a backup, beside what is in the program.

    `lost` names the newest of the `lost_count` records that would be lost, `hours` how many hours of work by `people`
    are in them; nothing of it is `lost_known` when the present data cannot be read any more. `newer` is a newer good
    backup beside it;
    `other_company` names the company in the program when the backup is of another one; `older_format` is
    whether the copy had to be brought up to date.
    """

    company: str
    made_at: datetime
    size: int
    rows_in_it: int
    rows: Sequence[Row]
    lost: Sequence[Lost] = ()
    lost_count: int = 0
    hours: int = 0
    people: Sequence[str] = ()
    newer: Found | None = None
    other_company: str = ""
    older_format: bool = False
    diverged: bool = False
    lost_known: bool = True


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """The password somebody logs in with once; they choose their own then."""

    login: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: where the company is now, the backup of what was there before, who needs a new password."""

    address: str
    company: str
    safety: Path | None = None
    aside: str = ""
    """Where a broken file was put, or the schema in which a server keeps what was there."""
    passwords: Sequence[OneTimePassword] = ()
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed at the step before the last: the person's own password, the server's administrator, the place."""

    password: str = ""
    administrator: str = ""
    administrator_password: str = field(default="", repr=False)
    place: Path | None = None


class Road(Protocol):
    """The way back to a company: into the one that is open, or from nothing but the file."""

    is_new: bool
    """Whether there is no company yet: the wizard asks for a place instead of a password."""
    on_server: bool
    where: str
    """The place that is restored into, in words."""
    replaces: Path | None
    """A damaged file whose place a new company takes; it is set aside beside it."""

    def find(self) -> Sequence[Found]:
        """Return the backups in the folders that are known, newest first."""
        ...

    def prepare(self, path: Path, secret: str, progress: Progress) -> Any:
        """Unpack a backup into a private folder, prove it whole and bring it up to date; `close` removes it.

        Raises SecretNeeded, SecretWrong, and what is wrong with the file.
        """
        ...

    def see(self, path: Path, prepared: Any, progress: Progress) -> Seen:
        """Compare what was prepared with what is in the program."""
        ...

    def confirm(self, wish: Wish) -> None:
        """Make sure of the person and of the place. Raises what a login raises, Invalid(field) for the place."""
        ...

    def restore(self, path: Path, prepared: Any, wish: Wish, progress: Progress) -> Outcome:
        """Save what is there, then put the backup in its place: old or new, never mixed."""
        ...

    def look(self, prepared: Any) -> None:
        """Open what was prepared in a window of its own, read-only."""
        ...
