"""The figures of Home that are money: received, invoiced, what customers owe, and the chart of a year."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, Date, bindparam, case, cast, func, literal_column, select

from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.home import opening
from crm_desktop.home.asking import Asking, asking, with_comparison
from crm_desktop.home.figures import Figure, Month, MonthsChart, Opens, Section
from crm_desktop.home.periods import Days, last_months, month_before, month_so_far, year_before
from crm_desktop.home.reach import in_reach, reach_key
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.i18n import ENGLISH, N_, _, current_language, ngettext
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires

SOON_DAYS: Final = 7
# Values that an index is chosen by stand in the statement itself.
_POSTED: Final = Invoice.state == literal_column("'posted'")
_OPEN: Final = Instalment.open_amount != literal_column("0")
_INVOICED: Final = case((Invoice.kind == literal_column("'credit'"), -Invoice.net), else_=Invoice.net)
_RECEIVED: Final = case((Receipt.kind == literal_column("'receipt'"), Receipt.amount), else_=-Receipt.amount)
_MONTH_NAMES: Final = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"),
    N_("Nov"), N_("Dec"),
)  # fmt: skip


@requires(Permission.REPORT_READ, Permission.RECEIPT_READ)
def received(work: Work, currency: str = "") -> Figure:
    """Return the money received this month so far, refunds and reversals taken off."""
    asked = asking(work, currency)
    days = _three(asked.today)
    first, second, third = (_by_currency(_received_by_day(work, one)) for one in days)
    words = ("received", _("Received this month"), asked.currency)
    return with_comparison(asked, words, opening.received(days[0]), (first, second, third), days)


@requires(Permission.REPORT_READ, Permission.INVOICE_READ)
def invoiced(work: Work, currency: str = "") -> Figure:
    """Return what was invoiced this month so far, credit notes taken off, net of tax."""
    asked = asking(work, currency)
    days = _three(asked.today)
    first, second, third = (_by_currency(_invoiced_by_day(work, one)) for one in days)
    words = ("invoiced", _("Invoiced this month"), _("{currency}, without tax").format(currency=asked.currency))
    return with_comparison(asked, words, opening.invoiced(days[0]), (first, second, third), days)


@requires(Permission.REPORT_READ, *LOOKS)
def overdue(work: Work, currency: str = "") -> Figure:
    """Return what was due before today and is not paid, of how many customers, and since when at worst."""
    asked = asking(work, currency)
    late = (_OPEN, Instalment.due_on < asked.today)
    found = work.session.execute(
        select(Instalment.currency, _sum(Instalment.open_amount), func.min(Instalment.due_on))
        .where(*late)
        .group_by(Instalment.currency)
    ).all()
    value, others = asked.split((row[0], row[1]) for row in found)
    oldest = next((row[2] for row in found if row[0] == asked.currency), None)
    said, worst = [_("{currency}, with tax").format(currency=asked.currency)], ""
    if oldest is not None and value.amount:
        # Asked apart: an index has the customers in order, and a count beside the sums would sort them first.
        owing = select(Instalment.contact_id).where(*late, Instalment.currency == asked.currency).distinct().subquery()
        count = work.session.scalar(select(func.count()).select_from(owing)) or 0
        said.append(ngettext("{count} customer", "{count} customers", count).format(count=f"{count:,}"))
        days = (asked.today - oldest).days
        worst = ngettext("worst {count} day", "worst {count} days", days).format(count=f"{days:,}")
    opens = opening.claims(due_to=asked.today - timedelta(1)).in_currency(asked.currency)
    tone = "danger" if value.amount else "plain"
    return Figure("overdue", _("Overdue"), value, opens, (" · ".join(said), worst), tone, not_added=others)


@requires(Permission.REPORT_READ, *LOOKS)
def due_soon(work: Work, currency: str = "") -> Figure:
    """Return what falls due from today on within a week."""
    asked = asking(work, currency)
    until = asked.today + timedelta(SOON_DAYS - 1)
    found = work.session.execute(
        select(Instalment.currency, _sum(Instalment.open_amount), func.count())
        .where(_OPEN, Instalment.due_on >= asked.today, Instalment.due_on <= until)
        .group_by(Instalment.currency)
    ).all()
    value, others = asked.split((row[0], row[1]) for row in found)
    count = next((row[2] for row in found if row[0] == asked.currency), 0)
    days = Days(asked.today, until).words(asked.formats)
    taxed = _("{currency}, with tax").format(currency=asked.currency)
    said = (
        f"{taxed} · {days}",
        ngettext("{count} instalment", "{count} instalments", count).format(count=f"{count:,}"),
    )
    opens = opening.claims(asked.today, until).in_currency(asked.currency)
    return Figure("due_soon", _("Falls due within a week"), value, opens, said, not_added=others)


@requires(Permission.REPORT_READ, *LOOKS)
def owed(work: Work, currency: str = "") -> Section:
    """Return what customers owe, by how late it is: not due, every bucket, without a day, and what is unused."""
    asked = asking(work, currency)
    all_ = balances.totals(work)
    day = balances.day_of(work, None)
    code = asked.currency
    mine = next((one for one in all_ if one.currency == code), balances.nothing(0, code, day.as_of, day.bounds))
    figures = [
        Figure("not_due", _("Not due"), Money(mine.not_due, code), opening.claims(asked.today), slot="age0"),
        *(
            Figure(
                f"late_{place}",
                _bucket_words(first, last),
                Money(amount, code),
                opening.claims(None if last is None else asked.today - timedelta(last), asked.today - timedelta(first)),
                slot=f"age{min(place, 4) + 1}",
            )
            for place, ((first, last), amount) in enumerate(
                zip(rules.bucket_ranges(day.bounds), mine.buckets, strict=True)
            )
        ),
    ]
    if mine.undated:
        figures.append(Figure("undated", _("No day yet"), Money(mine.undated, code), opening.undated_claims(), slot=""))
    figures += _unused(work, asked, mine.unapplied)
    others = tuple(Money(one.balance, one.currency) for one in all_ if one.currency != code and one.balance)
    return Section(
        key="owed",
        title=_("What customers owe"),
        said=_("{currency}, with tax, by days late").format(currency=code),
        figures=tuple(_in_currency(figures, code)),
        total=Figure("balance", _("What customers owe"), Money(mine.balance, code), Opens(opening.AGEING)),
        nothing=_("Nobody owes anything in {currency}.").format(currency=code),
        not_added=others,
    )


@requires(Permission.REPORT_READ, Permission.INVOICE_READ, Permission.RECEIPT_READ)
def months(work: Work, currency: str = "") -> MonthsChart:
    """Return what was invoiced and received in each of the last twelve months, the running one until today."""
    asked = asking(work, currency)
    spans = last_months(asked.today)
    whole = Days(spans[0].first, spans[-1].last)
    invoiced_, others = _by_month(asked, _invoiced_by_day(work, whole))
    received_, more = _by_month(asked, _received_by_day(work, whole))
    made = []
    for span in spans:
        label, name = _month_words(span.first)
        bars = (
            Figure(
                "invoiced",
                _("invoiced"),
                asked.money(invoiced_.get(_month(span.first))),
                opening.invoiced(span).in_currency(asked.currency),
                slot="c2",
            ),
            Figure(
                "received",
                _("received"),
                asked.money(received_.get(_month(span.first))),
                opening.received(span).in_currency(asked.currency),
                slot="c1",
            ),
        )
        made.append(Month(label, name, bars, running=span is spans[-1]))
    return MonthsChart(
        key="months",
        title=_("Invoiced and received"),
        said=_("{currency}, invoiced without tax, {count} months").format(currency=asked.currency, count=len(spans)),
        currency=asked.currency,
        series=(_("invoiced"), _("received")),
        months=tuple(made),
        not_added=tuple(sorted(others | more)),
    )


def _three(today: date) -> tuple[Days, Days, Days]:
    now = month_so_far(today)
    return now, month_before(now), year_before(now)


def _invoiced_by_day(work: Work, days: Days) -> Iterable[Any]:
    """Return (day, currency, minor units) of what was invoiced, added up in the order of its index."""
    return _by_day(work, Invoice, _INVOICED, (_POSTED, Invoice.taken_over.is_(False)), days)


def _received_by_day(work: Work, days: Days) -> Iterable[Any]:
    """Return (day, currency, minor units) of what was received, added up in the order of its index."""
    return _by_day(work, Receipt, _RECEIVED, (Receipt.kind != literal_column(f"'{rules.KEPT}'"),), days)


def _by_day(work: Work, entity: Any, amount: Any, counted: Iterable[Any], days: Days) -> Iterable[Any]:
    work.session.flush()
    first, last = bindparam("first", None, type_=Date), bindparam("last", None, type_=Date)

    def build() -> Any:
        of_days = (entity.dated_on >= first, entity.dated_on <= last)
        summed = select(entity.dated_on, entity.currency, _sum(amount))
        summed = summed.where(*counted, *of_days, *in_reach(work, entity))
        return summed.group_by(entity.dated_on, entity.currency)

    key = ("home", entity.__tablename__, reach_key(work))
    return run_prepared(work, key, build, {"first": days.first, "last": days.last})


def _by_currency(rows: Iterable[Any]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for _day, code, minor in rows:
        found[code] = found.get(code, 0) + minor
    return list(found.items())


def _sum(what: Any) -> Any:
    # A server adds whole numbers up to a numeric, which would arrive as another kind of number.
    return cast(func.sum(what), BigInteger)


def _unused(work: Work, asked: Asking, unapplied: Decimal) -> list[Figure]:
    """Return the money and the credit notes that are not used up, below zero; each opens a list of its own."""
    if not unapplied:
        return []
    credited, _others = asked.split(adding.unused(work, Invoice))
    parts = (
        ("unused_receipts", _("Not allocated"), unapplied - credited.amount, opening.unused_receipts()),
        ("unused_credits", _("Credit notes"), credited.amount, opening.unused_credits()),
    )
    return [
        Figure(key, label, Money(-amount, asked.currency), opens, slot="")
        for key, label, amount, opens in parts
        if amount
    ]


def _in_currency(figures: list[Figure], currency: str) -> list[Figure]:
    return [replace(one, opens=one.opens.in_currency(currency) if one.opens else None) for one in figures]


def _bucket_words(first: int, last: int | None) -> str:
    if last is None:
        return _("over {days} days").format(days=first - 1)
    return _("{first}–{last} days").format(first=first, last=last)


def _by_month(asked: Asking, rows: Iterable[Any]) -> tuple[dict[tuple[int, int], int], set[str]]:
    """Return minor units by month in the currency asked for, and which others there are."""
    found: dict[tuple[int, int], int] = {}
    others = set()
    for day, code, minor in rows:
        if code == asked.currency:
            found[_month(day)] = found.get(_month(day), 0) + minor
        else:
            others.add(code)
    return found, others


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _month_words(first: date) -> tuple[str, str]:
    """Return the short label of a month and its name with the year."""
    label = _(_MONTH_NAMES[first.month - 1])
    if current_language() == ENGLISH:
        return label, f"{label} {first.year}"
    return label, _("{month} {year}").format(month=label, year=first.year)
