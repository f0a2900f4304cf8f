"""Attacks on the money: many hands at once, amounts that do not round, edges of days, clocks that go back."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_desktop.db.work import Database, Work
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.products import service as products
from crm_desktop.receivables import proof
from crm_desktop.receivables.billing import credit_notes, invoices, invoicing, posting
from crm_desktop.receivables.collecting import ageing, balances, due_list, statements
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import allocating, paying_back, receipts, rescheduling, write_offs
from crm_desktop.receivables.money.open_items import open_items
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import exponent, from_minor
from tests.companies import NOW, Firm
from tests.orders.documents import confirmed_order, customer, line, product
from tests.receivables.billing import (
    TODAY,
    company_works,
    credited,
    draft,
    from_order,
    invoice_of,
    post,
    posted_invoice,
)
from tests.receivables.documents import open_of, opens, pay, receipt_of

HANDS = 8


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run all at once and return what went wrong that no person may see."""
    start = threading.Barrier(len(jobs))
    wrong: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        start.wait()
        try:
            job()
        except Exception as error:  # noqa: BLE001 - told by the test
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def in_step(database: Database) -> None:
    """Nothing is used twice, nothing kept differs from the rows, no number is missing."""
    with database.read(SYSTEM) as work:
        assert not list(proof.findings(work))
        for column, entity, amount in (
            (Allocation.instalment_id, Instalment, Instalment.amount),
            (Allocation.receipt_id, Receipt, Receipt.amount),
            (Allocation.credit_id, Invoice, Invoice.total),
        ):
            used = (
                select(func.sum(Allocation.amount)).where(column == entity.id).scalar_subquery()  # type: ignore[attr-defined]
            )
            over = select(func.count()).select_from(entity).where(used > amount)
            assert work.session.scalar(over) == 0, entity.__name__
        for kind in ("invoice", "credit"):
            asked = select(Invoice.serial).where(Invoice.kind == kind, Invoice.number.is_not(None))
            serials = sorted(serial or 0 for serial in work.session.scalars(asked))
            assert serials == list(range(1, len(serials) + 1)), kind
        for kinds in (("receipt",), ("refund", "reversal", "kept")):
            serials = sorted(work.session.scalars(select(Receipt.serial).where(Receipt.kind.in_(kinds))))
            assert serials == list(range(1, len(serials) + 1)), kinds


class Clerk:
    """Does something at random with the money of a few customers, again and again."""

    def __init__(self, database: Database, by: Actor, contacts: list[int], seed: int) -> None:
        self.database = database
        self.by = by
        self.contacts = contacts
        self.chance = random.Random(seed)
        self.done = 0

    def work(self, times: int) -> None:
        steps = (
            *(self.bill, self.bill, self.post_order, self.receive, self.receive, self.receive, self.use_advance),
            *(self.credit, self.take_back, self.bounce, self.write_off, self.move),
        )
        for _time in range(times):
            try:
                with self.database.begin(self.by) as work:
                    self.chance.choice(steps)(work, self.chance.choice(self.contacts))
                self.done += 1
            except UserError:
                continue  # somebody was faster, or there is nothing to do

    def bill(self, work: Work, contact_id: int) -> None:
        lines = [line("Goods", 1, self.chance.randint(1, 900), 13)]
        made = invoices.create(work, {"contact_id": contact_id, "lines": lines})
        posting.post_many(work, [(made, work.get(Invoice, made).version)])

    def post_order(self, work: Work, contact_id: int) -> None:
        asked = select(Order.id).where(Order.contact_id == contact_id, Order.state == "confirmed")
        order_id = self.chance.choice([*work.session.scalars(asked.where(Order.invoiced_percent < 100)), 0])
        made = invoicing.from_order(work, order_id)
        posting.post_many(work, [(made, work.get(Invoice, made).version)])

    def receive(self, work: Work, contact_id: int) -> None:
        items = open_items(work, contact_id, "CNY")
        chosen = self.chance.sample(items.instalments, min(3, len(items.instalments)))
        uses = {one.id: max(Decimal("0.01"), (one.open * self.chance.choice((1, 1, 2)) / 2).quantize(Decimal("0.01")))
                for one in chosen}  # fmt: skip
        taken = {one.key: min(one.open, sum(uses.values())) for one in items.credits[:1] if uses}
        amount = sum(uses.values(), Decimal(0)) - sum(taken.values(), Decimal(0))
        more = Decimal(self.chance.choice((0, 0, 50)))
        receipts.post(work, {"contact_id": contact_id, "currency": "CNY", "amount": amount + more}, uses, taken)

    def use_advance(self, work: Work, contact_id: int) -> None:
        items = open_items(work, contact_id, "CNY")
        for one, money in zip(items.instalments, items.credits, strict=False):
            allocating.allocate_later(work, contact_id, [(money.key, one.id, min(one.open, money.open))])

    def credit(self, work: Work, contact_id: int) -> None:
        asked = select(Invoice.id).where(Invoice.contact_id == contact_id, Invoice.kind == "invoice")
        made = credit_notes.from_invoice(work, self.chance.choice([*work.session.scalars(asked), 0]))
        posting.post_many(work, [(made, work.get(Invoice, made).version)])

    def take_back(self, work: Work, contact_id: int) -> None:
        asked = select(Allocation.id).where(Allocation.contact_id == contact_id, Allocation.amount > 0)
        allocating.unallocate(work, contact_id, [self.chance.choice([*work.session.scalars(asked), 0])])

    def bounce(self, work: Work, contact_id: int) -> None:
        asked = select(Receipt.id).where(Receipt.contact_id == contact_id, Receipt.kind == "receipt")
        row = work.get(Receipt, self.chance.choice([*work.session.scalars(asked), 0]))
        paying_back.reverse(work, row.id, row.version, "Bounced")

    def write_off(self, work: Work, contact_id: int) -> None:
        for one in open_items(work, contact_id, "CNY").instalments[:1]:
            write_offs.write_off(work, {one.id: min(one.open, Decimal("0.50"))}, "Small")

    def move(self, work: Work, contact_id: int) -> None:
        for one in open_items(work, contact_id, "CNY").instalments[-1:]:
            rescheduling.reschedule(work, one.id, [Part(one.open, TODAY + timedelta(days=9))], "Later")


def test_eight_people_at_the_same_money(database: Database, firm: Firm, accountant: Actor) -> None:
    contacts = [customer(database, firm.boss, f"Customer {number}") for number in range(3)]
    for contact_id in contacts:
        for _number in range(2):
            confirmed_order(database, firm.boss, contact_id, line("Goods", 5, 99, 13))
    clerks = [Clerk(database, firm.boss, contacts, seed) for seed in range(HANDS)]
    wrong = together(*(lambda clerk=clerk: clerk.work(12) for clerk in clerks))  # type: ignore[misc]
    assert not wrong, [repr(error) for error in wrong[:3]]
    assert sum(clerk.done for clerk in clerks) > HANDS * 3
    in_step(database)


def test_one_order_invoiced_by_eight_people_is_invoiced_once(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line("Goods", 4, 250, 0))
    drafts = []
    for _number in range(HANDS):
        with database.begin(accountant) as work:
            made = invoices.copy(work, drafts[0]) if drafts else invoicing.from_order(work, order)
        drafts.append(made)
    posted: list[str] = []

    def one(made: int) -> None:
        try:
            posted.append(post(database, accountant, made))
        except UserError:
            return

    assert not together(*(lambda made=made: one(made) for made in drafts))  # type: ignore[misc]
    assert len(posted) == 1
    in_step(database)
    with database.read(SYSTEM) as work:
        assert work.get(Order, order).invoiced_percent == 100
        asked = select(func.sum(Instalment.amount)).where(Instalment.order_id == order)
        assert work.session.scalar(asked) == 100_000


@pytest.mark.parametrize("currency", ["JPY", "KWD", "CNY"])
@pytest.mark.parametrize("included", [False, True])
def test_parts_of_an_order_never_claim_more_than_the_whole(
    database: Database, firm: Firm, accountant: Actor, currency: str, included: bool
) -> None:
    """Prices that do not round, three instalments, five invoices: the sum is the order's to the last unit."""
    atlas = customer(database, firm.anna)
    cent = Decimal(1).scaleb(-exponent(currency))
    order = confirmed_order(
        database,
        firm.anna,
        atlas,
        line("Bearing", 5, "33.333", 13, discount_percent=Decimal("3.3")),
        line("Belt", 5, "0.777", 9),
        currency=currency,
        rate=Decimal("0.05"),
        prices_include_tax=included,
        discount_percent=Decimal("1.7"),
    )
    with database.read(SYSTEM) as work:
        total = from_minor(work.get(Order, order).total, currency)
    claimed = Decimal(0)
    for _part in range(5):
        made = from_order(database, accountant, order, 1, 1)
        post(database, accountant, made)
        shown = invoice_of(database, accountant, made)
        assert sum(one["amount"] for one in shown["instalments"]) == shown["total"]
        claimed += shown["total"]
    assert abs(claimed - total) <= 10 * cent, (claimed, total)
    items = open_of(database, atlas, currency)
    assert items.balance == claimed
    pay(database, accountant, atlas, claimed, {one.id: one.open for one in items.instalments}, currency=currency,
        rate=Decimal("0.05"))  # fmt: skip
    assert open_of(database, atlas, currency).balance == 0
    with database.read(SYSTEM) as work:
        planned = select(func.count()).select_from(Instalment).where(Instalment.claimed_on.is_(None))
        assert work.session.scalar(planned) == 0, "no crumbs of the plan stay"
    in_step(database)


def test_one_cent_is_seen_everywhere(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    made = posted_invoice(
        database, accountant, atlas, line("Goods", 1, 100, 0), dated_on=date(2026, 9, 1), due_on=date(2026, 9, 30)
    )
    part = invoice_of(database, accountant, made)["instalments"][0]["id"]
    pay(database, accountant, atlas, "99.99", {part: "99.99"}, dated_on=date(2026, 9, 30))
    cent = Decimal("0.01")
    with database.read(firm.boss) as work:
        card = balances.card(work, atlas).of("CNY")
        assert (card.balance, card.overdue) == (cent, cent)
        assert balances.totals(work)[0].balance == cent
        assert [row[-1] for row in ageing.ageing(work).rows] == [1]
        assert [row[-1] for row in ageing.ageing(work, date(2026, 10, 1)).rows] == [1]
        assert statements.statement(work, atlas).closing == cent
        assert statements.statement(work, atlas, form="open").closing == cent
        assert [one.overdue for one in due_list.due_customers(work)] == [cent]
        assert [one.open for one in balances.open_items(work)] == [cent]
        assert INSTALMENTS.count(work, Listing())[0] == 1
        assert INVOICES.count(work, Listing())[0] == 1
        assert invoices.get(work, made)["status"] == "partly_paid"


def test_the_largest_amounts_are_exact(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    most = Decimal("9999999999999.99")
    made = [posted_invoice(database, accountant, atlas, line("Ships", 1, 1, 0), dated_on=TODAY) for _number in range(3)]
    made += [
        posted_invoice(database, accountant, atlas, *(line("Ships", 10, "999999999999", 0), line("Rest", 1, "9.99", 0)))
        for _number in range(3)
    ]
    items = open_of(database, atlas)
    assert items.balance == 3 + 3 * most
    with database.read(firm.boss) as work:
        assert statements.statement(work, atlas).closing == items.balance
        assert balances.totals(work)[0].balance == items.balance
    largest = next(one for one in items.instalments if one.open == most)
    pay(database, accountant, atlas, most, {largest.id: most})
    assert opens(database, [largest.id]) == [0]
    with pytest.raises(Invalid) as refused:
        draft(database, accountant, atlas, line("Ships", 10, "999999999999", 0), line("Ships", 10, 1, 0))
    assert refused.value.field == "lines"
    with pytest.raises(Invalid) as refused:
        pay(database, accountant, atlas, most + Decimal("0.01"))
    assert refused.value.field == "amount"
    in_step(database)


def test_the_edges_of_closed_days(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    closed = TODAY - timedelta(days=1)
    made = posted_invoice(database, accountant, atlas, line("Goods", 1, 100, 0), dated_on=closed)
    part = invoice_of(database, accountant, made)["instalments"][0]["id"]
    advance = pay(database, accountant, atlas, 60, dated_on=closed)
    company_works(database, closed_through=closed)
    with pytest.raises(Invalid) as refused:
        pay(database, accountant, atlas, 1, {part: 1}, dated_on=closed)
    assert refused.value.field == "dated_on"
    # Money of a closed day is used today, and taken back today; the closed day never hears of it.
    with database.begin(accountant) as work:
        used = allocating.allocate_later(work, atlas, [(("receipt", advance), part, Decimal(60))])
    with database.begin(accountant) as work:
        allocating.unallocate(work, atlas, used)
    with database.read(accountant) as work:
        assert {row.dated_on for row in work.session.scalars(select(Allocation))} == {TODAY}
        assert balances.card(work, atlas, closed).of("CNY").unapplied == 60
    company_works(database, closed_through=TODAY)
    for step in (
        lambda: pay(database, accountant, atlas, 1, {part: 1}),
        lambda: posted_invoice(database, accountant, atlas, line("Goods", 1, 1, 0)),
        lambda: credited(database, accountant, made),
    ):
        with pytest.raises(Invalid) as refused:
            step()
        assert refused.value.field == "dated_on"


def test_a_leap_day(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    leap = date(2024, 2, 29)
    made = posted_invoice(database, accountant, atlas, line("Goods", 1, 366, 0), dated_on=leap, due_on=leap)
    assert invoice_of(database, accountant, made)["number"].startswith("INV2024-")
    part = invoice_of(database, accountant, made)["instalments"][0]["id"]
    with database.read(accountant) as work:
        assert balances.card(work, atlas, leap).of("CNY").not_due == 366
        assert balances.card(work, atlas, leap + timedelta(days=1)).of("CNY").buckets[0] == 366
        assert balances.card(work, atlas, date(2025, 2, 28)).of("CNY").oldest_late == 365
        assert statements.statement(work, atlas, from_on=leap, to_on=leap).closing == 366
    with database.begin(accountant) as work:
        rescheduling.give_day(work, part, date(2028, 2, 29), "In four years")
    with database.read(accountant) as work:
        assert balances.card(work, atlas).of("CNY").not_due == 366
        assert balances.card(work, atlas, leap + timedelta(days=1)).of("CNY").buckets[0] == 366


def test_a_clock_that_goes_back_changes_no_past_day(database: Database, firm: Firm, accountant: Actor) -> None:
    """A wrong clock, or a company that moves west: today is before what was written down already."""
    assert isinstance(database.clock, FixedClock)
    atlas = customer(database, firm.anna)
    early, late = TODAY - timedelta(days=9), TODAY - timedelta(days=3)
    made = posted_invoice(database, accountant, atlas, line("Goods", 1, 100, 0), dated_on=early)
    part = invoice_of(database, accountant, made)["instalments"][0]["id"]
    receipt = pay(database, accountant, atlas, 100, {part: 100}, dated_on=late)
    new = posted_invoice(database, accountant, atlas, line("Goods", 1, 40, 0), dated_on=late)
    fresh = invoice_of(database, accountant, new)["instalments"][0]["id"]

    def history() -> list[Decimal]:
        with database.read(accountant) as work:
            return [balances.card(work, atlas, early + timedelta(days=more)).of("CNY").balance for more in range(9)]

    before = history()
    assert (before[0], min(before)) == (100, 40)
    used = [one.id for one in receipt_of(database, accountant, receipt)["uses"]]
    database.clock.instant = NOW - timedelta(days=6)

    def in_back(step: Callable[[Work], Any]) -> None:
        with pytest.raises(UserError), database.begin(accountant) as work:
            step(work)

    in_back(lambda work: allocating.unallocate(work, atlas, used))
    in_back(lambda work: paying_back.reverse(work, receipt, receipts.get(work, receipt).version, "Bounced"))
    in_back(lambda work: write_offs.write_off(work, {fresh: Decimal(40)}, "Gone"))
    in_back(lambda work: rescheduling.give_day(work, fresh, TODAY, "Later"))
    in_back(lambda work: receipts.post(work, {"contact_id": atlas, "currency": "CNY", "amount": Decimal(40)},
                                       {fresh: Decimal(40)}))  # fmt: skip
    database.clock.instant = NOW
    assert history() == before
    in_step(database)


def test_an_order_ends_while_it_is_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    for _round in range(3):
        atlas = customer(database, firm.anna, f"Atlas {_round}")
        order = confirmed_order(database, firm.anna, atlas, line("Goods", 4, 250, 0))
        with database.begin(accountant) as work:
            made = invoicing.from_order(work, order)

        def end(order: int = order) -> None:
            try:
                with database.begin(firm.boss) as work:
                    orders.cancel(work, order, work.get(Order, order).version, "Dropped")
            except UserError:
                return

        def bill(made: int = made) -> None:
            try:
                post(database, accountant, made)
            except UserError:
                return

        assert not together(end, bill)
        with database.read(SYSTEM) as work:
            is_posted = work.get(Invoice, made).state == "posted"
            assert (work.get(Order, order).state == "cancelled") != is_posted, "one of them, never both"
    in_step(database)


def test_what_was_sold_is_invoiced_and_credited_although_it_is_no_longer_sold(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    atlas = customer(database, firm.anna)
    item = product(database, "B1")
    order = confirmed_order(database, firm.anna, atlas, line("Goods", 2, 50, 0, product_id=item))
    with database.begin(SYSTEM) as work:
        products.set_active(work, [item], active=False)
    made = from_order(database, accountant, order)
    post(database, accountant, made)
    credited(database, accountant, made)
    with pytest.raises(Invalid):
        draft(database, accountant, atlas, line("Goods", 1, 50, 0, product_id=item))
    in_step(database)
