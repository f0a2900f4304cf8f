"""Run by Alembic inside the connection and transaction that `db/schema.py` hands over."""

from alembic import context

from crm_desktop.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
