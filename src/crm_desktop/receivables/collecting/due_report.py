"""The due list as a report: by customer, the worst first, or instalment by instalment."""

from datetime import date
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company, today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.orders.rules import CONFIRMED
from crm_desktop.receivables.collecting.balances import LOOKS, bucket_labels, open_items
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.collecting.due_list import AHEAD_DAYS, Debtor, due_customers
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.report import AS_OF, Asked, Report, ReportTable

CUSTOMER, INSTALMENT = "customer", "instalment"
GROUPINGS: Final = ((CUSTOMER, N_("Customer")), (INSTALMENT, N_("Instalment")))
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_CLAIMED, _PLANNED = "claimed", "planned"
_STATES: Final = ((_CLAIMED, N_("Claimed")), (_PLANNED, N_("Not claimed yet")))


@requires(Permission.REPORT_READ, *LOOKS)
def due(work: Work, asked: Asked, *, progress: Progress | None = None) -> ReportTable:
    """Return what is overdue today and what falls due until `asked.as_of`, in a month unless a day is asked for.

    What confirmed orders plan without having claimed it stands apart and is added to nothing.
    """
    ahead = AHEAD_DAYS if asked.as_of is None else max((asked.as_of - today(work)).days, 0)
    formats = Formats.of(work.now.date(), {}, company(work).timezone)
    until = date.fromordinal(today(work).toordinal() + ahead)
    said = _("Overdue, and due until {day}").format(day=formats.full_day(until))
    if asked.by == INSTALMENT:
        return _by_instalment(work, asked, until, said)
    return _by_customer(work, asked, ahead, said, progress)


def _by_customer(work: Work, asked: Asked, ahead: int, said: str, progress: Progress | None) -> ReportTable:
    bounds = get_settings(work).buckets
    found = [
        one
        for one in due_customers(work, ahead=ahead, progress=progress)
        if asked.contact_id in (None, one.contact_id) and asked.currency in ("", one.currency)
    ]
    buckets = [
        Field(f"b{place}", None, label, 14, _SEEN, Kind.MONEY) for place, label in enumerate(bucket_labels(bounds))
    ]
    fields = (
        Field("customer", None, N_("Customer"), 28, _SEEN),
        Field("overdue", None, N_("Overdue"), 16, _SEEN, Kind.MONEY),
        *buckets,
        Field("oldest_late", None, N_("Oldest, days"), 9, _SEEN, Kind.INTEGER),
        Field("falling_due", None, N_("Falling due"), 16, _SEEN, Kind.MONEY),
        Field("disputed", None, N_("Disputed"), 14, _SEEN, Kind.MONEY),
        Field("unapplied", None, N_("Unapplied"), 14, _SEEN, Kind.MONEY),
        Field("level", None, N_("Reminder"), 8, _SEEN, Kind.INTEGER),
        Field("promised_on", None, N_("Promised for"), 12, _SEEN, Kind.DATE),
        Field("kept", None, N_("Promises kept"), 8, _SEEN, Kind.INTEGER),
        Field("broken", None, N_("Promises broken"), 8, _SEEN, Kind.INTEGER),
        Field("planned", None, N_("Planned, not claimed"), 16, _SEEN, Kind.MONEY),
    )
    return ReportTable(
        title=_("Due list"),
        said=said,
        fields=fields,
        rows=tuple(_customer_row(one) for one in found),
        sums=("overdue", *(one.name for one in buckets), "falling_due", "disputed", "unapplied", "planned"),
    )


def _customer_row(one: Debtor) -> tuple[Any, ...]:
    def money(amount: Any) -> Money | None:
        return Money(amount, one.currency) if amount else None

    return (
        one.name,
        Money(one.overdue, one.currency),
        *map(money, one.buckets),
        one.oldest_late,
        *map(money, (one.falling_due, one.disputed, one.unapplied)),
        one.level or None,
        one.promises.next_due_on,
        one.promises.kept or None,
        one.promises.broken or None,
        money(one.planned),
    )


def _by_instalment(work: Work, asked: Asked, until: date, said: str) -> ReportTable:
    items = [
        one
        for one in open_items(work, asked.contact_id, None, asked.currency)
        if one.due_on is not None and one.due_on <= until
    ]
    found = customers_of(work, (one.contact_id for one in items))
    rows: list[tuple[Any, ...]] = [
        (
            one.due_on,
            found[one.contact_id].name,
            _CLAIMED,
            one.number,
            " · ".join(part for part in (one.place, one.label) if part),
            one.late if one.late and one.late > 0 else None,
            Money(one.amount, one.currency),
            Money(one.open, one.currency),
            one.dispute_reason if one.disputed_on else "",
            one.dunning_level or None,
        )
        for one in items
        if one.contact_id in found
    ]
    rows += _planned(work, asked, until)
    rows.sort(key=lambda row: (row[0], row[1].casefold(), row[3]))
    return ReportTable(
        title=_("Due list by instalment"),
        said=said,
        fields=(
            Field("due_on", None, N_("Due"), 12, _SEEN, Kind.DATE),
            Field("customer", None, N_("Customer"), 28, _SEEN),
            Field("state", None, N_("State"), 12, _SEEN, Kind.CHOICE, _STATES),
            Field("number", None, N_("Document"), 16, _SEEN),
            Field("part", None, N_("Instalment"), 16, _SEEN),
            Field("late", None, N_("Days overdue"), 9, _SEEN, Kind.INTEGER),
            Field("amount", None, N_("Amount"), 16, _SEEN, Kind.MONEY),
            Field("open", None, N_("Still open"), 16, _SEEN, Kind.MONEY),
            Field("dispute", None, N_("Dispute"), 20, _SEEN),
            Field("level", None, N_("Reminder"), 8, _SEEN, Kind.INTEGER),
        ),
        rows=tuple(rows),
        sums=("open",),
    )


def _planned(work: Work, asked: Asked, until: date) -> list[tuple[Any, ...]]:
    statement = (
        select(Instalment.due_on, Contact.name, Order.number, Instalment.label, Instalment.amount, Instalment.currency)
        .join(Order, Order.id == Instalment.order_id)
        .join(Contact, Contact.id == Instalment.contact_id)
        .where(
            Instalment.claimed_on.is_(None),
            Instalment.settled_on.is_(None),
            Instalment.due_on <= until,
            Order.state == CONFIRMED,
        )
    )
    if asked.contact_id is not None:
        statement = statement.where(Instalment.contact_id == asked.contact_id)
    if asked.currency:
        statement = statement.where(Instalment.currency == asked.currency)
    return [
        (due_on, name, _PLANNED, number or "", label, None, Money.of_minor(amount, currency), None, "", None)
        for due_on, name, number, label, amount, currency in work.session.execute(statement)
    ]


DUE: Final = Report(
    "due",
    N_("Due list"),
    N_("What is overdue and what falls due, the worst customers first."),
    due,
    GROUPINGS,
    AS_OF,
    slow=True,
)
