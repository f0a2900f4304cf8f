"""What contacts ask of documents: documents that move in a merge, contacts that must stay as they are."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update

from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Delivery, Instalment, Order, Quote
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

MOVED: Final = (Quote, Order, Delivery)


class DocumentsOfContacts:
    """Answers for quotes, orders and deliveries (`contacts.above.Above`)."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point every document of one contact to another and return the ids of the orders.

        Customer, owner and sort text change together; the lines are untouched. A contact that was the
        person of a document is replaced there as well.
        """
        work.session.flush()
        to = work.get(Contact, to_id)
        moved: list[int] = []
        for entity in MOVED:
            ids = list(work.session.scalars(select(entity.id).where(entity.contact_id == from_id).order_by(entity.id)))
            work.session.execute(
                update(entity)
                .where(entity.contact_id == from_id)
                .values(contact_id=to.id, owner_key=to.owner_key, contact_sort=to.sort_key, version=entity.version + 1),
                execution_options={"synchronize_session": False},
            )
            _note(work, entity, ids, from_id, to_id)
            moved += ids if entity is Order else []
        work.session.execute(
            update(Instalment)
            .where(Instalment.contact_id == from_id)
            .values(contact_id=to.id, owner_key=to.owner_key, contact_sort=to.sort_key),
            execution_options={"synchronize_session": False},
        )
        for document in (Quote, Order):
            work.session.execute(
                update(document).where(document.person_id == from_id).values(person_id=to_id),
                execution_options={"synchronize_session": False},
            )
        return moved

    def check_stays_customer(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid("is_customer") when one of the contacts has documents."""
        for entity in MOVED:
            with_documents = select(entity.contact_id).where(entity.contact_id.in_(list(contact_ids)))
            if work.session.scalar(with_documents.limit(1)) is not None:
                raise Invalid("is_customer", N_("There are quotes or orders for this contact, so it stays a customer."))

    def check_may_archive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid when one of the contacts waits for a delivery."""
        waiting = (
            select(Contact.name)
            .join(Order, Order.contact_id == Contact.id)
            .where(Contact.id.in_(list(contact_ids)), Order.state == rules.CONFIRMED, Order.delivered_percent < 100)
        )
        name = work.session.scalar(waiting.limit(1))
        if name is not None:
            raise Invalid(
                "archived_at",
                N_("{name} still waits for a delivery. Deliver or close the order first."),
                name=name,
            )


def _note(work: Work, entity: type[Quote] | type[Order] | type[Delivery], ids: list[int], old: int, new: int) -> None:
    versions = dict(work.session.execute(select(entity.id, entity.version).where(entity.id.in_(ids))).all())
    for id_ in ids:
        work.note(
            entity.journal_entity,
            id_,
            UPDATE,
            before={"contact_id": old},
            after={"contact_id": new},
            contact_id=new,
            version=versions.get(id_),
        )
