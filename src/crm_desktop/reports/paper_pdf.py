"""A business document as a PDF: A4, fonts embedded, nothing split that belongs together."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from crm_desktop.reports import page_furniture as furniture
from crm_desktop.reports.page_flow import Piece, flow
from crm_desktop.reports.page_furniture import A4, LATER_HEAD, MARGIN
from crm_desktop.reports.paper import Paper
from crm_desktop.reports.paper_parts import Area, body, endings, opening
from crm_desktop.reports.pen import Pen, readable
from crm_desktop.shared.i18n import SIMPLIFIED, TRADITIONAL

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_TOP, _BOTTOM = 42.0, 30.0
_TAGS: Final = {SIMPLIFIED: "zh-Hans", TRADITIONAL: "zh-Hant"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF; `missing` are the characters no font has, printed as 〓: say so before it is sent."""

    data: bytes
    pages: int
    missing: tuple[str, ...] = ()


def new_canvas(buffer: BytesIO, size: tuple[float, float], title: str, author: str, language: str) -> "Canvas":
    """Return a canvas for a PDF that says its title, author and language."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    # Streams as bytes: the library's default writes them as text, a quarter larger and slower.
    rl_config.useA85 = 0
    canvas = Canvas(buffer, pagesize=size, lang=_TAGS.get(language, "en"), pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("CRM Desktop")
    return canvas


def paper_pdf(paper: Paper) -> Printed:
    """Return the document as a PDF.

    Each line of the document stands on exactly one page below the head of its table, and the totals
    stand on a page with at least the last line.
    """
    return papers_pdf((paper,))


def papers_pdf(papers: Iterable[Paper]) -> Printed:
    """Return several documents as one PDF, each beginning on a page of its own and numbering its own pages.

    They are taken one after the other, so they may be made meanwhile. The PDF is named after the first.
    Raises ValueError when there is none.
    """
    buffer = BytesIO()
    canvas: Canvas | None = None
    pages, missing = 0, dict[str, None]()
    for paper in papers:
        if canvas is None:
            title = " ".join(part for part in (paper.title, paper.number) if part)
            canvas = new_canvas(buffer, A4, title, paper.sender.name, paper.language)
        pen = Pen(canvas, paper.language)
        pages += _draw(pen, paper)
        missing |= pen.missing
    if canvas is None:
        raise ValueError("no paper to print")
    canvas.save()
    return Printed(buffer.getvalue(), pages, tuple(missing))


def _draw(pen: Pen, paper: Paper) -> int:
    """Draw one document and return its pages."""
    accent = readable(paper.sender.colour)
    left, wide = MARGIN, A4[0] - 2 * MARGIN
    top = A4[1] - _TOP
    foot = _BOTTOM + furniture.foot_height(pen, paper.sender, wide) + 8
    later_top = top - LATER_HEAD
    area = Area(left, wide, later_top - foot - 60, accent)
    pieces: list[Piece] = [*opening(pen, paper, area), *body(pen, paper, area), *endings(pen, paper, area)]
    pages = flow(pieces, top - furniture.letterhead_height(pen, paper.sender, wide), later_top, foot)
    for number, page in enumerate(pages, start=1):
        if paper.watermark:
            pen.watermark(paper.watermark, *A4)
        if number == 1:
            furniture.draw_letterhead(pen, paper.sender, left, top, wide, accent)
        else:
            furniture.draw_later_head(pen, paper, left, top, wide)
        for placed in page:
            if placed.piece.draw is not None:
                placed.piece.draw(placed.top)
        furniture.draw_foot(pen, paper.sender, left, _BOTTOM, wide, number, len(pages), paper.language)
        pen.canvas.showPage()
    return len(pages)
