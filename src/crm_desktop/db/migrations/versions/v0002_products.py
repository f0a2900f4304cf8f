"""Products, their costs and prices, how the company sells, its letterhead, and the counters of numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SORT_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables below the documents."""
    op.create_index("uq_contact_followed", "contact", ["id", "owner_key", "sort_key"], unique=True)
    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_counter")),
    )
    op.create_table(
        "sales_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("tax_method", sa.String(), nullable=False),
        sa.Column("tax_percent", sa.BigInteger(), nullable=False),
        sa.Column("quote_days", sa.Integer(), nullable=False),
        sa.Column("quote_prefix", sa.String(), nullable=False),
        sa.Column("order_prefix", sa.String(), nullable=False),
        sa.Column("delivery_prefix", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("tax_method IN ('document', 'line')", name=op.f("ck_sales_settings_tax_method")),
        sa.CheckConstraint("id = 1", name=op.f("ck_sales_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_settings")),
    )
    op.create_table(
        "product",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("list_price", sa.BigInteger(), nullable=False),
        sa.Column("tax_percent", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("code_key", SORT_TEXT, nullable=False),
        sa.Column("sort_key", SORT_TEXT, nullable=False),
        sa.Column("haystack", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_product_created_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_product_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code_key", name=op.f("uq_product_code_key")),
    )
    op.create_index("ix_product_category_sort", "product", ["category", "sort_key", "id"], unique=False)
    op.create_index("ix_product_sort", "product", ["sort_key", "id"], unique=False)
    op.create_index("ix_product_updated", "product", ["updated_at", "id"], unique=False)
    op.create_table(
        "price_list",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(contact_id IS NULL) <> (level = '')", name=op.f("ck_price_list_for_whom")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_price_list_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint("contact_id", "currency", name=op.f("uq_price_list_contact_id_currency")),
    )
    op.create_index(op.f("ix_price_list_contact_id"), "price_list", ["contact_id"], unique=False)
    op.create_index(
        "uq_price_list_level_currency",
        "price_list",
        ["level", "currency"],
        unique=True,
        sqlite_where=sa.text("level <> ''"),
        postgresql_where=sa.text("level <> ''"),
    )
    op.create_table(
        "product_cost",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_cost_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_cost")),
    )
    op.create_table(
        "price",
        sa.Column("price_list_id", BIG_ID, nullable=False),
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["price_list_id"], ["price_list.id"], name=op.f("fk_price_price_list_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_price_product_id")),
        sa.PrimaryKeyConstraint("price_list_id", "product_id", name=op.f("pk_price")),
    )
    op.create_index(op.f("ix_price_product_id"), "price", ["product_id"], unique=False)
    op.execute(
        "INSERT INTO sales_settings (id, prices_include_tax, tax_method, tax_percent, quote_days, quote_prefix, "
        "order_prefix, delivery_prefix, version) VALUES (1, false, 'document', 0, 30, 'Q', 'S', 'D', 1)"
    )
    op.create_table(
        "letterhead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("footer", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("wording", JSON, nullable=False),
        sa.Column("logo_sha256", sa.String(), nullable=False),
        sa.Column("seal_sha256", sa.String(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_letterhead_one_letterhead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead")),
    )
