"""Why a backup is made, and how far it came."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a backup is made; the word stands in the name of its file."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    ON_EXIT = "exit"
    BEFORE_IMPORT = "before-import"
    BEFORE_MOVE = "before-move"
    BEFORE_RESTORE = "before-restore"
    BEFORE_UPGRADE = "before-upgrade"

    @property
    def is_safety_copy(self) -> bool:
        """Return whether it guards a risky step: such copies are kept 90 days, apart from the plan's own."""
        return self.value.startswith("before-")


class Status(StrEnum):
    """How far a backup came."""

    RUNNING = "running"
    VERIFIED = "verified"
    """Written, read back from the disk and proved equal."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    DAMAGED = "damaged"
    """It was good once; a later look found it changed or gone."""
