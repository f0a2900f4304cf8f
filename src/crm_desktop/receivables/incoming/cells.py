"""What a row says about money, checked; each failure is `Invalid` with the field it stands in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.exchange.sheets.number_patterns import currency_code
from crm_desktop.receivables import ledger
from crm_desktop.receivables.money.receipt_values import clean_currency, minor, rate_of
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import CLEAR, ImportRow, Planned, Verdict
from crm_desktop.shared.text import clean_multiline

LONGEST_NUMBER: Final = 60
_LINES: Final = frozenset({"notes"})
_LONGEST: Final = {"notes": 20_000}
_LONGEST_LINE: Final = 250


def given(row: ImportRow, name: str) -> Any:
    """Return the value of a cell, None for one that is blank or says to clear it. Raises Invalid for no number."""
    value = row.values.get(name)
    if isinstance(value, Decimal) and not value.is_finite():
        raise Invalid(name, N_("This is no amount. Write it like 1234.50."))
    return None if value is CLEAR else value


def text_of(row: ImportRow, name: str) -> str:
    """Return the text of a cell as it is stored."""
    value = given(row, name)
    return clean_multiline(str(value or "")) if name in _LINES else row.text(name)


def stored_text(row: ImportRow, name: str) -> str:
    """Return the text of a cell that is stored. Raises Invalid when it is too long, as a whole page in one cell is."""
    text = text_of(row, name)
    most = _LONGEST.get(name, _LONGEST_LINE)
    if len(text) > most:
        raise Invalid(name, N_("This text has more than {most} characters."), most=f"{most:,}")
    return text


def number_of(row: ImportRow, *names: str) -> str:
    """Return the number a document has in the file. Raises Invalid when it has none, or one too long."""
    number = next((text for name in names if (text := text_of(row, name))), "")
    if not number:
        raise Invalid(names[0], N_("The number is missing."))
    if len(number) > LONGEST_NUMBER:
        raise Invalid(names[0], N_("A number has at most {most} characters."), most=LONGEST_NUMBER)
    return number


def first_problem(row: ImportRow) -> Planned | None:
    """Return what becomes of a row with a cell that cannot be read, None when all can."""
    for field, why in row.problems.items():
        return Planned(Verdict.INVALID, [row], why=why, field=field)
    return None


@contextmanager
def planned_or_refused(rows: list[ImportRow], planned: list[Planned]) -> Iterator[None]:
    """Add what becomes of rows that are refused inside."""
    try:
        yield
    except Invalid as error:
        planned.append(Planned(Verdict.INVALID, rows, why=str(error), field=error.field))
    except Refused as refused:
        made = Planned(Verdict.INVALID, rows, why=refused.why, field=refused.field, candidates=refused.candidates)
        planned.append(made)


class Cells:
    """Reads amounts, days and currencies; what all rows have in common is asked once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.own = company(work).currency
        self._rates: dict[str, Decimal] = {}
        self._days = ledger.open_days(work)

    def currency(self, row: ImportRow) -> str:
        """Return the currency of a row, the company's when it says none. Raises Invalid."""
        text = text_of(row, "currency")
        return clean_currency(currency_code(text, self.own)) if text else self.own

    def rate(self, row: ImportRow, currency: str) -> Decimal:
        """Return what one unit of the currency is worth: as the row says, else as last time. Raises Invalid."""
        value = given(row, "rate")
        if value is not None:
            return rate_of(self.work, currency, value)
        if currency not in self._rates:
            self._rates[currency] = rate_of(self.work, currency)
        return self._rates[currency]

    def amount(self, row: ImportRow, name: str, currency: str, *, zero: bool = False) -> int | None:
        """Return an amount in minor units, None for a blank cell. Raises Invalid unless it fits the currency."""
        value = given(row, name)
        return None if value is None else minor(name, value, currency, zero=zero)

    def day(self, row: ImportRow, name: str) -> date | None:
        """Return a day on which something may be booked, None for a blank cell. Raises Invalid."""
        value = given(row, name)
        if value is None:
            return None
        return self._days.check(value, name)
