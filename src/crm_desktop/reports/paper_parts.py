"""The parts of a business document from its title to the signatures, as pieces that pages are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from crm_desktop.reports.fonts import width
from crm_desktop.reports.page_flow import Piece
from crm_desktop.reports.paper import Align, Block, Line, LineKind, Paper, Signature, SmallTable
from crm_desktop.reports.pen import GREY, LINE, Pen, Style, picture_size, tint
from crm_desktop.reports.ruled_table import RowLook, Ruled, fit, head_piece, row_pieces
from crm_desktop.reports.text_layout import wrap

_SEAL: Final = 96.0
"""Points: a round company seal of China is 40 to 45 mm, printed here a little smaller."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where the text of a page stands, in points; `most_high` is what one page holds below a table's head."""

    left: float
    wide: float
    most_high: float
    accent: str


def opening(pen: Pen, paper: Paper, area: Area) -> list[Piece]:
    """Return title and number, the recipient at the left, the facts at the right, and the introduction."""
    pieces = [_title(pen, paper, area), _gap(14)]
    half = area.wide * 0.5
    left = _recipient(pen, paper.recipient, half - 16)
    right = _facts(pen, paper, area.wide - half)
    if left.height or right.height:
        height = max(left.height, right.height)

        def draw(top: float) -> None:
            left.draw_at(area.left, top)
            right.draw_at(area.left + half, top)

        pieces += [Piece(height, draw), _gap(16)]
    if paper.intro:
        pieces += [*_paragraphs(pen, paper.intro, area), _gap(10)]
    return pieces


def body(pen: Pen, paper: Paper, area: Area) -> list[Piece]:
    """Return the lines of the document with the totals that belong to them."""
    end = totals(pen, paper, area)
    if not paper.columns:
        return end
    cells = [line.cells for line in paper.lines if line.kind is LineKind.ITEM]
    ruled = fit(paper.columns, cells, pen, area.left, area.wide)
    head = head_piece(pen, ruled, area.accent)
    items = [at for at, line in enumerate(paper.lines) if line.kind is LineKind.ITEM]
    keep_from = items[-1] if items and end else len(paper.lines)
    pieces = [Piece(head.height, head.draw, bound=bool(paper.lines))]
    for at, line in enumerate(paper.lines):
        bound = at >= keep_from or line.kind is LineKind.HEADING
        pieces += _line(pen, paper, line, ruled, head, area, bound=bound)
    return [*pieces, *end]


def _line(pen: Pen, paper: Paper, line: Line, ruled: Ruled, head: Piece, area: Area, *, bound: bool) -> list[Piece]:
    if line.kind is LineKind.ITEM:
        return row_pieces(
            pen,
            ruled,
            line.cells,
            head,
            area.most_high,
            detail=line.detail,
            detail_column=paper.detail_column,
            bound=bound,
        )
    heading = line.kind is LineKind.HEADING
    style = Style(pen.strong if heading else pen.plain, ruled.size, area.accent if heading else GREY)
    texts = wrap("\n".join(line.cells), style.letters, style.size, area.wide)
    height = len(texts) * style.leading + (9 if heading else 7)

    def draw(top: float) -> None:
        pen.lines(area.left, top - (5 if heading else 3), area.wide, texts, style, Align.LEFT)
        pen.rule(area.left, top - height, area.wide, LINE, 0.4)

    return [Piece(height, draw, bound=bound, head=head)]


def totals(pen: Pen, paper: Paper, area: Area) -> list[Piece]:
    """Return the totals at the right, the taxes by rate beside them, and the amount in words below."""
    pieces: list[Piece] = []
    if paper.totals or paper.taxes:
        label_width = max((width(row.label, pen.strong, 11) for row in paper.totals), default=0)
        value_width = max((width(row.value, pen.strong, 11) for row in paper.totals), default=0)
        wide = min(max(label_width + value_width + 34, area.wide * 0.38), area.wide * 0.6)
        right = _totals(pen, paper, area.accent, wide)
        left = _Part(0, _nothing)
        if paper.taxes is not None:
            left = _small(pen, paper.taxes, area, area.wide - wide - 28)
        height = max(left.height, right.height)

        def draw(top: float) -> None:
            left.draw_at(area.left, top)
            right.draw_at(area.left + area.wide - wide, top)

        pieces += [_gap(8, bound=True), Piece(height, draw, bound=bool(paper.amount_words))]
    if paper.amount_words:
        pieces.append(_words(pen, paper, area))
    return pieces


def endings(pen: Pen, paper: Paper, area: Area) -> list[Piece]:
    """Return instalments, terms and signatures; the last lines of the terms stay with the signatures."""
    pieces: list[Piece] = []
    if paper.instalments is not None and paper.instalments.rows:
        part = _small(pen, paper.instalments, area, area.wide)
        pieces += [_gap(16), Piece(part.height, lambda top: part.draw_at(area.left, top))]
    for block in paper.texts:
        pieces += [_gap(14), *_headed(pen, block, area)]
    if paper.signatures:
        if pieces:
            last = pieces[-1]
            pieces[-1] = Piece(last.height, last.draw, bound=True, head=last.head)
        pieces += [_gap(18, bound=True), _signatures(pen, paper.signatures, area)]
    return pieces


# --- parts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that stands beside another; drawn at its left and top edge."""

    height: float
    draw: Callable[[float, float], None]

    def draw_at(self, x: float, top: float) -> None:
        self.draw(x, top)


def _gap(height: float, *, bound: bool = False) -> Piece:
    return Piece(height, blank=True, bound=bound)


def _nothing(_x: float, _top: float) -> None:
    """Draw nothing, where a document has no such part."""


def _title(pen: Pen, paper: Paper, area: Area) -> Piece:
    style, beside = Style(pen.strong, 21, area.accent), Style(pen.plain, 11, GREY)
    titles = wrap(paper.title, pen.strong, style.size, area.wide * 0.68)
    height = len(titles) * 27.0

    def draw(top: float) -> None:
        baseline = top - style.size
        for line in titles:
            pen.text(area.left, baseline, line, style)
            baseline -= 27
        if paper.number:
            pen.aligned(area.left, area.wide, top - style.size, paper.number, beside, Align.RIGHT)

    return Piece(height, draw)


def _recipient(pen: Pen, block: Block, wide: float) -> _Part:
    label, name, plain = Style(pen.plain, 7.5, GREY), Style(pen.strong, 10.5), Style(pen.plain, 9)
    texts: list[tuple[str, Style]] = []
    if block.lines:
        texts += [(line, name) for line in wrap(block.lines[0], name.letters, name.size, wide)]
        for rest in block.lines[1:]:
            texts += [(line, plain) for line in wrap(rest, plain.letters, plain.size, wide)]
    height = sum(style.leading for _line, style in texts) + (14 if block.title and texts else 0)

    def draw(x: float, top: float) -> None:
        if not texts:
            return
        if block.title:
            pen.text(x, top - label.size, block.title, label)
            top -= 14
        for line, style in texts:
            pen.text(x, top - style.size * 1.1, line, style)
            top -= style.leading

    return _Part(height, draw)


def _facts(pen: Pen, paper: Paper, wide: float) -> _Part:
    label, value = Style(pen.plain, 8.5, GREY), Style(pen.plain, 9)
    widest = max((width(fact.label, label.letters, label.size) for fact in paper.facts), default=0)
    room = min(widest, wide * 0.5)
    rows = [
        (
            wrap(fact.label, label.letters, label.size, room),
            wrap(fact.value, value.letters, value.size, wide - room - 12),
        )
        for fact in paper.facts
    ]
    heights = [max(len(left), len(right)) * value.leading + 1.5 for left, right in rows]

    def draw(x: float, top: float) -> None:
        for (left, right), height in zip(rows, heights, strict=True):
            pen.lines(x, top, room, left, label, Align.LEFT)
            pen.lines(x + room + 12, top, wide - room - 12, right, value, Align.LEFT)
            top -= height

    return _Part(sum(heights), draw)


def _totals(pen: Pen, paper: Paper, accent: str, wide: float) -> _Part:
    plain, grey = Style(pen.plain, 9), Style(pen.plain, 9, GREY)
    strong = Style(pen.strong, 11, accent)
    heights = [22.0 if row.strong else 15.0 for row in paper.totals]

    def draw(x: float, top: float) -> None:
        for row, height in zip(paper.totals, heights, strict=True):
            base = top - (15.5 if row.strong else 10.5)
            if row.strong:
                pen.rule(x, top - 1.5, wide, accent, 0.9)
            pen.text(x, base, row.label, strong if row.strong else grey)
            pen.aligned(x, wide, base, row.value, strong if row.strong else plain, Align.RIGHT)
            top -= height

    return _Part(sum(heights), draw)


def _small(pen: Pen, table: SmallTable, area: Area, wide: float) -> _Part:
    ruled = fit(table.columns, table.rows, pen, 0, wide, largest=8.0)
    head = head_piece(pen, ruled, area.accent)
    title = Style(pen.strong, 9)
    above = 15.0 if table.title else 0.0
    look = RowLook()
    rows = [piece for row in table.rows for piece in row_pieces(pen, ruled, row, None, area.most_high, look=look)]

    def draw(x: float, top: float) -> None:
        if table.title:
            pen.text(x, top - title.size, table.title, title)
        canvas = pen.canvas
        canvas.saveState()
        canvas.translate(x, 0)
        below = top - above
        for piece in (head, *rows):
            if piece.draw is not None:
                piece.draw(below)
            below -= piece.height
        canvas.restoreState()

    return _Part(above + head.height + sum(piece.height for piece in rows), draw)


def _words(pen: Pen, paper: Paper, area: Area) -> Piece:
    label, style = Style(pen.plain, 8.5, GREY), Style(pen.strong, 9.5)
    indent = width(paper.words_label, label.letters, label.size) + 12 if paper.words_label else 0.0
    texts = wrap(paper.amount_words, style.letters, style.size, area.wide - indent - 20)
    high = len(texts) * style.leading + 10

    def draw(top: float) -> None:
        pen.box(area.left, top - 10 - high, area.wide, high, tint(area.accent, 0.07))
        pen.text(area.left + 10, top - 15 - style.size * 1.1, paper.words_label, label)
        pen.lines(area.left + 10 + indent, top - 15, area.wide, texts, style, Align.LEFT)

    return Piece(high + 10, draw)


def _paragraphs(pen: Pen, text: str, area: Area) -> list[Piece]:
    """Return a text line by line: it may go on over the page, but never with one line alone."""
    style = Style(pen.plain, 9)
    lines = wrap(text, style.letters, style.size, area.wide)

    def piece(at: int) -> Piece:
        def draw(top: float) -> None:
            pen.lines(area.left, top, area.wide, [lines[at]], style, Align.LEFT)

        return Piece(style.leading, draw, bound=at in (0, len(lines) - 2) and at < len(lines) - 1)

    return [piece(at) for at in range(len(lines))]


def _headed(pen: Pen, block: Block, area: Area) -> list[Piece]:
    style = Style(pen.strong, 9)
    title = Piece(
        15, lambda top: pen.lines(area.left, top, area.wide, [block.title], style, Align.LEFT), bound=bool(block.lines)
    )
    paragraphs = _paragraphs(pen, "\n".join(block.lines), area) if block.lines else []
    return [title, *paragraphs] if block.title else paragraphs


def _signatures(pen: Pen, signatures: Sequence[Signature], area: Area) -> Piece:
    room = (area.wide - 28 * (len(signatures) - 1)) / len(signatures)
    label, name, plain = Style(pen.plain, 8, GREY), Style(pen.strong, 9.5), Style(pen.plain, 8.5, GREY)
    names = [wrap(one.name, name.letters, name.size, room) if one.name else [] for one in signatures]
    most_names = max(len(lines) for lines in names)
    first_line = 14 + most_names * name.leading + 20
    height = max(first_line + 24.0 * max(len(one.lines) for one in signatures), _SEAL + 8 if _sealed(signatures) else 0)

    def draw(top: float) -> None:
        for at, one in enumerate(signatures):
            x = area.left + at * (room + 28)
            pen.text(x, top - label.size, one.party, label)
            pen.lines(x, top - 14, room, names[at], name, Align.LEFT)
            below = top - first_line
            for line in one.lines:
                pen.text(x, below - 4, line, plain)
                begin = width(line, plain.letters, plain.size) + 6
                pen.rule(x + begin, below - 7, room - begin, GREY, 0.5)
                below -= 24
            if one.seal:
                wide, high = picture_size(one.seal, _SEAL, _SEAL)
                pen.picture(x + room - wide - 10, top - 6 - high, one.seal, _SEAL, _SEAL)

    return Piece(height, draw)


def _sealed(signatures: Sequence[Signature]) -> bool:
    return any(one.seal for one in signatures)
