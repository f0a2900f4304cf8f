"""Real receivables, loaded into a real company: what stands in the file, and nothing of our own reckoning."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.receivables.money import receipts
from crm_desktop.shared.actor import Actor
from tests.companies import NOW
from tests.receivables.documents import posted_in

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


@dataclass(frozen=True)
class Owed:
    """One row of a file: an invoice, and what was paid of it when."""

    number: str
    customer: str
    dated_on: date
    due_on: date
    amount: Decimal
    paid: Decimal
    paid_on: date | None


def american(path: Path) -> list[Owed]:
    """Return invoices of a file whose dates are month first, each settled on one day."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Owed(
            number=row["invoiceNumber"],
            customer=row["customerID"],
            dated_on=month_first(row["InvoiceDate"]),
            due_on=month_first(row["DueDate"]),
            amount=Decimal(row["InvoiceAmount"]),
            paid=Decimal(row["InvoiceAmount"]),
            paid_on=month_first(row["SettledDate"]),
        )
        for row in rows
    ]


def chinese(path: Path) -> list[Owed]:
    """Return the rows of a list of receivables typed by several people; it says no day of payment, so they get one."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    _title, _head, *rows, _total = book.worksheets[0].iter_rows(values_only=True)
    found = []
    for place, (number, customer, dated_on, due_on, amount, paid, *_rest) in enumerate(rows):
        due, received = typed_day(due_on), typed_amount(paid)
        day = min(max(due + timedelta(place % 71 - 30), typed_day(dated_on)), NOW.date()) if received else None
        found.append(Owed(str(number), str(customer), typed_day(dated_on), due, typed_amount(amount), received, day))
    return found


def month_first(text: str) -> date:
    """Return the day of 1/26/2013."""
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def typed_day(value: Any) -> date:
    """Return the day of a cell: a date, 2025年5月6日, 2025.05.06 or 2025/6/5."""
    if isinstance(value, datetime):
        return value.date()
    year, month, day = map(int, re.findall(r"\d+", str(value)))
    return date(year, month, day)


def typed_amount(value: Any) -> Decimal:
    """Return the amount of a cell: a number, or text with a currency sign and commas; nothing is 0."""
    if value is None:
        return Decimal("0.00")
    text = re.sub(r"[￥¥,\s]", "", str(value))
    return Decimal(text).quantize(Decimal("0.01"))


def load(database: Database, keeper: Actor, owed: Sequence[Owed], currency: str) -> dict[str, int]:
    """Put the invoices and payments into the books and return the customers' ids by name."""
    with database.begin(keeper) as work:
        names = sorted({one.customer for one in owed})
        ids = {name: contacts.create(work, {"name": name, "is_customer": True}) for name in names}
    for start in range(0, len(owed), 10):
        with database.begin(keeper) as work:
            for one in owed[start : start + 10]:
                claim = posted_in(
                    work,
                    ids[one.customer],
                    (one.amount, one.due_on),
                    dated_on=one.dated_on,
                    currency=currency,
                    number=one.number,
                )
                if one.paid_on is not None:
                    values = {"contact_id": ids[one.customer], "dated_on": one.paid_on, "currency": currency}
                    values |= {"amount": one.paid, "method": "transfer", "rate": Decimal(1)}
                    receipts.post(work, values, {claim.instalments[0]: one.paid})
    return ids


def reckoned(owed: Sequence[Owed], as_of: date, bounds: tuple[int, ...]) -> dict[str, list[Decimal]]:
    """Work the ageing out from the file alone: not due, a sum per bucket, balance, of whoever owes on that day."""
    made: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * (len(bounds) + 3))
    for one in owed:
        if one.dated_on > as_of:
            continue
        left = one.amount - (one.paid if one.paid_on is not None and one.paid_on <= as_of else Decimal(0))
        late = (as_of - one.due_on).days
        place = 0 if late <= 0 else 1 + sum(late > bound for bound in bounds)
        made[one.customer][place] += left
        made[one.customer][-1] += left
    return {customer: slots for customer, slots in made.items() if any(slots)}
