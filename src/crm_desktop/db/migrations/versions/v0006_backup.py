"""Backup: the plan, what became of each backup; a number that a restore raises, and where the data moved to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Create the tables of backups and the two marks on the company."""
    op.create_table(
        "backup_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("on_exit", sa.Boolean(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("second_folder", sa.String(), nullable=False),
        sa.Column("computer", sa.String(), nullable=False),
        sa.Column("lock", JSON, nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("check_findings", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_backup_plan_one_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_plan")),
    )
    op.create_table(
        "backup_run",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("verified_at", sa.DateTime(), nullable=True),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("journal_head", BIG_ID, nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("computer", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
    )
    op.create_index("ix_backup_run_sequence", "backup_run", ["sequence"], unique=False)
    op.add_column("company", sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("company", sa.Column("moved_to", sa.String(), nullable=False, server_default=""))
