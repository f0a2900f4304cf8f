"""Follow-ups, the pipeline, the rules of the public pool; contacts know when they were last spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

KINDS = (
    ("call", "phone", True),
    ("visit", "map-pin", True),
    ("message", "message-square", True),
    ("meeting", "users", True),
    ("note", "sticky-note", False),
    ("task", "square-check", False),
)
RESULTS = (
    ("reached", None),
    ("no_answer", 1),
    ("call_back", 3),
    ("interested", 7),
    ("wants_quote", 1),
    ("not_interested", None),
)
STAGES = (("enquiry", 10), ("qualified", 25), ("quoted", 50), ("negotiating", 80))
REASONS = ("price", "time", "competitor", "product", "cancelled", "silence", "other")


def upgrade() -> None:
    """Create the tables with what is shipped in them, and the columns of contacts, quotes and orders."""
    _create_lists()
    _fill_lists()
    _create_opportunity()
    _create_activity()
    _create_pool()
    _add_columns()
    _widen_indexes()


def _create_lists() -> None:
    op.create_table(
        "activity_kind",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_kind")),
    )
    op.create_table(
        "activity_result",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_days", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_result")),
    )
    op.create_table(
        "pipeline_stage",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("probability", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("probability BETWEEN 0 AND 1000000", name=op.f("ck_pipeline_stage_probability")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_stage")),
    )
    op.create_table(
        "lost_reason",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_reason")),
    )


def _fill_lists() -> None:
    metadata = sa.MetaData()
    connection = op.get_bind()

    def fill(table: str, rows: list[dict[str, object]]) -> None:
        target = sa.Table(table, metadata, autoload_with=connection)
        shared = {"name": "", "active": True, "version": 1}
        op.bulk_insert(target, [{**shared, "position": place, **row} for place, row in enumerate(rows)])

    fill("activity_kind", [{"key": key, "icon": icon, "is_contact": contact} for key, icon, contact in KINDS])
    fill("activity_result", [{"key": key, "next_days": days} for key, days in RESULTS])
    fill("pipeline_stage", [{"key": key, "probability": percent * 10_000} for key, percent in STAGES])
    fill("lost_reason", [{"key": key} for key in REASONS])


def _create_opportunity() -> None:
    op.create_table(
        "opportunity",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stage_id", BIG_ID, nullable=False),
        sa.Column("stage_since", sa.DateTime(), nullable=False),
        sa.Column("furthest_stage_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("salesperson_id", BIG_ID, nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("probability", sa.BigInteger(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("expected_sort", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("lost_reason_id", BIG_ID, nullable=True),
        sa.Column("lost_note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'lost') = (lost_reason_id IS NOT NULL)", name=op.f("ck_opportunity_lost_needs_reason")
        ),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name=op.f("ck_opportunity_closed_when_ended")),
        sa.CheckConstraint("state IN ('open', 'won', 'lost')", name=op.f("ck_opportunity_state")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_opportunity_amount")),
        sa.CheckConstraint("probability BETWEEN 0 AND 1000000", name=op.f("ck_opportunity_probability")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_opportunity_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_opportunity_created_by")),
        sa.ForeignKeyConstraint(
            ["furthest_stage_id"], ["pipeline_stage.id"], name=op.f("fk_opportunity_furthest_stage_id")
        ),
        sa.ForeignKeyConstraint(["lost_reason_id"], ["lost_reason.id"], name=op.f("fk_opportunity_lost_reason_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_opportunity_person_id")),
        sa.ForeignKeyConstraint(["salesperson_id"], ["app_user.id"], name=op.f("fk_opportunity_salesperson_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["pipeline_stage.id"], name=op.f("fk_opportunity_stage_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_opportunity_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
    )
    op.create_index("ix_opportunity_amount", "opportunity", ["amount", "id"], unique=False)
    op.create_index("ix_opportunity_closed", "opportunity", ["closed_on", "state"], unique=False)
    op.create_index("ix_opportunity_contact", "opportunity", ["contact_id", "opened_on"], unique=False)
    op.create_index("ix_opportunity_contact_sort", "opportunity", ["contact_sort", "id"], unique=False)
    op.create_index("ix_opportunity_expected_sort", "opportunity", ["expected_sort", "id"], unique=False)
    op.create_index(
        "ix_opportunity_open",
        "opportunity",
        ["stage_id", "currency", "amount", "probability", "owner_key"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_opportunity_owner_amount", "opportunity", ["owner_key", "amount", "id"], unique=False)
    op.create_index(
        "ix_opportunity_owner_contact_sort", "opportunity", ["owner_key", "contact_sort", "id"], unique=False
    )
    op.create_index(
        "ix_opportunity_owner_expected_sort", "opportunity", ["owner_key", "expected_sort", "id"], unique=False
    )
    op.create_index("ix_opportunity_owner_updated_at", "opportunity", ["owner_key", "updated_at", "id"], unique=False)
    op.create_index(
        "ix_opportunity_person",
        "opportunity",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_opportunity_salesperson_id"), "opportunity", ["salesperson_id"], unique=False)
    op.create_index(op.f("ix_opportunity_stage_id"), "opportunity", ["stage_id"], unique=False)
    op.create_index("ix_opportunity_updated_at", "opportunity", ["updated_at", "id"], unique=False)


def _create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("contact_sort", SORT_TEXT, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("kind_id", BIG_ID, nullable=False),
        sa.Column("result_id", BIG_ID, nullable=True),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("opportunity_id", BIG_ID, nullable=True),
        sa.Column("follows_id", BIG_ID, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", sa.String(), nullable=False),
        sa.Column("due_sort", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("at_sort", sa.DateTime(), nullable=False),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_activity_done_when_done")),
        sa.CheckConstraint("side IN ('sales', 'purchasing')", name=op.f("ck_activity_side")),
        sa.CheckConstraint("state IN ('planned', 'done', 'dropped')", name=op.f("ck_activity_state")),
        sa.CheckConstraint("priority BETWEEN 0 AND 2", name=op.f("ck_activity_priority")),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key", "contact_sort"],
            ["contact.id", "contact.owner_key", "contact.sort_key"],
            name="fk_activity_contact",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_activity_created_by")),
        sa.ForeignKeyConstraint(["follows_id"], ["activity.id"], name=op.f("fk_activity_follows_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["activity_kind.id"], name=op.f("fk_activity_kind_id")),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_activity_opportunity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_activity_person_id")),
        sa.ForeignKeyConstraint(["result_id"], ["activity_result.id"], name=op.f("fk_activity_result_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_activity_updated_by")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_activity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_at_sort", "activity", ["at_sort", "id"], unique=False)
    op.create_index("ix_activity_contact_at", "activity", ["contact_id", "at_sort", "id"], unique=False)
    op.create_index(
        "ix_activity_contact_due",
        "activity",
        ["contact_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_activity_contact_sort", "activity", ["contact_sort", "id"], unique=False)
    op.create_index("ix_activity_due_sort", "activity", ["due_sort", "id"], unique=False)
    op.create_index(
        "ix_activity_follows",
        "activity",
        ["follows_id"],
        unique=False,
        sqlite_where=sa.text("follows_id IS NOT NULL"),
        postgresql_where=sa.text("follows_id IS NOT NULL"),
    )
    op.create_index(
        "ix_activity_opportunity",
        "activity",
        ["opportunity_id"],
        unique=False,
        sqlite_where=sa.text("opportunity_id IS NOT NULL"),
        postgresql_where=sa.text("opportunity_id IS NOT NULL"),
    )
    op.create_index("ix_activity_owner_at_sort", "activity", ["owner_key", "at_sort", "id"], unique=False)
    op.create_index("ix_activity_owner_due_sort", "activity", ["owner_key", "due_sort", "id"], unique=False)
    op.create_index(
        "ix_activity_person",
        "activity",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index("ix_activity_user_at", "activity", ["user_id", "at_sort"], unique=False)
    op.create_index(
        "ix_activity_user_due",
        "activity",
        ["user_id", "due_sort", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "activity_reminder",
        sa.Column("activity_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(), nullable=False),
        sa.Column("shown_at", sa.DateTime(), nullable=True),
        sa.Column("shown_by", sa.String(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_reminder_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_activity_reminder_user_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_reminder")),
    )
    op.create_index(
        "ix_activity_reminder_due",
        "activity_reminder",
        ["user_id", "remind_at"],
        unique=False,
        sqlite_where=sa.text("dismissed_at IS NULL"),
        postgresql_where=sa.text("dismissed_at IS NULL"),
    )


def _create_pool() -> None:
    op.create_table(
        "pool_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("contact_days", sa.Integer(), nullable=False),
        sa.Column("deal_days", sa.Integer(), nullable=False),
        sa.Column("warn_days", sa.Integer(), nullable=False),
        sa.Column("hold_limit", sa.Integer(), nullable=False),
        sa.Column("lock_limit", sa.Integer(), nullable=False),
        sa.Column("reclaim_days", sa.Integer(), nullable=False),
        sa.Column("claims_a_day", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("run_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pool_rules_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_rules")),
    )
    op.create_table(
        "pool_lock",
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_pool_lock_contact_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_pool_lock_user_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_pool_lock")),
    )
    op.create_index(op.f("ix_pool_lock_user_id"), "pool_lock", ["user_id"], unique=False)
    op.create_table(
        "pool_release",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_pool_release_contact_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_pool_release_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_release")),
    )
    op.create_index(op.f("ix_pool_release_contact_id"), "pool_release", ["contact_id"], unique=False)
    op.create_index(op.f("ix_pool_release_user_id"), "pool_release", ["user_id"], unique=False)
    op.execute(
        "INSERT INTO pool_rules (id, version, active, contact_days, deal_days, warn_days, hold_limit, lock_limit,"
        " reclaim_days, claims_a_day) VALUES (1, 1, false, 30, 0, 7, 0, 0, 7, 0)"
    )


def _add_columns() -> None:
    op.add_column("contact", sa.Column("last_contact_at", sa.DateTime(), nullable=True))
    op.add_column(
        "contact",
        sa.Column("last_contact_sort", sa.DateTime(), nullable=False, server_default="0001-01-01 00:00:00.000000"),
    )
    op.add_column("contact", sa.Column("next_contact_on", sa.Date(), nullable=True))
    op.add_column("contact", sa.Column("next_contact_sort", sa.Date(), nullable=False, server_default="9999-12-31"))
    op.create_index(
        "ix_contact_last",
        "contact",
        ["last_contact_sort", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_next",
        "contact",
        ["next_contact_sort", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_owner_last",
        "contact",
        ["owner_key", "last_contact_sort", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_owner_next",
        "contact",
        ["owner_key", "next_contact_sort", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    for table in ("quote", "sales_order"):
        # Spelled out, because SQLite takes a foreign key only together with its column.
        kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN opportunity_id {kind}"
            f" CONSTRAINT fk_{table}_opportunity_id REFERENCES opportunity (id)"
        )
        named = sa.text("opportunity_id IS NOT NULL")
        op.create_index(
            f"ix_{table}_opportunity", table, ["opportunity_id"], sqlite_where=named, postgresql_where=named
        )


def _widen_indexes() -> None:
    """Let the sums of a period and of what is late come from the indexes alone."""
    invoiced = ["state", "dated_on", "currency", "kind", "taken_over", "net", "owner_key", "contact_id", "id"]
    open_ = sa.text("open_amount <> 0")
    coming = sa.text("state = 'confirmed' AND delivered_percent < 1000000")
    for name, table, columns, where in (
        ("ix_invoice_state", "invoice", invoiced, None),
        ("ix_sales_order_dated_on", "sales_order", ["dated_on", "id", "state", "currency", "net", "owner_key"], None),
        ("ix_sales_order_contact_dated", "sales_order", ["contact_id", "dated_on", "state", "owner_key"], None),
        (
            "ix_instalment_open_due",
            "instalment",
            ["currency", "due_on", "open_amount", "owner_key", "contact_id"],
            open_,
        ),
    ):
        op.drop_index(name, table)
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_receipt_day_sums", "receipt", ["dated_on", "currency", "kind", "amount", "owner_key"])
    ends = sa.text("ends_on IS NOT NULL")
    op.create_index(
        "ix_sales_order_ends_on",
        "sales_order",
        ["ends_on", "owner_key"],
        unique=False,
        sqlite_where=ends,
        postgresql_where=ends,
    )
    op.create_index(
        "ix_sales_order_to_deliver",
        "sales_order",
        ["due_sort", "owner_key"],
        unique=False,
        sqlite_where=coming,
        postgresql_where=coming,
    )
