"""Pure decisions about opportunities: their words, what they are worth weighted, what may be stored."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import without_zeros
from crm_desktop.shared.text import clean_line, clean_multiline
from crm_desktop.shared.typed_number import read_decimal

OPEN: Final = "open"
WON: Final = "won"
LOST: Final = "lost"
STATES: Final = ((OPEN, N_("In progress")), (WON, N_("Won")), (LOST, N_("Lost")))
SHAPES: Final = ((OPEN, "ring"), (WON, "disc"), (LOST, "cross"))

STAGE_WORDS: Final[Mapping[str, str]] = {
    "enquiry": N_("Enquiry"),
    "qualified": N_("Qualified"),
    "quoted": N_("Quoted"),
    "negotiating": N_("Negotiating"),
}
"""What shipped stages are called while nobody named them otherwise, by key."""
REASON_WORDS: Final[Mapping[str, str]] = {
    "price": N_("Price too high"),
    "time": N_("Delivery time"),
    "competitor": N_("Went to a competitor"),
    "product": N_("Product does not fit"),
    "cancelled": N_("Project dropped"),
    "silence": N_("No answer"),
    "other": N_("Other"),
}
LAST_DAY: Final = date(9999, 12, 31)
"""Stands in sorts for a day nobody named."""
MOST_AMOUNT: Final = Decimal(10) ** 12
LONGEST_NAME: Final = 200
_PERCENT_PLACES: Final = 2
"""So that an amount times its chance fits 64 bits."""


class WrongState(UserError):
    """The opportunity is not in a state that allows this step."""

    message = N_("Somebody else already took this opportunity further. Look at it again.")


class MovedMeanwhile(Conflict):
    """Somebody else moved the same opportunity to another stage; `values` name the person and the stage."""

    message = N_("{person} moved this opportunity to “{stage}” meanwhile. Look at it, then move it again.")

    def __init__(self, conflict: Conflict, stage: str) -> None:
        super().__init__(
            theirs=conflict.theirs,
            original=conflict.original,
            version=conflict.version,
            changed_by=conflict.changed_by,
        )
        self.values = {"person": conflict.changed_by, "stage": stage}


def weighted(amount: int, probability: Decimal) -> int:
    """Return an amount of minor units times a chance in percent, a half going away from zero."""
    per_myriad = int(probability * 100)
    return (amount * per_myriad + 5000) // 10000


def checked_name(value: Any) -> str:
    """Return what an opportunity is called. Raises Invalid("name")."""
    name = clean_line(str(value or ""))
    if not name:
        raise Invalid("name", N_("Say in a few words what it is about."))
    if len(name) > LONGEST_NAME:
        raise Invalid("name", N_("A name has at most {most} characters."), most=LONGEST_NAME)
    return name


def checked_amount(value: Any) -> Decimal:
    """Return an amount as a figure, 0 for none. Raises Invalid("amount")."""
    amount = _figure("amount", value)
    if not 0 <= amount < MOST_AMOUNT:
        raise Invalid("amount", N_("An amount from 0 to {most} is needed here."), most=f"{MOST_AMOUNT:,f}")
    return amount


def checked_probability(value: Any) -> Decimal:
    """Return a chance in percent. Raises Invalid("probability")."""
    percent = _figure("probability", value)
    if not 0 <= percent <= 100 or percent != round(percent, _PERCENT_PLACES):
        raise Invalid("probability", N_("A chance is from 0 to 100 percent, with two decimals at most."))
    return without_zeros(percent)


def checked_currency(value: Any) -> str:
    """Return the code of a currency. Raises Invalid("currency")."""
    code = str(value or "").strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    return code


def checked_day(name: str, value: Any) -> date | None:
    """Return a day or None. Raises Invalid beside the field."""
    if value in (None, ""):
        return None
    if not isinstance(value, date) or isinstance(value, datetime) or not 1900 <= value.year <= 2200:
        raise Invalid(name, N_("This day is not possible."))
    return value


def cleaned(name: str, value: Any) -> str:
    """Return a text as it is stored; notes keep their lines."""
    text = str(value or "")
    return clean_multiline(text) if name in ("notes", "lost_note") else clean_line(text)


def _figure(name: str, value: Any) -> Decimal:
    try:
        figure = read_decimal(value) if isinstance(value, str) and value else Decimal(value or 0)
    except (ValueError, InvalidOperation, TypeError) as error:
        raise Invalid(name, N_("A number is needed here.")) from error
    if not figure.is_finite():
        raise Invalid(name, N_("A number is needed here."))
    return figure
