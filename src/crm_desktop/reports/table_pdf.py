"""A report as a PDF: title, parameters, a chart where one helps, a table with subtotals, A4 either way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from io import BytesIO
from itertools import zip_longest
from typing import Final

from crm_desktop.reports import page_furniture as furniture
from crm_desktop.reports.fonts import width
from crm_desktop.reports.page_flow import Piece, flow
from crm_desktop.reports.page_furniture import A4
from crm_desktop.reports.paper import DEFAULT_COLOUR, Align, Column, Paper, Sender
from crm_desktop.reports.paper_pdf import Printed, new_canvas
from crm_desktop.reports.pen import GREY, LINE, Pen, Style, readable, tint
from crm_desktop.reports.ruled_table import GAP, PLAIN, RowLook, fit, head_piece, row_pieces
from crm_desktop.reports.text_layout import elided, wrap
from crm_desktop.shared.i18n import ENGLISH

_MARGIN: Final = 40.0
_SIZE: Final = 8.5
_MOST_BARS: Final = 20


class RowKind(Enum):
    """What a row of a report is."""

    PLAIN = auto()
    GROUP = auto()
    """Heads the rows below it."""
    SUBTOTAL = auto()
    TOTAL = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ready strings, one for each column."""

    cells: tuple[str, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: how long it is, and the figure that stands at its end."""

    label: str
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from one zero line; the title names unit and period."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TableReport:
    """A report in one language; `parameters` says of when and of what it is, `made` by whom and when."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    parameters: str = ""
    language: str = ENGLISH
    company: str = ""
    made: str = ""
    colour: str = DEFAULT_COLOUR
    chart: Bars | None = None


def table_pdf(report: TableReport) -> Printed:
    """Return the report as a PDF, landscape when its columns do not fit upright.

    Every row stands on exactly one page below the head of the table; a subtotal stays with the row above it.
    """
    buffer = BytesIO()
    size = _page_size(report, buffer)
    canvas = new_canvas(buffer, size, report.title, report.company, report.language)
    pen = Pen(canvas, report.language)
    accent = readable(report.colour)
    wide, top = size[0] - 2 * _MARGIN, size[1] - 36.0
    sender = Sender(name=report.company, footer=report.made)
    head = Paper(report.title, sender=sender)
    bottom = 24.0
    foot = bottom + furniture.foot_height(pen, sender, wide) + 6
    later_top = top - furniture.LATER_HEAD
    pieces = [_title(pen, report, wide, accent)]
    if report.chart is not None and report.chart.bars:
        pieces += [_chart(pen, report.chart, wide, accent), Piece(18, blank=True)]
    pieces += _table(pen, report, wide, accent, later_top - foot - 60)
    pages = flow(pieces, top, later_top, foot)
    for number, page in enumerate(pages, start=1):
        if number > 1:
            furniture.draw_later_head(pen, head, _MARGIN, top, wide)
        for placed in page:
            if placed.piece.draw is not None:
                placed.piece.draw(placed.top)
        furniture.draw_foot(pen, sender, _MARGIN, bottom, wide, number, len(pages), report.language)
        canvas.showPage()
    canvas.save()
    return Printed(buffer.getvalue(), len(pages), tuple(pen.missing))


def _page_size(report: TableReport, buffer: BytesIO) -> tuple[float, float]:
    """Return A4, lying when the columns at their full width do not fit upright."""
    pen = Pen(new_canvas(buffer, A4, "", "", report.language), report.language)
    wanted = sum(
        max(width(text, pen.strong, _SIZE) for text in {column.title, *(row.cells[at] for row in report.rows)})
        for at, column in enumerate(report.columns)
    )
    upright = A4[0] - 2 * _MARGIN
    return A4 if wanted + GAP * (len(report.columns) - 1) <= upright else (A4[1], A4[0])


def _title(pen: Pen, report: TableReport, wide: float, accent: str) -> Piece:
    name, title, small = Style(pen.plain, 8, GREY), Style(pen.strong, 17, accent), Style(pen.plain, 8.5, GREY)
    titles = wrap(report.title, title.letters, title.size, wide)
    below = wrap(report.parameters, small.letters, small.size, wide) if report.parameters else []
    height = (14 if report.company else 0) + len(titles) * 22 + len(below) * small.leading + 14

    def draw(top: float) -> None:
        if report.company:
            pen.text(_MARGIN, top - 8, elided(report.company, name.letters, name.size, wide), name)
            top -= 14
        for line in titles:
            pen.text(_MARGIN, top - title.size, line, title)
            top -= 22
        pen.lines(_MARGIN, top - 2, wide, below, small, Align.LEFT)

    return Piece(height, draw)


def _looks(accent: str) -> dict[RowKind, RowLook]:
    return {
        RowKind.PLAIN: PLAIN,
        RowKind.GROUP: RowLook(strong=True, colour=accent),
        RowKind.SUBTOTAL: RowLook(strong=True, tint=tint(accent, 0.05)),
        RowKind.TOTAL: RowLook(strong=True, tint=tint(accent, 0.09), rule=accent),
    }


def _table(pen: Pen, report: TableReport, wide: float, accent: str, most_high: float) -> list[Piece]:
    ruled = fit(
        report.columns, [row.cells for row in report.rows], pen, _MARGIN, wide, largest=_SIZE, letters=pen.strong
    )
    head = head_piece(pen, ruled, accent)
    pieces = [Piece(head.height, head.draw, bound=bool(report.rows))]
    looks = _looks(accent)
    for row, following in zip_longest(report.rows, report.rows[1:]):
        closes = following is not None and following.kind in (RowKind.SUBTOTAL, RowKind.TOTAL)
        bound = closes or row.kind is RowKind.GROUP
        pieces += row_pieces(pen, ruled, row.cells, head, most_high, look=looks[row.kind], bound=bound)
    return pieces


def _chart(pen: Pen, chart: Bars, wide: float, accent: str) -> Piece:
    """Return the bars; those beyond the first twenty are in the table only."""
    bars: Sequence[Bar] = chart.bars[:_MOST_BARS]
    title, style = Style(pen.strong, 9), Style(pen.plain, 8)
    label_room = min(max(width(bar.label, style.letters, style.size) for bar in bars), wide * 0.3)
    text_room = max(width(bar.text, style.letters, style.size) for bar in bars)
    room = wide - label_room - text_room - 24
    low = min(0.0, *(float(bar.value) for bar in bars))
    span = max(0.0, *(float(bar.value) for bar in bars)) - low or 1.0
    step, begin = 16.0, _MARGIN + label_room + 10
    above = 20.0 if chart.title else 4.0

    def draw(top: float) -> None:
        if chart.title:
            pen.text(_MARGIN, top - title.size, chart.title, title)
        zero = begin - low / span * room
        below = top - above
        for bar in bars:
            long = float(bar.value) / span * room
            pen.box(zero + min(long, 0.0), below - 12, max(abs(long), 0.4), 9, accent)
            label = elided(bar.label, style.letters, style.size, label_room)
            pen.text(_MARGIN, below - 10.5, label, style)
            pen.aligned(_MARGIN, wide, below - 10.5, bar.text, style, Align.RIGHT)
            below -= step
        pen.canvas.setStrokeColor(LINE)
        pen.canvas.setLineWidth(0.5)
        pen.canvas.line(zero, top - above + 2, zero, below + 2)

    return Piece(above + step * len(bars) + 4, draw)
