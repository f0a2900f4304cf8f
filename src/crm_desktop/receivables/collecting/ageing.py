"""Who owes how much since when: the ageing of receivables as of any day, and as a report.

It is a partition: not due + buckets + undated − unapplied = balance in every row, whatever the day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.access.model import Team, User
from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.as_of import BY_DUE, BY_INVOICE, Row, add_up
from crm_desktop.receivables.collecting.balances import LOOKS, bucket_labels, day_of
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.collecting.worth import Rates, rates_on
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.report import AS_OF, Asked, Report, ReportTable

CUSTOMER, SALESPERSON, TEAM = "customer", "salesperson", "team"
GROUPINGS: Final = ((CUSTOMER, N_("Customer")), (SALESPERSON, N_("Salesperson")), (TEAM, N_("Team")))
FORMS: Final = ((BY_DUE, N_("By due date")), (BY_INVOICE, N_("By invoice date")))
_KEYS: Final = {CUSTOMER: adding.CONTACT, SALESPERSON: adding.SALESPERSON, TEAM: adding.SALESPERSON}
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT


@dataclass(frozen=True, slots=True)
class Ageing:
    """An ageing as of a day.

    A row is a plain tuple in minor units, since there may be tens of thousands: the key (the id of the
    customer, salesperson or team, None for nobody), the currency, then what `names` says. `bounds` are the
    last days of all buckets but the last.
    """

    as_of: date
    by: str
    group: str
    bounds: tuple[int, ...]
    rows: list[Row]

    @property
    def names(self) -> tuple[str, ...]:
        """Return what stands where in a row: key, currency, not_due, b0 …, undated, unapplied, balance."""
        buckets = (f"b{place}" for place in range(len(self.bounds) + 1))
        return ("key", "currency", "not_due", *buckets, "undated", "unapplied", "balance")

    def totals(self) -> list[Row]:
        """Return one row per currency, with the key None."""
        return add_up(self.rows)

    def worth(self, rates: Rates) -> Money | None:
        """Return the balance of everything in the company's currency, None when a currency has no rate."""
        return rates.sum((row[-1], row[1]) for row in self.totals())


@requires(*LOOKS)
def ageing(
    work: Work,
    as_of: date | None = None,
    *,
    by: str = BY_DUE,
    group: str = CUSTOMER,
    progress: Progress | None = None,
) -> Ageing:
    """Return the ageing of everything in reach, in no particular order; None is today, which is fast.

    `by` is BY_DUE or BY_INVOICE, `group` a key of GROUPINGS. A past day reads every claim and allocation
    there is and tells `progress`. Raises Cancelled.
    """
    day = day_of(work, as_of)
    rows = adding.rows(work, day.question(key=_KEYS[group], by=by), progress)
    if group == TEAM:
        rows = add_up(rows, dict(work.session.execute(select(User.id, User.team_id)).all()))
    return Ageing(day.as_of, by, group, day.bounds, rows)


@requires(*LOOKS)
def names(work: Work, group: str, keys: Collection[int | None]) -> Mapping[int | None, str]:
    """Return what the keys of an ageing are called."""
    if group == CUSTOMER:
        return {one.id: one.name for one in customers_of(work, (key for key in keys if key is not None)).values()}
    entity: Any = Team if group == TEAM else User
    named = {row.id: row.name for row in work.session.execute(select(entity.id, entity.name))}
    return named | {None: _("No team") if group == TEAM else _("Nobody")}


@requires(Permission.REPORT_READ, *LOOKS)
def table(work: Work, asked: Asked, *, progress: Progress | None = None) -> ReportTable:
    """Return the ageing as a report, by name: `asked.by` is the grouping, `asked.form` the day that is aged by.

    What is unapplied is shown less than 0, so that every row adds up to its balance. Amounts of another
    currency have their worth in the company's beside them, at the rate that is said.
    """
    group, by = asked.by or CUSTOMER, asked.form or BY_DUE
    made = ageing(work, asked.as_of, by=by, group=group, progress=progress)
    kept = [row for row in made.rows if _asked_for(asked, group, row)]
    rates = rates_on(work, {row[1] for row in kept}, made.as_of)
    called = names(work, group, {row[0] for row in kept})
    with_worth = any(row[1] != rates.own for row in kept)
    rows = [_shown(row, called, rates if with_worth else None) for row in kept]
    rows.sort(key=lambda row: (row[0].casefold(), row[1].currency))
    grouping = _(dict(GROUPINGS)[group])
    fields = _fields(made, group, grouping, rates.own if with_worth else "")
    return ReportTable(
        title=_("Ageing by {grouping}").format(grouping=grouping.lower()),
        said=_said(work, made, rates if with_worth else None),
        fields=fields,
        rows=tuple(rows),
        sums=tuple(one.name for one in fields[1:]),
    )


def _asked_for(asked: Asked, group: str, row: Row) -> bool:
    of_contact = asked.contact_id is None or group != CUSTOMER or row[0] == asked.contact_id
    return of_contact and asked.currency in ("", row[1])


def _shown(row: Row, called: Mapping[int | None, str], rates: Rates | None) -> tuple[Any, ...]:
    key, currency, *slots, unapplied, balance = row
    amounts = [Money.of_minor(minor, currency) for minor in (*slots, -unapplied, balance)]
    return (called.get(key, ""), *amounts, *(() if rates is None else (rates.money(balance, currency),)))


def _fields(made: Ageing, group: str, grouping: str, own: str) -> tuple[Field, ...]:
    first = N_("Not due yet") if made.by == BY_DUE else N_("Today")
    labels = [first, *bucket_labels(made.bounds), N_("Undated"), N_("Unapplied"), N_("Balance")]
    money = zip(made.names[2:], labels, strict=True)
    worth = [Field("worth", None, _("In {currency}").format(currency=own), 16, _SEEN, Kind.MONEY)] if own else []
    return (
        Field(group, None, grouping, 30, _SEEN),
        *(Field(name, None, label, 15, _SEEN, Kind.MONEY) for name, label in money),
        *worth,
    )


def _said(work: Work, made: Ageing, rates: Rates | None) -> str:
    formats = Formats.of(work.now.date(), {}, company(work).timezone)
    day = formats.full_day(made.as_of)
    if made.by == BY_DUE:
        said = _("As of {day}, by due date").format(day=day)
    else:
        said = _("As of {day}, by invoice date").format(day=day)
    told = rates.said(formats) if rates else ""
    return f"{said} · {told}" if told else said


AGEING: Final = Report(
    "ageing",
    N_("Ageing"),
    N_("Who owes how much since when, as of any day."),
    table,
    GROUPINGS,
    AS_OF,
    FORMS,
    slow=True,
)
