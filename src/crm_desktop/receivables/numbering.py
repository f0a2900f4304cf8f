"""The numbers of invoices, credit notes, receipts and refunds: without gaps, one series each per year."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from crm_desktop.db.numbers import take_numbers
from crm_desktop.db.work import Work
from crm_desktop.orders.rules import made_number
from crm_desktop.receivables import rules
from crm_desktop.receivables.settings import ReceivableProfile, get_settings

_PREFIXES: Final = {
    rules.INVOICE: "invoice_prefix",
    rules.CREDIT: "credit_prefix",
    rules.RECEIPT: "receipt_prefix",
    rules.REFUND: "refund_prefix",
}


def next_numbers(work: Work, series: str, on: date, count: int = 1) -> list[tuple[str, int]]:
    """Take the next numbers of a series in the year of `on`: each number with its running part.

    Call it last: a transaction that fails afterwards gives the numbers back, and until then everybody
    else waits for them.
    """
    prefix = getattr(get_settings(work), _PREFIXES[series])
    first = take_numbers(work, series, on.year, count)
    return [(made_number(prefix, on.year, serial), serial) for serial in range(first, first + count)]


OF_INVOICES: Final = (rules.INVOICE, rules.CREDIT)
OF_RECEIPTS: Final = (rules.RECEIPT, rules.REFUND)


def is_own_number(number: str, settings: ReceivableProfile, series: Sequence[str] = OF_INVOICES) -> bool:
    """Return whether the program numbers documents of these series like this, some day if not yet."""
    prefixes = "|".join(re.escape(getattr(settings, _PREFIXES[kind])) for kind in series)
    return re.fullmatch(rf"(?:{prefixes})\d{{4}}-\d{{4,}}", number, re.IGNORECASE) is not None
