"""The ground floor: company, people, teams, journal, contacts and their search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
GRAMS = sa.JSON().with_variant(ARRAY(sa.Text()), "postgresql")
SORT_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

FULL_TEXT = (
    "CREATE VIRTUAL TABLE contact_pairs USING fts5(pairs, content='contact_search', content_rowid='contact_id', "
    "columnsize=0, tokenize='unicode61 remove_diacritics 0', prefix='1 2')",
    "CREATE VIRTUAL TABLE contact_infix USING fts5(infix, content='contact_search', content_rowid='contact_id', "
    "columnsize=0, tokenize='trigram')",
    """CREATE TRIGGER contact_search_added AFTER INSERT ON contact_search BEGIN
        INSERT INTO contact_pairs (rowid, pairs) VALUES (new.contact_id, new.pairs);
        INSERT INTO contact_infix (rowid, infix) VALUES (new.contact_id, new.infix);
    END""",
    """CREATE TRIGGER contact_search_removed AFTER DELETE ON contact_search BEGIN
        INSERT INTO contact_pairs (contact_pairs, rowid, pairs) VALUES ('delete', old.contact_id, old.pairs);
        INSERT INTO contact_infix (contact_infix, rowid, infix) VALUES ('delete', old.contact_id, old.infix);
    END""",
    """CREATE TRIGGER contact_search_changed AFTER UPDATE ON contact_search BEGIN
        INSERT INTO contact_pairs (contact_pairs, rowid, pairs) VALUES ('delete', old.contact_id, old.pairs);
        INSERT INTO contact_infix (contact_infix, rowid, infix) VALUES ('delete', old.contact_id, old.infix);
        INSERT INTO contact_pairs (rowid, pairs) VALUES (new.contact_id, new.pairs);
        INSERT INTO contact_infix (rowid, infix) VALUES (new.contact_id, new.infix);
    END""",
)


def upgrade() -> None:
    """Create the schema of the first release."""
    postgres = op.get_bind().dialect.name == "postgresql"
    create_tables(postgres)
    if postgres:
        # Both tables point at each other; SQLite takes the second constraint inline, a server wants it last.
        op.create_foreign_key("fk_team_manager_id", "team", "app_user", ["manager_id"], ["id"])
        op.execute("CREATE INDEX ix_contact_search_grams ON contact_search USING gin (grams) WITH (fastupdate = off)")
    else:
        for statement in FULL_TEXT:
            op.execute(statement)


def create_tables(postgres: bool) -> None:
    """Create every table and its indexes."""
    manager = sa.ForeignKeyConstraint(["manager_id"], ["app_user.id"], name="fk_team_manager_id")
    op.create_table(
        "attachment_content",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("idle_lock_minutes", sa.Integer(), nullable=False),
        sa.Column("attachment_limit_bytes", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_one_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "custom_field",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("key", name=op.f("uq_custom_field_key")),
    )
    op.create_table(
        "tag",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name_key", name=op.f("uq_tag_name_key")),
    )
    op.create_table(
        "team",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("manager_id", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["team.id"], name=op.f("fk_team_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        *([] if postgres else [manager]),
    )
    op.create_index(op.f("ix_team_parent_id"), "team", ["parent_id"], unique=False)
    op.create_table(
        "app_user",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("login_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("team_id", BIG_ID, nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("recovery", sa.String(), nullable=False),
        sa.Column("database_role", sa.String(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(), nullable=True),
        sa.Column("last_login_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_app_user_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("login_key", name=op.f("uq_app_user_login_key")),
    )
    op.create_index(op.f("ix_app_user_team_id"), "app_user", ["team_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_customer", sa.Boolean(), nullable=False),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("owner_id", BIG_ID, nullable=True),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("owned_since", sa.DateTime(), nullable=True),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("industry", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("main_phone", sa.String(), nullable=False),
        sa.Column("main_email", sa.String(), nullable=False),
        sa.Column("main_city", sa.String(), nullable=False),
        sa.Column("custom", JSON, nullable=False),
        sa.Column("sort_key", SORT_TEXT, nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("registration_key", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("merged_into_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", BIG_ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_customer OR is_supplier", name=op.f("ck_contact_side")),
        sa.CheckConstraint("kind IN ('company', 'person')", name=op.f("ck_contact_kind")),
        sa.CheckConstraint("status IN ('prospect', 'customer', 'lapsed')", name=op.f("ck_contact_status")),
        sa.CheckConstraint("owner_key = coalesce(owner_id, 0)", name=op.f("ck_contact_owner_key")),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_contact_created_by")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["contact.id"], name=op.f("fk_contact_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_contact_owner_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["app_user.id"], name=op.f("fk_contact_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("id", "owner_key", name=op.f("uq_contact_id_owner_key")),
    )
    op.create_index(
        "ix_contact_city_sort",
        "contact",
        ["main_city", "sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_created",
        "contact",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_level_sort",
        "contact",
        ["level", "sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index("ix_contact_name_key", "contact", ["name_key"], unique=False)
    op.create_index(
        "ix_contact_owner_created",
        "contact",
        ["owner_key", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_owner_sort",
        "contact",
        ["owner_key", "sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_owner_updated",
        "contact",
        ["owner_key", "updated_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index("ix_contact_registration_key", "contact", ["registration_key"], unique=False)
    op.create_index(
        "ix_contact_sort",
        "contact",
        ["sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_status_sort",
        "contact",
        ["status", "sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_contact_updated",
        "contact",
        ["updated_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NULL"),
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("operation_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", BIG_ID, nullable=True),
        sa.Column("contact_id", BIG_ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_journal_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_at", "journal", ["at"], unique=False)
    op.create_index("ix_journal_contact", "journal", ["contact_id", "id"], unique=False)
    op.create_index("ix_journal_entity", "journal", ["entity", "entity_id", "id"], unique=False)
    op.create_index(op.f("ix_journal_operation_id"), "journal", ["operation_id"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("screen", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("listing", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_user_id"), "saved_view", ["user_id"], unique=False)
    op.create_table(
        "user_role",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["app_user.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_attachment_contact_id")),
        sa.ForeignKeyConstraint(["sha256"], ["attachment_content.sha256"], name=op.f("fk_attachment_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_contact_id"), "attachment", ["contact_id"], unique=False)
    op.create_table(
        "contact_address",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_address_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_address")),
    )
    op.create_index(op.f("ix_contact_address_contact_id"), "contact_address", ["contact_id"], unique=False)
    op.create_table(
        "contact_distinct",
        sa.Column("low_id", BIG_ID, nullable=False),
        sa.Column("high_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["high_id"], ["contact.id"], name=op.f("fk_contact_distinct_high_id")),
        sa.ForeignKeyConstraint(["low_id"], ["contact.id"], name=op.f("fk_contact_distinct_low_id")),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_contact_distinct")),
    )
    op.create_table(
        "contact_link",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("company_id", BIG_ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["contact.id"], name=op.f("fk_contact_link_company_id")),
        sa.ForeignKeyConstraint(["person_id"], ["contact.id"], name=op.f("fk_contact_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_link")),
        sa.UniqueConstraint("person_id", "company_id", name=op.f("uq_contact_link_person_id_company_id")),
    )
    op.create_index(op.f("ix_contact_link_company_id"), "contact_link", ["company_id"], unique=False)
    op.create_index(op.f("ix_contact_link_person_id"), "contact_link", ["person_id"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_point_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
    )
    op.create_index(op.f("ix_contact_point_contact_id"), "contact_point", ["contact_id"], unique=False)
    op.create_index("ix_contact_point_key", "contact_point", ["key"], unique=False)
    op.create_table(
        "contact_search",
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("pairs", sa.String(), nullable=False),
        sa.Column("infix", sa.String(), nullable=False),
        sa.Column("grams", GRAMS, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_search_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_search")),
    )
    op.create_table(
        "contact_tag",
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("tag_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_tag_contact_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_contact_tag_tag_id")),
        sa.PrimaryKeyConstraint("contact_id", "tag_id", name=op.f("pk_contact_tag")),
    )
    op.create_index(op.f("ix_contact_tag_tag_id"), "contact_tag", ["tag_id"], unique=False)
    op.create_table(
        "merge_snapshot",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("survivor_id", BIG_ID, nullable=False),
        sa.Column("loser_id", BIG_ID, nullable=False),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("merged_by", BIG_ID, nullable=True),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["loser_id"], ["contact.id"], name=op.f("fk_merge_snapshot_loser_id")),
        sa.ForeignKeyConstraint(["merged_by"], ["app_user.id"], name=op.f("fk_merge_snapshot_merged_by")),
        sa.ForeignKeyConstraint(["survivor_id"], ["contact.id"], name=op.f("fk_merge_snapshot_survivor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_snapshot")),
    )
    op.create_index(op.f("ix_merge_snapshot_loser_id"), "merge_snapshot", ["loser_id"], unique=False)
    op.create_index(op.f("ix_merge_snapshot_survivor_id"), "merge_snapshot", ["survivor_id"], unique=False)
