"""The page of the day: what needs somebody, section by section, by role; each section opens its list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, cast, func, literal_column, select

from crm_desktop.access.company import company, today
from crm_desktop.activities.pool import falling
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.home import opening, rhythm
from crm_desktop.home.figures import Opens
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.model import Instalment, Order, Quote
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.ledger_model import Promise
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_, ngettext
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, needed, open_to_all, requires

SHOWN: Final = 5
QUIET_REPORT: Final = "quiet_customers"
QUOTE_DAYS: Final = 14
CONTRACT_DAYS: Final = 30
PROMISE_DAYS: Final = 60
"""A promise broken longer ago is an old debt, which stands among the overdue."""
MOST_QUIET: Final = 200
_OWED: Final = Instalment.open_amount != literal_column("0")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section; Enter opens its record. `on` is the day it is about, `said` a shown text."""

    entity: str
    id: int
    customer: str
    said: str = ""
    on: date | None = None
    money: Money | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section: how many there are, the most pressing of them, and what opens the rest.

    `count` of "more" than can be counted fast stands with `and_more`; `sums` are per currency.
    """

    key: str
    count: int
    rows: tuple[Row, ...]
    opens: Opens | None = None
    sums: tuple[Money, ...] = ()
    and_more: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section before it is asked. `title` and `explains` are marked texts; `run(work)` is guarded."""

    key: str
    title: str
    explains: str
    icon: str
    run: Callable[[Work], Section]

    def offered_to(self, actor: Actor) -> bool:
        """Return whether the actor may see it."""
        return bool(actor.may(*needed(self.run)))


@requires(Permission.CONTACT_READ, *LOOKS)
def overdue(work: Work) -> Section:
    """Return the instalments whose day is over, the oldest first, with what is owed of them."""
    day = today(work)
    # What is open has been claimed: a planned instalment owes nothing yet.
    late = (_OWED, Instalment.due_on < day)
    sum_ = cast(func.sum(Instalment.open_amount), BigInteger)
    sums = work.session.execute(
        select(Instalment.currency, sum_, func.count()).where(*late).group_by(Instalment.currency)
    ).all()
    asked = (
        select(Instalment.contact_id, Instalment.due_on, Instalment.open_amount, Instalment.currency)
        # What is settled is not in the index by day, which is walked from the oldest on.
        .where(*late, Instalment.settled_on.is_(None), Instalment.due_sort < day)
        .order_by(Instalment.due_sort, Instalment.id)
        .limit(SHOWN)
    )
    oldest = work.session.execute(asked).all()
    customers = _customers(work, [row.contact_id for row in oldest])
    rows = [
        Row(
            "contact", row.contact_id, customers[row.contact_id][0], _days_late((day - row.due_on).days), row.due_on,
            Money.of_minor(row.open_amount, row.currency), customers[row.contact_id][1],
        )
        for row in oldest
    ]  # fmt: skip
    return Section(
        "overdue",
        sum(row[2] for row in sums),
        tuple(rows),
        opening.claims(due_to=day - timedelta(days=1)),
        _in_order(work, (Money.of_minor(int(row[1]), row[0]) for row in sums)),
    )


@requires(Permission.CONTACT_READ, Permission.RECEIPT_READ)
def broken(work: Work) -> Section:
    """Return the promises of money that were not kept and of which something is still owed, the latest first."""
    day = today(work)
    asked = select(Promise.id, Promise.contact_id).where(
        Promise.due_on.between(day - timedelta(days=PROMISE_DAYS), day - timedelta(days=1)),
        Promise.withdrawn_on.is_(None),
        select(Instalment.id)
        .where(Instalment.contact_id == Promise.contact_id, Instalment.currency == Promise.currency, _OWED)
        .exists(),
    )
    known = dict(work.session.execute(asked).all())
    made = promises.of_customers(work, set(known.values())) if known else {}
    found = [one for some in made.values() for one in some if one.id in known and one.state == promises.BROKEN]
    found.sort(key=lambda one: (one.due_on, one.id), reverse=True)
    customers = _customers(work, [one.contact_id for one in found[:SHOWN]])
    rows = [
        Row(
            "contact", one.contact_id, customers[one.contact_id][0], _days_late((day - one.due_on).days), one.due_on,
            Money(one.amount - one.received, one.currency), customers[one.contact_id][1],
        )
        for one in found[:SHOWN]
    ]  # fmt: skip
    sums: dict[str, Decimal] = {}
    for one in found:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount - one.received
    opens = Opens("collections", Listing(filters=(Filter("view", "is", ("broken",)),)))
    missing = (Money(amount, currency) for currency, amount in sums.items())
    return Section("broken", len(found), tuple(rows), opens, _in_order(work, missing))


@requires(Permission.CONTACT_READ, Permission.QUOTE_READ)
def expiring(work: Work) -> Section:
    """Return the quotes at customers that end in the next days, the nearest first."""
    day = today(work)
    until = day + timedelta(days=QUOTE_DAYS)
    there = (Quote.state == order_rules.SENT, Quote.valid_sort.between(day, until))
    rows = _documents(work, "quote", Quote, Quote.valid_sort, there)
    filters = (Filter("state", "is", (order_rules.SENT,)), *_between("valid_until", day, until))
    return Section(
        "expiring",
        work.session.scalar(select(func.count()).select_from(Quote).where(*there)) or 0,
        rows,
        Opens(opening.QUOTES, Listing(filters=filters, sorts=(Sort("valid_until"),))),
    )


@requires(Permission.CONTACT_READ, Permission.ORDER_READ)
def ending(work: Work) -> Section:
    """Return the contracts that end in the next days, the nearest first."""
    day = today(work)
    until = day + timedelta(days=CONTRACT_DAYS)
    states = (order_rules.CONFIRMED, order_rules.CLOSED)
    there = (Order.ends_on.between(day, until), Order.state.in_(states))
    rows = _documents(work, "order", Order, Order.ends_on, there)
    filters = (Filter("state", "is", states), *_between("ends_on", day, until))
    return Section(
        "ending",
        work.session.scalar(select(func.count()).select_from(Order).where(*there)) or 0,
        rows,
        Opens(opening.ORDERS, Listing(filters=filters, sorts=())),
    )


@requires(Permission.CONTACT_READ, Permission.ORDER_READ)
def quiet(work: Work) -> Section:
    """Return the customers that are silent for longer than their own rhythm."""
    found = rhythm.quiet(work, MOST_QUIET)
    rows = [
        Row("contact", one.contact_id, one.name, rhythm_words(one), one.last_order_on, owner_id=one.owner_id)
        for one in found[:SHOWN]
    ]
    opens = Opens("reports", Listing(text=QUIET_REPORT))
    return Section("quiet", len(found), tuple(rows), opens, and_more=len(found) == MOST_QUIET)


@requires(Permission.CONTACT_READ)
def pool(work: Work) -> Section:
    """Return the customers that are about to go back to the public pool, the nearest first."""
    warned = falling.about_to_fall(work, mine=not work.actor.may(Permission.CONTACT_ASSIGN))
    rows = [Row("contact", one.contact_id, one.name, "", one.release_on, owner_id=one.owner_id) for one in warned.rows]
    return Section("pool", len(rows), tuple(rows[:SHOWN]), Opens("pool"), and_more=not warned.whole)


PARTS: Final = {
    part.key: part
    for part in (
        Part("overdue", N_("Overdue instalments"), N_("owed past their day"), "clock", overdue),
        Part("broken", N_("Promises broken"), N_("promised, and the money did not come"), "hand-coins", broken),
        Part("expiring", N_("Quotes expiring"), N_("in the next 14 days, not decided"), "file-text", expiring),
        Part("ending", N_("Contracts ending"), N_("in the next 30 days"), "clipboard", ending),
        Part("quiet", N_("Gone quiet"), N_("silent for longer than their own rhythm"), "moon", quiet),
        Part("pool", N_("Going back to the pool"), N_("unless somebody speaks to them"), "users", pool),
    )
}
_MONEY_FIRST: Final = ("overdue", "broken", "ending", "expiring", "quiet", "pool")
_SALES_FIRST: Final = ("expiring", "pool", "quiet", "ending", "broken", "overdue")
_ACCOUNTS: Final = ("overdue", "broken", "ending")


def parts_of(actor: Actor) -> tuple[Part, ...]:
    """Return the sections of the actor's page, what matters most to the role first."""
    keys: tuple[str, ...]
    if "owner" in actor.roles:
        keys = _MONEY_FIRST
    elif {"sales_rep", "sales_manager"} & set(actor.roles):
        keys = _SALES_FIRST
    else:
        keys = _ACCOUNTS if "accountant" in actor.roles else _MONEY_FIRST
    return tuple(PARTS[key] for key in keys if PARTS[key].offered_to(actor))


@open_to_all("each section asks for its permissions")
def read(work: Work, key: str) -> Section:
    """Return a section; it asks for its permissions."""
    return PARTS[key].run(work)


def rhythm_words(one: rhythm.Quiet) -> str:
    """Return how a customer used to order and how long it has not."""
    usual = ngettext("usually every {count} day", "usually every {count} days", round(one.every_days))
    silent = ngettext("silent for {count} day", "silent for {count} days", one.silent_days)
    return f"{usual.format(count=round(one.every_days))} · {silent.format(count=one.silent_days)}"


def _days_late(days: int) -> str:
    return ngettext("{count} day late", "{count} days late", days).format(count=days)


def _between(field: str, first: date, last: date) -> tuple[Filter, Filter]:
    return Filter(field, "from", (first,)), Filter(field, "to", (last,))


def _customers(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Return name and owner of customers, asked by id: joined, all in reach would be walked through."""
    if not ids:
        return {}
    asked = select(Contact.id, Contact.name, Contact.owner_id).where(Contact.id.in_(set(ids)))
    return {row[0]: (row[1], row[2]) for row in work.session.execute(asked)}


def _documents(work: Work, entity: str, document: Any, ends: Any, there: Sequence[Any]) -> tuple[Row, ...]:
    asked = (
        select(document.id, document.number, document.contact_id, ends, document.total, document.currency)
        .where(*there)
        .order_by(ends, document.id)
        .limit(SHOWN)
    )
    found = work.session.execute(asked).all()
    customers = _customers(work, [row[2] for row in found])
    return tuple(
        Row(
            entity, row[0], customers[row[2]][0], row[1] or "", row[3], Money.of_minor(row[4], row[5]),
            customers[row[2]][1],
        )
        for row in found
    )  # fmt: skip


def _in_order(work: Work, sums: Any) -> tuple[Money, ...]:
    """Return sums that are not nothing, the company's currency first, then by size."""
    own = company(work).currency
    return tuple(sorted((one for one in sums if one.amount), key=lambda one: (one.currency != own, -one.amount)))
