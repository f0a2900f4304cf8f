"""Which of several instalments of a document one is."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment

_AT_ONCE: Final = 500


def places_of(work: Work, documents: Iterable[tuple[int | None, int | None]]) -> dict[int, str]:
    """Return "2/3" for each instalment of these documents (invoice id, order id) that have several.

    An instalment whose rest was moved to other days gave its place to them.
    """
    pairs = set(documents)
    invoices = sorted({invoice for invoice, _order in pairs if invoice is not None})
    orders = sorted({order for invoice, order in pairs if invoice is None and order is not None})
    places: dict[int, str] = {}
    for column, ids in ((Instalment.invoice_id, invoices), (Instalment.order_id, orders)):
        for start in range(0, len(ids), _AT_ONCE):
            places |= _places(work, column, ids[start : start + _AT_ONCE])
    return places


def _places(work: Work, column: Any, ids: list[int]) -> dict[int, str]:
    later = aliased(Instalment)
    asked = select(column, Instalment.id).where(
        column.in_(ids),
        Instalment.claimed_on.is_not(None),
        ~select(later.id).where(later.moved_from_id == Instalment.id).exists(),
    )
    if column is Instalment.order_id:
        asked = asked.where(Instalment.invoice_id.is_(None))
    groups: dict[int, list[int]] = defaultdict(list)
    for document_id, id_ in work.session.execute(asked.order_by(Instalment.position, Instalment.id)):
        groups[document_id].append(id_)
    return {
        id_: f"{number}/{len(group)}"
        for group in groups.values()
        if len(group) > 1
        for number, id_ in enumerate(group, 1)
    }
