"""The letterhead of the company: one row."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from crm_desktop.db.base import Base, Journalled, Versioned


class Letterhead(Versioned, Journalled, Base):
    """What stands at the top and the foot of every paper; pictures are PNG or JPEG.

    `wording` has what is said otherwise in a language: {"en": {"name": …, "address": …}}. The journal
    keeps the hashes of the pictures instead of the pictures.
    """

    __tablename__ = "letterhead"
    journal_entity: ClassVar[str] = "letterhead"
    journal_skips: ClassVar[frozenset[str]] = frozenset({"logo", "seal"})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    footer: Mapped[str] = mapped_column(default="")
    colour: Mapped[str]
    wording: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo_sha256: Mapped[str] = mapped_column(default="")
    seal_sha256: Mapped[str] = mapped_column(default="")
    logo: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b"", nullable=False))
    seal: Mapped[bytes] = deferred(mapped_column(LargeBinary, default=b"", nullable=False))

    __table_args__ = (CheckConstraint("id = 1", name="one_letterhead"),)
