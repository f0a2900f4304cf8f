"""What stands on every page around the text: letterhead, head of later pages, foot with page x of y."""

from typing import Final

from crm_desktop.reports.fonts import width
from crm_desktop.reports.paper import Align, Paper, Sender
from crm_desktop.reports.paper_text import in_language
from crm_desktop.reports.pen import GREY, LINE, Pen, Style, picture_size
from crm_desktop.reports.text_layout import elided, wrap
from crm_desktop.shared.i18n import N_

A4: Final = (595.2756, 841.8898)
"""Width and height in points."""
MARGIN: Final = 50.0
_LOGO: Final = (150.0, 44.0)
_PAGE_OF: Final = N_("Page {page} of {pages}")


def letterhead_height(pen: Pen, sender: Sender, wide: float) -> float:
    """Return how much of the first page the letterhead takes, with the distance below it."""
    if sender == Sender(colour=sender.colour):
        return 0.0
    left, right = _letterhead_texts(pen, sender, wide)
    high = max(_height(left), _height(right), _logo_size(sender)[1])
    return high + 30


def draw_letterhead(pen: Pen, sender: Sender, left: float, top: float, wide: float, accent: str) -> None:
    """Draw logo, name and address at the left, the ways to reach the sender at the right, a rule below."""
    height = letterhead_height(pen, sender, wide)
    if not height:
        return
    texts, ways = _letterhead_texts(pen, sender, wide)
    logo_wide, logo_high = _logo_size(sender)
    if sender.logo:
        pen.picture(left, top - logo_high, sender.logo, *_LOGO)
    _draw_texts(pen, texts, left + logo_wide, wide, top, Align.LEFT)
    _draw_texts(pen, ways, left, wide, top, Align.RIGHT)
    pen.rule(left, top - height + 20, wide, accent, 1.4)


def _logo_size(sender: Sender) -> tuple[float, float]:
    if not sender.logo:
        return 0.0, 0.0
    wide, high = picture_size(sender.logo, *_LOGO)
    return wide + 14, high


def _letterhead_texts(pen: Pen, sender: Sender, wide: float) -> tuple[list[tuple[str, Style]], list[tuple[str, Style]]]:
    name, small = Style(pen.strong, 13), Style(pen.plain, 8, GREY)
    room = wide - _logo_size(sender)[0]
    at_right = min(max((width(line, small.letters, small.size) for line in sender.contact), default=0.0), room * 0.45)
    at_left = room - at_right - 20
    left = [(line, name) for line in wrap(sender.name, name.letters, name.size, at_left)] if sender.name else []
    for line in sender.address:
        left += [(part, small) for part in wrap(line, small.letters, small.size, at_left)]
    right = [
        (part, small) for line in sender.contact for part in wrap(line, small.letters, small.size, max(at_right, 1))
    ]
    return left, right


def _height(texts: list[tuple[str, Style]]) -> float:
    return sum(style.leading for _line, style in texts)


def _draw_texts(pen: Pen, texts: list[tuple[str, Style]], left: float, wide: float, top: float, align: Align) -> None:
    for line, style in texts:
        pen.aligned(left, wide if align is Align.RIGHT else 0, top - style.size * 1.05, line, style, align)
        top -= style.leading


def draw_later_head(pen: Pen, paper: Paper, left: float, top: float, wide: float) -> None:
    """Draw the head of a page after the first: whose document it is, and which."""
    style = Style(pen.plain, 8, GREY)
    which = "  ".join(part for part in (paper.title, paper.number) if part)
    pen.text(left, top - 8, elided(paper.sender.name, style.letters, 8, wide * 0.55), style)
    pen.aligned(left, wide, top - 8, elided(which, style.letters, 8, wide * 0.42), style, Align.RIGHT)
    pen.rule(left, top - 15, wide, LINE, 0.5)


LATER_HEAD: Final = 30.0
"""Points that the head of a later page takes."""


def _foot_texts(pen: Pen, sender: Sender, wide: float) -> list[str]:
    small = _foot_style(pen)
    told = "   ".join(sender.bank)
    texts = [text for text in (told, sender.footer) if text]
    return [line for text in texts for line in wrap(text, small.letters, small.size, wide - 90)]


def _foot_style(pen: Pen) -> Style:
    return Style(pen.plain, 7.5, GREY)


def foot_height(pen: Pen, sender: Sender, wide: float) -> float:
    """Return how much of each page its foot takes."""
    return max(len(_foot_texts(pen, sender, wide)), 1) * _foot_style(pen).leading + 16


def draw_foot(
    pen: Pen, sender: Sender, left: float, bottom: float, wide: float, page: int, pages: int, language: str
) -> None:
    """Draw bank and footer at the left, which page this is at the right."""
    style = _foot_style(pen)
    top = bottom + foot_height(pen, sender, wide)
    pen.rule(left, top - 6, wide, LINE, 0.5)
    pen.lines(left, top - 11, wide - 90, _foot_texts(pen, sender, wide), style, Align.LEFT)
    number = in_language(_PAGE_OF, language).format(page=page, pages=pages)
    pen.aligned(left, wide, top - 11 - style.size * 1.1, number, style, Align.RIGHT)
