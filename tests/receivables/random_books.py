"""Books that fill themselves by chance: days pass, documents, money and mistakes come in, all through services."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Allocation, Receipt, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import allocating, paying_back, receipts, rescheduling, write_offs
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.money import exponent
from tests.companies import NOW
from tests.receivables.documents import customer, open_of, posted

CURRENCIES = ("CNY", "CNY", "USD", "JPY")
DAY = NOW.date()


class RandomBooks:
    """A company whose last half year happens in random steps; `today` goes on between them."""

    def __init__(self, database: Database, keeper: Actor, owners: tuple[Actor, ...], seed: int) -> None:
        self.database, self.keeper, self.chance = database, keeper, random.Random(seed)
        self.today = DAY - timedelta(180)
        self.customers = [customer(database, by, f"Customer {place}") for place, by in enumerate((*owners, *owners))]
        self.first_open_day = self.today
        self._set_clock()
        self.steps: tuple[Callable[[int, str], None], ...] = (
            *(self.invoice,) * 5,
            *(self.receive,) * 5,
            self.credit,
            self.allocate,
            self.unallocate,
            self.refund,
            self.bounce,
            self.write_off,
            self.take_back,
            self.reschedule,
        )

    def live(self, steps: int) -> None:
        """Let that many things happen, and days pass between them."""
        for _step in range(steps):
            if self.chance.random() < 0.5:
                self.pass_days(self.chance.randint(1, 9))
            self.chance.choice(self.steps)(self.chance.choice(self.customers), self.chance.choice(CURRENCIES))

    def pass_days(self, days: int) -> None:
        """Go on to a later day, at most to the last one."""
        self.today = min(self.today + timedelta(days), DAY)
        self._set_clock()

    def close(self) -> date:
        """Let nothing be dated on or before today any more, as a period that was reported; return today."""
        closed = self.today
        self.pass_days(1)
        self.first_open_day = self.today
        return closed

    # What happens

    def invoice(self, contact_id: int, currency: str) -> None:
        """Post an invoice of some instalments, some without a day."""
        day = self.some_day()
        parts = [
            (
                self.amount(currency),
                None if self.chance.random() < 0.15 else day + timedelta(self.chance.choice((0, 30, 60))),
            )
            for _part in range(self.chance.randint(1, 3))
        ]
        posted(self.database, contact_id, *parts, dated_on=day, currency=currency)

    def credit(self, contact_id: int, currency: str) -> None:
        """Post a credit note."""
        posted(
            self.database, contact_id, self.amount(currency), dated_on=self.some_day(), currency=currency, kind="credit"
        )

    def receive(self, contact_id: int, currency: str) -> None:
        """Enter a receipt for some of what is open, in part, with credits taken, or with more than that."""
        items = open_of(self.database, contact_id, currency)
        day = self.some_day()
        uses = {
            one.id: self.part(one.open, currency)
            for one in items.instalments
            if one.dated_on <= day and self.chance.random() < 0.6
        }
        need = sum(uses.values(), Decimal(0))
        taken = {}
        for one in items.credits:
            if need and one.dated_on <= day and self.chance.random() < 0.4:
                taken[one.key] = min(need, one.open)
                need -= taken[one.key]
        advance = self.amount(currency) if self.chance.random() < 0.3 or not uses else Decimal(0)
        values = {"contact_id": contact_id, "dated_on": day, "currency": currency, "amount": need + advance}
        with self.database.begin(self.keeper) as work:
            receipts.post(work, values | {"method": "transfer", "rate": Decimal(7)}, uses, taken)

    def allocate(self, contact_id: int, currency: str) -> None:
        """Use an advance or a credit note for something open, later."""
        items = open_of(self.database, contact_id, currency)
        if not items.credits or not items.instalments:
            return
        source, target = self.chance.choice(items.credits), self.chance.choice(items.instalments)
        with self.database.begin(self.keeper) as work:
            some = [(source.key, target.id, min(source.open, self.part(target.open, currency)))]
            allocating.allocate_later(work, contact_id, some, dated_on=self.some_day())

    def unallocate(self, contact_id: int, _currency: str) -> None:
        """Take some use of money back."""
        with self.database.begin(self.keeper) as work:
            undone = select(Allocation.reverses_id).where(Allocation.reverses_id.is_not(None))
            asked = select(Allocation.id).where(
                Allocation.contact_id == contact_id,
                Allocation.amount > 0,
                Allocation.instalment_id.is_not(None),
                Allocation.receipt_id.is_not(None) | Allocation.credit_id.is_not(None),
                Allocation.id.not_in(undone),
            )
            ids = list(work.session.scalars(asked.order_by(Allocation.id)))
            if ids:
                allocating.unallocate(work, contact_id, [self.chance.choice(ids)], reason="Mistake")

    def refund(self, contact_id: int, currency: str) -> None:
        """Give unused money back, or part of it."""
        found = open_of(self.database, contact_id, currency).credits
        if found:
            source = self.chance.choice(found)
            with self.database.begin(self.keeper) as work:
                values = {"dated_on": self.today, "method": "transfer", "reason": "Paid twice"}
                paying_back.refund(work, source.key, self.part(source.open, currency), values)

    def bounce(self, contact_id: int, _currency: str) -> None:
        """Take a whole receipt back: the money never arrived."""
        with self.database.begin(self.keeper) as work:
            gone = select(Receipt.origin_id).where(Receipt.origin_id.is_not(None))
            spent = select(Allocation.receipt_id).where(
                Allocation.spent_id.is_not(None), Allocation.receipt_id.is_not(None)
            )
            asked = select(Receipt).where(
                Receipt.contact_id == contact_id,
                Receipt.kind == rules.RECEIPT,
                Receipt.id.not_in(gone),
                Receipt.id.not_in(spent),
            )
            rows = list(work.session.scalars(asked.order_by(Receipt.id)))
            if rows:
                row = self.chance.choice(rows)
                paying_back.reverse(work, row.id, row.version, "Bounced")

    def write_off(self, contact_id: int, currency: str) -> None:
        """Write something open off, in part."""
        items = open_of(self.database, contact_id, currency).instalments
        if items:
            one = self.chance.choice(items)
            with self.database.begin(self.keeper) as work:
                write_offs.write_off(work, {one.id: self.part(one.open, currency)}, "Bankrupt")

    def take_back(self, contact_id: int, _currency: str) -> None:
        """Take a write-off back."""
        with self.database.begin(self.keeper) as work:
            undone = select(Allocation.write_off_id).where(Allocation.amount < 0, Allocation.write_off_id.is_not(None))
            asked = select(WriteOff.id).where(WriteOff.contact_id == contact_id, WriteOff.id.not_in(undone))
            ids = list(work.session.scalars(asked.order_by(WriteOff.id)))
            if ids:
                write_offs.take_back(work, self.chance.choice(ids))

    def reschedule(self, contact_id: int, currency: str) -> None:
        """Move what is open of an instalment to other days, or make it wait for an event."""
        items = open_of(self.database, contact_id, currency).instalments
        if not items:
            return
        one = self.chance.choice(items)
        first = self.part(one.open, currency)
        parts = [rescheduling.Part(first, self.today + timedelta(self.chance.randint(1, 90)))]
        if one.open - first:
            parts.append(rescheduling.Part(one.open - first, None, "on acceptance"))
        with self.database.begin(self.keeper) as work:
            rescheduling.reschedule(work, one.id, parts, "Asked for more time")

    # Chance

    def some_day(self) -> date:
        """Return a day that is not closed: mostly today, now and then one that is past."""
        back = self.chance.choice((0, 0, 0, 3, 10))
        return max(self.first_open_day, self.today - timedelta(back))

    def amount(self, currency: str) -> Decimal:
        """Return an amount with all the decimals of its currency."""
        return Decimal(self.chance.randint(1, 500_000)).scaleb(-exponent(currency))

    def part(self, whole: Decimal, currency: str) -> Decimal:
        """Return the whole, or some of it."""
        if self.chance.random() < 0.5:
            return whole
        places = exponent(currency)
        return Decimal(self.chance.randint(1, int(whole.scaleb(places)))).scaleb(-places)

    def _set_clock(self) -> None:
        self.database.clock.instant = datetime.combine(self.today, NOW.timetz())  # type: ignore[attr-defined]


def plain_ageing(database: Database, as_of: date, bounds: tuple[int, ...], by: str = "due") -> dict[Any, list[int]]:
    """Work the ageing out once more, row by row in plain Python: {(customer, currency): slots as in a row}."""
    with database.read(SYSTEM) as work:
        uses = [
            (row.instalment_id, row.receipt_id, row.credit_id, row.amount)
            for row in work.session.scalars(select(Allocation))
            if row.dated_on <= as_of
        ]
        claims = [row for row in work.session.scalars(select(Instalment)) if row.claimed_on and row.claimed_on <= as_of]
        money = [
            (row.contact_id, row.currency, row.amount - sum(use[3] for use in uses if use[1] == row.id))
            for row in work.session.scalars(select(Receipt))
            if row.kind == "receipt" and row.dated_on <= as_of
        ]
        money += [
            (row.contact_id, row.currency, row.total - sum(use[3] for use in uses if use[2] == row.id))
            for row in work.session.scalars(select(Invoice))
            if row.kind == "credit" and row.state == "posted" and row.dated_on <= as_of
        ]
        left = [
            (
                row.contact_id,
                row.currency,
                row.due_on if by == "due" else row.dated_on,
                row.amount - sum(use[3] for use in uses if use[0] == row.id),
            )
            for row in claims
        ]
    made: dict[Any, list[int]] = {}
    width = len(bounds) + 5
    for contact_id, currency, day, amount in left:
        slots = made.setdefault((contact_id, currency), [0] * width)
        late = None if day is None else (as_of - day).days
        if late is None:
            place = len(bounds) + 2
        elif late <= 0:
            place = 0
        else:
            place = 1 + next((n for n, bound in enumerate(bounds) if late <= bound), len(bounds))
        slots[place] += amount
        slots[-1] += amount
    for contact_id, currency, amount in money:
        slots = made.setdefault((contact_id, currency), [0] * width)
        slots[-2] += amount
        slots[-1] -= amount
    return {key: slots for key, slots in made.items() if any(slots)}
