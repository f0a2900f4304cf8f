"""The search knows whose a contact is, so that a salesperson's search looks at no more than their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GRAMS = sa.JSON().with_variant(ARRAY(sa.Text()), "postgresql")

PAIRS_OF = "{row}.pairs || ' ' || char(57345) || {row}.owner_key"
_NEW, _OLD = PAIRS_OF.format(row="new"), PAIRS_OF.format(row="old")
FULL_TEXT = (
    f"CREATE VIEW contact_reach AS SELECT contact_id, {PAIRS_OF.format(row='contact_search')} AS pairs"
    " FROM contact_search",
    "CREATE VIRTUAL TABLE contact_pairs USING fts5(pairs, content='contact_reach', content_rowid='contact_id', "
    "columnsize=0, tokenize='unicode61 remove_diacritics 0', prefix='1 2')",
    "INSERT INTO contact_pairs (contact_pairs) VALUES ('rebuild')",
    f"""CREATE TRIGGER contact_search_added AFTER INSERT ON contact_search BEGIN
        INSERT INTO contact_pairs (rowid, pairs) VALUES (new.contact_id, {_NEW});
        INSERT INTO contact_infix (rowid, infix) VALUES (new.contact_id, new.infix);
    END""",
    f"""CREATE TRIGGER contact_search_removed AFTER DELETE ON contact_search BEGIN
        INSERT INTO contact_pairs (contact_pairs, rowid, pairs) VALUES ('delete', old.contact_id, {_OLD});
        INSERT INTO contact_infix (contact_infix, rowid, infix) VALUES ('delete', old.contact_id, old.infix);
    END""",
    f"""CREATE TRIGGER contact_search_pairs_changed AFTER UPDATE OF pairs, owner_key ON contact_search
        WHEN new.pairs <> old.pairs OR new.owner_key <> old.owner_key BEGIN
        INSERT INTO contact_pairs (contact_pairs, rowid, pairs) VALUES ('delete', old.contact_id, {_OLD});
        INSERT INTO contact_pairs (rowid, pairs) VALUES (new.contact_id, {_NEW});
    END""",
    """CREATE TRIGGER contact_search_infix_changed AFTER UPDATE OF infix ON contact_search
        WHEN new.infix <> old.infix BEGIN
        INSERT INTO contact_infix (contact_infix, rowid, infix) VALUES ('delete', old.contact_id, old.infix);
        INSERT INTO contact_infix (rowid, infix) VALUES (new.contact_id, new.infix);
    END""",
)


def upgrade() -> None:
    """Make the table of search tokens anew, with an owner that follows the contact's."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if not postgres:
        op.execute("DROP TABLE contact_pairs")
    op.execute("CREATE TABLE kept_search AS SELECT * FROM contact_search")
    op.drop_table("contact_search")
    op.create_table(
        "contact_search",
        sa.Column("contact_id", BIG_ID, nullable=False),
        sa.Column("owner_key", BIG_ID, nullable=False),
        sa.Column("pairs", sa.String(), nullable=False),
        sa.Column("infix", sa.String(), nullable=False),
        sa.Column("grams", GRAMS, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id", "owner_key"],
            ["contact.id", "contact.owner_key"],
            name="fk_contact_search_contact",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_search")),
    )
    op.execute(
        "INSERT INTO contact_search (contact_id, owner_key, pairs, infix, grams)"
        " SELECT k.contact_id, c.owner_key, k.pairs, k.infix, k.grams"
        " FROM kept_search k JOIN contact c ON c.id = k.contact_id ORDER BY k.contact_id"
    )
    op.execute("DROP TABLE kept_search")
    if postgres:
        op.execute(
            "CREATE INDEX ix_contact_search_grams ON contact_search"
            " USING gin (array_append(grams, chr(57345) || owner_key::text)) WITH (fastupdate = off)"
        )
        return
    for statement in FULL_TEXT:
        op.execute(statement)
