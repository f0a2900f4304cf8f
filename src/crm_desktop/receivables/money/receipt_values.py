"""What people type about money, cleaned and checked: amounts, currencies, ways of paying, numbers."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.orders.drafting import last_rate
from crm_desktop.orders.rules import reference_key
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Account, Invoice
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent, to_minor
from crm_desktop.shared.text import clean_line, clean_multiline

MOST_MINOR: Final = 10**15
"""No amount has more minor units."""
MOST_RATE: Final = Decimal(10) ** 7
_CURRENCY: Final = re.compile("[A-Z]{3}")
_MEANS: Final = {
    "reference": clean_line,
    "payer": clean_line,
    "notes": clean_multiline,
}
EDITABLE: Final = ("method", "account_id", "matures_on", *_MEANS)
"""What may change on a receipt later: how the money came, never how much or when."""


def minor(field: str, value: Any, currency: str, *, zero: bool = False) -> int:
    """Return an amount in minor units. Raises Invalid(field) unless it is above 0 (or 0) and fits the currency."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise Invalid(field, N_("This is no amount. Write it like 1234.50."))
    number = Decimal(value)
    if not number.is_finite() or number < 0 or (number == 0 and not zero):
        raise Invalid(field, N_("This amount is above 0."))
    if number.scaleb(exponent(currency)) >= MOST_MINOR:
        raise Invalid(field, N_("This amount is too large."))
    amount = to_minor(number, currency)
    if Decimal(amount).scaleb(-exponent(currency)) != number:
        raise Invalid(
            field,
            N_("An amount in {currency} has at most {places} decimals."),
            currency=currency,
            places=exponent(currency),
        )
    return amount


def clean_currency(value: Any) -> str:
    """Return a currency code. Raises Invalid("currency")."""
    currency = clean_line(str(value or "")).upper()
    if not _CURRENCY.fullmatch(currency):
        raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    return currency


def clean_reason(value: Any, field: str = "reason") -> str:
    """Return why something is done. Raises Invalid(field) when nothing is said."""
    reason = clean_line(str(value or ""))
    if not reason:
        raise Invalid(field, N_("Say why, so that it can be followed later."))
    return reason


def rate_of(work: Work, currency: str, typed: Any = None) -> Decimal:
    """Return what one unit is worth in the company's currency: as typed, else as last time. Raises Invalid("rate")."""
    if currency == company(work).currency:
        return Decimal(1)
    if typed is not None:
        if not isinstance(typed, Decimal | int) or not 0 < Decimal(typed) < MOST_RATE:
            raise Invalid("rate", N_("A rate is a number above 0."))
        return Decimal(typed)
    asked = select(Receipt.rate).where(Receipt.currency == currency, Receipt.kind == rules.RECEIPT)
    last = work.session.scalar(asked.order_by(Receipt.dated_on.desc(), Receipt.id.desc()).limit(1))
    return last if last is not None else last_rate(work, currency, Invoice)


def means(work: Work, values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return the columns that say how money came or went, those that are given only.

    Raises Invalid: method, account_id, matures_on.
    """
    columns: dict[str, Any] = {name: clean(str(values[name] or "")) for name, clean in _MEANS.items() if name in values}
    if "reference" in columns:
        columns["reference_key"] = reference_key(columns["reference"])
    if "method" in values:
        if values["method"] not in dict(rules.METHODS):
            raise Invalid("method", N_("This value is not known. Choose one of the list."))
        columns["method"] = values["method"]
    if "account_id" in values:
        columns["account_id"] = _account(work, values["account_id"], currency)
    if "matures_on" in values:
        if not isinstance(values["matures_on"], date | None):
            raise Invalid("matures_on", N_("This is no date."))
        columns["matures_on"] = values["matures_on"]
    return columns


def _account(work: Work, account_id: Any, currency: str) -> int | None:
    if account_id is None:
        return None
    account = work.session.scalar(select(Account).where(Account.id == account_id))
    if account is None:
        raise Invalid("account_id", N_("This account no longer exists."))
    if account.currency and account.currency != currency:
        raise Invalid(
            "account_id",
            N_("{account} takes {own}, not {currency}."),
            account=account.name,
            own=account.currency,
            currency=currency,
        )
    return account.id
