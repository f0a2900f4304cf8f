"""Company, users, teams, roles."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.db.base import Base, BigId, Journalled, Versioned


class Company(Versioned, Journalled, Base):
    """The one company whose data this is; `dataset_id` names it for ever, in backups too."""

    __tablename__ = "company"
    journal_entity: ClassVar[str] = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str]
    name: Mapped[str]
    currency: Mapped[str]
    timezone: Mapped[str]
    language: Mapped[str]
    country: Mapped[str] = mapped_column(default="")
    """ISO 3166 alpha-2: how phones and registration numbers without a country are read."""
    idle_lock_minutes: Mapped[int] = mapped_column(default=10)
    attachment_limit_bytes: Mapped[int] = mapped_column(default=25_000_000)
    is_demo: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=1)
    """Raised by a restore: a window that opened an earlier one may not write any more."""
    moved_to: Mapped[str] = mapped_column(default="")
    """Where the data lives now, once it was moved; this place is only read from then on."""
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("id = 1", name="one_company"),)


class Team(Versioned, Journalled, Base):
    """A team; its manager reaches the members of the team and of every team below it."""

    __tablename__ = "team"
    journal_entity: ClassVar[str] = "team"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", use_alter=True))


class User(Versioned, Journalled, Base):
    """A person who can log in. Never deleted: history points to them."""

    __tablename__ = "app_user"
    journal_entity: ClassVar[str] = "user"
    journal_skips: ClassVar[frozenset[str]] = frozenset(
        {"password", "recovery", "failed_attempts", "retry_at", "last_login_at", "database_role"}
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    login: Mapped[str]
    login_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    language: Mapped[str] = mapped_column(default="")
    password: Mapped[str] = mapped_column(default="")
    """Argon2id with its parameters; empty on PostgreSQL, where the server keeps it."""
    must_change_password: Mapped[bool] = mapped_column(default=False)
    recovery: Mapped[str] = mapped_column(default="")
    """Argon2id of the printed recovery code, of an owner only."""
    database_role: Mapped[str] = mapped_column(default="")
    """The PostgreSQL login role of this person."""
    failed_attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    """No password is looked at before this instant."""
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class UserRole(Base):
    """One role of one user; several combine to the widest."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class SavedView(Versioned, Base):
    """A list as somebody arranged it; without a user it is shared with everybody."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    screen: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    listing: Mapped[dict[str, Any]]
