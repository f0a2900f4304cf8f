"""What a new document says before anybody typed, and the numbers documents get."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company, today
from crm_desktop.db.numbers import take_numbers
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.columns import Document
from crm_desktop.orders.documents import ORDERS, QUOTES, Kind, header_of, new_lines
from crm_desktop.orders.model import Order, Quote
from crm_desktop.products.model import PriceList
from crm_desktop.products.settings import get_settings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

DELIVERIES: Final = "delivery"
_PREFIXES: Final = {QUOTES.entity: "quote_prefix", ORDERS.entity: "order_prefix", DELIVERIES: "delivery_prefix"}
_TEXTS: Final = ("subject", "reference", "language", "ship_to", "opening", "terms", "notes")
_ORDER_TEXTS: Final = ("signatory", "customer_signatory", "delivery_terms")
_ORDER_DATES: Final = ("due_on", "signed_on", "starts_on", "ends_on")


def blank_quote(work: Work, contact_id: int | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new quote as `blank` does."""
    day = given.get("dated_on") or today(work)
    valid_until = day + timedelta(days=get_settings(work).quote_days)
    return blank(work, contact_id, {"valid_until": valid_until} | dict(given))


def blank_order(work: Work, contact_id: int | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new order as `blank` does."""
    proposed: dict[str, Any] = dict.fromkeys(_ORDER_TEXTS, "") | dict.fromkeys(_ORDER_DATES)
    proposed |= {"payment_term_id": last_term(work, contact_id), "instalments": ()}
    return blank(work, contact_id, proposed | dict(given))


def blank(work: Work, contact_id: int | None, given: Mapping[str, Any], *rated: type[Document]) -> dict[str, Any]:
    """Return the values of a new document, `given` standing above what would be proposed.

    `rated` are the documents that `last_rate` asks first. Raises Invalid("rate") when nothing tells what
    the currency is worth.
    """
    settings = get_settings(work)
    day = given.get("dated_on") or today(work)
    currency = str(given.get("currency") or _currency(work, contact_id)).strip().upper()
    values: dict[str, Any] = dict.fromkeys(_TEXTS, "") | {
        "contact_id": contact_id,
        "person_id": None,
        "salesperson": work.actor.user_id,
        "dated_on": day,
        "currency": currency,
        "prices_include_tax": settings.prices_include_tax,
        "tax_method": settings.tax_method,
        "discount_percent": Decimal(0),
        "discount_amount": Decimal(0),
        "lines": (),
    }
    values |= given
    values["dated_on"], values["currency"] = day, currency
    if values.get("rate") is None:
        values["rate"] = last_rate(work, currency, *rated)
    return values


def last_rate(work: Work, currency: str, *rated: type[Document]) -> Decimal:
    """Return what one unit of a currency is worth in the company's: 1 for its own, else the last rate used.

    Asked are the documents of `rated`, then orders and quotes. Raises Invalid("rate") when the currency was
    never used.
    """
    own = company(work).currency
    if currency == own:
        return Decimal(1)
    asked_first: tuple[type[Document], ...] = (*rated, Order, Quote)
    for document in asked_first:
        asked = select(document.rate).where(document.currency == currency)
        rate = work.session.scalar(asked.order_by(document.dated_on.desc(), document.id.desc()).limit(1))
        if rate is not None:
            return rate
    raise Invalid("rate", N_("Say how much {own} one {currency} is worth."), own=own, currency=currency)


def with_rate(work: Work, changes: Mapping[str, Any], *rated: type[Document]) -> dict[str, Any]:
    """Return the changes of a document; one that changes its currency gets the rate last used for it."""
    if changes.get("currency") and "rate" not in changes:
        return dict(changes) | {"rate": last_rate(work, str(changes["currency"]).strip().upper(), *rated)}
    return dict(changes)


def carried(work: Work, kind: Kind, row: Any) -> dict[str, Any]:
    """Return what a document says without its number, days and states, its lines as new ones."""
    values = {name: value for name, value in header_of(kind, row).items() if name not in kind.left_behind}
    return values | {"lines": new_lines(work, kind, row)}


def next_number(work: Work, series: str, on: date) -> tuple[str, int]:
    """Take the next number of a series in the year of `on`: the number and its running part.

    Call it last: a transaction that fails afterwards gives the number back, and until then everybody
    else waits for it.
    """
    settings = get_settings(work)
    serial = take_numbers(work, series, on.year)
    return rules.made_number(getattr(settings, _PREFIXES[series]), on.year, serial), serial


def _currency(work: Work, contact_id: int | None) -> str:
    own = company(work).currency
    if contact_id is None:
        return own
    asked = select(PriceList.currency).where(PriceList.contact_id == contact_id, PriceList.active)
    agreed = sorted(work.session.scalars(asked))
    return own if own in agreed or not agreed else agreed[0]


def last_term(work: Work, contact_id: int | None) -> int | None:
    """Return the payment term of the customer's last order that had one."""
    if contact_id is None:
        return None
    asked = select(Order.payment_term_id).where(Order.contact_id == contact_id, Order.payment_term_id.is_not(None))
    return work.session.scalar(asked.order_by(Order.dated_on.desc(), Order.id.desc()).limit(1))
