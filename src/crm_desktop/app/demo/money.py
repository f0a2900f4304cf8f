"""The demo's money, week by week after the trade of the week: bills, payments, and what is done about the rest."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import update

from crm_desktop.app.demo.billing import BillBook
from crm_desktop.app.demo.collecting import Chaser
from crm_desktop.app.demo.money_words import MONEY_WORDS
from crm_desktop.app.demo.paying import Purse
from crm_desktop.app.demo.people import Staff
from crm_desktop.app.demo.shipping import Parcel, Sold
from crm_desktop.db.work import Work
from crm_desktop.receivables.ledger_model import Allocation, DunningLetter, Promise, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import Invoice

MOST_CUSTOMERS: Final = 900
"""About how many customers of a large demo are billed here; the others' bills are written in another program."""
_ROUND_WEEKS: Final = 2
"""Bills and receipts keep their own days, and are written down in rounds: a few at a time cost more."""
_STAMPED: Final[Sequence[tuple[Any, tuple[str, ...]]]] = (
    (Invoice, ("created_by", "updated_by", "posted_by")),
    (Receipt, ("created_by", "updated_by")),
    *((entity, ("created_by",)) for entity in (Allocation, Reschedule, WriteOff, DunningLetter, Promise)),
)


class Money:
    """What a demo's firm earns. `customers` is how many there are."""

    def __init__(self, language: str, currency: str, staff: Staff, customers: int, last: date, seed: int) -> None:
        words = MONEY_WORDS[language]
        chance = random.Random(seed)
        self.staff = staff
        self.cancelled: list[int] = []
        self.every = max(1, customers // MOST_CUSTOMERS)
        self.bills = BillBook(last, words.credit_reason, random.Random(chance.getrandbits(32)))
        self.purse = Purse(words, currency, last, random.Random(chance.getrandbits(32)))
        self.chaser = Chaser(words, self.purse, staff.owner, random.Random(chance.getrandbits(32)))

    def open(self, work: Work) -> None:
        """Prepare the year."""
        self.purse.open_accounts(work)

    def week(
        self,
        work: Work,
        number: int,
        until: date,
        sold: Sequence[Sold],
        parcels: Sequence[Parcel],
        ended: Sequence[int],
    ) -> None:
        """Do the money of a week: its confirmed orders, what went out in it, and the orders cancelled in it."""
        self.purse.ordered(work, [one for one in sold if self._bills(one)])
        self.bills.expect(one for one in parcels if self._bills(one.sold))
        self.cancelled += ended
        if number % _ROUND_WEEKS == _ROUND_WEEKS - 1:
            self._round(work, number, until)

    def _round(self, work: Work, number: int, until: date) -> None:
        for order_id in self.cancelled:
            self.purse.refund(work, order_id, until)
        self.cancelled = []
        claims = self.bills.write(work, until)
        self.purse.billed(work, claims)
        self.chaser.billed(claims)
        self.chaser.chase(work, until, number)
        self.purse.pay(work, until)

    def close(self, work: Work) -> None:
        """End the year: disputes and limits as things stand; and say who did it all: the accountant."""
        self.chaser.dispute_some(work, self.bills.last)
        self.chaser.set_limits(work)
        work.session.flush()
        for entity, names in _STAMPED:
            for name in names:
                column = getattr(entity, name)
                unsaid = update(entity).where(column.is_(None))
                if name == "posted_by":
                    unsaid = unsaid.where(Invoice.posted_at.is_not(None))
                work.session.execute(
                    unsaid.values({name: self.staff.accountant}), execution_options={"synchronize_session": False}
                )

    def _bills(self, sold: Sold) -> bool:
        return sold.customer.id % self.every == 0
