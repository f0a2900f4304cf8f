"""Statements of account as papers in the customer's language, with a place to confirm the balance."""

from decimal import Decimal
from typing import Final

from crm_desktop.db.work import Work
from crm_desktop.orders.papers import Parties, Words, fact, texts_of
from crm_desktop.orders.parties import parties
from crm_desktop.receivables.collecting.balances import LOOKS, Balance, bucket_labels
from crm_desktop.receivables.collecting.statements import ACTIVITY, KINDS, Statement, StatementLine
from crm_desktop.reports.paper import Align, Block, Column, Fact, Line, Paper, Signature, SmallTable, Total
from crm_desktop.reports.paper_text import amount, day, money
from crm_desktop.shared.amount_words import amount_in_words
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import requires

TITLE: Final = N_("Statement of account")
_ASKED: Final = N_(
    "Please compare this statement with your books, sign and seal it if it agrees, and send it back. "
    "If something differs, tell us which item, so that we can clear it up together."
)
_CONFIRMED: Final = N_("We confirm the closing balance.")
_LABELS: Final = dict(KINDS)


@requires(*LOOKS)
def paper(work: Work, statement: Statement) -> Paper:
    """Return a statement on the company's paper, in the customer's language."""
    document = {"contact_id": statement.contact_id, "language": "", "person_name": "", "salesperson": None}
    return statement_paper(statement, parties(work, document))


def statement_paper(statement: Statement, who: Parties) -> Paper:
    """Return a statement as it is handed to the customer (pure)."""
    said, currency = Words(who.language), statement.currency
    blanks = (said(N_("Representative")), said(N_("Date")))
    return Paper(
        title=said(TITLE),
        language=who.language,
        sender=who.sender,
        recipient=Block(said(N_("To")), (who.customer, *who.address)),
        facts=_facts(said, statement, who.language),
        columns=_columns(said, statement),
        lines=_lines(said, statement, who.language),
        detail_column=2,
        totals=_totals(said, statement),
        words_label=said(N_("Amount in words")) if statement.closing > 0 else "",
        amount_words=amount_in_words(statement.closing, currency, who.language) if statement.closing > 0 else "",
        instalments=ageing_table(said, statement.balance, statement.bounds, who.language),
        texts=texts_of(said, (N_("Your confirmation"), said(_ASKED))),
        signatures=(
            Signature(said(N_("Seller")), who.sender.name, blanks, who.sender.seal),
            Signature(said(N_("Buyer")), who.customer, (said(_CONFIRMED), *blanks)),
        ),
    )


def ageing_table(said: Words, balance: Balance, bounds: tuple[int, ...], language: str) -> SmallTable:
    """Return the ageing of a balance as a small table of one row, whose amounts add up to the balance."""
    currency = balance.currency
    slots: list[tuple[str, Decimal]] = [(said(N_("Not due yet")), balance.not_due)]
    slots += zip(bucket_labels(bounds), balance.buckets, strict=True)
    slots += [(said(N_("Undated")), balance.undated)] if balance.undated else []
    slots += [(said(N_("Unapplied")), -balance.unapplied)] if balance.unapplied else []
    slots.append((said(N_("Balance")), balance.balance))
    title = said(N_("Days overdue on {day}, {currency}")).format(day=day(balance.as_of, language), currency=currency)
    return SmallTable(
        title,
        tuple(Column(label, Align.RIGHT, 1) for label, _value in slots),
        (tuple(amount(value, currency) for _label, value in slots),),
    )


def _facts(said: Words, statement: Statement, language: str) -> tuple[Fact, ...]:
    last = day(statement.to_on, language)
    if statement.form != ACTIVITY:
        when = fact(said, N_("As of"), last)
    elif statement.from_on is None:
        when = fact(said, N_("Until"), last)
    else:
        when = fact(said, N_("Period"), f"{day(statement.from_on, language)} – {last}")
    return when, fact(said, N_("Currency"), statement.currency)


def _columns(said: Words, statement: Statement) -> tuple[Column, ...]:
    activity = statement.form == ACTIVITY
    return (
        Column(said(N_("Date")), Align.LEFT, 1.5),
        Column(said(N_("Document")), Align.LEFT, 1.4),
        Column(said(N_("Number")), Align.LEFT, 2.2),
        Column(said(N_("Due")), Align.LEFT, 1.5),
        Column(said(N_("Charged") if activity else N_("Still open")), Align.RIGHT, 1.5),
        Column(said(N_("Paid") if activity else N_("Unused")), Align.RIGHT, 1.5),
        Column(said(N_("Balance")), Align.RIGHT, 1.6),
    )


def _lines(said: Words, statement: Statement, language: str) -> tuple[Line, ...]:
    first: list[Line] = []
    if statement.from_on is not None:
        opened = amount(statement.opening, statement.currency)
        first.append(Line((day(statement.from_on, language), said(N_("Opening balance")), "", "", "", "", opened)))
    return (*first, *(_line(said, one, statement.currency, language) for one in statement.lines))


def _line(said: Words, one: StatementLine, currency: str, language: str) -> Line:
    cells = (
        day(one.dated_on, language),
        said(_LABELS.get(one.kind, "")),
        one.number,
        day(one.due_on, language) if one.due_on else "",
        amount(one.charged, currency) if one.charged else "",
        amount(one.paid, currency) if one.paid else "",
        amount(one.balance, currency),
    )
    return Line(cells, " · ".join(part for part in (one.reference, one.text) if part))


def _totals(said: Words, statement: Statement) -> tuple[Total, ...]:
    currency = statement.currency
    closing = Total(said(N_("Closing balance")), money(statement.closing, currency), strong=True)
    if statement.form != ACTIVITY:
        return (closing,)
    return (
        Total(said(N_("Opening balance")), amount(statement.opening, currency)),
        Total(said(N_("Charged")), amount(statement.charged, currency)),
        Total(said(N_("Paid")), amount(-statement.paid, currency)),
        closing,
    )
