"""Receipts as papers: what came in, in figures and in words, and what it paid."""

from collections.abc import Mapping
from typing import Any, Final

from crm_desktop.db.work import Work
from crm_desktop.orders.papers import Parties, Words, fact, texts_of
from crm_desktop.orders.parties import parties
from crm_desktop.receivables import rules
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.money.uses import Used
from crm_desktop.reports.paper import Align, Block, Column, Fact, Line, Paper, Signature, Total
from crm_desktop.reports.paper_text import amount, day, money
from crm_desktop.shared.amount_words import amount_in_words
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires

_TITLES: Final = {
    rules.RECEIPT: N_("Receipt"),
    rules.REFUND: N_("Refund"),
    rules.REVERSAL: N_("Reversal of a receipt"),
    rules.KEPT: N_("Surplus kept"),
}
_METHODS: Final = dict(rules.METHODS)


@requires(Permission.INVOICE_READ, Permission.RECEIPT_READ)
def paper(work: Work, receipt_id: int) -> Paper:
    """Return a receipt on the company's paper, in the customer's language. Raises NotFound."""
    receipt = receipts.get(work, receipt_id)
    document = {"contact_id": receipt["contact_id"], "language": "", "person_name": "", "salesperson": None}
    return receipt_paper(receipt.values, parties(work, document))


def receipt_paper(receipt: Mapping[str, Any], who: Parties) -> Paper:
    """Return a receipt, refund or reversal as it is handed over (pure); uses that were taken back are left out."""
    said, currency, language = Words(who.language), str(receipt["currency"]), who.language
    used = [one for one in receipt["uses"] if one.reverses_id is None and one.reversed_on is None]
    is_receipt, taken_back = receipt["kind"] == rules.RECEIPT, receipt.get("reversed_by") is not None
    return Paper(
        title=said(_TITLES[receipt["kind"]]),
        number=str(receipt["number"]),
        language=language,
        sender=who.sender,
        recipient=Block(said(N_("From") if is_receipt else N_("To")), (who.customer, *who.address)),
        facts=_facts(said, receipt, language),
        columns=(
            Column(said(N_("For")), Align.LEFT, 3),
            Column(said(N_("Due")), Align.LEFT, 1.6),
            Column(" ".join((said(N_("Amount")), currency)), Align.RIGHT, 1.8),
        )
        if used
        else (),
        lines=tuple(_line(one, currency, language, is_receipt=is_receipt) for one in used),
        totals=_totals(said, receipt, currency),
        words_label=said(N_("Amount in words")),
        amount_words=amount_in_words(receipt["amount"], currency, language),
        texts=texts_of(said, (N_("Reason"), receipt.get("reason"))),
        signatures=(Signature(said(N_("Received by")), who.sender.name, (said(N_("Date")),), who.sender.seal),),
        watermark=said(N_("Reversed")) if taken_back else "",
    )


def _facts(said: Words, receipt: Mapping[str, Any], language: str) -> tuple[Fact, ...]:
    facts = [
        fact(said, N_("Date"), day(receipt["dated_on"], language)),
        fact(said, N_("Method"), said(_METHODS.get(receipt["method"], ""))),
    ]
    for label, name in (
        (N_("Account"), "account_name"),
        (N_("Reference"), "reference"),
        (N_("Paid by"), "payer"),
        (N_("Reversal of"), "origin_number"),
    ):
        if receipt.get(name):
            facts.append(fact(said, label, str(receipt[name])))
    if receipt.get("matures_on"):
        facts.append(fact(said, N_("Matures on"), day(receipt["matures_on"], language)))
    return tuple(facts)


def _line(one: Used, currency: str, language: str, *, is_receipt: bool) -> Line:
    # A refund names the receipt or credit note it gives back of.
    name = " ".join(part for part in (one.target_number, one.place) if part) if is_receipt else one.source_number
    return Line((name, day(one.due_on, language) if one.due_on else "", amount(one.amount, currency)))


def _totals(said: Words, receipt: Mapping[str, Any], currency: str) -> tuple[Total, ...]:
    is_receipt = receipt["kind"] == rules.RECEIPT
    total = Total(said(N_("Received") if is_receipt else N_("Total")), money(receipt["amount"], currency), strong=True)
    if not is_receipt or not receipt["open"]:
        return (total,)
    return Total(said(N_("Kept as advance")), amount(receipt["open"], currency)), total
