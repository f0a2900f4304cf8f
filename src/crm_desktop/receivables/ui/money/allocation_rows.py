"""The rows of the allocation table: what is open of a customer, and what is typed against it (no Qt)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from crm_desktop.receivables.rules import RECEIPT
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import exponent

if TYPE_CHECKING:
    from crm_desktop.receivables.money.open_items import OpenCredit, OpenInstalment

CLAIM: Final = "instalment"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One line of the table. `kind` is "instalment", "credit", "receipt", or "" for the heading of the credits."""

    kind: str
    id: int = 0
    number: str = ""
    place: str = ""
    dated_on: date | None = None
    due_on: date | None = None
    event: str = ""
    late_days: int = 0
    amount: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    disputed: bool = False
    invoice_id: int | None = None
    order_id: int | None = None

    @property
    def key(self) -> str:
        """Return the name of the row in what is typed and in drafts."""
        return row_key(self.kind, self.id)

    @property
    def is_heading(self) -> bool:
        """Return whether nothing can be typed here."""
        return not self.kind

    @property
    def is_claim(self) -> bool:
        """Return whether the customer owes this."""
        return self.kind == CLAIM


def row_key(kind: str, id_: int) -> str:
    """Return the key of a row: "instalment:12"."""
    return f"{kind}:{id_}"


def ids_of(keys: Iterable[str]) -> list[tuple[str, int]]:
    """Return (kind, id) of row keys."""
    return [(key.partition(":")[0], int(key.partition(":")[2])) for key in keys]


def rows_of(claims: "Sequence[OpenInstalment]", unused: "Sequence[OpenCredit]") -> list[OpenRow]:
    """Return the lines of the table: instalments, then a heading and the credits if there are any."""
    rows = [
        OpenRow(
            CLAIM,
            one.id,
            one.number,
            " · ".join(part for part in (place_words(one.place), one.label) if part),
            one.dated_on,
            one.due_on,
            one.event or "",
            max(one.late or 0, 0),
            one.amount,
            one.open,
            bool(one.disputed),
            one.invoice_id,
            one.order_id,
        )
        for one in claims
    ]
    if unused:
        rows.append(OpenRow(""))
    rows += [
        OpenRow(one.kind, one.id, one.number, _credit_words(one), one.dated_on, amount=one.open, open=one.open)
        for one in unused
    ]
    return rows


def place_words(place: str) -> str:
    """Return "2 of 3" for the place "2/3", "" for none."""
    number, _slash, count = place.partition("/")
    return _("{number} of {count}").format(number=number, count=count) if count else ""


def _credit_words(one: "OpenCredit") -> str:
    if one.kind == RECEIPT:
        return " · ".join(part for part in (_("Advance left"), one.label) if part)
    return one.label


def amount_problem(row: OpenRow, amount: Decimal, currency: str, figure: str) -> str:
    """Return why `amount` cannot be taken of a row, "" when it can; `figure` is what is open, in words."""
    if amount < 0:
        return _("An amount to allocate is not below zero.")
    if amount > row.open:
        return _("Only {open} of {name} is open.").format(open=figure, name=row.number)
    decimals = exponent(currency)
    if amount != round(amount, decimals):
        if not decimals:
            return _("Only a whole number can stand here, not {text}.").format(text=f"{amount:f}")
        return _("At most {count} decimals can stand here.").format(count=decimals)
    return ""
