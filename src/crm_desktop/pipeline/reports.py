"""What is expected, how opportunities fare, how long they take, why they are lost.

Each names its period, what it counts, and that amounts stand per currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access.model import User
from crm_desktop.access.periods import said_period
from crm_desktop.activities import naming
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.fields import WEIGHTED
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, round_half_away
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import Asked, Chart, Report, ReportTable

MONTH, STAGE, SALESPERSON, CUSTOMER, SOURCE = "month", "stage", "salesperson", "customer", "source"
_OF_FORECAST: Final = (
    (MONTH, N_("Month")),
    (STAGE, N_("Stage")),
    (SALESPERSON, N_("Salesperson")),
    (CUSTOMER, N_("Customer")),
)
_OF_RESULTS: Final = (
    (SALESPERSON, N_("Salesperson")),
    (MONTH, N_("Month")),
    (CUSTOMER, N_("Customer")),
    (SOURCE, N_("Source")),
)
_OF_CYCLE: Final = (
    (SALESPERSON, N_("Salesperson")),
    (MONTH, N_("Month")),
    (SOURCE, N_("Source")),
)
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_MAY: Final = (Permission.REPORT_READ, Permission.OPPORTUNITY_READ)


@dataclass(slots=True)
class _Results:
    """What became of the opportunities of one group in one currency."""

    won: int = 0
    lost: int = 0
    amount_won: int = 0
    amount_lost: int = 0
    days: list[int] = field(default_factory=list)


@requires(*_MAY)
def forecast(work: Work, asked: Asked) -> ReportTable:
    """Return the open opportunities expected in the period: how many, their amount, and weighted by their chance.

    One without an expected day is there only when no period is asked for.
    """
    by = asked.by or MONTH
    keys = _Keys(work, by, Opportunity.expected_on)
    columns = (Opportunity.currency, func.count(), func.sum(Opportunity.amount), func.sum(WEIGHTED))
    statement = select(keys.column, *columns).where(Opportunity.state == rules.OPEN)
    statement = _in_period(statement, asked, Opportunity.expected_on).group_by(keys.column, Opportunity.currency)
    groups: dict[tuple[Any, str], list[int]] = {}
    for key, currency, *figures in work.session.execute(statement):
        sums = groups.setdefault((keys.key(key), currency), [0, 0, 0])
        for place, figure in enumerate(figures):
            sums[place] += int(figure)
    grouping = _(dict(_OF_FORECAST)[by])
    return ReportTable(
        title=_("Weighted forecast by {grouping}").format(grouping=grouping.lower()),
        said=_said(
            work, asked, N_("Counts open opportunities by the day they are expected. Weighted: amount times chance.")
        ),
        fields=(
            Field(by, None, grouping, 26, _SEEN),
            _count("opportunities", N_("Opportunities")),
            _money("amount", N_("Amount")),
            _money("weighted", N_("Weighted")),
        ),
        rows=tuple(
            (keys.label(key), count, Money.of_minor(amount, currency), Money.of_minor(chance, currency))
            for (key, currency), (count, amount, chance) in keys.in_order(groups)
        ),
        sums=("opportunities", "amount", "weighted"),
        chart=Chart(by, "weighted"),
    )


@requires(*_MAY)
def funnel(work: Work, asked: Asked) -> ReportTable:
    """Return how far the opportunities opened in the period came: how many reached each stage, and were won.

    A won one reached every stage; another one those up to the furthest it was ever in, wherever it was put back to.
    """
    stages = naming.rows_of(work, Stage)
    place = {row.id: number for number, row in enumerate(stages)}
    columns = (Opportunity.stage_id, Opportunity.furthest_stage_id, Opportunity.state, Opportunity.currency)
    figures = (func.count(), func.sum(Opportunity.amount))
    grouped = _in_period(select(*columns, *figures), asked, Opportunity.opened_on).group_by(*columns)
    steps: dict[str, list[list[int]]] = {}
    for stage_id, furthest_id, state, currency, count, amount in work.session.execute(grouped):
        reached = steps.setdefault(currency, [[0, 0, 0] for _step in (*stages, None)])
        last = len(stages) if state == rules.WON else max(place[stage_id], place[furthest_id])
        for step in reached[: last + 1]:
            step[0] += count
            step[2] += int(amount)
        if state == rules.OPEN:
            reached[place[stage_id]][1] += count
    shown = [number for number, row in enumerate(stages) if row.active or any(one[number][0] for one in steps.values())]
    return ReportTable(
        title=_("Sales funnel"),
        said=_said(
            work,
            asked,
            N_("Counts opportunities by the day they were opened: those that reached a stage, or went further."),
        ),
        fields=(
            Field(STAGE, None, N_("Stage"), 22, _SEEN),
            _count("reached", N_("Reached")),
            _count("here", N_("There now")),
            Field("share", None, N_("Of all %"), 9, _SEEN, Kind.DECIMAL),
            Field("from_before", None, N_("Of the stage before %"), 12, _SEEN, Kind.DECIMAL),
            _money("amount", N_("Amount")),
        ),
        rows=tuple(
            row
            for currency in sorted(steps)
            for row in _funnel_rows(
                [_called(rules.STAGE_WORDS, stages[number]) for number in shown], steps[currency], shown, currency
            )
        ),
        chart=Chart(STAGE, "amount"),
    )


@requires(*_MAY)
def win_rate(work: Work, asked: Asked) -> ReportTable:
    """Return how many of the opportunities decided in the period were won."""
    by = asked.by or SALESPERSON
    keys, groups = _decided(work, asked, by)
    grouping = _(dict(_OF_RESULTS)[by])
    return ReportTable(
        title=_("Win rate by {grouping}").format(grouping=grouping.lower()),
        said=_said(work, asked, N_("Counts opportunities by the day they were won or lost; open ones do not count.")),
        fields=(
            Field(by, None, grouping, 26, _SEEN),
            _count("won", N_("Won")),
            _count("lost", N_("Lost")),
            Field("rate", None, N_("Win rate %"), 10, _SEEN, Kind.DECIMAL),
            _money("amount_won", N_("Amount won")),
            _money("amount_lost", N_("Amount lost")),
        ),
        rows=tuple(
            (
                keys.label(key),
                one.won,
                one.lost,
                _percent(one.won, one.won + one.lost),
                Money.of_minor(one.amount_won, currency),
                Money.of_minor(one.amount_lost, currency),
            )
            for (key, currency), one in keys.in_order(groups)
        ),
        sums=("won", "lost", "amount_won", "amount_lost"),
        chart=Chart(by, "amount_won"),
    )


@requires(*_MAY)
def cycle(work: Work, asked: Asked) -> ReportTable:
    """Return how many days it took to win the opportunities won in the period, from opened to won."""
    by = asked.by or SALESPERSON
    keys, found = _decided(work, asked, by)
    # Days know no currency: the groups of one key are one row.
    groups: dict[tuple[Any, str], list[int]] = {}
    for (key, _currency), one in found.items():
        if one.days:
            groups.setdefault((key, ""), []).extend(one.days)
    grouping = _(dict(_OF_CYCLE)[by])
    return ReportTable(
        title=_("Length of the sales cycle by {grouping}").format(grouping=grouping.lower()),
        said=_said(
            work, asked, N_("Counts won opportunities by the day they were won: the days since they were opened."), ""
        ),
        fields=(
            Field(by, None, grouping, 26, _SEEN),
            _count("won", N_("Won")),
            Field("average", None, N_("Days on average"), 12, _SEEN, Kind.DECIMAL),
            Field("median", None, N_("Half take at most (days)"), 14, _SEEN, Kind.DECIMAL),
            _count("longest", N_("Longest (days)")),
        ),
        rows=tuple(
            (
                keys.label(key),
                len(days),
                round_half_away(Decimal(sum(days)) / len(days), 1),
                round_half_away(Decimal(median(days)), 1),
                max(days),
            )
            for (key, _none), days in keys.in_order(groups)
        ),
        sums=("won",),
        chart=Chart(by, "average"),
    )


@requires(*_MAY)
def lost_reasons(work: Work, asked: Asked) -> ReportTable:
    """Return why opportunities lost in the period were lost: how many, their share and amount per currency."""
    columns = (Opportunity.lost_reason_id, Opportunity.currency, func.count(), func.sum(Opportunity.amount))
    lost = _in_period(select(*columns).where(Opportunity.state == rules.LOST), asked, Opportunity.closed_on)
    rows = work.session.execute(lost.group_by(Opportunity.lost_reason_id, Opportunity.currency)).all()
    called = {row.id: _called(rules.REASON_WORDS, row) for row in naming.rows_of(work, LostReason)}
    everything = sum(row[2] for row in rows)
    return ReportTable(
        title=_("Why opportunities were lost"),
        said=_said(work, asked, N_("Counts opportunities by the day they were lost.")),
        fields=(
            Field("reason", None, N_("Why lost"), 26, _SEEN),
            _count("opportunities", N_("Opportunities")),
            Field("share", None, N_("Of all %"), 9, _SEEN, Kind.DECIMAL),
            _money("amount", N_("Amount")),
        ),
        rows=tuple(
            (called[reason_id], count, _percent(count, everything), Money.of_minor(int(amount), currency))
            for reason_id, currency, count, amount in sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
        ),
        sums=("opportunities", "amount"),
        chart=Chart("reason", "amount"),
    )


class _Keys:
    """What the rows of a report are grouped by: the SQL, the key of a group, its name, their order."""

    def __init__(self, work: Work, by: str, day: Any) -> None:
        self.by = by
        self.column = {
            MONTH: day,
            STAGE: Opportunity.stage_id,
            SALESPERSON: Opportunity.salesperson_id,
            CUSTOMER: Opportunity.contact_id,
            SOURCE: Opportunity.source,
        }[by]
        self._names: dict[Any, str] = {}
        self._places: dict[Any, int] = {}
        if by == STAGE:
            rows = naming.rows_of(work, Stage)
            self._names = {row.id: _called(rules.STAGE_WORDS, row) for row in rows}
            self._places = {row.id: place for place, row in enumerate(rows)}
        elif by in (SALESPERSON, CUSTOMER):
            named = User if by == SALESPERSON else Contact
            among = select(self.column).distinct()
            self._names = dict(work.session.execute(select(named.id, named.name).where(named.id.in_(among))).all())

    def key(self, value: Any) -> Any:
        """Return the group of a value: the month of a day."""
        if self.by == MONTH:
            return f"{value:%Y-%m}" if isinstance(value, date) else ""
        return value

    def label(self, key: Any) -> str:
        """Return what a group is called."""
        if self.by == MONTH:
            return key or _("No day named")
        if self.by == SOURCE:
            return key or _("No source")
        return self._names.get(key) or _("Nobody")

    def in_order(self, groups: dict[tuple[Any, str], Any]) -> Iterable[tuple[tuple[Any, str], Any]]:
        """Return the groups by month, by stage or by name; within by currency."""
        return sorted(groups.items(), key=lambda one: (self._place(one[0][0]), one[0][1]))

    def _place(self, key: Any) -> tuple[Any, ...]:
        if self.by == STAGE:
            return (self._places[key],)
        return (not key, key if self.by == MONTH else self.label(key).casefold(), str(key))


def _decided(work: Work, asked: Asked, by: str) -> tuple[_Keys, dict[tuple[Any, str], _Results]]:
    """Return what was won and lost in the period, by group and currency."""
    keys = _Keys(work, by, Opportunity.closed_on)
    columns = (
        Opportunity.currency,
        Opportunity.state,
        Opportunity.amount,
        Opportunity.opened_on,
        Opportunity.closed_on,
    )
    ended = select(keys.column, *columns).where(Opportunity.state != rules.OPEN)
    groups: dict[tuple[Any, str], _Results] = {}
    for key, currency, state, amount, opened_on, closed_on in work.session.execute(
        _in_period(ended, asked, Opportunity.closed_on)
    ):
        one = groups.setdefault((keys.key(key), currency), _Results())
        if state == rules.WON:
            one.won += 1
            one.amount_won += amount
            one.days.append((closed_on - opened_on).days)
        else:
            one.lost += 1
            one.amount_lost += amount
    return keys, groups


def _funnel_rows(
    names: Sequence[str], steps: Sequence[Sequence[int]], shown: Sequence[int], currency: str
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    before: int | None = None
    for name, number in (*zip(names, shown, strict=True), (_("Won"), len(steps) - 1)):
        reached, here, amount = steps[number]
        share = _percent(reached, steps[0][0])
        of_before = None if before is None else _percent(reached, before)
        now = here if number < len(steps) - 1 else reached
        rows.append((name, reached, now, share, of_before, Money.of_minor(amount, currency)))
        before = reached
    return rows


def _called(words: Mapping[str, str], row: Any) -> str:
    return str(row.name) or _(words.get(row.key, row.key))


def _in_period(statement: Any, asked: Asked, day: Any) -> Any:
    """Narrow a statement to the period, the customer and the currency asked for."""
    if asked.from_on is not None:
        statement = statement.where(day >= asked.from_on)
    if asked.to_on is not None:
        statement = statement.where(day <= asked.to_on)
    if asked.contact_id is not None:
        statement = statement.where(Opportunity.contact_id == asked.contact_id)
    if asked.currency:
        statement = statement.where(Opportunity.currency == asked.currency)
    return statement


def _said(work: Work, asked: Asked, counts: str, money: str = N_("Amounts as estimated, per currency.")) -> str:
    said = [said_period(work, asked), _(counts), *([_(money)] if money else [])]
    return " · ".join(said)


def _count(name: str, label: str) -> Field:
    return Field(name, None, label, 11, _SEEN, Kind.INTEGER)


def _money(name: str, label: str) -> Field:
    return Field(name, None, label, 16, _SEEN, Kind.MONEY)


def _percent(part: int, whole: int) -> Decimal | None:
    return round_half_away(Decimal(100 * part) / whole, 1) if whole else None


FORECAST: Final = Report(
    "forecast",
    N_("Forecast"),
    N_("Open opportunities by expected month, weighted by their chance."),
    forecast,
    _OF_FORECAST,
    ahead=True,
)
FUNNEL: Final = Report("funnel", N_("Funnel"), N_("How far opportunities come, stage by stage."), funnel)
WIN_RATE: Final = Report(
    "win_rate", N_("Win rate"), N_("How many of the decided opportunities were won."), win_rate, _OF_RESULTS
)
CYCLE: Final = Report("cycle", N_("Sales cycle"), N_("How many days it takes to win."), cycle, _OF_CYCLE)
LOST_REASONS: Final = Report(
    "lost_opportunities", N_("Lost opportunities"), N_("Why opportunities were lost."), lost_reasons
)
