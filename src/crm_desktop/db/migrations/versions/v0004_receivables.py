"""Invoices, receipts and allocations; the instalments of orders become what is owed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SORT_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables of receivables."""
    op.create_table(
        "account",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "dunning_level",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_level")),
    )
    op.create_index("uq_dunning_level_level", "dunning_level", ["level"], unique=True)
    op.create_table(
        "receivable_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("claims_by", sa.String(), nullable=False),
        sa.Column("invoice_prefix", sa.String(), nullable=False),
        sa.Column("credit_prefix", sa.String(), nullable=False),
        sa.Column("receipt_prefix", sa.String(), nullable=False),
        sa.Column("refund_prefix", sa.String(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("buckets", JSON, nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.Column("difference_limits", JSON, nullable=False),
        sa.Column("credit_limits", JSON, nullable=False),
        sa.Column("overdue_days", sa.Integer(), nullable=True),
        sa.Column("dunning_gap_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("claims_by IN ('invoice', 'contract')", name=op.f("ck_receivable_settings_claims_by")),
        sa.CheckConstraint("id = 1", name=op.f("ck_receivable_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receivable_settings")),
    )
    op.create_table(
        "customer_credit",
        sa.Column("contact_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("limit_amount", BIG_ID, nullable=True),
        sa.Column("overdue_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_customer_credit_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_customer_credit")),
    )
    op.create_table(
        "dunning_letter",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_dunning_letter_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_dunning_letter_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_letter")),
    )
    op.create_index("ix_dunning_letter_contact", "dunning_letter", ["contact_id", "dated_on"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promise_amount")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_promise_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_promise_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index("ix_promise_contact_due", "promise", ["contact_id", "due_on"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", SORT_TEXT, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("account_id", BIG_ID, nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reference_key", SORT_TEXT, nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("matures_on", sa.Date(), nullable=True),
        sa.Column("origin_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("salesperson_id", BIG_ID, nullable=True),
        sa.Column("open_amount", BIG_ID, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('receipt', 'refund', 'reversal', 'kept')", name=op.f("ck_receipt_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receipt_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_receipt_account_id")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_receipt_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_receipt_created_by")),
        sa.ForeignKeyConstraint(["origin_id"], ["receipt.id"], name=op.f("fk_receipt_origin_id")),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_receipt_salesperson_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_receipt_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index("ix_receipt_amount", "receipt", ["amount", "id"], unique=False)
    op.create_index("ix_receipt_contact_dated", "receipt", ["contact_id", "dated_on"], unique=False)
    op.create_index("ix_receipt_contact_sort", "receipt", ["contact_sort", "id"], unique=False)
    op.create_index("ix_receipt_dated_on", "receipt", ["dated_on", "id"], unique=False)
    op.create_index("ix_receipt_open_amount", "receipt", ["open_amount", "id"], unique=False)
    op.create_index(op.f("ix_receipt_origin_id"), "receipt", ["origin_id"], unique=False)
    op.create_index("ix_receipt_owner_amount", "receipt", ["owner_key", "amount", "id"], unique=False)
    op.create_index("ix_receipt_owner_contact_sort", "receipt", ["owner_key", "contact_sort", "id"], unique=False)
    op.create_index("ix_receipt_owner_dated_on", "receipt", ["owner_key", "dated_on", "id"], unique=False)
    op.create_index("ix_receipt_owner_open_amount", "receipt", ["owner_key", "open_amount", "id"], unique=False)
    op.create_index("ix_receipt_reference", "receipt", ["reference_key"], unique=False)
    op.create_index(op.f("ix_receipt_salesperson_id"), "receipt", ["salesperson_id"], unique=False)
    op.create_index(
        "ix_receipt_sums", "receipt", ["currency", "kind", "amount", "open_amount", "owner_key"], unique=False
    )
    op.create_index("ix_receipt_serial", "receipt", ["serial"], unique=False)
    op.create_index(
        "ix_receipt_unused",
        "receipt",
        ["contact_id", "currency", "open_amount", "owner_key"],
        unique=False,
        sqlite_where=sa.text("open_amount <> 0"),
        postgresql_where=sa.text("open_amount <> 0"),
    )
    op.create_index("uq_receipt_number", "receipt", ["number"], unique=True)
    op.create_table(
        "write_off",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", BIG_ID, nullable=True),
        sa.Column("receipt_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('bad_debt', 'difference', 'bank_fee', 'ended')", name=op.f("ck_write_off_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_write_off_amount")),
        sa.ForeignKeyConstraint(["approved_by"], ["app_user.id"], name=op.f("fk_write_off_approved_by")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_write_off_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_write_off_created_by")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_write_off_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_off")),
    )
    op.create_index("ix_write_off_contact_dated", "write_off", ["contact_id", "dated_on"], unique=False)
    op.create_index(op.f("ix_write_off_receipt_id"), "write_off", ["receipt_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("origin_id", BIG_ID, nullable=True),
        sa.Column("order_id", BIG_ID, nullable=True),
        sa.Column("delivery_id", BIG_ID, nullable=True),
        sa.Column("instalment_id", BIG_ID, nullable=True),
        sa.Column("payment_term_id", BIG_ID, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(), nullable=True),
        sa.Column("posted_by", BIG_ID, nullable=True),
        sa.Column("open_amount", BIG_ID, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column(
            "due_sort", sa.Date(), sa.Computed("coalesce(next_due_on, '9999-12-31')", persisted=True), nullable=False
        ),
        sa.Column("credited", BIG_ID, nullable=False),
        sa.Column("written_off", BIG_ID, nullable=False),
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
        sa.CheckConstraint("kind IN ('invoice', 'credit')", name=op.f("ck_invoice_kind")),
        sa.CheckConstraint("state = 'draft' OR number IS NOT NULL", name=op.f("ck_invoice_number_at_posting")),
        sa.CheckConstraint("state IN ('draft', 'posted')", name=op.f("ck_invoice_state")),
        sa.CheckConstraint("tax_method IN ('document', 'line')", name=op.f("ck_invoice_tax_method")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_invoice_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_invoice_created_by")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_invoice_delivery_id")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("fk_invoice_order_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["invoice.id"], name=op.f("fk_invoice_origin_id")),
        sa.ForeignKeyConstraint(["payment_term_id"], ["payment_term.id"], name=op.f("fk_invoice_payment_term_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_invoice_person_id")),
        sa.ForeignKeyConstraint(["posted_by"], ["app_user.id"], name=op.f("fk_invoice_posted_by")),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_invoice_salesperson_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_invoice_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
    )
    op.create_index("ix_invoice_contact_dated", "invoice", ["contact_id", "dated_on"], unique=False)
    op.create_index("ix_invoice_contact_sort", "invoice", ["contact_sort", "id"], unique=False)
    op.create_index("ix_invoice_dated_on", "invoice", ["dated_on", "id"], unique=False)
    op.create_index(op.f("ix_invoice_delivery_id"), "invoice", ["delivery_id"], unique=False)
    op.create_index("ix_invoice_due_sort", "invoice", ["due_sort", "id"], unique=False)
    op.create_index("ix_invoice_open_amount", "invoice", ["open_amount", "id"], unique=False)
    op.create_index(op.f("ix_invoice_order_id"), "invoice", ["order_id"], unique=False)
    op.create_index(op.f("ix_invoice_origin_id"), "invoice", ["origin_id"], unique=False)
    op.create_index("ix_invoice_owner_contact_sort", "invoice", ["owner_key", "contact_sort", "id"], unique=False)
    op.create_index("ix_invoice_owner_dated_on", "invoice", ["owner_key", "dated_on", "id"], unique=False)
    op.create_index("ix_invoice_owner_due_sort", "invoice", ["owner_key", "due_sort", "id"], unique=False)
    op.create_index("ix_invoice_owner_open_amount", "invoice", ["owner_key", "open_amount", "id"], unique=False)
    op.create_index("ix_invoice_owner_total", "invoice", ["owner_key", "total", "id"], unique=False)
    op.create_index("ix_invoice_owner_updated_at", "invoice", ["owner_key", "updated_at", "id"], unique=False)
    op.create_index("ix_invoice_reference", "invoice", ["reference_key"], unique=False)
    op.create_index(op.f("ix_invoice_salesperson_id"), "invoice", ["salesperson_id"], unique=False)
    op.create_index("ix_invoice_serial", "invoice", ["serial"], unique=False)
    op.create_index("ix_invoice_state", "invoice", ["state", "dated_on", "id"], unique=False)
    op.create_index(
        "ix_invoice_sums", "invoice", ["currency", "kind", "total", "open_amount", "owner_key"], unique=False
    )
    op.create_index("ix_invoice_total", "invoice", ["total", "id"], unique=False)
    op.create_index(
        "ix_invoice_unused_credit",
        "invoice",
        ["contact_id", "currency", "open_amount", "owner_key"],
        unique=False,
        sqlite_where=sa.text("kind = 'credit' AND open_amount <> 0"),
        postgresql_where=sa.text("kind = 'credit' AND open_amount <> 0"),
    )
    op.create_index(
        "ix_invoice_credit",
        "invoice",
        ["contact_id", "dated_on"],
        unique=False,
        sqlite_where=sa.text("kind = 'credit'"),
        postgresql_where=sa.text("kind = 'credit'"),
    )
    op.create_index("ix_invoice_updated_at", "invoice", ["updated_at", "id"], unique=False)
    op.create_index("uq_invoice_number", "invoice", ["number"], unique=True)
    _extend_instalments()
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", BIG_ID, nullable=False),
        sa.Column("order_line_id", BIG_ID, nullable=True),
        sa.Column("origin_line_id", BIG_ID, nullable=True),
        sa.Column("covered", sa.BigInteger(), nullable=False),
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
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_invoice_line_order_line_id")),
        sa.ForeignKeyConstraint(["origin_line_id"], ["invoice_line.id"], name=op.f("fk_invoice_line_origin_line_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_invoice_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
    )
    op.create_index(op.f("ix_invoice_line_invoice_id"), "invoice_line", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_invoice_line_order_line_id"), "invoice_line", ["order_line_id"], unique=False)
    op.create_index(op.f("ix_invoice_line_origin_line_id"), "invoice_line", ["origin_line_id"], unique=False)
    op.create_index(op.f("ix_invoice_line_product_id"), "invoice_line", ["product_id"], unique=False)
    op.create_table(
        "invoice_paper",
        sa.Column("invoice_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_paper_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_paper")),
    )
    op.create_table(
        "tax_invoice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", SORT_TEXT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("invoice_id", BIG_ID, nullable=True),
        sa.Column("order_id", BIG_ID, nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('special', 'ordinary', 'other')", name=op.f("ck_tax_invoice_kind")),
        sa.CheckConstraint("(invoice_id IS NULL) OR (order_id IS NULL)", name=op.f("ck_tax_invoice_for_one_document")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_tax_invoice_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_tax_invoice_created_by")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_tax_invoice_invoice_id")),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"], name=op.f("fk_tax_invoice_order_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_tax_invoice_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_invoice")),
    )
    op.create_index("ix_tax_invoice_contact", "tax_invoice", ["contact_id"], unique=False)
    op.create_index("ix_tax_invoice_contact_sort", "tax_invoice", ["contact_sort", "id"], unique=False)
    op.create_index("ix_tax_invoice_number", "tax_invoice", ["number"], unique=False)
    op.create_index(
        "ix_tax_invoice_owner_contact_sort", "tax_invoice", ["owner_key", "contact_sort", "id"], unique=False
    )
    op.create_index("ix_tax_invoice_dated_on", "tax_invoice", ["dated_on", "id"], unique=False)
    op.create_index(op.f("ix_tax_invoice_invoice_id"), "tax_invoice", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_tax_invoice_order_id"), "tax_invoice", ["order_id"], unique=False)
    op.create_index("ix_tax_invoice_owner_dated_on", "tax_invoice", ["owner_key", "dated_on", "id"], unique=False)
    op.create_table(
        "dunning_line",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("letter_id", BIG_ID, nullable=False),
        sa.Column("instalment_id", BIG_ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("open_amount", BIG_ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_dunning_line_instalment_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["dunning_letter.id"], name=op.f("fk_dunning_line_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_line")),
    )
    op.create_index(op.f("ix_dunning_line_instalment_id"), "dunning_line", ["instalment_id"], unique=False)
    op.create_index(op.f("ix_dunning_line_letter_id"), "dunning_line", ["letter_id"], unique=False)
    op.create_table(
        "reschedule",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("instalment_id", BIG_ID, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_reschedule_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_reschedule_created_by")),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_reschedule_instalment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reschedule")),
    )
    op.create_index("ix_reschedule_contact", "reschedule", ["contact_id"], unique=False)
    op.create_index(op.f("ix_reschedule_instalment_id"), "reschedule", ["instalment_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("receipt_id", BIG_ID, nullable=True),
        sa.Column("credit_id", BIG_ID, nullable=True),
        sa.Column("write_off_id", BIG_ID, nullable=True),
        sa.Column("reschedule_id", BIG_ID, nullable=True),
        sa.Column("instalment_id", BIG_ID, nullable=True),
        sa.Column("spent_id", BIG_ID, nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("reverses_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN receipt_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN credit_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN write_off_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN reschedule_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_allocation_one_source"),
        ),
        sa.CheckConstraint("(amount < 0) = (reverses_id IS NOT NULL) AND amount <> 0", name=op.f("ck_allocation_sign")),
        sa.CheckConstraint("(instalment_id IS NULL) <> (spent_id IS NULL)", name=op.f("ck_allocation_one_target")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_allocation_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_allocation_created_by")),
        sa.ForeignKeyConstraint(["credit_id"], ["invoice.id"], name=op.f("fk_allocation_credit_id")),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_allocation_instalment_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_allocation_receipt_id")),
        sa.ForeignKeyConstraint(["reschedule_id"], ["reschedule.id"], name=op.f("fk_allocation_reschedule_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["allocation.id"], name=op.f("fk_allocation_reverses_id")),
        sa.ForeignKeyConstraint(["spent_id"], ["receipt.id"], name=op.f("fk_allocation_spent_id")),
        sa.ForeignKeyConstraint(["write_off_id"], ["write_off.id"], name=op.f("fk_allocation_write_off_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_allocation_reverses_id")),
    )
    op.create_index("ix_allocation_contact_dated", "allocation", ["contact_id", "dated_on"], unique=False)
    op.create_index(
        "ix_allocation_credit",
        "allocation",
        ["credit_id", "dated_on", "amount"],
        unique=False,
        sqlite_where=sa.text("credit_id IS NOT NULL"),
        postgresql_where=sa.text("credit_id IS NOT NULL"),
    )
    op.create_index("ix_allocation_instalment", "allocation", ["instalment_id", "dated_on", "amount"], unique=False)
    op.create_index(
        "ix_allocation_receipt",
        "allocation",
        ["receipt_id", "dated_on", "amount"],
        unique=False,
        sqlite_where=sa.text("receipt_id IS NOT NULL"),
        postgresql_where=sa.text("receipt_id IS NOT NULL"),
    )
    op.create_index(
        "ix_allocation_reschedule",
        "allocation",
        ["reschedule_id", "dated_on", "amount"],
        unique=False,
        sqlite_where=sa.text("reschedule_id IS NOT NULL"),
        postgresql_where=sa.text("reschedule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_allocation_spent",
        "allocation",
        ["spent_id", "dated_on", "amount"],
        unique=False,
        sqlite_where=sa.text("spent_id IS NOT NULL"),
        postgresql_where=sa.text("spent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_allocation_write_off",
        "allocation",
        ["write_off_id", "dated_on", "amount"],
        unique=False,
        sqlite_where=sa.text("write_off_id IS NOT NULL"),
        postgresql_where=sa.text("write_off_id IS NOT NULL"),
    )

    op.execute(
        "INSERT INTO receivable_settings (id, claims_by, invoice_prefix, credit_prefix, receipt_prefix, refund_prefix, "
        "due_days, buckets, difference_limits, credit_limits, dunning_gap_days, version) VALUES (1, 'invoice', 'INV', "
        "'CN', 'RC', 'RF', 30, '[30, 60, 90, 180]', '{}', '{}', 7, 1)"
    )


def _extend_instalments() -> None:
    """Make the table of instalments anew, with what follows their order and what a claim needs."""
    op.execute("CREATE TABLE kept_instalment AS SELECT * FROM instalment")
    op.drop_table("instalment")
    op.create_table(
        "instalment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=True),
        sa.Column("invoice_id", BIG_ID, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_sort", sa.Date(), sa.Computed("coalesce(due_on, '9999-12-31')", persisted=True), nullable=False),
        sa.Column("salesperson_id", BIG_ID, nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("moved_from_id", BIG_ID, nullable=True),
        sa.Column("open_amount", BIG_ID, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("disputed_on", sa.Date(), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=False),
        sa.Column("dunning_level", sa.Integer(), nullable=False),
        sa.Column("dunned_on", sa.Date(), nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.CheckConstraint(
            "claimed_on IS NOT NULL OR (open_amount = 0 AND invoice_id IS NULL)", name=op.f("ck_instalment_planned")
        ),
        sa.CheckConstraint("order_id IS NOT NULL OR invoice_id IS NOT NULL", name=op.f("ck_instalment_of_document")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_instalment_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_instalment_invoice_id")),
        sa.ForeignKeyConstraint(["moved_from_id"], ["instalment.id"], name=op.f("fk_instalment_moved_from_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_instalment_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_instalment_salesperson_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
    )
    op.create_index("ix_instalment_contact", "instalment", ["contact_id", "claimed_on"], unique=False)
    op.create_index(op.f("ix_instalment_invoice_id"), "instalment", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_instalment_moved_from_id"), "instalment", ["moved_from_id"], unique=False)
    op.create_index(
        "ix_instalment_open",
        "instalment",
        ["contact_id", "currency", "due_on", "open_amount", "owner_key"],
        unique=False,
        sqlite_where=sa.text("open_amount <> 0"),
        postgresql_where=sa.text("open_amount <> 0"),
    )
    op.create_index(
        "ix_instalment_open_due",
        "instalment",
        ["currency", "due_on", "open_amount", "owner_key"],
        unique=False,
        sqlite_where=sa.text("open_amount <> 0"),
        postgresql_where=sa.text("open_amount <> 0"),
    )
    op.create_index(op.f("ix_instalment_order_id"), "instalment", ["order_id"], unique=False)
    for sort in ("due_sort", "contact_sort", "open_amount"):
        for name, columns in ((sort, [sort, "id"]), (f"owner_{sort}", ["owner_key", sort, "id"])):
            op.create_index(
                f"ix_instalment_{name}",
                "instalment",
                columns,
                unique=False,
                sqlite_where=sa.text("settled_on IS NULL"),
                postgresql_where=sa.text("settled_on IS NULL"),
            )
    op.execute(
        "INSERT INTO instalment (id, order_id, position, label, currency, amount, event, due_on, salesperson_id, "
        "open_amount, dispute_reason, dunning_level, contact_id, owner_key, contact_sort) "
        "SELECT k.id, k.order_id, k.position, k.label, o.currency, k.amount, k.event, k.due_on, o.salesperson_id, "
        "0, '', 0, o.contact_id, o.owner_key, o.contact_sort FROM kept_instalment k "
        "JOIN sales_order o ON o.id = k.order_id"
    )
    op.execute("DROP TABLE kept_instalment")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('instalment', 'id'), max(id)) FROM instalment")
