"""What came in from files, when and by whom, and how each layout of columns was understood."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.db.base import Base, BigId


class ImportBatch(Base):
    """One import: what it wrote stands in the journal under `batch`."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch: Mapped[str] = mapped_column(unique=True)
    operation_id: Mapped[str]
    target: Mapped[str]
    permission: Mapped[str]
    """Who has it sees the import and may take it back."""
    file_name: Mapped[str]
    sheet: Mapped[str]
    sha256: Mapped[str]
    counts: Mapped[dict[str, Any]]
    """How many records per verdict, and rows."""
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    user_name: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(default="")
    undone: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many records were removed, restored and kept."""

    __table_args__ = (Index("ix_import_batch_at", "at"), Index("ix_import_batch_sha256", "sha256"))


class ImportLayout(Base):
    """How the columns of a layout were understood last time."""

    __tablename__ = "import_layout"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    target: Mapped[str]
    permission: Mapped[str]
    headers: Mapped[str]
    """The folded headers of the sheet, one per line."""
    columns: Mapped[dict[str, Any]]
    """Field name by folded header; "" for a column that is left out."""
    settings: Mapped[dict[str, Any]]
    """What else was decided: how dates, numbers and percents were read, key, choices."""
    updated_at: Mapped[datetime]

    __table_args__ = (Index("uq_import_layout_headers", "target", "headers", unique=True),)
