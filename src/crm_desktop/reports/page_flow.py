"""How pieces of a document are spread over pages (pure).

A piece is never split. Pieces bound together stay on one page as long as one page can hold them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Draw = Callable[[float], None]
"""Draws a piece whose top edge is at the given height above the page's foot, in points."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something drawn in one go, `height` points high.

    `bound` keeps it on the page of the next piece. `head` is repeated at the top of a page that begins
    with this piece. `blank` pieces are distances: they are left out at the top of a page.
    """

    height: float
    draw: Draw | None = None
    bound: bool = False
    head: "Piece | None" = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and the height of its top edge."""

    piece: Piece
    top: float


def flow(pieces: Sequence[Piece], first_top: float, later_top: float, foot: float) -> list[list[Placed]]:
    """Return the pages: what lies on each and where.

    The first page begins at `first_top`, the others at `later_top`; nothing goes below `foot`. A group
    higher than a whole page is taken apart, a piece higher than a page stands alone on one.
    """
    pages: list[list[Placed]] = [[]]
    top = first_top
    for group in _groups(pieces):
        height = sum(piece.height for piece in group)
        if top - height < foot and _gains(pages, group, later_top - foot):
            pages.append([])
            top = later_top
        for piece in group:
            if top - piece.height < foot and (pages[-1] or _gains(pages, [piece], later_top - foot)):
                pages.append([])
                top = later_top
            if not pages[-1] and len(pages) > 1:
                if piece.blank:
                    continue
                if piece.head is not None:
                    pages[-1].append(Placed(piece.head, top))
                    top -= piece.head.height
            pages[-1].append(Placed(piece, top))
            top -= piece.height
    return pages


def _gains(pages: list[list[Placed]], group: Sequence[Piece], room: float) -> bool:
    """Return whether a group stays whole on a new page of so much room."""
    return bool(pages[-1] or len(pages) == 1) and _height_on_top(group) <= room


def _height_on_top(group: Sequence[Piece]) -> float:
    """Return what a group takes at the top of a page: blanks before it left out, its head repeated."""
    height = 0.0
    for piece in group:
        if height or not piece.blank:
            height += piece.height + (piece.head.height if piece.head is not None and not height else 0.0)
    return height


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        group.append(piece)
        if not piece.bound:
            yield group
            group = []
    if group:
        yield group
