"""Many documents at once: each is cleaned, totalled, planned and journalled, then all are inserted without objects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Table, column, func, insert, select

from crm_desktop.access.company import company, today
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.numbers import take_numbers
from crm_desktop.db.work import Work
from crm_desktop.orders import instalments, rules
from crm_desktop.orders.composing import InvalidLine, clean_instalments, compose, shown_instalments
from crm_desktop.orders.documents import ORDERS, QUOTES, Kind, filled_from, products_of
from crm_desktop.orders.drafting import last_rate
from crm_desktop.orders.instalments import Part, Planned
from crm_desktop.orders.model import Instalment, Order, PaymentTerm
from crm_desktop.products.settings import get_settings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

_AT_ONCE: Final = 500
_FRESH: Final[Mapping[str, Mapping[str, Any]]] = {
    ORDERS.entity: {
        "quote_id": None,
        "copied_from_id": None,
        "confirmed_at": None,
        "confirmed_by": None,
        "ended_at": None,
        "end_reason": "",
        "delivered_percent": 0,
        "invoiced_percent": 0,
        "open_net": 0,
    },
    QUOTES.entity: {
        "revision": 1,
        "first_id": None,
        "current": True,
        "sent_at": None,
        "decided_on": None,
        "lost_reason": "",
        "lost_note": "",
    },
}
"""What only one kind of document has, on one that nothing happened to yet."""


@dataclass(slots=True)
class Made:
    """A document ready to be stored: its columns, its lines in order, and its instalments."""

    columns: dict[str, Any]
    lines: tuple[dict[str, Any], ...]
    plan: Sequence[Planned] = ()


def insert_orders(work: Work, rows: Iterable[Mapping[str, Any]], *, confirmed: bool) -> list[int]:
    """Insert orders and return their ids in the order given; see `service.create_many`."""
    given = list(rows)
    if not given:
        return []
    batch = Batch(work, ORDERS, given)
    columns = _confirmed(work) if confirmed else {}
    made = []
    for place, values in enumerate(given, 1):
        one = batch.made({"salesperson": work.actor.user_id, **values}, columns, place)
        if confirmed:
            if one.columns["total"] < 0 or not any(line["quantity"] > 0 for line in one.lines):
                raise Invalid("lines", N_("Order {place}: there is nothing in it to confirm."), place=place)
            one.columns["open_net"] = one.columns["net"]
        one.plan = batch.plan(values, one.columns)
        made.append(one)
    if confirmed:
        batch.number(made)
    return store(work, ORDERS, made)


def _confirmed(work: Work) -> dict[str, Any]:
    return {"state": rules.CONFIRMED, "confirmed_at": work.now, "confirmed_by": work.actor.user_id}


def store(work: Work, kind: Kind, made: Sequence[Made]) -> list[int]:
    """Insert documents with their lines and instalments, a journal entry each; return their ids in the order given.

    The lines get their `id`.
    """
    ids = new_ids(work, kind.document, len(made))
    line_ids = iter(new_ids(work, kind.line, sum(len(one.lines) for one in made)))
    more = {"delivered": 0, "invoiced": 0} if kind is ORDERS else {}
    documents, lines, parts = [], [], []
    for id_, one in zip(ids, made, strict=True):
        documents.append(one.columns | {"id": id_})
        for line in one.lines:
            line["id"] = next(line_ids)
            lines.append(more | line | {kind.parent: id_})
        parts += [_part(documents[-1], place, planned) for place, planned in enumerate(one.plan)]
    for table, found in ((kind.document, documents), (kind.line, lines), (Instalment, parts)):
        if found:
            work.session.execute(insert(cast(Table, table.__table__)), found)
    _note(work, kind, documents, made)
    return list(ids)


class Batch:
    """What many documents have in common, asked once: settings, customers, products, terms, rates.

    The customers are held until the end when `hold`, so that their owner stays.
    """

    def __init__(self, work: Work, kind: Kind, given: Sequence[Mapping[str, Any]], *, hold: bool = True) -> None:
        self.work = work
        self.kind = kind
        self.settings = get_settings(work)
        self.own = company(work).currency
        self.rates: dict[str, Decimal] = {self.own: Decimal(1)}
        self.customers = customers_of(work, {row.get("contact_id") for row in given}, hold=hold)
        self.products = products_of(work, _products_in(given))
        self.terms = {
            term_id: [Part.of(part) for part in parts]
            for term_id, parts in work.session.execute(select(PaymentTerm.id, PaymentTerm.parts))
        }
        self.common = {
            "salesperson": None,
            "dated_on": today(work),
            "currency": self.own,
            "prices_include_tax": self.settings.prices_include_tax,
            "tax_method": self.settings.tax_method,
        }
        self.columns = {
            "version": 1,
            "created_at": work.now,
            "created_by": work.actor.user_id,
            "updated_at": work.now,
            "updated_by": work.actor.user_id,
            "number": None,
            "serial": None,
            "state": rules.DRAFT,
            **_FRESH[kind.entity],
        }

    def made(self, values: Mapping[str, Any], columns: Mapping[str, Any], place: int) -> Made:
        """Return one document; `columns` stand above what a new one has. Raises Invalid, InvalidLine."""
        whole = self.common | dict(values)
        customer = self.customers.get(whole.get("contact_id"))
        if customer is None:
            raise Invalid("contact_id", N_("Order {place}: this customer does not exist."), place=place)
        if whole.get("rate") is None or whole["currency"] == self.own:
            whole["rate"] = self._rate(str(whole["currency"]).upper())
        whole["lines"] = [self._filled(number, line) for number, line in enumerate(whole.get("lines") or (), 1)]
        composed = compose(whole, self.kind.header, self.kind.line_names)
        stored = composed.columns
        stored.update(self.columns)
        stored.update(columns)
        stored["owner_key"], stored["contact_sort"] = customer
        return Made(stored, composed.lines)

    def plan(self, values: Mapping[str, Any], columns: Mapping[str, Any]) -> Sequence[Planned]:
        """Return an order's instalments: those given, or what its term makes. Raises Invalid("instalments")."""
        total, currency, term_id = columns["total"], columns["currency"], columns["payment_term_id"]
        confirmed = columns["state"] == rules.CONFIRMED
        if values.get("instalments"):
            typed = clean_instalments(values["instalments"], currency)
            if confirmed and instalments.difference(typed, total):
                raise Invalid("instalments", N_("The instalments do not add up to the total."))
            return typed
        if term_id is None:
            return instalments.plan((), total, currency, columns["dated_on"]) if confirmed else ()
        if term_id not in self.terms:
            raise Invalid("payment_term_id", N_("This payment term no longer exists."))
        return instalments.plan(self.terms[term_id], total, currency, columns["dated_on"])

    def number(self, made: Sequence[Made]) -> None:
        """Give each order the next number of its own year."""
        years: dict[int, list[dict[str, Any]]] = {}
        for one in made:
            years.setdefault(one.columns["dated_on"].year, []).append(one.columns)
        for year, found in sorted(years.items()):
            first = take_numbers(self.work, ORDERS.entity, year, len(found))
            for serial, order in enumerate(found, first):
                order["serial"] = serial
                order["number"] = rules.made_number(self.settings.order_prefix, year, serial)

    def _filled(self, number: int, line: Mapping[str, Any]) -> Mapping[str, Any]:
        # Old orders name products that are no longer sold, so that is not asked here.
        if not line.get("product_id"):
            return line
        if line["product_id"] not in self.products:
            raise InvalidLine(number, "product_id", N_("Line {line}: this product no longer exists."))
        return filled_from(line, self.products[line["product_id"]])

    def _rate(self, currency: str) -> Decimal:
        if currency not in self.rates:
            self.rates[currency] = last_rate(self.work, currency)
        return self.rates[currency]


def customers_of(work: Work, ids: Iterable[Any], *, hold: bool) -> dict[Any, tuple[int, str]]:
    """Return owner and sort text of those customers that new documents may be made for, held until the end."""
    wanted, found = sorted(id_ for id_ in ids if id_ is not None), {}
    for start in range(0, len(wanted), _AT_ONCE):
        asked = (
            select(Contact.id, Contact.owner_key, Contact.sort_key)
            .where(
                Contact.id.in_(wanted[start : start + _AT_ONCE]),
                Contact.is_customer,
                Contact.archived_at.is_(None),
                in_sales_reach(Contact, work.actor),
            )
            .order_by(Contact.id)
        )
        rows = work.session.execute(asked.with_for_update(read=True, key_share=True) if hold else asked)
        found.update({row.id: (row.owner_key, row.sort_key) for row in rows})
    return found


def not_won(work: Work, ids: Iterable[int]) -> list[int]:
    """Return those of the contacts that are not customers yet, or no longer, by id."""
    wanted = sorted(ids)
    found: list[int] = []
    for start in range(0, len(wanted), _AT_ONCE):
        asked = select(Contact.id).where(Contact.id.in_(wanted[start : start + _AT_ONCE]), Contact.status != "customer")
        found += work.session.scalars(asked.order_by(Contact.id))
    return found


def dates_of(work: Work, order_ids: Sequence[int]) -> dict[int, date]:
    """Return the date of each of these orders."""
    found: dict[int, date] = {}
    for start in range(0, len(order_ids), _AT_ONCE):
        asked = select(Order.id, Order.dated_on).where(Order.id.in_(order_ids[start : start + _AT_ONCE]))
        found.update(work.session.execute(asked).all())
    return found


def first_of_customers(work: Work, order_ids: Sequence[int]) -> list[Order]:
    """Return of these orders the first of each customer, by customer."""
    firsts: dict[int, int] = {}
    for start in range(0, len(order_ids), _AT_ONCE):
        asked = select(Order.contact_id, func.min(Order.id)).where(Order.id.in_(order_ids[start : start + _AT_ONCE]))
        for contact_id, order_id in work.session.execute(asked.group_by(Order.contact_id)):
            firsts.setdefault(contact_id, order_id)
    return [work.get(Order, firsts[contact_id]) for contact_id in sorted(firsts)]


def _products_in(given: Sequence[Mapping[str, Any]]) -> set[int]:
    return {line["product_id"] for row in given for line in row.get("lines") or () if line.get("product_id")}


def new_ids(work: Work, entity: type[Any], count: int) -> Sequence[int]:
    """Return ids nobody else gets, in rising order: a server counts them itself, a file has one writer."""
    if work.is_postgres:
        counter = func.nextval(func.pg_get_serial_sequence(entity.__tablename__, "id"))
        drawn = select(counter).select_from(func.generate_series(1, count).table_valued(column("n")))
        return sorted(work.session.scalars(drawn))
    with work.system_rights("the highest id, which may be out of sight, tells nothing of its document"):
        first = (work.session.scalar(select(func.max(entity.id))) or 0) + 1
    return range(first, first + count)


def _part(order: Mapping[str, Any], place: int, planned: Planned) -> dict[str, Any]:
    followed = ("contact_id", "owner_key", "contact_sort", "currency", "salesperson_id")
    return {name: order[name] for name in followed} | {
        "order_id": order["id"],
        "position": place,
        "label": planned.label,
        "amount": planned.amount,
        "event": planned.event,
        "due_on": planned.due_on,
        "open_amount": 0,
        "dispute_reason": "",
        "dunning_level": 0,
    }


def _note(work: Work, kind: Kind, documents: Sequence[Mapping[str, Any]], made: Sequence[Made]) -> None:
    """Write one entry per document, of what it says: values nobody gave are left out."""
    said = frozenset(kind.document.__table__.columns.keys()) - kind.document.journal_skips - {"id", "version"}
    for document, one in zip(documents, made, strict=True):
        after = {name: plain_value(value) for name, value in document.items() if name in said and value not in _NOTHING}
        after["lines"] = [
            {name: plain_value(line[name]) for name in kind.line_names if line[name]} for line in one.lines
        ]
        if one.plan:
            after["instalments"] = plain(shown_instalments(one.plan, document["currency"]))
        work.notes.add(kind.entity, document["id"], Note(CREATE, {}, after, 1, document["contact_id"]))


_NOTHING: Final = (None, "", 0)


def plain_value(value: Any) -> Any:
    """Return a single value as the journal has it; quicker than `journal.plain` over everything."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
