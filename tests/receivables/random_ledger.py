"""A customer whose account is driven at random, and what its rows say, worked out without the services."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

import pytest
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.ledger_model import Allocation, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import allocating, paying_back, receipts, rescheduling, write_offs
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.receivables.money.write_offs import write_offs_of
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.money import from_minor
from tests.receivables.documents import posted_in

CURRENCIES: Final = ("CNY", "JPY", "BHD")
FIRST: Final = date(2026, 1, 5)
SIDES: Final = ("receipt_id", "credit_id", "write_off_id", "reschedule_id", "instalment_id", "spent_id")


@dataclass(frozen=True)
class Rows:
    """Every row of the account, as plain values."""

    claims: tuple[Any, ...]
    money: tuple[Any, ...]
    invoices: tuple[Any, ...]
    others: dict[str, dict[int, int]]
    allocations: tuple[Any, ...]


class RandomLedger:
    """Steps on the money of one customer; each returns the first day it may have changed."""

    def __init__(self, database: Database, by: Actor, contact_id: int, chance: random.Random) -> None:
        self.database, self.by, self.contact_id, self.chance = database, by, contact_id, chance
        self.day = FIRST
        self.set_clock()

    def set_clock(self) -> None:
        self.database.clock = FixedClock(datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC))

    def step(self) -> date:
        """Do one thing chosen at random."""
        steps = (
            self.tomorrow, self.post, self.post, self.credit, self.receive, self.receive, self.receive,
            self.use_later, self.take_back, self.refund, self.reverse, self.write_off, self.open_again,
            self.reschedule, self.overdraw,
        )  # fmt: skip
        return self.chance.choice(steps)()

    def tomorrow(self) -> date:
        self.day += timedelta(days=self.chance.choice((1, 1, 5, 40)))
        self.set_clock()
        return self.day

    def post(self) -> date:
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        parts = [
            (self.amount(currency), self.chance.choice((None, day, day + timedelta(days=self.chance.randrange(90)))))
            for _part in range(self.chance.randint(1, 4))
        ]
        with self.database.begin(SYSTEM) as work:
            posted_in(work, self.contact_id, *parts, dated_on=day, currency=currency)
        return day

    def credit(self) -> date:
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        with self.database.begin(SYSTEM) as work:
            posted_in(work, self.contact_id, self.amount(currency), dated_on=day, currency=currency, kind="credit")
        return day

    def receive(self) -> date:
        """Receive something that pays parts of what is open, with credits, advances and differences."""
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        opened = self.opened(currency)
        uses = {one: self.some(left, currency) for one, left in self.chosen(opened)}
        wanted = sum(uses.values(), Decimal(0))
        taken: dict[tuple[str, int], Decimal] = {}
        for source, left in self.chosen(self.usable(currency)):
            some = min(self.some(left, currency), wanted - sum(taken.values(), Decimal(0)))
            if some > 0:
                taken[source] = some
        missing = wanted - sum(taken.values(), Decimal(0))
        extra = self.amount(currency) if self.chance.random() < 0.4 or not missing else Decimal(0)
        less = self.some(missing, currency) if missing > 1 and not extra and self.chance.random() < 0.3 else Decimal(0)
        if less == missing and not taken:
            less = Decimal(0)
        difference = None
        if less:
            difference = (self.chance.choice(("bank_fee", "difference")), less)
        elif extra and self.chance.random() < 0.3:
            difference = ("difference", self.some(extra, currency))
        values = {
            "contact_id": self.contact_id, "currency": currency, "amount": missing - less + extra, "dated_on": day,
            "rate": Decimal("0.5"),
        }  # fmt: skip
        with self.database.begin(self.by) as work:
            receipts.post(work, values, uses, taken, difference=difference)
        return day

    def use_later(self) -> date:
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        sources, targets = self.usable(currency), self.opened(currency)
        if not sources or not targets:
            return self.day
        source, target = self.chance.choice(sorted(sources)), self.chance.choice(sorted(targets))
        amount = self.some(min(sources[source], targets[target]), currency)
        with self.database.begin(self.by) as work:
            allocating.allocate_later(work, self.contact_id, [(source, target, amount)], dated_on=day)
        return day

    def take_back(self) -> date:
        standing = [row.id for row in self.standing() if row.instalment_id and (row.receipt_id or row.credit_id)]
        if standing:
            with self.database.begin(self.by) as work:
                allocating.unallocate(work, self.contact_id, self.chance.sample(standing, min(2, len(standing))))
        return self.day

    def refund(self) -> date:
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        sources = self.usable(currency)
        if not sources:
            return self.day
        source = self.chance.choice(sorted(sources))
        with self.database.begin(self.by) as work:
            change = self.chance.random() < 0.3
            if change:
                paying_back.keep(work, source, self.some(sources[source], currency))
            else:
                paying_back.refund(work, source, self.some(sources[source], currency), {"dated_on": day})
        return day

    def reverse(self) -> date:
        rows = self.rows()
        gone = {row.origin_id for row in rows.money if row.kind == "reversal"}
        refunded = {row.origin_id for row in rows.money if row.kind == "refund"}
        left = [row for row in rows.money if row.kind == "receipt" and row.id not in gone | refunded]
        if left:
            with self.database.begin(self.by) as work:
                paying_back.reverse(work, self.chance.choice(left).id, 1, "bounced")
        return self.day

    def write_off(self) -> date:
        currency, day = self.chance.choice(CURRENCIES), self.earlier()
        amounts = {one: self.some(left, currency) for one, left in self.chosen(self.opened(currency))}
        if not amounts:
            return self.day
        with self.database.begin(self.by) as work:
            write_offs.write_off(work, amounts, "hopeless", dated_on=day)
        return day

    def open_again(self) -> date:
        with self.database.read(SYSTEM) as work:
            whole = [one.id for one in write_offs_of(work, contact_id=self.contact_id) if not one.taken_back]
        if whole:
            with self.database.begin(self.by) as work:
                write_offs.take_back(work, self.chance.choice(whole))
        return self.day

    def reschedule(self) -> date:
        currency = self.chance.choice(CURRENCIES)
        opened = self.opened(currency)
        if opened:
            old = self.chance.choice(sorted(opened))
            first = self.some(opened[old], currency)
            parts = [Part(first, self.day + timedelta(days=self.chance.randrange(400)))]
            if first < opened[old]:
                parts.append(Part(opened[old] - first, None, "on acceptance"))
            with self.database.begin(self.by) as work:
                rescheduling.reschedule(work, old, parts, "short of money")
        return self.day

    def overdraw(self) -> date:
        """Ask for more than there is: refused, whichever side lacks."""
        currency = self.chance.choice(CURRENCIES)
        for target, left in self.chosen(self.opened(currency)):
            asked = left + self.some(left, currency)
            values = {"contact_id": self.contact_id, "currency": currency, "amount": asked, "rate": Decimal(1)}
            with pytest.raises(NotEnough), self.database.begin(self.by) as work:
                receipts.post(work, values, {target: asked})
        return self.day

    def earlier(self) -> date:
        return max(FIRST, self.day - timedelta(days=self.chance.choice((0, 0, 1, 3, 60))))

    def amount(self, currency: str) -> Decimal:
        return from_minor(self.chance.choice((1, 2, 99, 1000, self.chance.randint(1, 10**9))), currency)

    def some(self, most: Decimal, currency: str) -> Decimal:
        """All of it, or a part of it that is above 0."""
        units = int(most / from_minor(1, currency))
        return most if units <= 1 or self.chance.random() < 0.4 else from_minor(self.chance.randint(1, units), currency)

    def chosen(self, of: dict[Any, Decimal]) -> list[tuple[Any, Decimal]]:
        keys = sorted(of)
        return [(key, of[key]) for key in self.chance.sample(keys, min(len(keys), self.chance.randint(0, 3)))]

    def opened(self, currency: str) -> dict[int, Decimal]:
        return {
            row.id: from_minor(row.open_amount, currency)
            for row in self.rows().claims
            if row.currency == currency and row.open_amount
        }

    def usable(self, currency: str) -> dict[tuple[str, int], Decimal]:
        rows = self.rows()
        found = {("receipt", row.id): row.open_amount for row in rows.money if row.currency == currency}
        found |= {
            ("credit", row.id): row.open_amount
            for row in rows.invoices
            if row.currency == currency and row.kind == "credit"
        }
        return {key: from_minor(left, currency) for key, left in found.items() if left}

    def standing(self) -> list[Any]:
        allocations = self.rows().allocations
        gone = {row.reverses_id for row in allocations}
        return [row for row in allocations if row.amount > 0 and row.id not in gone]

    def rows(self) -> Rows:
        """Read everything there is of the customer."""
        with self.database.read(SYSTEM) as work:

            def all_of(entity: Any) -> tuple[Any, ...]:
                columns = [column for column in entity.__table__.columns if column.name != "due_sort"]
                asked = select(*columns).where(entity.__table__.c.contact_id == self.contact_id)
                return tuple(work.session.execute(asked.order_by(entity.__table__.c.id)).all())

            return Rows(
                claims=all_of(Instalment),
                money=all_of(Receipt),
                invoices=all_of(Invoice),
                others={
                    "write_off_id": {row.id: row.amount for row in all_of(WriteOff)},
                    "reschedule_id": {row.id: row.amount for row in all_of(Reschedule)},
                },
                allocations=all_of(Allocation),
            )


def used(rows: Rows, column: str, id_: int, day: date | None = None) -> int:
    return sum(
        row.amount for row in rows.allocations if getattr(row, column) == id_ and (day is None or row.dated_on <= day)
    )


def check_sides(rows: Rows) -> None:
    """No source and no target ever holds more than it has, on any day; nothing is used before it began."""
    worth = {("instalment_id", row.id): (row.amount, row.claimed_on) for row in rows.claims}
    for row in rows.money:
        worth["receipt_id" if row.kind == "receipt" else "spent_id", row.id] = (row.amount, row.dated_on)
    worth |= {("credit_id", row.id): (row.total, row.dated_on) for row in rows.invoices if row.kind == "credit"}
    worth |= {(name, id_): (amount, FIRST) for name, of in rows.others.items() for id_, amount in of.items()}
    moved: dict[tuple[str, int], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.allocations:
        for name in SIDES:
            if getattr(row, name) is not None:
                moved[name, getattr(row, name)][row.dated_on] += row.amount
    for key, by_day in moved.items():
        amount, since = worth[key]
        assert min(by_day) >= since, key
        levels = list(accumulate(by_day[day] for day in sorted(by_day)))
        assert min(levels) >= 0, key
        assert max(levels) <= amount, key


def check_kept(rows: Rows) -> None:
    """Every kept amount is what its rows add up to."""
    for row in rows.claims:
        assert row.open_amount == row.amount - used(rows, "instalment_id", row.id)
        assert (row.settled_on is not None) == (row.open_amount == 0)
    for row in rows.money:
        left = row.amount - used(rows, "receipt_id", row.id) if row.kind == "receipt" else 0
        assert row.open_amount == left
    for row in rows.invoices:
        mine = [claim for claim in rows.claims if claim.invoice_id == row.id]
        if row.kind == "credit":
            assert row.open_amount == row.total - used(rows, "credit_id", row.id)
            continue
        assert row.open_amount == sum(claim.open_amount for claim in mine)
        due = [claim.due_on for claim in mine if claim.open_amount and claim.due_on]
        assert row.next_due_on == min(due, default=None)


def figures(rows: Rows, day: date) -> dict[str, tuple[int, int, tuple[tuple[int, int], ...]]]:
    """What was owed, unapplied, and open of each instalment on a day, per currency, from dated rows alone."""
    told = {}
    for currency in CURRENCIES:
        parts = tuple(
            (row.id, row.amount - used(rows, "instalment_id", row.id, day))
            for row in rows.claims
            if row.currency == currency and row.claimed_on <= day
        )
        unapplied = sum(
            row.amount - used(rows, "receipt_id", row.id, day)
            for row in rows.money
            if row.kind == "receipt" and row.currency == currency and row.dated_on <= day
        ) + sum(
            row.total - used(rows, "credit_id", row.id, day)
            for row in rows.invoices
            if row.kind == "credit" and row.currency == currency and row.dated_on <= day
        )
        told[currency] = (sum(left for _id, left in parts), unapplied, parts)
    return told
