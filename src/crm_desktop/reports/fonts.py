"""The letters on paper: Noto Sans embedded as TrueType, and which face draws which character.

Fonts that a PDF only names come out blank in many readers, and the PDF library draws an empty box in
silence for a character that a font lacks. So each text is cut into runs, each in a face that has its
characters; what no face has is drawn as the geta mark 〓 and is to be reported (`missing_glyphs`).
"""

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_desktop.shared.i18n import TRADITIONAL
from crm_desktop.shared.resources import resource

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

REPLACEMENT: Final = "〓"
"""Stands for a character no face has, as in Chinese typesetting."""

_SIMPLIFIED, _TRADITIONAL, _LATIN = "NotoSansSC-Regular", "NotoSansTC-Regular", "NotoSans-Regular"
# Characters that take no room and that no font draws: joiners, variation selectors, marks of direction.
_UNSEEN: Final = frozenset(map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))) | {
    chr(code) for code in range(0xFE00, 0xFE10)
}

_loaded: dict[str, "TTFont"] = {}
_loading = Lock()


class Face(dict[str, "Glyph"]):
    """A language's letters: what is drawn for each character, looked up once.

    `fonts` are asked in turn, by their names in the PDF library. `strong` letters are the same ones,
    outlined in their own colour: a semi-bold face of each would be five megabytes more to carry.
    """

    def __init__(self, fonts: tuple[str, ...], *, strong: bool) -> None:
        super().__init__()
        self.fonts = fonts
        self.strong = strong

    def __missing__(self, char: str) -> "Glyph":
        glyph = self[char] = self._glyph(char)
        return glyph

    def _glyph(self, char: str) -> "Glyph":
        if char in _UNSEEN:
            return Glyph("", "", 0.0)
        for name in self.fonts:
            wide = _font(name).face.charWidths.get(ord(char))
            if wide is not None:
                return Glyph(char, name, wide / 1000)
        return self[REPLACEMENT]


class Glyph(NamedTuple):
    """What is drawn for a character, in which font, and how wide it is for a size of one point."""

    text: str
    font: str
    width: float


@cache
def face(language: str, *, strong: bool = False) -> Face:
    """Return the letters for `language`, one of the program's; `strong` ones are about semi-bold."""
    pair = (_TRADITIONAL, _SIMPLIFIED) if language == TRADITIONAL else (_SIMPLIFIED, _TRADITIONAL)
    return Face((*pair, _LATIN), strong=strong)


def _font(name: str) -> "TTFont":
    """Load a font of the program, once for all threads; a few milliseconds for each megabyte."""
    with _loading:
        if name not in _loaded:
            from reportlab.pdfbase import pdfmetrics

            from crm_desktop.reports.embedded_font import EmbeddedFont

            _loaded[name] = EmbeddedFont(name, str(resource(f"fonts/paper/{name}.ttf")))
            pdfmetrics.registerFont(_loaded[name])
        return _loaded[name]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one font draws."""

    text: str
    font: str


def runs(text: str, letters: Face) -> list[Run]:
    """Cut a line of text into runs, each in the first font that has its characters."""
    cut: list[Run] = []
    begun: list[str] = []
    font = ""
    for char in text:
        drawn, name, _width = letters[char]
        if name != font and drawn:
            if begun:
                cut.append(Run("".join(begun), font))
                begun = []
            font = name
        begun.append(drawn)
    if begun:
        cut.append(Run("".join(begun), font))
    return [run for run in cut if run.text]


def width(text: str, letters: Face, size: float) -> float:
    """Return how wide a line of text is, in points."""
    return sum([letters[char].width for char in text]) * size


def widths(text: str, letters: Face, size: float) -> list[float]:
    """Return the width of each character in points; 0 for what is not drawn."""
    return [letters[char].width * size for char in text]


def missing_glyphs(text: str, letters: Face) -> tuple[str, ...]:
    """Return the characters of `text` that no font of `letters` has, each once, in order of appearance."""
    missing = (char for char in text if letters[char].text != char and char not in _UNSEEN)
    return tuple(char for char in dict.fromkeys(missing) if not char.isspace())
