"""The figures of Home that are sales to come: ordered, to deliver, the pipeline."""

from typing import Any, Final

from sqlalchemy import BigInteger, cast, func, literal_column, select

from crm_desktop.activities import naming
from crm_desktop.db.work import Work
from crm_desktop.home import opening
from crm_desktop.home.asking import Asking, asking, with_comparison
from crm_desktop.home.figures import Figure, Section
from crm_desktop.home.periods import Days, month_before, month_so_far, year_before
from crm_desktop.orders.model import Order
from crm_desktop.pipeline import stages
from crm_desktop.pipeline.fields import WEIGHTED
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission, requires

# Values that an index is chosen by stand in the statement itself.
_SOLD: Final = Order.state.in_((literal_column("'confirmed'"), literal_column("'closed'")))
_TO_DELIVER: Final = (
    Order.state == literal_column("'confirmed'"),
    Order.delivered_percent < literal_column("1000000"),
)
_IS_OPEN: Final = Opportunity.state == literal_column("'open'")
_IS_WON: Final = Opportunity.state == literal_column("'won'")


@requires(Permission.REPORT_READ, Permission.ORDER_READ)
def ordered(work: Work, currency: str = "") -> Figure:
    """Return what was ordered this month so far, net of tax: orders that are or were binding, by their date."""
    asked = asking(work, currency)
    now = month_so_far(asked.today)
    days = (now, month_before(now), year_before(now))
    sums = (_sums_ordered(work, days[0]), _sums_ordered(work, days[1]), _sums_ordered(work, days[2]))
    words = ("ordered", _("Sales this month"), _("{currency}, orders without tax").format(currency=asked.currency))
    return with_comparison(asked, words, opening.ordered(now), sums, days)


@requires(Permission.REPORT_READ, Permission.ORDER_READ)
def to_deliver(work: Work, currency: str = "") -> Figure:
    """Return how many confirmed orders have goods still to go out, how many are late, and what is to come."""
    asked = asking(work, currency)
    count = func.count()
    whole = work.session.scalar(select(count).select_from(Order).where(*_TO_DELIVER)) or 0
    late = (*_TO_DELIVER, Order.due_sort < asked.today)
    number, oldest = work.session.execute(select(count, func.min(Order.due_sort)).where(*late)).one()
    if not number:
        said = _("none is late") if whole else ""
    else:
        days = (asked.today - oldest).days
        said = ngettext("{count} is late by up to {days} d", "{count} are late by up to {days} d", number)
        said = said.format(count=f"{number:,}", days=f"{days:,}")
    lines = tuple(line for line in (said, _("confirmed orders, any currency")) if line)
    return Figure("to_deliver", _("Orders to deliver"), whole, opening.to_deliver(), lines)


@requires(Permission.REPORT_READ, Permission.ORDER_READ)
def late_orders(work: Work, currency: str = "") -> Figure:
    """Return how many confirmed orders were promised before today and are not wholly delivered."""
    asked = asking(work, currency)
    late = (*_TO_DELIVER, Order.due_sort < asked.today)
    number, oldest = work.session.execute(select(func.count(), func.min(Order.due_sort)).where(*late)).one()
    said = [_("confirmed orders, any currency")]
    if number:
        days = (asked.today - oldest).days
        said.insert(0, ngettext("by up to {count} day", "by up to {count} days", days).format(count=f"{days:,}"))
    tone = "danger" if number else "plain"
    return Figure("late_orders", _("Late orders"), number, opening.to_deliver(asked.today), tuple(said), tone)


@requires(Permission.REPORT_READ, Permission.OPPORTUNITY_READ)
def chances(work: Work, currency: str = "") -> Figure:
    """Return what the open opportunities are worth, how many there are, and what they weigh by probability."""
    asked = asking(work, currency)
    found = work.session.execute(
        select(
            Opportunity.currency,
            _sum(Opportunity.amount),
            func.count(),
            _sum(WEIGHTED),
        )
        .where(_IS_OPEN)
        .group_by(Opportunity.currency)
    ).all()
    value, others = asked.split((row[0], row[1]) for row in found)
    mine = next((row for row in found if row[0] == asked.currency), (asked.currency, 0, 0, 0))
    count = ngettext("{count} opportunity", "{count} opportunities", mine[2]).format(count=f"{mine[2]:,}")
    weighted = _("{amount} by their chances").format(amount=number_text(asked.money(mine[3]).amount))
    said = (f"{asked.currency} · {count}", *([weighted] if mine[2] else []))
    opens = opening.open_chances().in_currency(asked.currency)
    return Figure("chances", _("Open pipeline"), value, opens, said, not_added=others)


@requires(Permission.REPORT_READ, Permission.OPPORTUNITY_READ)
def pipeline(work: Work, currency: str = "") -> Section:
    """Return what is open in each stage, and what was won this month so far."""
    asked = asking(work, currency)
    sums: dict[int, dict[str, int]] = {}
    for stage_id, code, minor in work.session.execute(
        select(Opportunity.stage_id, Opportunity.currency, _sum(Opportunity.amount))
        .where(_IS_OPEN)
        .group_by(Opportunity.stage_id, Opportunity.currency)
    ):
        sums.setdefault(stage_id, {})[code] = minor
    figures, others = [], dict[str, int]()
    for stage in stages.stages(work, all=True):
        found = sums.pop(stage.id, {})
        for code, minor in found.items():
            if code != asked.currency:
                others[code] = others.get(code, 0) + minor
        if found or stage.active:
            opens = opening.open_chances(naming.token(stage)).in_currency(asked.currency)
            label = stage.name or _(stages.called(stage))
            figures.append(Figure(f"stage_{stage.id}", label, asked.money(found.get(asked.currency)), opens))
    figures.append(_won(work, asked))
    return Section(
        key="pipeline",
        title=_("Pipeline by stage"),
        said=_("open amount, {currency}").format(currency=asked.currency),
        figures=tuple(figures) if any(one.length for one in figures) else (),
        more=opening.open_chances(),
        more_words=_("All opportunities"),
        nothing=_("No open opportunity in {currency}.").format(currency=asked.currency),
        not_added=asked.split(others.items())[1],
    )


def _won(work: Work, asked: Asking) -> Figure:
    days = month_so_far(asked.today)
    sums = work.session.execute(
        select(Opportunity.currency, _sum(Opportunity.amount))
        .where(_IS_WON, Opportunity.closed_on >= days.first, Opportunity.closed_on <= days.last)
        .group_by(Opportunity.currency)
    ).all()
    value, _others = asked.split(sums)
    opens = opening.won_chances(days).in_currency(asked.currency)
    said = (days.words(asked.formats),)
    return Figure("won", _("Won this month"), value, opens, said, tone="success", slot="success")


def _sums_ordered(work: Work, days: Days) -> Any:
    asked = select(Order.currency, _sum(Order.net)).where(
        _SOLD, Order.dated_on >= days.first, Order.dated_on <= days.last
    )
    return work.session.execute(asked.group_by(Order.currency)).all()


def _sum(what: Any) -> Any:
    # A server adds whole numbers up to a numeric, which would arrive as another kind of number.
    return cast(func.sum(what), BigInteger)
