"""What an accountant does every week, from the order to the last cent, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.app.checks import check_database
from crm_desktop.db.work import Database
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, invoicing, opening, unposting
from crm_desktop.receivables.collecting import ageing, balances, statements
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import allocating, paying_back, receipts, rescheduling
from crm_desktop.receivables.money.open_items import open_items
from crm_desktop.receivables.money.proposing import propose
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, UserError
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of
from tests.receivables.billing import (
    TODAY,
    company_works,
    credited,
    delivered,
    draft,
    from_order,
    invoice_of,
    post,
    posted_invoice,
)
from tests.receivables.documents import open_of, opens, pay, receipt_of, used_of


def invoiced(database: Database, by: Actor, contact_id: int, amount: int, **values: Any) -> int:
    return posted_invoice(database, by, contact_id, line("Goods", 1, amount, 0), **values)


def balance_of(database: Database, by: Actor, contact_id: int, currency: str = "CNY", day: date | None = None) -> Any:
    with database.read(by) as work:
        return balances.card(work, contact_id, day).of(currency)


def in_step(database: Database, by: Actor, contact_id: int, currency: str = "CNY") -> Decimal:
    """The balance of a customer, after everything that tells it agreed."""
    card = balance_of(database, by, contact_id, currency)
    parts = card.not_due + sum(card.buckets) + card.undated - card.unapplied
    with database.read(by) as work:
        stated = statements.statement(work, contact_id, currency)
        open_form = statements.statement(work, contact_id, currency, form="open")
        found = ageing.ageing(work)
    aged = [row[-1] for row in found.rows if row[:2] == (contact_id, currency)]
    assert card.balance == parts == stated.closing == open_form.closing
    assert card.balance == open_of(database, contact_id, currency).balance
    assert [Decimal(minor) / 100 for minor in aged] == ([card.balance] if aged else [])
    if database.path is not None:
        assert not check_database(database)
    return Decimal(card.balance)


def test_2900_pays_3000_less_a_credit_of_100(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    invoice = invoiced(database, accountant, atlas, 3000)
    with database.begin(accountant) as work:
        allowance = draft_credit(work, atlas, 100)
    post(database, accountant, allowance)
    items = open_of(database, atlas)
    proposal = propose(items.instalments, Decimal(2900), items.credits)
    assert proposal.uses == {items.instalments[0].id: Decimal(3000)}
    assert proposal.credits == {("credit", allowance): Decimal(100)}
    pay(database, accountant, atlas, 2900, proposal.uses, proposal.credits)
    assert in_step(database, accountant, atlas) == 0
    shown = invoice_of(database, accountant, invoice)
    assert (shown["open_amount"], shown["settled_on"]) == (0, TODAY)
    assert shown["status"] == "paid"


def draft_credit(work: Any, contact_id: int, amount: int) -> int:
    lines = [line("Less", 1, amount, 0)]
    return invoices.create(work, {"contact_id": contact_id, "kind": "credit", "reason": "Allowance", "lines": lines})


def test_one_transfer_covers_three_invoices_the_last_in_part(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    for amount, day in ((1200, 1), (800, 5), (1500, 9)):
        invoiced(database, accountant, atlas, amount, dated_on=date(2026, 11, day))
    items = open_of(database, atlas)
    proposal = propose(items.instalments, Decimal(2600))
    assert list(proposal.uses.values()) == [Decimal(1200), Decimal(800), Decimal(600)]
    receipt = pay(database, accountant, atlas, 2600, proposal.uses)
    assert [amount for _number, amount in used_of(database, receipt)] == [1200, 800, 600]
    assert in_step(database, accountant, atlas) == 900
    # The bank calls the money back: everything is open again, and yesterday stays what it was.
    with database.begin(accountant) as work:
        paying_back.reverse(work, receipt, receipts.get(work, receipt).version, "The bank called it back.")
    assert in_step(database, accountant, atlas) == 3500
    assert receipt_of(database, accountant, receipt)["open"] == 0


def test_a_deposit_comes_before_the_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    """30% by contract: the money is an advance until the deposit is invoiced, then the rest follows the goods."""
    atlas = customer(database, firm.anna)
    plan = (
        {"label": "Deposit", "amount": Decimal(300), "event": "", "due_on": date(2026, 11, 20)},
        {"label": "Rest", "amount": Decimal(700), "event": "on delivery", "due_on": None},
    )
    order = confirmed_order(database, firm.anna, atlas, line("Press", 1, 1000, 0), instalments=plan)
    advance = pay(database, accountant, atlas, 300)
    assert in_step(database, accountant, atlas) == -300
    with database.begin(accountant) as work:
        first = work.session.scalars(select(Instalment.id).where(Instalment.order_id == order)).first()
        assert first is not None
        on_account = invoicing.from_instalment(work, first)
    post(database, accountant, on_account)
    deposit = open_of(database, atlas).instalments
    assert [(one.open, one.due_on) for one in deposit] == [(Decimal(300), date(2026, 11, 20))]
    with database.begin(accountant) as work:
        allocating.allocate_later(work, atlas, [(("receipt", advance), deposit[0].id, Decimal(300))])
    assert in_step(database, accountant, atlas) == 0
    delivered(database, firm.anna, order, 1)
    rest = from_order(database, accountant, order)
    assert invoice_of(database, accountant, rest)["total"] == 700, "what was invoiced on account is taken off"
    post(database, accountant, rest)
    assert [(one.open, one.event) for one in open_of(database, atlas).instalments] == [(Decimal(700), "on delivery")]
    assert balance_of(database, accountant, atlas).undated == 700
    with database.begin(accountant) as work:
        waiting = open_items(work, atlas, "CNY").instalments[0]
        rescheduling.give_day(work, waiting.id, date(2026, 12, 20), "Delivered today")
    assert balance_of(database, accountant, atlas).not_due == 700
    paid = open_of(database, atlas).instalments
    pay(database, accountant, atlas, 700, {one.id: one.open for one in paid})
    assert in_step(database, accountant, atlas) == 0
    with database.read(SYSTEM) as work:
        assert work.get(Order, order).invoiced_percent == 100


def test_a_foreign_invoice_is_paid_less_the_fee_of_the_bank(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, difference_limits={"accountant": Decimal(500)})
    atlas = customer(database, firm.anna)
    invoice = posted_invoice(
        database, accountant, atlas, line("Goods", 1, "4000.00", 0), currency="USD", rate=Decimal("7.1")
    )
    part = invoice_of(database, accountant, invoice)["instalments"][0]["id"]
    receipt = pay(
        database, accountant, atlas, "3975", {part: 4000}, currency="USD", rate=Decimal("7.0"),
        difference=("bank_fee", 25),
    )  # fmt: skip
    assert in_step(database, accountant, atlas, "USD") == 0
    assert balance_of(database, accountant, atlas, "CNY").balance == 0
    assert [one["kind"] for one in settled(database, accountant, receipt)] == ["bank_fee"]
    shown = invoice_of(database, accountant, invoice)
    assert (shown["open_amount"], shown["written_off"]) == (0, 0), "a fee is no bad debt"
    other = invoiced(database, accountant, atlas, 100)
    mine = invoice_of(database, accountant, other)["instalments"][0]["id"]
    with pytest.raises(Invalid) as refused:
        pay(database, accountant, atlas, 100, {mine: 100}, currency="USD", rate=Decimal(7))
    assert refused.value.field == "amount"


def settled(database: Database, by: Actor, receipt_id: int) -> list[dict[str, Any]]:
    return [{"kind": one.kind} for one in receipt_of(database, by, receipt_id)["settled"]]


def test_closed_books_keep_what_they_showed(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    october = date(2026, 10, 31)
    old = invoiced(database, accountant, atlas, 1000, dated_on=date(2026, 10, 5), due_on=date(2026, 10, 20))
    part = invoice_of(database, accountant, old)["instalments"][0]["id"]
    paid = pay(database, accountant, atlas, 400, {part: 400}, dated_on=date(2026, 10, 25))
    company_works(database, closed_through=october)

    def as_of_october() -> tuple[Any, Any]:
        with database.read(accountant) as work:
            return balances.card(work, atlas, october), sorted(ageing.ageing(work, october).rows)

    before = as_of_october()
    assert before[0].of("CNY").balance == 600
    for forbidden in (
        lambda: invoiced(database, accountant, atlas, 10, dated_on=october),
        lambda: pay(database, accountant, atlas, 10, {part: 10}, dated_on=october),
    ):
        with pytest.raises(Invalid) as refused:
            forbidden()
        assert refused.value.field == "dated_on"
    with pytest.raises(UserError), database.begin(accountant) as work:
        unposting.unpost(work, old, work.get(Invoice, old).version, "Typed wrongly")
    # Whatever happens later: a bounce, a credit note, a rescheduling, a new invoice and its payment.
    with database.begin(accountant) as work:
        paying_back.reverse(work, paid, receipts.get(work, paid).version, "Bounced")
    credited(database, accountant, old, reopens=False)
    invoiced(database, accountant, atlas, 77, dated_on=date(2026, 11, 1))
    assert as_of_october() == before
    assert in_step(database, accountant, atlas) == 77


def test_opening_balances_are_collected_like_everything_else(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    rows = [
        {"contact_id": atlas, "number": "OLD-17", "dated_on": date(2026, 6, 1), "due_on": date(2026, 7, 1),
         "currency": "CNY", "total": Decimal(5000), "open": Decimal("1234.56")},
        {"contact_id": atlas, "number": "OLD-C3", "dated_on": date(2026, 6, 9), "due_on": None,
         "currency": "CNY", "total": Decimal(100), "open": Decimal(34), "kind": "credit"},
    ]  # fmt: skip
    with database.begin(firm.boss) as work:
        ids = opening.take_over(work, rows)
    card = balance_of(database, accountant, atlas)
    assert (card.balance, card.overdue, card.unapplied) == (Decimal("1200.56"), Decimal("1234.56"), Decimal(34))
    items = open_of(database, atlas)
    proposal = propose(items.instalments, Decimal("1200.56"), items.credits)
    pay(database, accountant, atlas, "1200.56", proposal.uses, proposal.credits)
    assert in_step(database, accountant, atlas) == 0
    assert invoice_of(database, accountant, ids[0])["number"] == "OLD-17"
    # The first own invoice is number one: what was taken over used none.
    own = invoiced(database, accountant, atlas, 50)
    assert invoice_of(database, accountant, own)["number"].endswith("-0001")


def test_a_contract_that_claims_by_itself_lives_and_ends(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    plan = (
        {"label": "Deposit", "amount": Decimal(3000), "event": "", "due_on": date(2026, 11, 25)},
        {"label": "Delivery", "amount": Decimal(5000), "event": "on delivery", "due_on": None},
        {"label": "Last", "amount": Decimal(2000), "event": "on acceptance", "due_on": None},
    )
    order = confirmed_order(database, firm.anna, atlas, line("Line", 10, 1000, 0), instalments=plan)
    assert in_step(database, accountant, atlas) == 10000
    first, second, last = (one.id for one in open_of(database, atlas).instalments)
    pay(database, accountant, atlas, 3000, {first: 3000})
    delivered(database, firm.anna, order, 4)
    # The invoice is a paper here: it claims nothing that the contract did not claim.
    post(database, accountant, from_order(database, accountant, order, 4))
    assert in_step(database, accountant, atlas) == 7000
    with database.begin(firm.boss) as work:
        moved = rescheduling.reschedule(
            work, second, [Part(Decimal(1000), date(2026, 12, 1)), Part(Decimal(4000), date(2027, 1, 31))], "In two"
        )
    pay(database, accountant, atlas, 1000, {moved[0]: 1000})
    assert opens(database, [first, second, *moved, last]) == [0, 0, 0, 4000, 2000]
    assert in_step(database, accountant, atlas) == 6000
    with database.begin(firm.boss) as work:
        orders.close_short(work, order, work.get(Order, order).version, "The customer takes no more.")
    assert order_of(database, firm.boss, order)["state"] == "closed"
    assert in_step(database, accountant, atlas) == 0, "what the ended contract left open is written off"
    assert balance_of(database, accountant, atlas, day=date(2026, 11, 19)).balance == 0


def test_goods_that_come_back_are_credited_and_paid_back(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line("Bearing", 10, 100, 0))
    delivered(database, firm.anna, order, 10)
    made = from_order(database, accountant, order)
    post(database, accountant, made)
    parts = open_of(database, atlas).instalments
    pay(database, accountant, atlas, 1000, {one.id: one.open for one in parts})
    lines = invoice_of(database, accountant, made)["lines"]
    note = credited(database, accountant, made, {lines[0]["id"]: Decimal(2)}, reopens=False)
    assert in_step(database, accountant, atlas) == -200
    with database.begin(accountant) as work:
        paying_back.refund(work, ("credit", note), Decimal(200), {"method": "transfer", "reason": "Goods came back"})
    assert in_step(database, accountant, atlas) == 0


def test_a_draft_claims_nothing(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    draft(database, accountant, atlas, line("Goods", 1, 500, 0))
    assert in_step(database, accountant, atlas) == 0
