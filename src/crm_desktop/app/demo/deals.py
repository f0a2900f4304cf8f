"""What the demo's customers ask for and buy: who, when, which articles, on which terms. All from one seed."""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from crm_desktop.app.demo.shop import Product, Shop
from crm_desktop.shared.money import round_half_away

FOREIGN: Final = {"CNY": {"EUR": "7.82", "USD": "7.14"}, "TWD": {"EUR": "34.6", "USD": "31.7"}}
"""What one unit of a currency is worth in the company's."""
QUOTE_DAYS: Final = 30
_LINE_COUNTS: Final = (1, 1, 2, 2, 3, 3, 3, 4, 5, 6, 8, 12)
_QUANTITIES: Final = ((20, (50, 100, 200, 500, 1000)), (100, (10, 20, 50, 100, 200)), (500, (5, 10, 20, 40)))
"""Up to which price of one how many are bought."""
_BIG: Final = {"CNY": 20_000, "TWD": 90_000}
"""What an order is worth that is paid in instalments, in the company's currency."""
_FEW: Final = (1, 2, 3, 5)


class Customer(NamedTuple):
    """A firm that documents are made for."""

    id: int
    owner_key: int
    contact_sort: str
    owner_id: int | None
    level: str
    created_on: date
    is_abroad: bool
    buys: bool
    """Whether it is a customer by now, not a prospect or a lapsed one."""


@dataclass(slots=True)
class Deal:
    """Something a customer asked for; what is None did not happen."""

    customer: Customer
    quoted_on: date | None = None
    revised_on: date | None = None
    ordered_on: date | None = None
    values: dict[str, Any] = field(default_factory=dict)
    quote_id: int | None = None


class DealMaker:
    """Makes deals and what they say."""

    def __init__(
        self, shop: Shop, customers: Sequence[Customer], people: dict[int, int], reps: Sequence[int], seed: int
    ) -> None:
        self.shop = shop
        self.people = people
        self.reps = reps
        self.chance = random.Random(seed)
        self._known = sorted(customers, key=lambda one: (one.created_on, one.id))
        self._buyers = [one for one in self._known if one.buys]

    def plan(self, first: date, last: date) -> list[Deal]:
        """Return the deals of the days from `first` to `last`: an order for every third firm, and more quotes."""
        orders = round(len(self._known) / 3)
        found = [self._order(first, last) for _ in range(orders)] if self._buyers else []
        asked = [self._quote(first, last) for _ in range(round(orders * 0.8))]
        return [deal for deal in (*found, *asked) if deal is not None]

    def fill(self, deal: Deal) -> None:
        """Decide what the deal says, once."""
        chance, customer, shop = self.chance, deal.customer, self.shop
        currency = self._currency(customer)
        rate = Decimal(FOREIGN[shop.currency].get(currency, "1"))
        is_export = currency != shop.currency
        if is_export:
            rate = round_half_away(rate * Decimal(chance.uniform(0.97, 1.03)), 4)
        words = shop.words
        deal.values = {
            "contact_id": customer.id,
            "person_id": self.people.get(customer.id) if chance.random() < 0.7 else None,
            "salesperson": customer.owner_id or chance.choice(self.reps),
            "subject": chance.choice(words.subjects) if chance.random() < 0.5 else "",
            "reference": f"PO-{chance.randint(1000, 99999)}" if chance.random() < 0.7 else "",
            "currency": currency,
            "rate": rate,
            "prices_include_tax": shop.includes_tax and not is_export,
            "tax_method": "document",
            "discount_percent": Decimal(chance.choice((2, 3, 5))) if chance.random() < 0.08 else Decimal(0),
            "terms": words.terms[is_export][1],
            "notes": chance.choice(words.notes) if chance.random() < 0.15 else "",
            "lines": self._lines(customer, rate, is_export),
        }

    def order_values(self, deal: Deal) -> dict[str, Any]:
        """Return the values of the order a deal became, as `orders.service.create_many` takes them."""
        assert deal.ordered_on is not None
        chance, words = self.chance, self.shop.words
        is_export = deal.values["currency"] != self.shop.currency
        deposit, net, three = self.shop.terms
        worth = sum(line.get("quantity", 0) * line.get("unit_price", 0) for line in deal.values["lines"])
        big = worth * deal.values["rate"] > _BIG[self.shop.currency]
        term = chance.choice((three, three, deposit)) if big else chance.choice((net, net, net, deposit, None))
        signed = big or chance.random() < 0.2
        return deal.values | {
            "dated_on": deal.ordered_on,
            "due_on": deal.ordered_on + timedelta(days=chance.randint(10, 40)),
            "signed_on": deal.ordered_on if signed else None,
            "signatory": words.signatory if signed else "",
            "payment_term_id": term,
            "delivery_terms": words.delivery_terms[is_export][1],
        }

    def _order(self, first: date, last: date) -> Deal | None:
        deal = self._deal(self._buyers, first, last)
        if deal is None:
            return None
        chance = self.chance
        deal.ordered_on, deal.quoted_on = deal.quoted_on, None
        assert deal.ordered_on is not None
        if chance.random() < 0.55:
            quoted = workday(deal.ordered_on - timedelta(days=chance.randint(4, 24)))
            deal.quoted_on = quoted if quoted >= first else None
        if deal.quoted_on and chance.random() < 0.15:
            deal.revised_on = workday(deal.quoted_on + timedelta(days=3))
        return deal

    def _quote(self, first: date, last: date) -> Deal | None:
        return self._deal(self._known, first, last)

    def _deal(self, customers: Sequence[Customer], first: date, last: date) -> Deal | None:
        """Return a deal on a day of a business that grows, with somebody known by then."""
        span = (last - first).days
        day = workday(first + timedelta(days=round(span * self.chance.random() ** 0.7)))
        known = bisect_right(customers, day, key=lambda one: one.created_on)
        return Deal(customers[self.chance.randrange(known)], quoted_on=day) if known and day >= first else None

    def _currency(self, customer: Customer) -> str:
        own = self.shop.currency
        return ("EUR", "USD", own, own, own)[customer.id % 5] if customer.is_abroad else own

    def _lines(self, customer: Customer, rate: Decimal, is_export: bool) -> list[dict[str, Any]]:
        chance = self.chance
        lines = [
            self._line(one, customer, rate, is_export)
            for one in chance.sample(self.shop.products, chance.choice(_LINE_COUNTS))
        ]
        if chance.random() < 0.08:
            lines.append({"kind": "text", "name": chance.choice(self.shop.words.remarks)})
        return lines

    def _line(self, product: Product, customer: Customer, rate: Decimal, is_export: bool) -> dict[str, Any]:
        chance = self.chance
        price = self.shop.price(product, customer.id, customer.level)
        yuan = product.price / (Decimal("4.4") if self.shop.currency == "TWD" else 1)
        amounts = next((amounts for most, amounts in _QUANTITIES if yuan <= most), _FEW)
        if is_export:
            without_tax = price / (1 + product.tax_percent / 100) if self.shop.includes_tax else price
            price = max(round_half_away(without_tax / rate, 2), Decimal("0.01"))
        line: dict[str, Any] = {
            "product_id": product.id,
            "quantity": Decimal(chance.choice(_FEW if product.is_service else amounts)),
            "unit_price": price,
            "discount_percent": Decimal(chance.choice((5, 10))) if chance.random() < 0.12 else Decimal(0),
        }
        return line | ({"tax_percent": Decimal(0)} if is_export else {})


def workday(day: date) -> date:
    """Return the day itself, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))
