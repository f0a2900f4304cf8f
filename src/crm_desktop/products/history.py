"""What happened to a product or a price list, newest first."""

from sqlalchemy import select

from crm_desktop.contacts.history import Event
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.products import costs, price_lists, service
from crm_desktop.products.model import PriceList, Product
from crm_desktop.shared.permissions import Permission, requires


@requires(Permission.PRODUCT_READ)
def product_history(work: Work, product_id: int, *, before_id: int | None = None, limit: int = 100) -> list[Event]:
    """Return the product's journal entries, newest first, older than `before_id` when given. Raises NotFound.

    Changes of the cost are among them for those who may read costs.
    """
    work.get(Product, product_id)
    entities = [service.ENTITY]
    if work.actor.may(Permission.COST_READ):
        entities.append(costs.ENTITY)
    return _events(work, entities, product_id, before_id, limit)


@requires(Permission.PRICE_READ)
def price_list_history(work: Work, list_id: int, *, before_id: int | None = None, limit: int = 100) -> list[Event]:
    """Return the price list's journal entries, newest first; a price is `price.ID`. Raises NotFound."""
    work.get(PriceList, list_id)
    return _events(work, [price_lists.ENTITY], list_id, before_id, limit)


def _events(work: Work, entities: list[str], id_: int, before_id: int | None, limit: int) -> list[Event]:
    statement = select(JournalEntry).where(JournalEntry.entity.in_(entities), JournalEntry.entity_id == id_)
    if before_id is not None:
        statement = statement.where(JournalEntry.id < before_id)
    rows = work.session.scalars(statement.order_by(JournalEntry.id.desc()).limit(limit))
    return [Event(row.id, row.at, row.actor_name, row.action, row.before, row.after) for row in rows]
