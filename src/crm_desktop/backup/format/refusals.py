"""Why a file is not taken as a backup, in words."""

from pathlib import Path

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_


class NotABackup(UserError):
    """The file is something else."""

    message = N_("{file} is not a backup of this program. Choose a file named crm-backup-….")

    def __init__(self, path: Path) -> None:
        super().__init__(file=path.name)
        self.path = path


class Damaged(UserError):
    """The file was changed, cut off, or is not what it says of itself; `part` names the place for a report."""

    message = N_(
        "The backup {file} is damaged: {part} is not as it was written. Use another backup, and have the disk it "
        "lies on checked."
    )

    def __init__(self, path: Path, part: str, message: str | None = None) -> None:
        super().__init__(message, file=path.name, part=part)
        self.path = path
        self.part = part


class StrangeContents(Damaged):
    """Its data holds a trigger, view or table that no schema of this program has, or lacks one."""

    message = N_(
        "{file} is not taken: the company's data in it was changed by another program ({part}), and what that does "
        "is not known. Use another backup, or have that change taken back."
    )


class TooNewBackup(UserError):
    """A newer version of the program wrote it."""

    message = N_("The backup {file} was made by a newer version of the program ({version}). Install that one first.")

    def __init__(self, path: Path, version: str) -> None:
        super().__init__(file=path.name, version=version)
        self.path = path


class Locked(UserError):
    """It can only be read with its passphrase or its recovery key."""

    message = N_("The backup {file} is locked. Type its passphrase or its recovery key.")

    def __init__(self, path: Path) -> None:
        super().__init__(file=path.name)
        self.path = path


class WrongPassphrase(UserError):
    """The lock is whole, but this opens it not."""

    message = N_(
        "This is neither the passphrase nor the recovery key of the backup. The one counts that was in force when the "
        "backup was made."
    )


class MistypedRecoveryKey(WrongPassphrase):
    """It looks like a recovery key, but was not typed as it was printed."""

    message = N_("The recovery key was not typed as it was printed: look at group {group} once more.")

    def __init__(self, group: int) -> None:
        super().__init__(group=group)
        self.group = group


class CompanyDamaged(UserError):
    """The company's own data is not whole: the backup of it is given up, whatever the disk of the backups is like."""

    message = N_(
        "The data of the company are damaged ({part}), so no backup was made. Restore the last verified one, or see "
        "Settings › Where is my data?"
    )
    STRANGE = N_(
        "Another program changed the data of the company ({part}). A backup of it could not be restored, so none was "
        "made: have that change taken back."
    )

    def __init__(self, part: str, message: str | None = None) -> None:
        super().__init__(message, part=part)
        self.part = part
