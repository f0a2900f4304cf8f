"""Both sides of a step on money in the journal: the invoice it concerns, and what it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.money import from_minor

ENTITIES: Final[Mapping[str, str]] = {"receipt_id": rules.RECEIPT, "credit_id": rules.INVOICE}
"""What the journal calls the money that a column of an allocation names."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """An instalment and the document that claims it: an invoice, or the confirmed order itself."""

    instalment_id: int
    entity: str
    document_id: int
    number: str
    currency: str
    contact_id: int
    due_on: Any
    open_amount: int


def claims_of(work: Work, instalment_ids: Iterable[int]) -> dict[int, Claimed]:
    """Return the claimed instalments there are, by id."""
    wanted = sorted(set(instalment_ids))
    found: dict[int, Claimed] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        asked: Any = (
            select(
                *(Instalment.id, Instalment.invoice_id, Instalment.order_id, Invoice.number, Order.number),
                *(Instalment.currency, Instalment.contact_id, Instalment.due_on, Instalment.open_amount),
            )
            .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
            .outerjoin(Order, Order.id == Instalment.order_id)
            .where(Instalment.id.in_(wanted[start : start + _AT_ONCE]), Instalment.claimed_on.is_not(None))
        )
        for id_, invoice_id, order_id, invoiced, ordered, *rest in work.session.execute(asked):
            of = (rules.INVOICE, invoice_id, invoiced) if invoice_id is not None else ("order", order_id, ordered)
            found[id_] = Claimed(id_, of[0], of[1], of[2] or "", *rest)
    return found


def note_amounts(
    work: Work, action: str, claims: Iterable[Claimed], amounts: Mapping[int, int], told: Mapping[str, Any]
) -> None:
    """Tell each document once how much of its instalments (minor units by instalment) a step concerned."""
    sums: dict[tuple[str, int], int] = {}
    documents = {(one.entity, one.document_id): one for one in claims}
    for one in claims:
        key = (one.entity, one.document_id)
        sums[key] = sums.get(key, 0) + amounts.get(one.instalment_id, 0)
    for key, amount in sums.items():
        one = documents[key]
        work.note(
            one.entity,
            one.document_id,
            action,
            after={**told, "amount": from_minor(amount, one.currency)},
            contact_id=one.contact_id,
        )


def note_uses(
    work: Work,
    contact_id: int,
    on_claim: str,
    on_source: str,
    uses: Sequence[tuple[str, Any, Any, int]],
    **told: Any,
) -> None:
    """Tell uses (column of the source, its id, instalment id, minor units) on the documents of both sides."""
    claims = claims_of(work, (instalment_id for *_source, instalment_id, _amount in uses))
    numbers = _numbers(work, uses)
    sources: dict[tuple[str, int], list[dict[str, Any]]] = {}
    amounts: dict[int, int] = {}
    names: dict[int, list[str]] = {}
    for column, id_, instalment_id, amount in uses:
        claim = claims[instalment_id]
        sources.setdefault((column, id_), []).append(
            {"number": claim.number, "amount": from_minor(amount, claim.currency)}
        )
        amounts[instalment_id] = amounts.get(instalment_id, 0) + amount
        names.setdefault(claim.document_id, []).append(numbers[column, id_])
    for one in {(claim.entity, claim.document_id): claim for claim in claims.values()}.values():
        mine = [
            claim for claim in claims.values() if (claim.entity, claim.document_id) == (one.entity, one.document_id)
        ]
        said = ", ".join(dict.fromkeys(names[one.document_id]))
        note_amounts(work, on_claim, mine, amounts, {"receipt": said, **told})
    for (column, id_), parts in sources.items():
        work.note(ENTITIES[column], id_, on_source, after={"uses": parts, **told}, contact_id=contact_id)


def shown(amount: Decimal, currency: str) -> str:
    """Return an amount as a sentence says it: 1,234.50 CNY."""
    return f"{amount:,} {currency}"


def _numbers(work: Work, uses: Sequence[tuple[str, Any, Any, int]]) -> dict[tuple[str, int], str]:
    numbers: dict[tuple[str, int], str] = {}
    for column, entity in (("receipt_id", Receipt), ("credit_id", Invoice)):
        ids = sorted({id_ for name, id_, *_rest in uses if name == column})
        if ids:
            found = work.session.execute(select(entity.id, entity.number).where(entity.id.in_(ids)))
            numbers |= {(column, id_): number or "" for id_, number in found}
    return numbers
