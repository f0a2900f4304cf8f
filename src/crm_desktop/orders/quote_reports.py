"""Reports on quotes: how many become orders, and why the others do not."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import String, cast, func, select

from crm_desktop.access.model import User
from crm_desktop.access.periods import said_period
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Quote
from crm_desktop.orders.reports import CUSTOMER, MONTH, SALESPERSON
from crm_desktop.shared.display import choice_label
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, round_half_away
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import Asked, Chart, Report, ReportTable

GROUPINGS: Final = (
    (SALESPERSON, N_("Salesperson")),
    (CUSTOMER, N_("Customer")),
    (MONTH, N_("Month")),
)
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_REASON: Final = Field("reason", None, N_("Why lost"), 26, _SEEN, Kind.CHOICE, choices=rules.LOST_REASONS)


@dataclass(slots=True)
class Results:
    """What became of the quotes of one group in one currency."""

    label: str
    currency: str
    accepted: int = 0
    lost: int = 0
    open: int = 0
    net_accepted: int = 0


@requires(Permission.REPORT_READ, Permission.QUOTE_READ)
def hit_rate(work: Work, asked: Asked) -> ReportTable:
    """Return how many of the quotes sent in the period were accepted, of those that were decided.

    A quote counts once, by its newest revision and date; drafts do not count.
    """
    by = asked.by or SALESPERSON
    key, label = _key(by)
    statement = select(key, label, Quote.currency, Quote.state, func.count(), func.sum(Quote.net)).select_from(Quote)
    if by == CUSTOMER:
        statement = statement.join(Contact, Contact.id == Quote.contact_id)
    if by == SALESPERSON:
        statement = statement.outerjoin(User, User.id == Quote.salesperson_id)
    names = () if label is key else (label,)
    statement = _of_period(statement, asked, Quote.dated_on).group_by(key, *names, Quote.currency, Quote.state)
    groups: dict[tuple[Any, str], Results] = {}
    for one_key, name, currency, state, count, net in work.session.execute(statement):
        results = groups.setdefault((one_key, currency), Results(name or _("Nobody"), currency))
        match state:
            case rules.ACCEPTED:
                results.accepted += count
                results.net_accepted += int(net)
            case rules.LOST:
                results.lost += count
            case _:
                results.open += count
    grouping = _(dict(GROUPINGS)[by])
    return ReportTable(
        title=_("Quotes and orders by {grouping}").format(grouping=grouping.lower()),
        said=said_period(work, asked),
        fields=_fields(by, grouping),
        rows=tuple(_row(one) for one in sorted(groups.values(), key=lambda one: one.label)),
        sums=("quotes", "accepted", "lost", "open", "net"),
        chart=Chart(by, "hit_rate"),
    )


def _key(by: str) -> tuple[Any, Any]:
    if by == CUSTOMER:
        return Quote.contact_id, Contact.name
    if by == MONTH:
        month = func.substr(cast(Quote.dated_on, String), 1, 7)
        return month, month
    return Quote.salesperson_id, User.name


def _fields(by: str, grouping: str) -> tuple[Field, ...]:
    return (
        Field(by, None, grouping, 28, _SEEN),
        Field("quotes", None, N_("Quotes"), 9, _SEEN, Kind.INTEGER),
        Field("accepted", None, N_("Accepted"), 10, _SEEN, Kind.INTEGER),
        Field("lost", None, N_("Lost"), 9, _SEEN, Kind.INTEGER),
        Field("open", None, N_("Undecided"), 9, _SEEN, Kind.INTEGER),
        Field("hit_rate", None, N_("Hit rate %"), 10, _SEEN, Kind.DECIMAL),
        Field("net", None, N_("Net accepted"), 16, _SEEN, Kind.MONEY),
    )


def _row(one: Results) -> tuple[Any, ...]:
    decided = one.accepted + one.lost
    rate = round_half_away(Decimal(100 * one.accepted) / decided, 1) if decided else None
    sent = decided + one.open
    return (one.label, sent, one.accepted, one.lost, one.open, rate, Money.of_minor(one.net_accepted, one.currency))


def _of_period(statement: Any, asked: Asked, day: Any) -> Any:
    statement = statement.where(Quote.current.is_(True), Quote.state.in_((rules.SENT, rules.ACCEPTED, rules.LOST)))
    if asked.from_on is not None:
        statement = statement.where(day >= asked.from_on)
    if asked.to_on is not None:
        statement = statement.where(day <= asked.to_on)
    return statement


@requires(Permission.REPORT_READ, Permission.QUOTE_READ)
def lost_reasons(work: Work, asked: Asked) -> ReportTable:
    """Return why quotes decided in the period were lost: how many, and their net per currency."""
    decided = func.coalesce(Quote.decided_on, Quote.dated_on)
    counted = select(Quote.lost_reason, Quote.currency, func.count(), func.sum(Quote.net))
    lost = counted.where(Quote.state == rules.LOST).group_by(Quote.lost_reason, Quote.currency)
    ordered = sorted(work.session.execute(_of_period(lost, asked, decided)).all(), key=lambda row: -row[2])
    return ReportTable(
        title=_("Why quotes were lost"),
        said=said_period(work, asked),
        fields=(
            Field("reason", None, N_("Why lost"), 26, _SEEN),
            Field("quotes", None, N_("Quotes"), 9, _SEEN, Kind.INTEGER),
            Field("net", None, N_("Net"), 16, _SEEN, Kind.MONEY),
        ),
        rows=tuple(
            (choice_label(_REASON, reason), count, Money.of_minor(int(net), currency))
            for reason, currency, count, net in ordered
        ),
        sums=("quotes", "net"),
        chart=Chart("reason", "quotes"),
    )


HIT_RATE: Final = Report("quotes", N_("Quotes"), N_("How many quotes become orders."), hit_rate, GROUPINGS)
LOST: Final = Report("lost", N_("Lost quotes"), N_("Why quotes were lost."), lost_reasons)
