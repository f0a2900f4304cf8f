"""The demo's quotes, inserted many at a time in the state they ended up in."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import insert

from crm_desktop.app.demo.deals import QUOTE_DAYS, Deal, workday
from crm_desktop.app.demo.trading_words import TradingWords
from crm_desktop.db.numbers import take_numbers
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.composing import Composed, compose
from crm_desktop.orders.documents import QUOTES, filled_from
from crm_desktop.orders.model import Quote, QuoteLine

_REASONS: Final = ("price", "price", "price", "time", "competitor", "competitor", "silence", "silence", "product")
_FRESH_DAYS: Final = 25
"""A quote younger than this has mostly no answer yet."""


@dataclass(slots=True)
class _Row:
    """A quote to insert; `deal` learns its id when it is the one that was answered."""

    columns: dict[str, Any]
    composed: Composed
    deal: Deal
    first_id: int | None = None


class QuoteBook:
    """Writes quotes. `products` are rows of `orders.documents.products_of`."""

    def __init__(
        self, words: TradingWords, products: Mapping[int, Any], prefix: str, last: date, chance: random.Random
    ) -> None:
        self.words = words
        self.products = products
        self.prefix = prefix
        self.last = last
        self.chance = chance

    def write(self, work: Work, deals: Sequence[Deal]) -> None:
        """Insert the quotes of some deals, by day; a revised one as both its revisions."""
        ordered = sorted(deals, key=lambda deal: deal.quoted_on or date.min)
        firsts = [self._first(deal) for deal in ordered]
        sent = [row for row in firsts if row.columns["state"] != rules.DRAFT]
        days = [row.columns["dated_on"] for row in sent]
        for row, (number, serial) in zip(sent, numbers(work, QUOTES.entity, self.prefix, days), strict=True):
            row.columns["number"], row.columns["serial"] = number, serial
        ids = _insert(work, firsts)
        seconds = []
        for row, id_ in zip(firsts, ids, strict=True):
            if row.columns["state"] == rules.REPLACED:
                seconds.append(self._second(row, id_))
            else:
                row.deal.quote_id = id_
        for row, id_ in zip(seconds, _insert(work, seconds), strict=True):
            row.deal.quote_id = id_
        if ids:
            work.note(QUOTES.entity, None, "bulk_create", after={"rows": len(firsts) + len(seconds)})
            work.touch(QUOTES.entity)

    def _first(self, deal: Deal) -> _Row:
        assert deal.quoted_on is not None
        row = self._row(deal, deal.quoted_on)
        if deal.revised_on is not None:
            row.columns |= {"state": rules.REPLACED, "current": False}
        else:
            row.columns |= self._outcome(deal, deal.quoted_on)
        return row

    def _second(self, first: _Row, first_id: int) -> _Row:
        deal = first.deal
        assert deal.revised_on is not None
        # What the customer got by asking again, and what is ordered then.
        deal.values["discount_percent"] = deal.values["discount_percent"] + 3
        row = self._row(deal, deal.revised_on)
        row.columns |= self._outcome(deal, deal.revised_on)
        row.columns |= {name: first.columns[name] for name in ("number", "serial")}
        row.columns |= {"revision": 2, "first_id": first_id}
        return row

    def _row(self, deal: Deal, day: date) -> _Row:
        lines = [
            filled_from(line, self.products[line["product_id"]]) if "product_id" in line else line
            for line in deal.values["lines"]
        ]
        said = {
            "dated_on": day,
            "valid_until": day + timedelta(days=QUOTE_DAYS),
            "opening": self.words.openings[deal.customer.id % 2][1],
            "lines": lines,
        }
        made = compose(deal.values | said, QUOTES.header, QUOTES.line_names)
        at, by = moment(day), deal.values["salesperson"]
        columns = made.columns | {
            "owner_key": deal.customer.owner_key,
            "contact_sort": deal.customer.contact_sort,
            "number": None,
            "serial": None,
            "revision": 1,
            "first_id": None,
            "current": True,
            "sent_at": at,
            "decided_on": None,
            "lost_reason": "",
            "lost_note": "",
            "created_at": at,
            "created_by": by,
            "updated_at": at,
            "updated_by": by,
        }
        return _Row(columns, made, deal)

    def _outcome(self, deal: Deal, day: date) -> dict[str, Any]:
        """Return what became of a quote."""
        chance = self.chance
        if deal.ordered_on is not None:
            return {"state": rules.ACCEPTED, "decided_on": deal.ordered_on}
        fresh = (self.last - day).days < _FRESH_DAYS
        drawn = chance.random()
        if fresh and drawn < 0.15:
            return {"state": rules.DRAFT, "sent_at": None}
        if drawn < (0.8 if fresh else 0.3):
            return {"state": rules.SENT}
        return {
            "state": rules.LOST,
            "decided_on": min(self.last, workday(day + timedelta(days=chance.randint(5, 40)))),
            "lost_reason": chance.choice(_REASONS),
            "lost_note": chance.choice(self.words.lost_notes) if chance.random() < 0.3 else "",
        }


def numbers(work: Work, series: str, prefix: str, days: Sequence[date]) -> list[tuple[str, int]]:
    """Take a number for each of some rising days, of the series of its year."""
    taken: list[tuple[str, int]] = []
    for year in sorted({day.year for day in days}):
        count = sum(day.year == year for day in days)
        first = take_numbers(work, series, year, count)
        taken += [(rules.made_number(prefix, year, serial), serial) for serial in range(first, first + count)]
    return taken


def moment(day: date) -> datetime:
    """Return an instant of the business day: in the morning, east of Europe."""
    return datetime.combine(day, time(3, 30), UTC)


def _insert(work: Work, rows: Sequence[_Row]) -> list[int]:
    if not rows:
        return []
    made = insert(Quote).returning(Quote.id, sort_by_parameter_order=True)
    ids = list(work.session.scalars(made, [row.columns for row in rows]))
    lines = [
        {name: value for name, value in line.items() if name != "id"} | {"quote_id": id_}
        for row, id_ in zip(rows, ids, strict=True)
        for line in row.composed.lines
    ]
    work.session.execute(insert(QuoteLine), lines)
    return ids
