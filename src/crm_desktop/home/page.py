"""Home on paper and in a workbook: the same figures, line by line, each saying what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.home import tiles
from crm_desktop.home.asking import Asking, asking
from crm_desktop.home.figures import Column, Figure, MonthsChart, Row, Section
from crm_desktop.reports import letterhead
from crm_desktop.reports.paper import Align
from crm_desktop.reports.paper import Column as PaperColumn
from crm_desktop.reports.table_pdf import Bar, Bars, RowKind, TableReport
from crm_desktop.reports.table_pdf import Row as PaperRow
from crm_desktop.shared.display import list_separator, number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, current_language
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import NO_DAYS, Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT


@dataclass(frozen=True, slots=True)
class Line:
    """One line: of which part of Home, what it is, what is said of it, and the figure."""

    part: str
    what: str
    said: str
    value: Money | int | None


@requires(Permission.REPORT_READ)
def table(work: Work, asked: Asked) -> ReportTable:
    """Return every figure of the actor's Home as a line, the amounts in `asked.currency` or the company's."""
    asking_ = asking(work, asked.currency)
    rows = [
        (
            line.part,
            line.what,
            line.value if isinstance(line.value, Money) else None,
            line.value if isinstance(line.value, int) else None,
            line.said,
        )
        for line in _lines(work, asking_)
    ]
    return ReportTable(
        title=_("Home"),
        said=_said(asking_),
        fields=(
            Field("part", None, N_("Part"), 22, _SEEN),
            Field("what", None, N_("What"), 28, _SEEN),
            Field("amount", None, N_("Amount"), 16, _SEEN, Kind.MONEY),
            Field("count", None, N_("Number"), 8, _SEEN, Kind.INTEGER),
            Field("said", None, N_("What it counts"), 44, _SEEN),
        ),
        rows=tuple(rows),
    )


@requires(Permission.REPORT_READ, Permission.DOCUMENT_PRINT)
def paper(work: Work, currency: str = "") -> TableReport:
    """Return the actor's Home to be drawn by `reports.table_pdf.table_pdf`: parts with their lines, a chart on top."""
    asked = asking(work, currency)
    rows: list[PaperRow] = []
    part = ""
    for line in _lines(work, asked):
        if line.part != part:
            part = line.part
            rows.append(PaperRow((part, "", ""), RowKind.GROUP))
        amount = line.value.amount if isinstance(line.value, Money) else line.value
        rows.append(PaperRow((line.what, line.said, "" if amount is None else number_text(amount))))
    made = _("{person}, {time}").format(person=work.actor.name, time=asked.formats.instant(work.now))
    return TableReport(
        title=_("Home"),
        columns=(
            PaperColumn(_("What"), Align.LEFT, 26),
            PaperColumn(_("What it counts"), Align.LEFT, 44),
            PaperColumn(_("Figure"), Align.RIGHT, 16),
        ),
        rows=tuple(rows),
        parameters=_said(asked),
        language=current_language(),
        company=company(work).name,
        made=made,
        colour=letterhead.get(work).colour,
        chart=_bars(work, asked),
    )


def _said(asked: Asking) -> str:
    day = asked.formats.full_day(asked.today)
    return _("{day}, amounts in {currency}").format(day=day, currency=asked.currency)


def _lines(work: Work, asked: Asking) -> Iterator[Line]:
    plan = tiles.layout(work.actor)
    for tile in plan.headlines:
        shown = tile.run(work, asked.currency)
        assert isinstance(shown, Figure)
        yield Line(_("Today"), shown.label, _told(*shown.said, _not_added(shown.not_added)), shown.value)
    for part in (plan.chart, *plan.lists, *plan.side):
        if part is not None:
            yield from _of_part(part.run(work, asked.currency))


def _of_part(shown: tiles.Shown) -> Iterator[Line]:
    if isinstance(shown, MonthsChart):
        for month in shown.months:
            for figure in month.figures:
                yield Line(shown.title, f"{month.name}, {figure.label}", shown.said, figure.value)
    elif isinstance(shown, Section):
        for figure in shown.figures:
            yield Line(shown.title, figure.label, _told(shown.said, *figure.said), figure.value)
        for row in shown.rows:
            yield _row_line(shown, row)
        if shown.total is not None:
            not_added = _not_added(shown.not_added)
            yield Line(shown.title, _("Total"), _told(shown.said, not_added), shown.total.value)


def _row_line(section: Section, row: Row) -> Line:
    first, *rest = section.columns
    told = (_cell(column, row.cells.get(column.name)) for column in rest if column.kind != "money")
    value = row.figure.value if row.figure is not None else None
    return Line(section.title, str(row.cells.get(first.name, "")), _told(*told), value)


def _cell(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.kind == "days":
        return _("{count} d").format(count=f"{value:,}")
    return f"{column.label} {value:,}" if column.kind == "count" else str(value)


def _bars(work: Work, asked: Asking) -> Bars | None:
    chart = tiles.layout(work.actor).chart
    if chart is None:
        return None
    shown = chart.run(work, asked.currency)
    assert isinstance(shown, MonthsChart)
    last = len(shown.series) - 1
    bars = []
    for month in shown.months:
        value = month.figures[last].value
        assert isinstance(value, Money)
        bars.append(Bar(month.name, value.amount, number_text(value.amount)))
    title = _("{series}, {currency}, by month").format(series=shown.series[last].capitalize(), currency=shown.currency)
    return Bars(title, tuple(bars)) if any(bar.value for bar in bars) else None


def _told(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _not_added(amounts: tuple[Money, ...]) -> str:
    if not amounts:
        return ""
    told = list_separator().join(f"{one.currency} {number_text(one.amount)}" for one in amounts)
    return _("Not added: {amounts}").format(amounts=told)


HOME: Final = Report(
    "home", N_("Home"), N_("The figures of Home as you see them today, one line each."), table, days=NO_DAYS
)
