"""Quotes, orders with their instalments, deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SORT_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables of the documents."""
    op.create_table(
        "payment_term",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_term")),
    )
    op.create_table(
        "standing_text",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'terms', 'delivery_terms')", name=op.f("ck_standing_text_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_text")),
    )
    op.create_table(
        "quote",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_id", BIG_ID, nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "valid_sort",
            sa.Date(),
            sa.Computed("coalesce(valid_until, '9999-12-31')", persisted=True),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("lost_reason", sa.String(), nullable=False),
        sa.Column("lost_note", sa.String(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", SORT_TEXT, nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reference_key", SORT_TEXT, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("tax_method", sa.String(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("discount_amount", BIG_ID, nullable=False),
        sa.Column("ship_to", sa.String(), nullable=False),
        sa.Column("opening", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("subtotal", BIG_ID, nullable=False),
        sa.Column("discount", BIG_ID, nullable=False),
        sa.Column("net", BIG_ID, nullable=False),
        sa.Column("tax", BIG_ID, nullable=False),
        sa.Column("total", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("salesperson_id", BIG_ID, nullable=True),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'lost') = (lost_reason <> '')", name=op.f("ck_quote_lost_needs_reason")),
        sa.CheckConstraint("state IN ('draft', 'sent', 'accepted', 'lost', 'replaced')", name=op.f("ck_quote_state")),
        sa.CheckConstraint("tax_method IN ('document', 'line')", name=op.f("ck_quote_tax_method")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_quote_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_quote_created_by")),
        sa.ForeignKeyConstraint(["first_id"], ["quote.id"], name=op.f("fk_quote_first_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_quote_person_id")),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_quote_salesperson_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_quote_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index("ix_quote_contact_dated", "quote", ["contact_id", "dated_on"], unique=False)
    op.create_index("ix_quote_contact_sort", "quote", ["contact_sort", "id"], unique=False)
    op.create_index("ix_quote_dated_on", "quote", ["dated_on", "id"], unique=False)
    op.create_index(op.f("ix_quote_first_id"), "quote", ["first_id"], unique=False)
    op.create_index("ix_quote_owner_contact_sort", "quote", ["owner_key", "contact_sort", "id"], unique=False)
    op.create_index("ix_quote_owner_dated_on", "quote", ["owner_key", "dated_on", "id"], unique=False)
    op.create_index("ix_quote_owner_total", "quote", ["owner_key", "total", "id"], unique=False)
    op.create_index("ix_quote_owner_updated_at", "quote", ["owner_key", "updated_at", "id"], unique=False)
    op.create_index("ix_quote_owner_valid_sort", "quote", ["owner_key", "valid_sort", "id"], unique=False)
    op.create_index("ix_quote_reference", "quote", ["reference_key"], unique=False)
    op.create_index(op.f("ix_quote_salesperson_id"), "quote", ["salesperson_id"], unique=False)
    op.create_index("ix_quote_serial", "quote", ["serial"], unique=False)
    op.create_index("ix_quote_total", "quote", ["total", "id"], unique=False)
    op.create_index("ix_quote_updated_at", "quote", ["updated_at", "id"], unique=False)
    op.create_index("ix_quote_valid_sort", "quote", ["valid_sort", "id"], unique=False)
    op.create_index("uq_quote_number", "quote", ["number", "revision"], unique=True)
    op.create_table(
        "quote_line",
        sa.Column("quote_id", BIG_ID, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_percent", sa.BigInteger(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("net", BIG_ID, nullable=False),
        sa.Column("tax", BIG_ID, nullable=False),
        sa.Column("product_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_quote_line_product_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_line_quote_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_line")),
    )
    op.create_index(op.f("ix_quote_line_product_id"), "quote_line", ["product_id"], unique=False)
    op.create_index(op.f("ix_quote_line_quote_id"), "quote_line", ["quote_id"], unique=False)
    op.create_table(
        "sales_order",
        sa.Column("quote_id", BIG_ID, nullable=True),
        sa.Column("copied_from_id", BIG_ID, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by", BIG_ID, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_sort", sa.Date(), sa.Computed("coalesce(due_on, '9999-12-31')", persisted=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signatory", sa.String(), nullable=False),
        sa.Column("customer_signatory", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("payment_term_id", BIG_ID, nullable=True),
        sa.Column("delivery_terms", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("delivered_percent", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_percent", sa.BigInteger(), nullable=False),
        sa.Column("open_net", BIG_ID, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", SORT_TEXT, nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reference_key", SORT_TEXT, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("tax_method", sa.String(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("discount_amount", BIG_ID, nullable=False),
        sa.Column("ship_to", sa.String(), nullable=False),
        sa.Column("opening", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("subtotal", BIG_ID, nullable=False),
        sa.Column("discount", BIG_ID, nullable=False),
        sa.Column("net", BIG_ID, nullable=False),
        sa.Column("tax", BIG_ID, nullable=False),
        sa.Column("total", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("salesperson_id", BIG_ID, nullable=True),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f("ck_sales_order_number_at_confirmation")),
        sa.CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (end_reason <> '')", name=op.f("ck_sales_order_ending_needs_reason")
        ),
        sa.CheckConstraint("state IN ('draft', 'confirmed', 'closed', 'cancelled')", name=op.f("ck_sales_order_state")),
        sa.CheckConstraint("tax_method IN ('document', 'line')", name=op.f("ck_sales_order_tax_method")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["app_user.id"], name=op.f("fk_sales_order_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_sales_order_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["copied_from_id"], ["sales_order.id"], name=op.f("fk_sales_order_copied_from_id")),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_sales_order_created_by")),
        sa.ForeignKeyConstraint(["payment_term_id"], ["payment_term.id"], name=op.f("fk_sales_order_payment_term_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_sales_order_person_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_sales_order_quote_id")),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_sales_order_salesperson_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_sales_order_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
    )
    op.create_index("ix_sales_order_contact_dated", "sales_order", ["contact_id", "dated_on"], unique=False)
    op.create_index("ix_sales_order_contact_sort", "sales_order", ["contact_sort", "id"], unique=False)
    op.create_index("ix_sales_order_dated_on", "sales_order", ["dated_on", "id"], unique=False)
    op.create_index("ix_sales_order_delivered_percent", "sales_order", ["delivered_percent", "id"], unique=False)
    op.create_index("ix_sales_order_due_sort", "sales_order", ["due_sort", "id"], unique=False)
    op.create_index("ix_sales_order_invoiced_percent", "sales_order", ["invoiced_percent", "id"], unique=False)
    op.create_index("ix_sales_order_open_net", "sales_order", ["open_net", "id"], unique=False)
    op.create_index(
        "ix_sales_order_owner_contact_sort", "sales_order", ["owner_key", "contact_sort", "id"], unique=False
    )
    op.create_index("ix_sales_order_owner_dated_on", "sales_order", ["owner_key", "dated_on", "id"], unique=False)
    op.create_index(
        "ix_sales_order_owner_delivered_percent", "sales_order", ["owner_key", "delivered_percent", "id"], unique=False
    )
    op.create_index("ix_sales_order_owner_due_sort", "sales_order", ["owner_key", "due_sort", "id"], unique=False)
    op.create_index(
        "ix_sales_order_owner_invoiced_percent", "sales_order", ["owner_key", "invoiced_percent", "id"], unique=False
    )
    op.create_index("ix_sales_order_owner_open_net", "sales_order", ["owner_key", "open_net", "id"], unique=False)
    op.create_index("ix_sales_order_owner_total", "sales_order", ["owner_key", "total", "id"], unique=False)
    op.create_index("ix_sales_order_owner_updated_at", "sales_order", ["owner_key", "updated_at", "id"], unique=False)
    op.create_index(op.f("ix_sales_order_copied_from_id"), "sales_order", ["copied_from_id"], unique=False)
    op.create_index(op.f("ix_sales_order_quote_id"), "sales_order", ["quote_id"], unique=False)
    op.create_index("ix_sales_order_reference", "sales_order", ["reference_key"], unique=False)
    op.create_index(op.f("ix_sales_order_salesperson_id"), "sales_order", ["salesperson_id"], unique=False)
    op.create_index("ix_sales_order_serial", "sales_order", ["serial"], unique=False)
    op.create_index("ix_sales_order_total", "sales_order", ["total", "id"], unique=False)
    op.create_index("ix_sales_order_updated_at", "sales_order", ["updated_at", "id"], unique=False)
    op.create_index("uq_sales_order_number", "sales_order", ["number"], unique=True)
    op.create_table(
        "delivery",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("returns_id", BIG_ID, nullable=True),
        sa.Column("number", SORT_TEXT, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("ship_to", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_delivery_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_delivery_created_by")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("fk_delivery_order_id")),
        sa.ForeignKeyConstraint(["returns_id"], ["delivery.id"], name=op.f("fk_delivery_returns_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_delivery_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("number", name=op.f("uq_delivery_number")),
    )
    op.create_index("ix_delivery_contact_delivered", "delivery", ["contact_id", "delivered_on"], unique=False)
    op.create_index("ix_delivery_contact_sort", "delivery", ["contact_sort", "id"], unique=False)
    op.create_index("ix_delivery_delivered_on", "delivery", ["delivered_on", "id"], unique=False)
    op.create_index(op.f("ix_delivery_order_id"), "delivery", ["order_id"], unique=False)
    op.create_index("ix_delivery_owner_contact_sort", "delivery", ["owner_key", "contact_sort", "id"], unique=False)
    op.create_index("ix_delivery_owner_delivered_on", "delivery", ["owner_key", "delivered_on", "id"], unique=False)
    op.create_index(op.f("ix_delivery_returns_id"), "delivery", ["returns_id"], unique=False)
    op.create_index("ix_delivery_serial", "delivery", ["serial"], unique=False)
    op.create_table(
        "instalment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_instalment_order_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
    )
    op.create_index(op.f("ix_instalment_order_id"), "instalment", ["order_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("invoiced", sa.BigInteger(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_percent", sa.BigInteger(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("net", BIG_ID, nullable=False),
        sa.Column("tax", BIG_ID, nullable=False),
        sa.Column("product_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_order_line_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(
        "ix_order_line_open",
        "order_line",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text("delivered < quantity"),
        postgresql_where=sa.text("delivered < quantity"),
    )
    op.create_index(op.f("ix_order_line_order_id"), "order_line", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_line_product_id"), "order_line", ["product_id"], unique=False)
    op.create_table(
        "delivery_line",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("delivery_id", BIG_ID, nullable=False),
        sa.Column("order_line_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_delivery_line_something_moved")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_line_delivery_id")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_delivery_line_order_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_line")),
    )
    op.create_index(op.f("ix_delivery_line_delivery_id"), "delivery_line", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_delivery_line_order_line_id"), "delivery_line", ["order_line_id"], unique=False)
    op.create_table(
        "order_line_cost",
        sa.Column("line_id", BIG_ID, nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.id"], name=op.f("fk_order_line_cost_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_order_line_cost")),
    )
