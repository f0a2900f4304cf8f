"""Invoices and credit notes as papers in the customer's language (pure): records in, ready strings out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from crm_desktop.orders.papers import Parties, Words, fact, instalments_of, priced, texts_of
from crm_desktop.receivables import rules
from crm_desktop.reports.paper import Paper
from crm_desktop.reports.paper_text import day
from crm_desktop.shared.i18n import N_

INVOICE: Final = N_("Invoice")
CREDIT: Final = N_("Credit note")


def invoice_paper(invoice: Mapping[str, Any], parties: Parties) -> Paper:
    """Return an invoice or a credit note as it is handed to the customer; a draft says so across the page.

    One due date stands among the facts, several stand in a table below the totals. The bank account of the
    letterhead stands in the text of an invoice, where whoever pays looks for it.
    """
    said, language = Words(parties.language), parties.language
    is_credit = invoice["kind"] == rules.CREDIT
    parts = invoice["instalments"]
    alone = parts[0] if len(parts) == 1 and not parts[0]["label"] else None
    facts = [fact(said, N_("Date"), day(invoice["dated_on"], language))]
    if alone and (alone["event"] or alone["due_on"]):
        facts.append(fact(said, N_("Payable by"), alone["event"] or day(alone["due_on"], language)))
    for label, name in (
        (N_("Invoice"), "origin_number"),
        (N_("Order"), "order_number"),
        (N_("Delivery note"), "delivery_number"),
    ):
        if invoice[name]:
            facts.append(fact(said, label, str(invoice[name])))
    sender = parties.sender
    bank = () if is_credit else sender.bank
    if bank:
        parties = replace(parties, sender=replace(sender, bank=()))
    return priced(
        CREDIT if is_credit else INVOICE,
        str(invoice["number"] or ""),
        invoice,
        parties,
        facts=facts,
        texts=texts_of(
            said,
            (N_("Please pay to"), "\n".join(bank)),
            (N_("Reason"), invoice["reason"]),
            (N_("Ship to"), invoice["ship_to"]),
            (N_("Terms"), invoice["terms"]),
        ),
        instalments=None if alone else instalments_of(said, invoice, language),
    )
