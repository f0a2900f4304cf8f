"""A year of the demo's business, week by week: quotes, orders, deliveries, returns, and orders that end early."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from crm_desktop.app.demo.deals import Customer, Deal, DealMaker
from crm_desktop.app.demo.money import Money
from crm_desktop.app.demo.people import Staff
from crm_desktop.app.demo.quoting import QuoteBook, moment
from crm_desktop.app.demo.shipping import Ending, Sold, Warehouse
from crm_desktop.app.demo.shop import Shop, set_up
from crm_desktop.contacts.model import Contact, ContactLink
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import service
from crm_desktop.orders.documents import products_of
from crm_desktop.orders.model import Order
from crm_desktop.products.settings import SalesProfile, get_settings
from crm_desktop.shared.actor import SYSTEM

YEAR_DAYS: Final = 364
WEEK_DAYS: Final = 7
_DRAFT_DAYS: Final = 14
_DRAFT_SHARE: Final = 0.4


class Year:
    """The trading year of a demo company with its contacts."""

    def __init__(self, database: Database, language: str, staff: Staff, seed: int) -> None:
        self.database = database
        self.language = language
        self.staff = staff
        self.seed = seed
        self.chance = random.Random(seed)
        self.orders = 0

    def trade(self, step: Callable[[int, int], None]) -> int:
        """Make the year and return how many orders it brought; `step` is told the weeks done."""
        with self.database.begin(SYSTEM) as work:
            self.last = work.now.date() - timedelta(days=1)
            self.first = self.last - timedelta(days=YEAR_DAYS - 1)
            work.now -= timedelta(days=YEAR_DAYS + 1)
            customers = _customers(work)
            buyers = [one.id for one in customers if one.buys]
            self.shop = set_up(work, self.language, buyers, self.chance)
            self.profile = get_settings(work)
            self.products = products_of(work, [one.id for one in self.shop.products])
            people = _people(work)
            self.money = Money(self.language, self.shop.currency, self.staff, len(customers), self.last, self.seed)
            self.money.open(work)
        self._hire(self.shop, self.profile, customers, people)
        weeks = YEAR_DAYS // WEEK_DAYS
        plan = self._by_week(weeks)
        for week in range(weeks):
            step(week, weeks)
            self._week(week, *plan[week])
        with self.database.begin(SYSTEM) as work:
            self.money.close(work)
        return self.orders

    def _hire(self, shop: Shop, profile: SalesProfile, customers: Sequence[Customer], people: dict[int, int]) -> None:
        seeds = [self.chance.getrandbits(32) for _ in range(3)]
        self.deals = DealMaker(shop, customers, people, self.staff.reps, seeds[0])
        chances = [random.Random(seed) for seed in seeds[1:]]
        self.book = QuoteBook(shop.words, self.products, profile.quote_prefix, self.last, chances[0])
        self.warehouse = Warehouse(shop.words, profile.delivery_prefix, self.last, chances[1])

    def _by_week(self, weeks: int) -> list[tuple[list[Deal], list[Deal]]]:
        """Return per week the deals that are quoted and those that are ordered in it."""
        plan: list[tuple[list[Deal], list[Deal]]] = [([], []) for _ in range(weeks)]
        for deal in self.deals.plan(self.first, self.last):
            for place, day in enumerate((deal.quoted_on, deal.ordered_on)):
                if day is not None:
                    plan[(day - self.first).days // WEEK_DAYS][place].append(deal)
        return plan

    def _week(self, week: int, quoted: Sequence[Deal], ordered: Sequence[Deal]) -> None:
        until = self.first + timedelta(days=WEEK_DAYS * (week + 1) - 1)
        with self._dated(until) as work:
            for deal in (*quoted, *ordered):
                if not deal.values:
                    self.deals.fill(deal)
            self.book.write(work, quoted)
            sold = self._order(work, sorted(ordered, key=lambda deal: (deal.ordered_on, deal.customer.id)))
            for deal in (*(deal for deal in quoted if deal.ordered_on is None), *ordered):
                deal.values = {}  # a million contacts have many deals
            parcels = self.warehouse.post(work, until)
            endings = self.warehouse.endings_until(until)
            for ending in endings:
                self._end(work, ending)
        with self._dated(until) as work:
            cancelled = [one.sold.id for one in endings if one.cancels]
            self.money.week(work, week, until, sold, parcels, cancelled)

    @contextmanager
    def _dated(self, until: date) -> Iterator[Work]:
        """Begin work that is written down when the business was done, in the journal as well."""
        with self.database.begin(SYSTEM) as work:
            work.now = min(work.now, datetime.combine(until, time(9), UTC))
            yield work

    def _order(self, work: Work, deals: Sequence[Deal]) -> list[Sold]:
        """Make the orders and return those that are confirmed."""
        by_fate: dict[bool, list[Deal]] = {True: [], False: []}
        for deal in deals:
            by_fate[not self._stays_draft(deal)].append(deal)
        sold: list[Sold] = []
        for confirmed, chosen in by_fate.items():
            if not chosen:
                continue
            rows = [self.deals.order_values(deal) for deal in chosen]
            ids = service.create_many(work, rows, confirmed=confirmed)
            _date(work, ids, chosen, confirmed=confirmed)
            self.orders += len(ids)
            if confirmed:
                sold = [_sold(id_, deal) for id_, deal in zip(ids, chosen, strict=True)]
                self.warehouse.plan(work, sold)
        return sold

    def _stays_draft(self, deal: Deal) -> bool:
        assert deal.ordered_on is not None
        is_new = (self.last - deal.ordered_on).days < _DRAFT_DAYS
        return is_new and self.chance.random() < _DRAFT_SHARE

    def _end(self, work: Work, ending: Ending) -> None:
        version = work.session.scalars(select(Order.version).where(Order.id == ending.sold.id)).one()
        words = self.shop.words
        if ending.cancels:
            service.cancel(work, ending.sold.id, version, self.chance.choice(words.cancelled_reasons))
        else:
            service.close_short(work, ending.sold.id, version, self.chance.choice(words.closed_reasons))


def _customers(work: Work) -> list[Customer]:
    rows = work.session.execute(
        select(
            Contact.id,
            Contact.owner_key,
            Contact.sort_key,
            Contact.owner_id,
            Contact.level,
            Contact.created_at,
            Contact.name,
            Contact.status,
        )
        .where(Contact.kind == "company", Contact.is_customer)
        .order_by(Contact.id)
    )
    return [
        Customer(id_, key, sort, owner, level, created.date(), not "一" <= name[0] <= "鿿", status == "customer")
        for id_, key, sort, owner, level, created, name, status in rows
    ]


def _people(work: Work) -> dict[int, int]:
    """Return one person of each firm that has people."""
    links = select(ContactLink.company_id, ContactLink.person_id).order_by(ContactLink.id.desc())
    return dict(work.session.execute(links).all())


def _sold(order_id: int, deal: Deal) -> Sold:
    assert deal.ordered_on is not None
    return Sold(order_id, deal.customer, deal.values["salesperson"], deal.ordered_on)


def _date(work: Work, ids: Sequence[int], deals: Sequence[Deal], *, confirmed: bool) -> None:
    """Write down who made the orders, when, and of which quote: a batch has one maker and one instant."""
    table = Order.__table__
    rows: list[dict[str, Any]] = []
    for id_, deal in zip(ids, deals, strict=True):
        assert deal.ordered_on is not None
        rows.append(
            {"order": id_, "quote": deal.quote_id, "by": deal.values["salesperson"], "at": moment(deal.ordered_on)}
        )
    at = bindparam("at", type_=table.c.created_at.type)
    by = bindparam("by", type_=table.c.created_by.type)
    changed = {"quote_id": bindparam("quote"), "created_at": at, "created_by": by, "updated_at": at, "updated_by": by}
    if confirmed:
        changed |= {"confirmed_at": at, "confirmed_by": by}
    work.session.connection().execute(update(Order).where(table.c.id == bindparam("order")).values(changed), rows)
