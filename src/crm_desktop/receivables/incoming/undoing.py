"""Takes back invoices and receipts that came in from files, as far as nobody used them since."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from crm_desktop.db.journal import CREATE, DELETE, JournalEntry, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.exchange.undoing import touched_since
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.ledger_model import Allocation, DunningLine, Receipt, WriteOff
from crm_desktop.receivables.model import Invoice, InvoiceLine, InvoicePaper, TaxInvoice
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.progress import Progress

_DAYS: Final = ("matures_on",)
_PIECE: Final = 500


class _Documents:
    """What taking back invoices and taking back receipts have in common."""

    entity: Any

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the numbers of the documents."""
        found: dict[int, str] = {}
        for some in portions(sorted(set(ids))):
            asked = select(self.entity.id, self.entity.number).where(self.entity.id.in_(some))
            found |= {id_: number or "" for id_, number in work.session.execute(asked)}
        return found

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete documents an import made, with what belongs to them; return why some must stay."""
        rows = _rows(work, self.entity, ids)
        reasons = {id_: _("It is not there any more, or you may not see it.") for id_ in ids if id_ not in rows}
        ledger.lock_customers(work, {row.contact_id for row in rows.values()})
        closed = get_settings(work).closed_through
        for id_, row in rows.items():
            if not row.taken_over:
                reasons[id_] = _("It was not taken over from a file.")
            elif closed is not None and row.dated_on <= closed:
                reasons[id_] = _closed(closed)
        reasons |= self._reasons(work, [id_ for id_ in rows if id_ not in reasons], closed)
        gone = [row for id_, row in rows.items() if id_ not in reasons]
        # All of them first: what is computed anew for one piece would have the others read again one by one.
        for row in gone:
            self._note(work, row)
            work.session.expunge(row)
        for start in range(0, len(gone), _PIECE):
            progress.step(start, len(gone))
            self._delete(work, [row.id for row in gone[start : start + _PIECE]])
        work.touch("instalment")
        return reasons

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give documents their values back; return why some cannot have them."""
        rows = _rows(work, self.entity, before)
        reasons: dict[int, str] = {}
        for place, (id_, values) in enumerate(before.items()):
            progress.step(place, len(before))
            given = {
                name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in values.items()
            }
            try:
                if id_ in rows:
                    self._save(work, rows[id_], given)
                else:
                    reasons[id_] = _("It is not there any more, or you may not see it.")
            except UserError as error:
                reasons[id_] = str(error)
        return reasons

    def _note(self, work: Work, row: Any) -> None:
        told = {name: plain(getattr(row, name)) for name in ("number", "dated_on", "currency")}
        work.notes.add(self.entity.journal_entity, row.id, Note(DELETE, told, {}, row.version, row.contact_id))

    def _reasons(self, work: Work, ids: Sequence[int], closed: date | None) -> Mapping[int, str]:
        raise NotImplementedError

    def _delete(self, work: Work, ids: Sequence[int]) -> None:
        raise NotImplementedError

    def _save(self, work: Work, row: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError


class ReceiptUndoer(_Documents):
    """Takes receipts back, with what they paid; the invoices are open again."""

    entity = Receipt

    def _reasons(self, work: Work, ids: Sequence[int], closed: date | None) -> Mapping[int, str]:
        reasons: dict[int, str] = {}
        changed = _changed_invoices(work, ids)
        for some in portions(ids):
            mine = select(Allocation.receipt_id).where(Allocation.receipt_id.in_(some))
            used = _("It was used or taken back after the import.")
            reasons |= _each(work, mine.where(Allocation.instalment_id.is_(None)), used)
            reasons |= _each(work, mine.where(Allocation.reverses_id.is_not(None)), used)
            reasons |= _each(work, select(Receipt.origin_id).where(Receipt.origin_id.in_(some)), used)
            reasons |= _each(work, select(WriteOff.receipt_id).where(WriteOff.receipt_id.in_(some)), used)
            if closed is not None:
                reasons |= _each(work, mine.where(Allocation.dated_on <= closed), _closed(closed))
            reasons |= dict.fromkeys(
                _paying(work, some, changed), _("The invoice it paid was changed after the import.")
            )
        return reasons

    def _delete(self, work: Work, ids: Sequence[int]) -> None:
        mine = Allocation.receipt_id.in_(ids)
        asked = select(Allocation.instalment_id).where(mine, Allocation.instalment_id.is_not(None))
        paid = list(work.session.scalars(asked))
        _run(work, delete(Allocation).where(mine))
        _run(work, delete(Receipt).where(Receipt.id.in_(ids)))
        ledger.recompute(work, instalments=[id_ for id_ in paid if id_ is not None])
        work.note(rules.INVOICE, None, "unallocate", after={"receipts": len(ids)})

    def _save(self, work: Work, row: Any, values: dict[str, Any]) -> None:
        receipts.save(work, row.id, row.version, values)


class InvoiceUndoer(_Documents):
    """Takes invoices and credit notes back, with their claims."""

    entity = Invoice

    def _reasons(self, work: Work, ids: Sequence[int], closed: date | None) -> Mapping[int, str]:
        reasons: dict[int, str] = {}
        for some in portions(ids):
            claims = select(Instalment.id).where(Instalment.invoice_id.in_(some))
            lines = select(InvoiceLine.id).where(InvoiceLine.invoice_id.in_(some))
            of_claim = select(Instalment.invoice_id).join(Allocation, Allocation.instalment_id == Instalment.id)
            reminded = select(Instalment.invoice_id).join(DunningLine, DunningLine.instalment_id == Instalment.id)
            origin = aliased(InvoiceLine)
            corrected = select(origin.invoice_id).join(InvoiceLine, InvoiceLine.origin_line_id == origin.id)
            for asked, why in (
                (of_claim.where(Allocation.instalment_id.in_(claims)), _("Something was allocated to it.")),
                (
                    select(Allocation.credit_id).where(Allocation.credit_id.in_(some)),
                    _("Something was allocated from it."),
                ),
                (select(Invoice.origin_id).where(Invoice.origin_id.in_(some)), _("There is a credit note of it.")),
                (
                    select(TaxInvoice.invoice_id).where(TaxInvoice.invoice_id.in_(some)),
                    _("A tax invoice was issued for it."),
                ),
                (reminded.where(DunningLine.instalment_id.in_(claims)), _("A letter reminded of it.")),
                (corrected.where(InvoiceLine.origin_line_id.in_(lines)), _("Another invoice refers to it.")),
            ):
                reasons |= _each(work, asked, why)
        return reasons

    def _delete(self, work: Work, ids: Sequence[int]) -> None:
        for entity in (Instalment, InvoiceLine, InvoicePaper):
            _run(work, delete(entity).where(entity.invoice_id.in_(ids)))
        _run(work, delete(Invoice).where(Invoice.id.in_(ids)))

    def _save(self, work: Work, row: Any, values: dict[str, Any]) -> None:
        invoices.save(work, row.id, row.version, values)


def _changed_invoices(work: Work, receipt_ids: Sequence[int]) -> set[int]:
    """Return the invoices of the imports that brought these receipts which were changed since."""
    batches: set[str] = set()
    for some in portions(receipt_ids):
        brought = select(JournalEntry.batch).where(
            JournalEntry.entity == rules.RECEIPT, JournalEntry.entity_id.in_(some), JournalEntry.action == CREATE
        )
        batches |= {batch for batch in work.session.scalars(brought.distinct()) if batch is not None}
    return {id_ for batch in batches for id_ in touched_since(work, batch, rules.INVOICE)}


def _paying(work: Work, receipt_ids: Sequence[int], invoice_ids: set[int]) -> list[int]:
    """Return those receipts that paid one of these invoices."""
    paid: Any = (
        select(Allocation.receipt_id, Instalment.invoice_id)
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .where(Allocation.receipt_id.in_(receipt_ids))
    )
    return [receipt_id for receipt_id, invoice_id in work.session.execute(paid) if invoice_id in invoice_ids]


def _each(work: Work, asked: Any, why: str) -> dict[int, str]:
    return {id_: why for id_ in work.session.scalars(asked.distinct()) if id_ is not None}


def _closed(day: date) -> str:
    return _("The books are closed through {day}.").format(day=day.isoformat())


def _rows(work: Work, entity: Any, ids: Iterable[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in portions(sorted(set(ids))):
        asked = select(entity).where(entity.id.in_(some)).execution_options(populate_existing=True)
        found |= {row.id: row for row in work.session.scalars(asked)}
    return found


def _run(work: Work, statement: Any) -> None:
    work.session.execute(statement, execution_options={"synchronize_session": False})
