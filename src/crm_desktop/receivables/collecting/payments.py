"""The report of payments received: every receipt of a period, or what came in by customer, month, method, account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.access.model import User
from crm_desktop.access.periods import said_period
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Account
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, exponent, from_minor, round_half_away
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import Asked, Chart, Report, ReportTable

RECEIPT, CUSTOMER, MONTH, METHOD, ACCOUNT, SALESPERSON = (
    "receipt",
    "customer",
    "month",
    "method",
    "account",
    "salesperson",
)
GROUPINGS: Final = (
    (RECEIPT, N_("Receipt")),
    (CUSTOMER, N_("Customer")),
    (MONTH, N_("Month")),
    (METHOD, N_("Method")),
    (ACCOUNT, N_("Account")),
    (SALESPERSON, N_("Salesperson")),
)
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_SIGNS: Final = {rules.RECEIPT: 1, rules.REFUND: -1, rules.REVERSAL: -1}
"""A refund and money that never arrived lower what came in; a surplus that is kept came in already."""


@dataclass(slots=True)
class _Came:
    """What came in for one group in one currency."""

    label: str
    currency: str
    count: int = 0
    received: int = 0
    back: int = 0
    worth: Decimal = Decimal(0)


@requires(Permission.REPORT_READ, *LOOKS)
def payments(work: Work, asked: Asked) -> ReportTable:
    """Return what came in during the period; refunds and reversals are shown less than 0, on their own day.

    The worth in the company's currency is at the rate of each receipt.
    """
    by = asked.by or RECEIPT
    rows = _rows(work, asked)
    own = company(work).currency
    with_worth = any(row.currency != own for row in rows)
    fields, table = (_each if by == RECEIPT else _grouped)(by, rows, own, with_worth=with_worth)
    sums = [one.name for one in fields if one.kind in (Kind.MONEY, Kind.INTEGER) and one.name != "open"]
    grouping = _(dict(GROUPINGS)[by])
    return ReportTable(
        title=_("Payments received by {grouping}").format(grouping=grouping.lower()),
        said=said_period(work, asked),
        fields=fields,
        rows=tuple(table),
        sums=tuple(sums),
        chart=None if by == RECEIPT else Chart(by, "net"),
    )


def _rows(work: Work, asked: Asked) -> Sequence[Any]:
    statement = (
        select(
            *(Receipt.kind, Receipt.number, Receipt.dated_on, Receipt.currency, Receipt.amount, Receipt.rate),
            *(Receipt.open_amount, Receipt.method, Receipt.reference),
            Contact.name.label("customer"),
            Account.name.label("account"),
            User.name.label("salesperson"),
        )
        .join(Contact, Contact.id == Receipt.contact_id)
        .outerjoin(Account, Account.id == Receipt.account_id)
        .outerjoin(User, User.id == Receipt.salesperson_id)
        .where(Receipt.kind.in_(list(_SIGNS)))
        .order_by(Receipt.dated_on, Receipt.id)
    )
    if asked.from_on is not None:
        statement = statement.where(Receipt.dated_on >= asked.from_on)
    if asked.to_on is not None:
        statement = statement.where(Receipt.dated_on <= asked.to_on)
    if asked.contact_id is not None:
        statement = statement.where(Receipt.contact_id == asked.contact_id)
    if asked.currency:
        statement = statement.where(Receipt.currency == asked.currency)
    return work.session.execute(statement).all()


def _worth(row: Any, own: str) -> Decimal:
    return round_half_away(_SIGNS[row.kind] * from_minor(row.amount, row.currency) * row.rate, exponent(own))


def _each(_by: str, rows: Sequence[Any], own: str, *, with_worth: bool) -> tuple[tuple[Field, ...], list[Any]]:
    fields = [
        Field("dated_on", None, N_("Date"), 12, _SEEN, Kind.DATE),
        Field("number", None, N_("Number"), 14, _SEEN),
        Field("kind", None, N_("Kind"), 12, _SEEN, Kind.CHOICE, rules.RECEIPT_KINDS),
        Field("customer", None, N_("Customer"), 28, _SEEN),
        Field("amount", None, N_("Amount"), 16, _SEEN, Kind.MONEY),
        Field("method", None, N_("Method"), 14, _SEEN, Kind.CHOICE, rules.METHODS),
        Field("account", None, N_("Account"), 18, _SEEN),
        Field("reference", None, N_("Reference"), 18, _SEEN),
        Field("open", None, N_("Unused"), 14, _SEEN, Kind.MONEY),
    ]
    made = []
    for row in rows:
        amount = Money.of_minor(_SIGNS[row.kind] * row.amount, row.currency)
        unused = Money.of_minor(row.open_amount, row.currency) if row.open_amount else None
        cells = [row.dated_on, row.number, row.kind, row.customer, amount, row.method, row.account or ""]
        made.append((*cells, row.reference, unused, *((Money(_worth(row, own), own),) if with_worth else ())))
    return _with_worth(fields, own, with_worth=with_worth), made


def _grouped(by: str, rows: Sequence[Any], own: str, *, with_worth: bool) -> tuple[tuple[Field, ...], list[Any]]:
    groups: dict[tuple[str, str], _Came] = {}
    for row in rows:
        label = _label(by, row)
        came = groups.setdefault((label, row.currency), _Came(label, row.currency))
        is_receipt = row.kind == rules.RECEIPT
        came.count += is_receipt
        came.received += row.amount if is_receipt else 0
        came.back -= 0 if is_receipt else row.amount
        came.worth += _worth(row, own)
    ordered = sorted(
        groups.values(), key=lambda one: (one.label, one.currency) if by == MONTH else (-one.worth, one.label)
    )
    fields = [
        Field(by, None, dict(GROUPINGS)[by], 28, _SEEN),
        Field("receipts", None, N_("Receipts"), 10, _SEEN, Kind.INTEGER),
        Field("received", None, N_("Received"), 16, _SEEN, Kind.MONEY),
        Field("back", None, N_("Given back or reversed"), 16, _SEEN, Kind.MONEY),
        Field("net", None, N_("Net"), 16, _SEEN, Kind.MONEY),
    ]
    made = [
        (
            one.label,
            one.count,
            *(Money.of_minor(minor, one.currency) for minor in (one.received, one.back, one.received + one.back)),
            *((Money(one.worth, own),) if with_worth else ()),
        )
        for one in ordered
    ]
    return _with_worth(fields, own, with_worth=with_worth), made


def _with_worth(fields: list[Field], own: str, *, with_worth: bool) -> tuple[Field, ...]:
    label = _("In {currency}").format(currency=own)
    return (*fields, *((Field("worth", None, label, 16, _SEEN, Kind.MONEY),) if with_worth else ()))


def _label(by: str, row: Any) -> str:
    if by == MONTH:
        day: date = row.dated_on
        return f"{day:%Y-%m}"
    if by == METHOD:
        return _(dict(rules.METHODS).get(row.method, row.method))
    if by == ACCOUNT:
        return row.account or _("No account")
    return str(row.customer if by == CUSTOMER else row.salesperson or _("Nobody"))


PAYMENTS: Final = Report(
    "payments", N_("Payments received"), N_("Money that came in, and went back, in a period."), payments, GROUPINGS
)
