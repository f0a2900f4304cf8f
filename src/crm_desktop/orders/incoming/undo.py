"""Takes imported quotes and orders back: what hangs on nothing goes, with what came in with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from crm_desktop.db.journal import DELETE, Note
from crm_desktop.db.work import Work
from crm_desktop.orders import deliveries, quotes, service
from crm_desktop.orders.documents import ORDERS, Kind
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Delivery, DeliveryLine, Instalment, OrderLine
from crm_desktop.orders.noted import as_typed, name_of
from crm_desktop.orders.taken_over import BEFORE
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.progress import Progress


class DocumentUndoer:
    """Takes imports of one kind of document back (`shared.importing.Undoer`)."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the numbers of the documents; a draft is called by its reference."""
        document = self.kind.document
        found: dict[int, str] = {}
        for some in portions(sorted(ids)):
            asked = select(document.id, document.number, document.reference).where(document.id.in_(some))
            found.update({row.id: row.number or row.reference for row in work.session.execute(asked)})
        return found

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete documents with their lines, plans and deliveries from before; journalled. Return why some stay."""
        stay: dict[int, str] = {}
        done = 0
        for some in portions(ids):
            held = _held_orders(work, some) if self.kind is ORDERS else {}
            told = self._told(work, [id_ for id_ in some if id_ not in held])
            kept = self._delete(work, list(told))
            stay |= held | dict.fromkeys(kept, _("Another document was made from it."))
            stay |= {id_: _("You may not see it any more.") for id_ in some if id_ not in told and id_ not in held}
            for id_, note in told.items():
                if id_ not in kept:
                    work.notes.add(self.kind.entity, id_, note)
            done += len(some)
            progress.step(done, len(ids))
        return stay

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Save the values from before the import again, by the rules of the record; return why some cannot be."""
        kept: dict[int, str] = {}
        for place, (id_, values) in enumerate(before.items()):
            progress.step(place, len(before))
            try:
                with work.session.begin_nested():
                    self._restore(work, id_, values)
            except UserError as error:
                kept[id_] = str(error)
        return kept

    def _restore(self, work: Work, id_: int, values: Mapping[str, Any]) -> None:
        row = work.get(self.kind.document, id_)
        changes = {
            name_of(column): as_typed(column, value, row.currency)
            for column, value in values.items()
            if name_of(column) in self.kind.header
        }
        save = service.save if self.kind is ORDERS else quotes.save
        save(work, id_, row.version, changes)

    def _told(self, work: Work, ids: Sequence[int]) -> dict[int, Note]:
        """Return what the journal says of documents that go, those in reach alone."""
        document = self.kind.document
        names = ("number", "state", "dated_on", "currency", "total", "contact_id", "version")
        asked = select(document.id, *(getattr(document, name) for name in names)).where(document.id.in_(ids))
        found = {}
        for row in work.session.execute(asked):
            before = {"number": row.number, "state": row.state, "dated_on": row.dated_on.isoformat()}
            before |= {"currency": row.currency, "total": row.total, "contact_id": row.contact_id}
            found[row.id] = Note(DELETE, before, {}, row.version, row.contact_id)
        return {id_: found[id_] for id_ in ids if id_ in found}

    def _delete(self, work: Work, ids: list[int]) -> set[int]:
        """Delete what nothing points to, by halves: the database alone knows of documents out of sight."""
        if not ids:
            return set()
        try:
            with work.session.begin_nested():
                if self.kind is ORDERS:
                    _delete_deliveries(work, ids)
                document = self.kind.document
                gone = delete(document).where(document.id.in_(ids)).execution_options(synchronize_session=False)
                work.session.execute(gone)
            return set()
        except IntegrityError:
            if len(ids) == 1:
                return set(ids)
        half = len(ids) // 2
        return self._delete(work, ids[:half]) | self._delete(work, ids[half:])


def _held_orders(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Return why orders must stay: what happened to them since they came in."""
    invoiced = select(OrderLine.order_id).where(OrderLine.order_id.in_(ids), OrderLine.invoiced != 0)
    claimed = select(Instalment.order_id).where(Instalment.order_id.in_(ids), Instalment.claimed_on.is_not(None))
    since = Delivery.order_id.in_(ids) & ((Delivery.serial != BEFORE) | (Delivery.version != 1))
    reasons = (
        (claimed, _("It is claimed from the customer already.")),
        (invoiced, _("It is invoiced already.")),
        (select(Delivery.order_id).where(since), _("Its deliveries were changed after the import.")),
    )
    found: dict[int, str] = {}
    for asked, reason in reasons:
        found |= {id_: reason for id_ in work.session.scalars(asked.distinct()) if id_ is not None}
    return found


def _delete_deliveries(work: Work, order_ids: Sequence[int]) -> None:
    """Delete the deliveries from before of orders; journalled."""
    asked = select(Delivery.id, Delivery.number, Delivery.contact_id).where(
        Delivery.order_id.in_(order_ids), Delivery.serial == BEFORE
    )
    rows = work.session.execute(asked).all()
    ids = [row.id for row in rows]
    for table, column in ((DeliveryLine, DeliveryLine.delivery_id), (Delivery, Delivery.id)):
        work.session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session=False))
    for row in rows:
        work.notes.add(deliveries.ENTITY, row.id, Note(DELETE, {"number": row.number}, {}, None, row.contact_id))
