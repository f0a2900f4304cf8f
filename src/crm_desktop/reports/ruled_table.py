"""A table on paper: columns fitted to their figures, a head that is repeated, lines that are never split."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crm_desktop.reports.fonts import Face, width
from crm_desktop.reports.page_flow import Piece
from crm_desktop.reports.paper import Align, Column
from crm_desktop.reports.pen import GREY, INK, LINE, Pen, Style
from crm_desktop.reports.text_layout import wrap

GAP: Final = 10.0
"""Between columns, in points."""
SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
_ROW_PADDING: Final = 7.0
_TEXT_SHARE: Final = 0.3
"""Of the width: less than this for the text columns makes the letters smaller."""
_LEAST_TEXT: Final = 42.0
_SHORT_TITLE: Final = 48.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table whose columns have their places; all measures in points."""

    columns: tuple[Column, ...]
    left: float
    room: float
    xs: tuple[float, ...]
    rooms: tuple[float, ...]
    size: float


def fit(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    pen: Pen,
    left: float,
    room: float,
    largest: float = 9.0,
    letters: Face | None = None,
) -> Ruled:
    """Return where the columns stand.

    Figures (columns that go right or centre) are never broken; text takes what they leave, by weight.
    When that is too little, the letters become smaller. `letters` are the widest a row is set in, plain
    ones if not given.
    """
    gaps = GAP * (len(columns) - 1)
    for size in (size for size in SIZES if size <= largest):
        wanted = [_wanted(column, at, rows, pen, size, letters or pen.plain) for at, column in enumerate(columns)]
        texts = [at for at, column in enumerate(columns) if column.align is Align.LEFT]
        rest = room - gaps - sum(wide for at, wide in enumerate(wanted) if at not in texts)
        least = min(sum(wanted[at] for at in texts), room * _TEXT_SHARE)
        if rest >= least:
            break
    rooms = list(wanted)
    for at, wide in _shared(rest, {at: (wanted[at], columns[at].weight) for at in texts}).items():
        rooms[at] = wide
    spread = (room - gaps) / max(sum(rooms), 1)
    if not texts or spread < 1:
        rooms = [wide * spread for wide in rooms]
    xs, x = [], left
    for wide in rooms:
        xs.append(x)
        x += wide + GAP
    return Ruled(tuple(columns), left, room, tuple(xs), tuple(rooms), size)


def _wanted(column: Column, at: int, rows: Sequence[Sequence[str]], pen: Pen, size: float, letters: Face) -> float:
    """Return the width at which nothing of a column is broken, but for the words of its title."""
    title = max((width(word, pen.strong, size - 0.5) for word in _kept(column.title, pen, size - 0.5)), default=0.0)
    cells = {row[at] for row in rows}
    widest = max((width(line, letters, size) for cell in cells for line in cell.split("\n")), default=0.0)
    return max(title, widest) + 0.5


def _kept(title: str, pen: Pen, size: float) -> list[str]:
    """Return what of a column's title is not broken: a short one, else its words, else six Chinese signs."""
    if width(title, pen.strong, size) <= _SHORT_TITLE:
        return [title]
    return title.split() if title.isascii() else [title[at : at + 6] for at in range(0, len(title), 6)]


def _shared(room: float, texts: dict[int, tuple[float, float]]) -> dict[int, float]:
    """Share `room` among text columns (wanted width, weight): none gets more than it wants while another lacks."""
    given: dict[int, float] = {}
    open_ = dict(texts)
    while open_:
        weights = sum(weight for _wide, weight in open_.values())
        content = [at for at, (wide, weight) in open_.items() if wide <= room * weight / weights]
        if not content:
            given |= {at: max(room * weight / weights, _LEAST_TEXT) for at, (_wide, weight) in open_.items()}
            return given
        for at in content:
            given[at] = open_.pop(at)[0]
            room -= given[at]
    weights = sum(weight for _wide, weight in texts.values())
    return {at: wide + room * texts[at][1] / weights for at, wide in given.items()}


def head_piece(pen: Pen, ruled: Ruled, colour: str) -> Piece:
    """Return the head of the table."""
    style = Style(pen.strong, ruled.size - 0.5, colour)
    titles = [
        wrap(column.title, pen.strong, style.size, room)
        for column, room in zip(ruled.columns, ruled.rooms, strict=True)
    ]
    most = max((len(lines) for lines in titles), default=1)
    height = most * style.leading + 8

    def draw(top: float) -> None:
        for column, x, room, lines in zip(ruled.columns, ruled.xs, ruled.rooms, titles, strict=True):
            down = (most - len(lines)) * style.leading
            pen.lines(x, top - down - 2, room, lines, style, column.align)
        pen.rule(ruled.left, top - height + 3, ruled.room, colour, 0.9)

    return Piece(height, draw)


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row looks: `strong` letters, a `tint` behind it, a rule above it in `rule`."""

    strong: bool = False
    colour: str = INK
    tint: str = ""
    rule: str = ""


PLAIN: Final = RowLook()


def row_pieces(
    pen: Pen,
    ruled: Ruled,
    cells: Sequence[str],
    head: Piece | None,
    most_high: float,
    *,
    look: RowLook = PLAIN,
    detail: str = "",
    detail_column: int = 0,
    bound: bool = False,
) -> list[Piece]:
    """Return a row as one piece; only a row higher than `most_high` is cut into several."""
    letters: Face = pen.strong if look.strong else pen.plain
    style = Style(letters, ruled.size, look.colour)
    small = Style(pen.plain, max(ruled.size - 1.0, 6.0), GREY)
    texts = [
        [(line, style) for line in wrap(cell, letters, style.size, room)]
        for cell, room in zip(cells, ruled.rooms, strict=True)
    ]
    if detail:
        texts[detail_column] += [
            (line, small) for line in wrap(detail, pen.plain, small.size, ruled.rooms[detail_column])
        ]
    most = max(len(lines) for lines in texts)
    at_once = max(int((most_high - _ROW_PADDING) / style.leading), 1)
    pieces = []
    for begin in range(0, most, at_once):
        part = [lines[begin : begin + at_once] for lines in texts]
        last = begin + at_once >= most
        pieces.append(_row(pen, ruled, part, head, look, last=last, bound=bound and last))
    return pieces


def _row(
    pen: Pen,
    ruled: Ruled,
    texts: Sequence[Sequence[tuple[str, Style]]],
    head: Piece | None,
    look: RowLook,
    *,
    last: bool,
    bound: bool,
) -> Piece:
    height = max(sum(style.leading for _line, style in lines) for lines in texts) + _ROW_PADDING

    def draw(top: float) -> None:
        if look.tint:
            pen.box(ruled.left, top - height, ruled.room, height, look.tint)
        if look.rule:
            pen.rule(ruled.left, top, ruled.room, look.rule, 0.9)
        for column, x, room, lines in zip(ruled.columns, ruled.xs, ruled.rooms, texts, strict=True):
            below = top - _ROW_PADDING / 2 + 0.5
            for line, style in lines:
                pen.aligned(x, room, below - style.size * 1.1, line, style, column.align)
                below -= style.leading
        if last:
            pen.rule(ruled.left, top - height, ruled.room, LINE, 0.4)

    return Piece(height, draw, bound=bound, head=head)
