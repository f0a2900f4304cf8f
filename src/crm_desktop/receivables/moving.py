"""What contacts ask of receivables: money that moves in a merge, contacts that must stay as they are."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from crm_desktop.contacts.model import Contact
from crm_desktop.db.base import Versioned
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger_model import Allocation, DunningLetter, Promise, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import CustomerCredit, Invoice, TaxInvoice
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

MOVED: Final[tuple[type[Any], ...]] = (
    *(Invoice, TaxInvoice, Receipt, WriteOff, Promise),
    *(Reschedule, Allocation, DunningLetter),
)
_TOLD: Final[tuple[type[Any], ...]] = (Invoice, TaxInvoice, Receipt)


class MoneyOfContacts:
    """Answers for invoices, receipts and all that hangs on them (`contacts.above.Above`)."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point all money of one contact to another and return the ids of the invoices.

        Whoever merges contacts need not be allowed to touch money, so the server has a function for it.
        The credit limit of the contact that stays stands above that of the other.
        """
        work.session.flush()
        for contact_id in sorted((from_id, to_id)):
            ledger.lock_customer(work, contact_id)
        ids = {entity: _ids(work, entity, from_id) for entity in _TOLD}
        if work.is_guarded:
            work.session.execute(select(func.crm.move_money(from_id, to_id)))
        else:
            _move(work, from_id, work.get(Contact, to_id))
        for entity, moved in ids.items():
            for id_ in moved:
                work.note(
                    entity.journal_entity,
                    id_,
                    UPDATE,
                    before={"contact_id": from_id},
                    after={"contact_id": to_id},
                    contact_id=to_id,
                )
        return ids[Invoice]

    def check_stays_customer(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid("is_customer") when one of the contacts has invoices or receipts."""
        for entity in _TOLD:
            having = select(entity.contact_id).where(entity.contact_id.in_(list(contact_ids)))
            if work.session.scalar(having.limit(1)) is not None:
                raise Invalid(
                    "is_customer", N_("There are invoices or receipts for this contact, so it stays a customer.")
                )

    def check_may_archive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid when money between the company and one of the contacts is not settled."""
        unused = (Invoice.kind == rules.CREDIT) & (Invoice.open_amount != 0)
        for entity, unsettled in (
            (Instalment, Instalment.open_amount != 0),
            (Receipt, Receipt.open_amount != 0),
            (Invoice, unused),
        ):
            having = (
                select(Contact.name)
                .join(entity, entity.contact_id == Contact.id)
                .where(Contact.id.in_(list(contact_ids)), unsettled)
            )
            name = work.session.scalar(having.limit(1))
            if name is not None:
                raise Invalid(
                    "archived_at",
                    N_("The account of {name} is not settled yet. Settle it, or write the rest off, first."),
                    name=name,
                )


def _ids(work: Work, entity: type[Any], contact_id: int) -> list[int]:
    return list(work.session.scalars(select(entity.id).where(entity.contact_id == contact_id).order_by(entity.id)))


def _move(work: Work, from_id: int, to: Contact) -> None:
    """Move the rows; those who merge need not see limits."""
    with work.system_rights("a merge takes along what the one who merges may not touch alone"):
        for entity in MOVED:
            version = {"version": entity.version + 1} if issubclass(entity, Versioned) else {}
            work.session.execute(
                update(entity)
                .where(entity.contact_id == from_id)
                .values(contact_id=to.id, owner_key=to.owner_key, contact_sort=to.sort_key, **version),
                execution_options={"synchronize_session": False},
            )
        work.session.execute(
            update(Invoice).where(Invoice.person_id == from_id).values(person_id=to.id),
            execution_options={"synchronize_session": False},
        )
        limited = select(CustomerCredit.contact_id).where(CustomerCredit.contact_id == to.id)
        if work.session.scalar(limited) is None:
            work.session.execute(
                update(CustomerCredit).where(CustomerCredit.contact_id == from_id).values(contact_id=to.id),
                execution_options={"synchronize_session": False},
            )
        work.session.execute(
            delete(CustomerCredit).where(CustomerCredit.contact_id == from_id),
            execution_options={"synchronize_session": False},
        )
