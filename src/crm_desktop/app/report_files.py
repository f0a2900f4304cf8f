"""Reports as files: the same table as a workbook or a PDF, and its export in the journal."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.access.model import Company, User
from crm_desktop.app.session import Session
from crm_desktop.db.work import Work
from crm_desktop.exchange.workbook import WORKBOOK, Table, write_sheets, write_table
from crm_desktop.reports import letterhead
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _, current_language
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.published import part_of, publishing, writing
from crm_desktop.shared.record import Page
from crm_desktop.shared.report import AS_OF, PERIOD, Asked, Report, ReportTable

if TYPE_CHECKING:
    from crm_desktop.reports.table_pdf import TableReport

PDF: Final = ".pdf"
ENDINGS: Final = (".xlsx", ".csv", PDF)
_DOCUMENTS: Final = (".xlsx", PDF)
_FIGURES: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
_TOTAL: Final = N_("Total")


@requires(Permission.REPORT_EXPORT)
def write_report(work: Work, path: Path, report: Report, asked: Asked, *, progress: Progress | None = None) -> int:
    """Write a report beside `path` and return its rows, or its documents; the ending says .xlsx, .csv or .pdf.

    `shared.published.publish` gives the file its name. Raises Invalid for another ending, Cancelled.
    """
    if path.suffix.lower() not in ENDINGS:
        raise Invalid("path", N_("A report is written as .xlsx, .csv or .pdf."))
    if report.documents is not None and path.suffix.lower() in _DOCUMENTS:
        return report.documents(work, path, asked, progress)
    table = report.answer(work, asked, progress)
    if path.suffix.lower() == PDF:
        data = report_pdf(work, table)
        with writing(path):
            part_of(path).write_bytes(data)
        return len(table.rows)
    return write_table(path, _as_sheet(work, table))


def _as_sheet(work: Work, table: ReportTable) -> Table:
    pages = [Page(("id", *(one.name for one in table.fields)), [(0, *row) for row in table.rows])]
    timezone = work.session.scalar(select(Company.timezone)) or "UTC"
    return Table(table.title, table.fields, pages, _people(work), timezone, table.sums)


def take_out(here: Session, path: Path, report: Report, asked: Asked, progress: Progress | None = None) -> int:
    """Write a report to `path` for the person who is logged in, and note it; return its rows or documents.

    Raises what `write_report` and `publish` raise.
    """
    with publishing(path):
        with here.database.read(here.actor) as work:
            rows = write_report(work, path, report, asked, progress=progress)
        with here.database.begin(here.actor) as work:
            note_report(work, path, report, rows, asked)
    return rows


@requires(Permission.REPORT_EXPORT)
def note_report(work: Work, path: Path, report: Report, rows: int, asked: Asked) -> None:
    """Write into the journal that the actor took a report out of the program, and the documents it wrote."""
    if report.went_out is not None and path.suffix.lower() in _DOCUMENTS:
        report.went_out(work, asked)
    work.note("report", None, "export", after={"report": report.name, "format": path.suffix.lower()[1:], "rows": rows})


@requires(Permission.REPORT_EXPORT)
def write_pack(
    work: Work, path: Path, reports: Sequence[Report], month: date, *, progress: Progress | None = None
) -> int:
    """Write the monthly pack beside `path`: one workbook with a sheet per report; returns their rows.

    Reports of a period are those of the month `month` lies in, reports of a day those of its last day, or
    of today while the month lasts. Each report asks for its own permission. Raises Invalid for another ending
    than .xlsx and without a report, Cancelled.
    """
    if path.suffix.lower() != WORKBOOK:
        raise Invalid("path", N_("The monthly pack is written as .xlsx."))
    if not reports:
        raise Invalid("reports", N_("Choose at least one report."))
    watched, rows = progress or Quiet(), 0

    def sheets() -> Iterator[Table]:
        nonlocal rows
        for done, report in enumerate(reports):
            watched.step(done, len(reports))
            within = _Within(watched, done, len(reports))
            table = report.answer(work, asked_of_month(report, month, today(work)), within)
            rows += len(table.rows)
            yield _as_sheet(work, replace(table, title=_(report.title)))

    write_sheets(path, sheets())
    watched.step(len(reports), len(reports))
    return rows


class _Within:
    """Says how far a pack is while one of its reports is on, which counts in its own way; and hears of a cancel."""

    def __init__(self, pack: Progress, done: int, total: int) -> None:
        self._pack, self._done, self._total = pack, done, total

    def step(self, _done: int, _total: int | None = None) -> None:
        """Pass on that it lives. Raises Cancelled."""
        self._pack.step(self._done, self._total)


def asked_of_month(report: Report, month: date, today: date) -> Asked:
    """Return what a report is asked for the month that `month` lies in."""
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if report.days == PERIOD:
        return Asked(from_on=first, to_on=last)
    return Asked(as_of=min(last, today)) if report.days == AS_OF else Asked()


def take_out_pack(
    here: Session, path: Path, reports: Sequence[Report], month: date, progress: Progress | None = None
) -> int:
    """Write the monthly pack to `path` for the person who is logged in, note it, and return its rows."""
    with publishing(path):
        with here.database.read(here.actor) as work:
            rows = write_pack(work, path, reports, month, progress=progress)
        with here.database.begin(here.actor) as work:
            note_pack(work, path, reports, rows)
    return rows


@requires(Permission.REPORT_EXPORT)
def note_pack(work: Work, path: Path, reports: Sequence[Report], rows: int) -> None:
    """Write into the journal that the actor took these reports out of the program."""
    taken = {"reports": [one.name for one in reports], "format": path.suffix.lower()[1:], "rows": rows}
    work.note("report", None, "export", after=taken)


@open_to_all("a report is read by whoever may run it; taking it out is another permission")
def report_pdf(work: Work, table: ReportTable) -> bytes:
    """Return the report as a PDF in the language on screen."""
    from crm_desktop.reports.table_pdf import table_pdf

    return table_pdf(report_paper(work, table)).data


@open_to_all("a report is read by whoever may run it; taking it out is another permission")
def report_paper(work: Work, table: ReportTable) -> "TableReport":
    """Return the report as it is drawn on paper, in the language on screen."""
    from crm_desktop.reports.paper import Align, Column
    from crm_desktop.reports.table_pdf import Bar, Bars, Row, RowKind, TableReport

    company = work.session.scalars(select(Company)).one()
    formats = Formats.of(work.now.date(), _people(work), company.timezone)
    rows = [Row(_cells(formats, table, row)) for row in table.rows]
    rows += [Row(_total_cells(formats, table, row), RowKind.TOTAL) for row in table.totals()]
    bars = table.bars(company.currency)
    chart = None
    if table.chart is not None and bars:
        value = table.fields[table.place(table.chart.value)]
        shown = tuple(Bar(label, figure, _bar_text(value, figure, company.currency)) for label, figure in bars)
        chart = Bars(_(value.label), shown)
    head = letterhead.get(work)
    return TableReport(
        title=table.title,
        columns=tuple(
            Column(_(one.label), Align.RIGHT if one.kind in _FIGURES else Align.LEFT, one.chars) for one in table.fields
        ),
        rows=tuple(rows),
        parameters=table.said,
        language=current_language(),
        company=company.name,
        made=_("{person}, {time}").format(person=work.actor.name, time=formats.instant(work.now)),
        colour=head.colour,
        chart=chart,
    )


def _people(work: Work) -> Mapping[int, str]:
    return {row.id: row.name for row in work.session.execute(select(User.id, User.name))}


def _cells(formats: Formats, table: ReportTable, row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(shown_cell(formats, one, value) for one, value in zip(table.fields, row, strict=True))


def _total_cells(formats: Formats, table: ReportTable, row: tuple[Any, ...]) -> tuple[str, ...]:
    cells = _cells(formats, table, row)
    return (_(_TOTAL), *cells[1:]) if cells and not cells[0] else cells


def shown_cell(formats: Formats, described: Field, value: Any) -> str:
    """Return what a cell of a report shows: days with their year, never "yesterday"."""
    return formats.full_day(value) if isinstance(value, date) else formats.full_text(described, value)


def _bar_text(described: Field, figure: Any, currency: str) -> str:
    formats = Formats.of(date.min, {})
    return formats.full_text(described, Money(figure, currency) if described.kind is Kind.MONEY else figure)
