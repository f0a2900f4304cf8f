"""Models equal the newest revision, on both engines, and a file has the durability settings."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_desktop.access import model as access_model
from crm_desktop.activities import model as activities_model
from crm_desktop.backup import model as backup_model
from crm_desktop.contacts import model as contacts_model
from crm_desktop.db import numbers, schema
from crm_desktop.db.base import Base
from crm_desktop.db.work import Database
from crm_desktop.exchange import model as exchange_model
from crm_desktop.orders import model as orders_model
from crm_desktop.pipeline import model as pipeline_model
from crm_desktop.products import model as products_model
from crm_desktop.receivables import ledger_model
from crm_desktop.receivables import model as receivables_model
from crm_desktop.reports import model as reports_model

assert access_model
assert activities_model
assert backup_model
assert contacts_model
assert numbers
assert exchange_model
assert orders_model
assert pipeline_model
assert products_model
assert ledger_model
assert receivables_model
assert reports_model


def test_models_equal_the_newest_revision(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {
            "compare_type": False,
            "include_object": lambda _object, name, *_rest: (
                not str(name).startswith(("contact_pairs", "contact_infix"))
                and name not in ("alembic_version", "ix_contact_search_grams")
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        assert schema.revision(connection) == schema.SCHEMA


def test_an_open_file_has_the_durability_settings(file_database: Database) -> None:
    with file_database.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
