"""Dunning letters as papers in the customer's language."""

from collections.abc import Sequence
from itertools import groupby

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders.papers import Parties, Words, fact, texts_of
from crm_desktop.orders.parties import parties
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.collecting.dunning_items import DunningItem, Proposal
from crm_desktop.receivables.collecting.dunning_rules import Level
from crm_desktop.reports.paper import Align, Block, Column, Fact, Line, LineKind, Paper, Signature, Total
from crm_desktop.reports.paper_text import amount, day, money
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import requires


@requires(*LOOKS)
def letter_paper(work: Work, letter: Proposal, levels: Sequence[Level], *, is_draft: bool = False) -> Paper:
    """Return a letter on the company's paper, in the customer's language."""
    document = {"contact_id": letter.contact_id, "language": letter.language, "person_name": "", "salesperson": None}
    step = next(one for one in levels if one.level == letter.level)
    return composed(letter, step, parties(work, document), day(today(work), letter.language), is_draft=is_draft)


def composed(letter: Proposal, step: Level, who: Parties, dated: str, *, is_draft: bool = False) -> Paper:
    """Return a letter as it is sent (pure); `dated` is its day in words."""
    said, words = Words(who.language), step.words(who.language)
    filled = {"customer": who.customer, "company": who.sender.name, "day": dated}
    return Paper(
        title=words["subject"].format(**filled),
        language=who.language,
        sender=who.sender,
        recipient=Block(said(N_("To")), (who.customer, *who.address)),
        facts=_facts(said, letter, dated),
        intro=words["body"].format(**filled),
        columns=(
            Column(said(N_("Invoice")), Align.LEFT, 2.2),
            Column(said(N_("Date")), Align.LEFT, 1.5),
            Column(said(N_("Due")), Align.LEFT, 1.5),
            Column(said(N_("Days overdue")), Align.RIGHT, 1.1),
            Column(said(N_("Amount")), Align.RIGHT, 1.6),
            Column(said(N_("Still open")), Align.RIGHT, 1.6),
        ),
        lines=_lines(said, letter.items, who.language),
        detail_column=0,
        totals=_totals(said, letter),
        texts=texts_of(said, (N_("Please pay to"), "\n".join(who.sender.bank))),
        signatures=(Signature(said(N_("Seller")), who.sender.name, (), who.sender.seal),),
        watermark=said(N_("Draft")) if is_draft else "",
    )


def _facts(said: Words, letter: Proposal, dated: str) -> tuple[Fact, ...]:
    level = (fact(said, N_("Reminder"), str(letter.level)),) if letter.level else ()
    return fact(said, N_("Date"), dated), *level


def _lines(said: Words, items: Sequence[DunningItem], language: str) -> tuple[Line, ...]:
    ordered = sorted(items, key=lambda one: one.item.currency)
    groups = [(currency, list(group)) for currency, group in groupby(ordered, lambda one: one.item.currency)]
    lines: list[Line] = []
    for currency, group in groups:
        if len(groups) > 1:
            lines.append(Line((currency,), kind=LineKind.HEADING))
        lines += [_line(said, one, language) for one in group]
    return tuple(lines)


def _line(said: Words, one: DunningItem, language: str) -> Line:
    item = one.item
    late = str(item.late) if item.late and item.late > 0 else said(N_("not yet"))
    cells = (
        item.number,
        day(item.dated_on, language),
        day(item.due_on, language) if item.due_on else "",
        late,
        amount(item.amount, item.currency),
        amount(item.open, item.currency),
    )
    return Line(cells, " · ".join(part for part in (item.place, item.label) if part))


def _totals(said: Words, letter: Proposal) -> tuple[Total, ...]:
    unused = {one.currency: one.amount for one in letter.unapplied}
    totals: list[Total] = []
    for one in letter.sums:
        there = unused.get(one.currency)
        if there:
            totals.append(Total(said(N_("Still open")), amount(one.amount, one.currency)))
            totals.append(Total(said(N_("Received, not set off yet")), amount(-there, one.currency)))
        rest = one.amount - there if there else one.amount
        totals.append(Total(said(N_("To be paid")), money(rest, one.currency), strong=True))
    return tuple(totals)
