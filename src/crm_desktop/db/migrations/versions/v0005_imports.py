"""Imports that can be taken back; contacts and receipts keep the numbers of the lists they came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Create the tables of imports, and what finds their rows again."""
    op.create_table(
        "import_batch",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.Column("undone", JSON, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_import_batch_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("batch", name=op.f("uq_import_batch_batch")),
    )
    op.create_index("ix_import_batch_at", "import_batch", ["at"], unique=False)
    op.create_index("ix_import_batch_sha256", "import_batch", ["sha256"], unique=False)
    op.create_table(
        "import_layout",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layout")),
    )
    op.create_index("uq_import_layout_headers", "import_layout", ["target", "headers"], unique=True)
    imported = sa.text("batch IS NOT NULL")
    op.create_index(
        "ix_journal_batch", "journal", ["batch", "entity"], sqlite_where=imported, postgresql_where=imported
    )
    op.add_column("contact", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("code_key", sa.String(), nullable=False, server_default=""))
    coded = sa.text("code_key <> ''")
    op.create_index("ix_contact_code_key", "contact", ["code_key"], sqlite_where=coded, postgresql_where=coded)
    for table, column, name in (
        ("contact", "merged_into_id", "ix_contact_merged_into"),
        ("contact_distinct", "high_id", "ix_contact_distinct_high"),
        ("quote", "person_id", "ix_quote_person"),
        ("sales_order", "person_id", "ix_sales_order_person"),
        ("invoice", "person_id", "ix_invoice_person"),
    ):
        named = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=named, postgresql_where=named)
    op.add_column("receipt", sa.Column("taken_over", sa.Boolean(), nullable=False, server_default=sa.false()))
