"""The demo's opportunities: those its quotes and orders came of, and those nobody quoted yet."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from crm_desktop.app.demo.deals import FOREIGN, workday
from crm_desktop.app.demo.people import Staff
from crm_desktop.app.demo.quoting import moment
from crm_desktop.app.demo.talking_words import TalkingWords
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.money import to_minor

MOST_FIRMS: Final = 3_000
"""About how many firms of a large demo have opportunities."""
AT_ONCE: Final = {"render_nulls": True}
"""Rows go in by the thousand; without this, row by row as soon as one has a value where the one before has none."""
_OPEN_QUOTE_DAYS: Final = 75
"""An unanswered quote older than this is not hoped for any more."""
_WORTH: Final = {"CNY": (8_000, 420_000), "TWD": (35_000, 1_800_000)}
_EARLY: Final = (("enquiry", 3, 20), ("qualified", 8, 45), ("quoted", 15, 60), ("negotiating", 25, 90))
"""Stages of opportunities without a quote of ours, and how many days ago such a one came up, at least and at most."""
_OF_QUOTE: Final = (
    *(Quote.id, Quote.contact_id, Quote.owner_key, Quote.contact_sort, Quote.person_id, Quote.salesperson_id),
    *(Quote.state, Quote.dated_on, Quote.decided_on, Quote.lost_reason, Quote.lost_note),
    *(Quote.subject, Quote.currency, Quote.net),
)


class Hopes:
    """Writes opportunities. `last` is the last day of the year of business."""

    def __init__(self, words: TalkingWords, staff: Staff, last: date, chance: random.Random) -> None:
        self.words = words
        self.staff = staff
        self.last = last
        self.chance = chance

    def write(self, work: Work, currency: str, every: int) -> None:
        """Insert the opportunities of every `every`-th firm, and say on quotes and orders which they came of."""
        self.stages = {row.key: row for row in work.session.scalars(select(Stage))}
        self.reasons = dict(work.session.execute(select(LostReason.key, LostReason.id)).all())
        quoted = self._quoted(work, every)
        early = self._early(work, currency, every)
        ids = _insert(work, [columns for columns, _quote, _order in quoted] + early)
        links = list(zip(ids, quoted, strict=False))
        _link(work, Quote, [(quote_id, id_) for id_, (_columns, quote_id, _order) in links])
        _link(work, Order, [(order_id, id_) for id_, (_columns, _quote, order_id) in links if order_id is not None])
        if ids:
            work.note(Opportunity.journal_entity, None, "bulk_create", after={"rows": len(ids)})
            work.touch(Opportunity.journal_entity)

    def _quoted(self, work: Work, every: int) -> list[tuple[dict[str, Any], int, int | None]]:
        """Return what quotes and the orders from them came of: columns, quote, order."""
        states = (order_rules.CONFIRMED, order_rules.CLOSED)
        asked = (
            select(*_OF_QUOTE, Order.id.label("order_id"), Order.dated_on.label("ordered_on"), Order.net.label("sold"))
            .outerjoin(Order, (Order.quote_id == Quote.id) & Order.state.in_(states))
            .where(Quote.current, Quote.contact_id % every == 0)
            .order_by(Quote.id)
        )
        made = []
        for quote in work.session.execute(asked):
            columns = self._of_quote(quote)
            if columns is not None:
                made.append((columns, quote.id, quote.order_id))
        return made

    def _of_quote(self, quote: Any) -> dict[str, Any] | None:
        chance = self.chance
        if quote.order_id is not None and chance.random() < 0.25:
            return None  # a regular customer's need is not an opportunity
        opened = workday(quote.dated_on - timedelta(days=chance.randint(2, 30)))
        columns = self._columns(quote, opened, quote.salesperson_id, quote.currency, quote.net)
        columns |= {"name": quote.subject or chance.choice(self.words.chances), "person_id": quote.person_id}
        age = (self.last - quote.dated_on).days
        if quote.order_id is not None:
            return columns | self._ended(rules.WON, quote.ordered_on) | {"amount": quote.sold}
        if quote.state == order_rules.LOST and quote.decided_on is not None:
            note = quote.lost_note if chance.random() < 0.5 else ""
            return columns | self._ended(rules.LOST, quote.decided_on, quote.lost_reason, note)
        if quote.state == order_rules.SENT and age > _OPEN_QUOTE_DAYS:
            day = workday(min(self.last, quote.dated_on + timedelta(days=chance.randint(40, 70))))
            return columns | self._ended(rules.LOST, day, "silence", chance.choice(self.words.lost_notes))
        if quote.state == order_rules.SENT:
            key = "negotiating" if chance.random() < 0.35 else "quoted"
            return columns | self._open(key, max(quote.dated_on, opened), quote.dated_on + timedelta(days=30))
        if quote.state == order_rules.DRAFT:
            return columns | self._open("qualified", opened, self.last + timedelta(days=45))
        return None

    def _early(self, work: Work, currency: str, every: int) -> list[dict[str, Any]]:
        """Return opportunities without a quote: one for about every twentieth firm, and never very few."""
        columns = (Contact.id, Contact.owner_id, Contact.owner_key, Contact.sort_key, Contact.source, Contact.name)
        asked = select(*columns).where(Contact.kind == "company", Contact.is_customer, Contact.id % every == 0)
        firms = work.session.execute(asked.order_by(Contact.id)).all()
        chance = self.chance
        made = []
        for place, firm in enumerate(chance.sample(firms, min(len(firms), max(12, len(firms) // 20)))):
            abroad = not "一" <= firm.name[0] <= "鿿" and chance.random() < 0.4
            code = chance.choice(sorted(FOREIGN[currency])) if abroad else currency
            ((key, soonest, latest),) = chance.choices(_EARLY, weights=(4, 4, 2, 2))
            if place < len(_EARLY):
                key, soonest, latest = _EARLY[place]  # a small demo has one of each too
            opened = workday(self.last - timedelta(days=chance.randint(soonest, latest)))
            row = self._columns(firm, opened, firm.owner_id, code, self._worth(currency, code))
            row |= {"contact_id": firm.id, "contact_sort": firm.sort_key, "source": firm.source}
            due = self.last + timedelta(days=chance.randint(-6, 110))
            made.append(row | self._open(key, opened, due))
        return made

    def _worth(self, currency: str, code: str) -> int:
        """Return a guess of an amount as people write one, in minor units of `code`."""
        low, high = _WORTH[currency]
        worth: float = low * (high / low) ** self.chance.random() / float(FOREIGN[currency].get(code, "1"))
        step = 1000 if worth < 100_000 else 10_000
        whole = max(1, round(worth / step)) * step
        return to_minor(Decimal(whole), code)

    def _columns(self, of: Any, opened: date, user_id: int | None, currency: str, amount: int) -> dict[str, Any]:
        at = moment(opened)
        by = user_id or self.chance.choice(self.staff.reps)
        return {
            "contact_id": getattr(of, "contact_id", None),
            "owner_key": of.owner_key,
            "contact_sort": getattr(of, "contact_sort", None),
            "name": self.chance.choice(self.words.chances),
            "person_id": None,
            "salesperson_id": by,
            "currency": currency,
            "amount": max(amount, 0),
            "opened_on": opened,
            "source": "",
            "notes": self.chance.choice(self.words.chance_notes) if self.chance.random() < 0.3 else "",
            "version": 1,
            "created_at": at,
            "created_by": by,
        }

    def _open(self, key: str, since: date, expected: date) -> dict[str, Any]:
        stage = self.stages[key]
        chance = stage.probability if self.chance.random() < 0.85 else min(Decimal(95), stage.probability + 10)
        day = None if self.chance.random() < 0.1 else workday(expected + timedelta(days=self.chance.randint(-5, 25)))
        return _state(rules.OPEN, stage.id, since, chance, day) | {"closed_on": None}

    def _ended(self, state: str, day: date, reason: str = "", note: str = "") -> dict[str, Any]:
        stage = self.stages["negotiating" if state == rules.WON or self.chance.random() < 0.3 else "quoted"]
        known = self.reasons.get(reason, self.reasons["other"]) if state == rules.LOST else None
        ended = _state(state, stage.id, day - timedelta(days=self.chance.randint(0, 12)), stage.probability, day)
        return ended | {
            "closed_on": day,
            "lost_reason_id": known,
            "lost_note": note,
            "updated_at": moment(day),
        }


def _state(state: str, stage_id: int, since: date, probability: Decimal, expected: date | None) -> dict[str, Any]:
    return {
        "state": state,
        "stage_id": stage_id,
        "stage_since": moment(since),
        "furthest_stage_id": stage_id,
        "probability": probability,
        "expected_on": expected,
        "expected_sort": expected or rules.LAST_DAY,
        "lost_reason_id": None,
        "lost_note": "",
        "updated_at": moment(since),
    }


def _insert(work: Work, rows: Sequence[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    for row in rows:
        row["closed_on"] = row["closed_on"] and max(row["closed_on"], row["opened_on"])
        row["updated_by"] = row["created_by"]
    made = insert(Opportunity).returning(Opportunity.id, sort_by_parameter_order=True)
    return list(work.session.scalars(made, rows, execution_options=AT_ONCE))


def _link(work: Work, entity: Any, pairs: Sequence[tuple[int, int]]) -> None:
    if pairs:
        table = entity.__table__
        changed = update(table).where(table.c.id == bindparam("row")).values(opportunity_id=bindparam("of"))
        work.session.connection().execute(changed, [{"row": row, "of": of} for row, of in pairs])
