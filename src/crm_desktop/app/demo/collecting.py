"""How the demo's firm gets its money in: promises, disputes, moved instalments, letters, write-offs, limits."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from crm_desktop.app.demo.billing import Claim
from crm_desktop.app.demo.deals import workday
from crm_desktop.app.demo.money_words import MoneyWords
from crm_desktop.app.demo.paying import BAD, NEVER, SLOW, Plan, Purse
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.collecting import credit_terms, dunning
from crm_desktop.receivables.money import disputes, promises, rescheduling, write_offs
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.shared.money import from_minor, round_half_away

_PROMISE, _DISPUTE, _SETTLE, _MOVE, _WRITE_OFF = "promise", "dispute", "settle", "move", "write off"
_LETTER_WEEKS: Final = (35, 39, 43, 47, 49)
"""After which weeks of the year the letters go out."""
_MOST_LETTERS: Final = 5
_LIMITS: Final = 12
"""How many of the customers who owe most have a limit of their own."""
_OVERDUE_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class _Step:
    """Something to do about an instalment on a day."""

    day: date
    kind: str
    instalment_id: int


class Chaser:
    """Goes after what the customers of a `Purse` do not pay."""

    def __init__(self, words: MoneyWords, purse: Purse, approver: int, chance: random.Random) -> None:
        self.words = words
        self.purse = purse
        self.approver = approver
        self.chance = chance
        self.steps: list[_Step] = []
        self.late = 0
        self.moved = 0
        self.written_off = 0

    def billed(self, claims: Iterable[Claim]) -> None:
        """Decide what is done about claims that will be paid late."""
        for claim in claims:
            plan = self.purse.plans.get(claim.id)
            if plan is not None and claim.due_on is not None and plan.habit in (SLOW, BAD, NEVER):
                self.late += 1
                self._decide(claim, claim.due_on, plan)

    def chase(self, work: Work, until: date, week: int) -> None:
        """Do what is to be done until a day."""
        due = sorted((one for one in self.steps if one.day <= until), key=lambda one: (one.day, one.instalment_id))
        self.steps = [one for one in self.steps if one.day > until]
        for step in due:
            row = work.session.scalars(select(Instalment).where(Instalment.id == step.instalment_id)).one()
            if row.open_amount:
                self._do(work, step, row)
        if week in _LETTER_WEEKS:
            found = dunning.proposals(work)
            reminders = [one for one in found if one.level == 0]
            chosen = {one.contact_id for one in (*found[: _MOST_LETTERS - 1], *reminders[:1])}
            dunning.send(work, chosen)

    def dispute_some(self, work: Work, today: date) -> None:
        """Let some of what is overdue be disputed when the year ends."""
        late = [one.claim.id for one in self.purse.plans.values() if one.claim.due_on and one.claim.due_on < today]
        for id_ in sorted(late)[-1 : -2 - len(late) // 12 : -1]:
            disputes.dispute(work, id_, self.chance.choice(self.words.disputes))

    def set_limits(self, work: Work) -> None:
        """Give those who owe most limits that carry it, one of them less than that; some stop when overdue."""
        owed = func.sum(Instalment.open_amount)
        asked = select(Instalment.contact_id, owed).where(
            Instalment.open_amount != 0, Instalment.currency == self.purse.currency
        )
        rows = work.session.execute(
            asked.group_by(Instalment.contact_id).order_by(owed.desc(), Instalment.contact_id).limit(_LIMITS)
        ).all()
        for place, (contact_id, minor) in enumerate(rows):
            factor = Decimal("0.5") if place in (1, 5) else Decimal("1.6")
            limit = round_half_away(from_minor(minor, self.purse.currency) * factor / 1000, 0) * 1000
            terms = {"limit": max(limit, Decimal(1000))} | ({"overdue_days": _OVERDUE_DAYS} if place % 4 == 3 else {})
            credit_terms.save(work, contact_id, 0, terms)

    def _decide(self, claim: Claim, due_on: date, plan: Plan) -> None:
        late, day = self.late, max(due_on, claim.billed_on)
        if late % 11 == 6:
            self._plan(day, 9, _DISPUTE, claim)
            if plan.pays_on is not None:
                self._plan(plan.pays_on, -3, _SETTLE, claim)
        elif late % 13 == 8:
            self._plan(day, 12, _MOVE, claim)
        elif late % 2 and (plan.pays_on is None or plan.pays_on > day + timedelta(days=14)):
            self._plan(day, self.chance.randint(10, 16), _PROMISE, claim)
        if plan.habit == NEVER:
            self._plan(day, 150, _WRITE_OFF, claim)

    def _plan(self, day: date, later: int, kind: str, claim: Claim) -> None:
        self.steps.append(_Step(workday(day + timedelta(days=later)), kind, claim.id))

    def _do(self, work: Work, step: _Step, row: Instalment) -> None:
        words, chance = self.words, self.chance
        if step.kind == _PROMISE:
            self._promise(work, step, row)
        elif step.kind == _DISPUTE:
            disputes.dispute(work, row.id, chance.choice(words.disputes))
        elif step.kind == _SETTLE and row.disputed_on is not None:
            disputes.settle(work, row.id, outcome=words.settled)
        elif step.kind == _MOVE:
            self._move(work, step, row)
        elif step.kind == _WRITE_OFF and row.disputed_on is None:
            self.written_off += 1
            if self.written_off % 3 == 1:
                amounts = {row.id: from_minor(row.open_amount, row.currency)}
                self.purse.plans.pop(row.id, None)
                write_offs.write_off(work, amounts, words.write_off_reason, approved_by=self.approver)

    def _promise(self, work: Work, step: _Step, row: Instalment) -> None:
        """Write a promise down; every second one is kept, as far as the customer ever pays."""
        due_on = workday(step.day + timedelta(days=self.chance.randint(7, 14)))
        plan = self.purse.plans.get(row.id)
        if plan is not None and plan.habit != NEVER and self.chance.random() < 0.55:
            plan.pays_on = due_on
        promises.promise(
            work,
            row.contact_id,
            {
                "currency": row.currency,
                "amount": from_minor(row.open_amount, row.currency),
                "due_on": due_on,
                "made_on": step.day,
                "person": self.chance.choice(self.words.promised_by),
                "notes": self.chance.choice(self.words.promises),
            },
        )

    def _move(self, work: Work, step: _Step, row: Instalment) -> None:
        """Agree on two later days for what is open; the customer pays like before."""
        half = round_half_away(from_minor(row.open_amount, row.currency) / 2, 0)
        rest = from_minor(row.open_amount, row.currency) - half
        if half <= 0 or rest <= 0:
            return
        days = [step.day + timedelta(days=more) for more in (20, 50)]
        parts = [
            Part(amount, workday(day), label=self.words.part_label.format(place=place))
            for place, (amount, day) in enumerate(zip((half, rest), days, strict=True), 1)
        ]
        ids = rescheduling.reschedule(work, row.id, parts, self.chance.choice(self.words.reschedule_reasons))
        plan = self.purse.plans.pop(row.id, None)
        for id_, part in zip(ids, parts, strict=True):
            if plan is not None:
                self.purse.plan(plan.claim._replace(id=id_, due_on=part.due_on, billed_on=step.day))
