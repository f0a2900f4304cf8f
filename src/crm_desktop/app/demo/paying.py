"""How the demo's customers pay: on time, late, in part, too much, several invoices at once, or not at all."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.app.demo import transfers
from crm_desktop.app.demo.billing import Claim, deposits
from crm_desktop.app.demo.deals import workday
from crm_desktop.app.demo.money_words import MoneyWords
from crm_desktop.app.demo.shipping import Sold
from crm_desktop.app.demo.transfers import Key, OpenMoney, OpenPart, Transfer, open_money, open_parts
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.orders.rules import reference_key
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.money import accounts, paying_back
from crm_desktop.shared.money import exponent, from_minor, round_half_away

PROMPT: Final = "prompt"
SLOW: Final = "slow"
BAD: Final = "bad"
NEVER: Final = "never"
FORGOTTEN: Final = "forgotten"
_HABITS: Final = (
    *(PROMPT, PROMPT, SLOW, PROMPT, PROMPT, SLOW, PROMPT, BAD, PROMPT, PROMPT),
    *(SLOW, PROMPT, PROMPT, NEVER, PROMPT, SLOW, PROMPT, PROMPT, SLOW, PROMPT),
    *(PROMPT, PROMPT, SLOW, PROMPT, BAD, PROMPT, PROMPT, PROMPT, PROMPT, PROMPT),
)
"""How customers pay, in the order they came."""
_DELAYS: Final = {PROMPT: (-6, 4), SLOW: (6, 30), BAD: (30, 75)}
"""Days from the due date to the payment: the soonest and the latest."""
_ACCEPTED: Final = (20, 45)
"""Days until an instalment without a day is paid."""
_SUED: Final = {"CNY": 2_500, "TWD": 11_000}
"""What even those who never pay do pay, because nobody lets it go."""
_LEFT_OPEN: Final = (
    *((170, 330, NEVER), (190, 300, FORGOTTEN), (95, 175, FORGOTTEN), (62, 89, FORGOTTEN), (32, 59, FORGOTTEN)),
    (4, 28, FORGOTTEN),
)
"""Days overdue by now of one debt each that is never paid: every column of an ageing has something in it.

The first is written off.
"""
_SMALL: Final = {"CNY": (100, 3_000), "TWD": (400, 13_000)}
"""How large these are."""
_MOST_LATE_PERCENT: Final = 24
_FOREIGN_FEE: Final = 15


@dataclass(slots=True)
class Plan:
    """When somebody means to pay an instalment; None is never."""

    claim: Claim
    habit: str
    pays_on: date | None


@dataclass(slots=True)
class _Advance:
    sold: Sold
    day: date
    number: str
    currency: str
    amount: int
    rate: Decimal


@dataclass(slots=True)
class _Counts:
    """What happens now and then is counted, so that a small demo has one of each too."""

    payments: int = 0
    customers: int = 0
    refs: int = field(default=240_000)


class Purse:
    """Pays the demo's invoices. `plans` has what is not paid yet, by instalment."""

    def __init__(self, words: MoneyWords, currency: str, last: date, chance: random.Random) -> None:
        self.words = words
        self.currency = currency
        self.last = last
        self.chance = chance
        self.plans: dict[int, Plan] = {}
        self.habits: dict[int, str] = {}
        self.coming: list[_Advance] = []
        self.advances: dict[int, int] = {}
        """The receipt of the deposit of an order, until it is used."""
        self.counts = _Counts()
        self.windows = list(_LEFT_OPEN)

    def open_accounts(self, work: Work) -> None:
        """Open the bank accounts and the cash box."""
        bank, foreign, cash = self.words.accounts
        self.bank = accounts.save_account(work, None, 0, {"name": bank, "number": "6222 0000 0000 0000"})
        self.foreign = accounts.save_account(work, None, 0, {"name": foreign, "number": "6222 0000 0000 0008"})
        self.cash = accounts.save_account(work, None, 0, {"name": cash, "currency": self.currency})

    def ordered(self, work: Work, sold: Sequence[Sold]) -> None:
        """Take note of new orders: whoever owes a deposit pays it within days, most of them."""
        by_id = {one.id: one for one in sold}
        for order_id, (number, currency, amount, rate) in sorted(deposits(work, sold).items()):
            one = by_id[order_id]
            if self._habit(one.customer.id) in (PROMPT, SLOW):
                day = max(workday(one.ordered_on + timedelta(days=self.chance.randint(2, 8))), one.ordered_on)
                self.coming.append(_Advance(one, day, number, currency, amount, rate))

    def billed(self, work: Work, claims: Sequence[Claim]) -> None:
        """Decide when new claims are paid; a deposit that came in already is used for them at once."""
        left = self._left_of_advances(work, claims)
        # A credit note of the same day may have taken some of the claim already.
        asked = select(Instalment.id, Instalment.open_amount).where(Instalment.id.in_([one.id for one in claims]))
        still: dict[int, int] = dict(work.session.execute(asked).all())
        moved: list[tuple[int, Use, date]] = []
        for claim in claims:
            self.plan(claim)
            receipt_id = self.advances.get(claim.order_id or 0)
            used = min(left.get(receipt_id or 0, 0), still[claim.id])
            if receipt_id is None or not used:
                continue
            moved.append((claim.contact_id, Use(used, receipt_id=receipt_id, instalment_id=claim.id), claim.billed_on))
            left[receipt_id] -= used
            if not left[receipt_id]:
                del self.advances[claim.order_id or 0]
            if used == still[claim.id]:
                del self.plans[claim.id]
        ledger.allocate_many(work, moved)

    def plan(self, claim: Claim) -> Plan:
        """Decide when an instalment is paid."""
        habit = self._habit(claim.contact_id)
        sued = _SUED[self.currency] * 10 ** exponent(claim.currency)
        if claim.amount * claim.rate > 8 * sued:
            habit = PROMPT  # somebody goes there
        elif habit == NEVER and claim.amount * claim.rate > sued:
            habit = BAD
        if claim.due_on is None:
            delay: int | None = self.chance.randint(*_ACCEPTED)
        else:
            delay = None if habit == NEVER else self.chance.randint(*_DELAYS[habit])
        begins = max(claim.due_on or claim.billed_on, claim.billed_on)
        left = self._left_open(claim)
        if left:
            habit, delay = left, None
        pays_on = None if delay is None else max(workday(begins + timedelta(days=delay)), claim.billed_on)
        self.plans[claim.id] = Plan(claim, habit, pays_on)
        return self.plans[claim.id]

    def _left_open(self, claim: Claim) -> str:
        """Return how one of the few debts that stay open is not paid; nothing for all others."""
        if claim.due_on is None or claim.currency != self.currency:
            return ""
        least, most = (amount * 10 ** exponent(claim.currency) for amount in _SMALL[claim.currency])
        late = (self.last - claim.due_on).days
        window = next((one for one in self.windows if one[0] <= late <= one[1]), None)
        if window is None or not least <= claim.amount <= most:
            return ""
        self.windows.remove(window)
        return window[2]

    def pay(self, work: Work, until: date) -> None:
        """Post what comes in until a day: deposits, then what is due to be paid, one transfer a customer."""
        self._post_advances(work, until)
        if until == self.last:
            self._call_in()
        groups: dict[Key, list[Plan]] = defaultdict(list)
        for plan in self.plans.values():
            if plan.pays_on is not None and plan.pays_on <= until:
                groups[plan.claim.contact_id, plan.claim.currency].append(plan)
        customers = {contact_id for contact_id, _currency in groups}
        parts, money = open_parts(work, customers), open_money(work, customers)
        made = []
        for key in sorted(groups, key=lambda key: (min(plan.pays_on or date.max for plan in groups[key]), key)):
            transfer = self._transfer(groups[key], parts.get(key, ()), money.get(key, ()))
            if transfer is not None:
                made.append(transfer)
        transfers.post(work, made)

    def _call_in(self) -> None:
        """Let the largest late payers pay just before the year ends, until no more than a healthy share is late."""
        plans = [plan for plan in self.plans.values() if plan.claim.currency == self.currency]
        late = [plan for plan in plans if plan.claim.due_on is not None and plan.claim.due_on < self.last]
        owed, overdue = (sum(plan.claim.amount for plan in some) for some in (plans, late))
        for plan in sorted(late, key=lambda plan: (-plan.claim.amount, plan.claim.id)):
            if overdue * 100 <= owed * _MOST_LATE_PERCENT or plan.habit == FORGOTTEN:
                continue
            plan.pays_on = self.last
            overdue, owed = overdue - plan.claim.amount, owed - plan.claim.amount

    def refund(self, work: Work, order_id: int, day: date) -> None:
        """Pay the deposit of a cancelled order back."""
        self.coming = [one for one in self.coming if one.sold.id != order_id]
        receipt_id = self.advances.pop(order_id, None)
        if receipt_id is not None:
            row = work.get(Receipt, receipt_id)
            values = {"dated_on": max(day, row.dated_on), "method": "transfer", "reason": self.words.refund_reason}
            paying_back.refund(work, (rules.RECEIPT, row.id), from_minor(row.open_amount, row.currency), values)

    def _habit(self, contact_id: int) -> str:
        if contact_id not in self.habits:
            self.habits[contact_id] = _HABITS[self.counts.customers % len(_HABITS)]
            self.counts.customers += 1
        return self.habits[contact_id]

    def _left_of_advances(self, work: Work, claims: Sequence[Claim]) -> dict[int, int]:
        """Return what is left of the deposits of the orders that claim now."""
        ids = {self.advances[one.order_id] for one in claims if one.order_id in self.advances}
        asked = select(Receipt.id, Receipt.open_amount).where(Receipt.id.in_(ids))
        return dict(work.session.execute(asked).all())

    def _post_advances(self, work: Work, until: date) -> None:
        due = sorted((one for one in self.coming if one.day <= until), key=lambda one: (one.day, one.sold.id))
        self.coming = [one for one in self.coming if one.day > until]
        made = []
        for one in due:
            note = self.words.advance_note.format(number=one.number)
            means = self._means(one.currency, one.amount, one.day) | {
                "reference": one.number,
                "reference_key": reference_key(one.number),
                "notes": note,
            }
            made.append(Transfer(one.sold.customer.id, one.currency, one.day, one.amount, one.rate, means))
        for one, id_ in zip(due, transfers.post(work, made), strict=True):
            self.advances[one.sold.id] = id_

    def _transfer(
        self, plans: Sequence[Plan], parts: Sequence[OpenPart], money: Sequence[OpenMoney]
    ) -> Transfer | None:
        """Return one transfer over what a customer means to pay, and by the way what falls due in the next days."""
        first = plans[0].claim
        day = max(plan.pays_on for plan in plans if plan.pays_on is not None)
        wanted = {plan.claim.id for plan in plans}
        self.counts.payments += 1
        count = self.counts.payments
        chosen = [one for one in parts if self._is_paid(one, wanted, day, generous=count % 3 == 0)]
        for one in parts:
            if one.disputed and one.id in wanted:
                self.plans[one.id].pays_on = workday(day + timedelta(days=16))  # once it is cleared up
                wanted.discard(one.id)
        met = {id_: self.plans.pop(id_).claim for id_ in wanted | {one.id for one in chosen}}
        if not chosen:
            return None
        uses = {one.id: one.open for one in chosen}
        if count % 9 == 4:
            uses |= self._in_part(chosen[-1], day, met[chosen[-1].id])
        owed = sum(uses.values())
        taken = []
        for source in money:
            some = min(source.open, owed)
            if some and source.dated_on <= day and source.id not in self.advances.values():
                taken.append((source.column, source.id, some))
                owed -= some
        kind, missing, amount = self._difference(first.currency, owed, count)
        if not amount:
            return None
        means = self._means(first.currency, amount, day)
        return Transfer(
            first.contact_id, first.currency, day, amount, self._rate(first), means, uses, taken, missing, kind
        )

    def _is_paid(self, one: OpenPart, wanted: set[int], day: date, *, generous: bool) -> bool:
        if one.disputed or one.id not in self.plans or (one.dated_on or day) > day:
            return False
        early = generous and self.plans[one.id].pays_on is not None
        return one.id in wanted or (early and one.due_on is not None and one.due_on <= day + timedelta(days=10))

    def _in_part(self, last: OpenPart, day: date, claim: Claim) -> dict[int, int]:
        """Return about 60% of the last instalment; its rest comes weeks later."""
        unit = 100 * 10 ** exponent(claim.currency)
        part = last.open * 6 // 10 // unit * unit
        if not part:
            return {}
        later = day + timedelta(days=self.chance.randint(12, 45))
        self.plans[last.id] = Plan(claim, SLOW, workday(later))
        return {last.id: part}

    def _difference(self, currency: str, owed: int, count: int) -> tuple[str, int, int]:
        """Return what is settled on the spot, and what comes in."""
        cent = 10 ** exponent(currency)
        if currency != self.currency:
            fee = _FOREIGN_FEE * cent if count % 2 and owed > 20 * _FOREIGN_FEE * cent else 0
            return rules.BANK_FEE, fee, owed - fee
        short = cent // 2 or 1
        if count % 13 == 6 and owed > 100 * short:
            return rules.DIFFERENCE, short, owed - short
        if count % 17 == 8 and owed > 1000 * cent:
            # Typed a round sum at the bank: the rest stays as an advance.
            return rules.DIFFERENCE, 0, -(-owed // (1000 * cent)) * 1000 * cent
        return rules.DIFFERENCE, 0, owed

    def _rate(self, claim: Claim) -> Decimal:
        drift = Decimal(self.chance.uniform(0.985, 1.015))
        return claim.rate if claim.currency == self.currency else round_half_away(claim.rate * drift, 4)

    def _means(self, currency: str, amount: int, day: date) -> dict[str, Any]:
        """Return how money came: by which way, into which account, under which reference."""
        self.counts.refs += self.chance.randint(3, 60)
        is_own = currency == self.currency
        in_cash = is_own and amount < 300 * 10 ** exponent(currency)
        by_draft = is_own and not in_cash and self.counts.refs % 17 == 0
        reference = "" if in_cash else f"T{self.counts.refs}"
        return {
            "method": "cash" if in_cash else "acceptance" if by_draft else "transfer",
            "account_id": self.cash if in_cash else self.bank if is_own else self.foreign,
            "reference": reference,
            "reference_key": reference_key(reference),
            "matures_on": day + timedelta(days=180) if by_draft else None,
        }
