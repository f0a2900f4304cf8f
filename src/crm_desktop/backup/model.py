"""When and where to back up, and what became of every backup."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.db.base import Base, BigId, Versioned


class BackupPlan(Versioned, Base):
    """The one plan of the company; what it says goes for the computer it was made on."""

    __tablename__ = "backup_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=False)
    at: Mapped[str] = mapped_column(default="12:30")
    """Time of day, HH:MM in the company's time zone."""
    days: Mapped[str] = mapped_column(default="1234567")
    """ISO weekdays, 1 is Monday."""
    on_exit: Mapped[bool] = mapped_column(default=True)
    """Whether closing the last window backs up what was not backed up yet."""
    folder: Mapped[str] = mapped_column(default="")
    second_folder: Mapped[str] = mapped_column(default="")
    computer: Mapped[str] = mapped_column(default="")
    """Which computer the folders were chosen on; others run the plan only where the folder is marked as ours."""
    lock: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Public key and wrapped private keys of the encryption, {} without; nothing in it is secret."""
    slot: Mapped[str] = mapped_column(default="")
    """The scheduled instant that was claimed last: whoever sets it runs it."""
    sequence: Mapped[int] = mapped_column(BigId, default=0)
    """Number of the last backup; they are ordered by it, since clocks jump."""
    checked_at: Mapped[datetime | None]
    """When the data was last proved whole."""
    check_findings: Mapped[str] = mapped_column(default="")

    __table_args__ = (CheckConstraint("id = 1", name="one_plan"),)


class BackupRun(Base):
    """One backup: how far it came, where it lies, when it was last proved good."""

    __tablename__ = "backup_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str]
    """A `backup.kinds.Kind`."""
    status: Mapped[str]
    """A `backup.kinds.Status`."""
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    folder: Mapped[str]
    file_name: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigId, default=0)
    sha256: Mapped[str] = mapped_column(default="")
    """Of the whole file: proves a locked backup unchanged without its passphrase."""
    locked: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What is in it: rows by table."""
    journal_head: Mapped[int] = mapped_column(BigId, default=0)
    second: Mapped[str] = mapped_column(default="")
    """What became of the copy in the second folder: "", "done", or the reason it is not there."""
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it failed: the marked sentence and its values, so that it is read in any language."""
    computer: Mapped[str] = mapped_column(default="")
    user_name: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]
    """When it was pruned."""

    __table_args__ = (Index("ix_backup_run_sequence", "sequence"),)
