"""Drawing on a PDF page: text in the right letters, rules, tints and pictures."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from crm_desktop.reports.fonts import Face, face, missing_glyphs, runs, width
from crm_desktop.reports.paper import Align

if TYPE_CHECKING:
    from reportlab.lib.colors import Color
    from reportlab.pdfgen.canvas import Canvas

INK: Final = "#182026"
GREY: Final = "#58666F"
LINE: Final = "#D5DBDF"
_OUTLINE: Final = 0.026
"""Of strong letters, as a share of their size."""
_FILLED: Final = 0
_FILLED_AND_OUTLINED: Final = 2
_LEAST_CONTRAST: Final = 4.5
"""Of text on white (source: WCAG 2, 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `size` in points, lines stand `leading` points apart."""

    letters: Face
    size: float
    colour: str = INK

    @property
    def leading(self) -> float:
        """Return the distance of lines."""
        return self.size * 1.45


class Pen:
    """Draws on one canvas and gathers the characters that no font has."""

    def __init__(self, canvas: "Canvas", language: str) -> None:
        self.canvas = canvas
        self.plain = face(language)
        self.strong = face(language, strong=True)
        self.missing: dict[str, None] = {}

    def text(self, x: float, baseline: float, text: str, style: Style) -> None:
        """Draw one line of text beginning at `x`."""
        if not text:
            return
        self.missing |= dict.fromkeys(missing_glyphs(text, style.letters))
        line = self.canvas.beginText(x, baseline)
        line.setFillColor(_colour(style.colour))
        if style.letters.strong:
            self.canvas.setLineWidth(style.size * _OUTLINE)
            line.setStrokeColor(_colour(style.colour))
            line.setTextRenderMode(_FILLED_AND_OUTLINED)
        for run in runs(text, style.letters):
            line.setFont(run.font, style.size)
            line.textOut(run.text)
        if style.letters.strong:
            line.setTextRenderMode(_FILLED)
        self.canvas.drawText(line)

    def aligned(self, x: float, room: float, baseline: float, text: str, style: Style, align: Align) -> None:
        """Draw one line of text in the `room` points from `x`."""
        if align is not Align.LEFT:
            free = room - width(text, style.letters, style.size)
            x += free if align is Align.RIGHT else free / 2
        self.text(x, baseline, text, style)

    def lines(self, x: float, top: float, room: float, lines: list[str], style: Style, align: Align) -> None:
        """Draw lines of text below `top`."""
        baseline = top - style.size * 1.1
        for line in lines:
            self.aligned(x, room, baseline, line, style, align)
            baseline -= style.leading

    def rule(self, x: float, y: float, length: float, colour: str = LINE, thickness: float = 0.5) -> None:
        """Draw a horizontal rule."""
        self.canvas.setStrokeColor(_colour(colour))
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, y, x + length, y)

    def box(self, x: float, bottom: float, wide: float, high: float, colour: str) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColor(_colour(colour))
        self.canvas.rect(x, bottom, wide, high, stroke=0, fill=1)

    def picture(self, x: float, bottom: float, data: bytes, most_wide: float, most_high: float) -> None:
        """Draw a PNG or JPEG as large as fits, from its lower left corner."""
        from reportlab.lib.utils import ImageReader

        wide, high = picture_size(data, most_wide, most_high)
        self.canvas.drawImage(ImageReader(BytesIO(data)), x, bottom, wide, high, mask="auto")

    def watermark(self, text: str, page_wide: float, page_high: float) -> None:
        """Draw a pale word across the page, under everything that is drawn later."""
        size = min(110.0, 0.7 * page_wide / max(width(text, self.strong, 1), 0.1))
        self.canvas.saveState()
        self.canvas.translate(page_wide / 2, page_high / 2)
        self.canvas.rotate(38)
        style = Style(self.strong, size, "#EDF0F2")
        self.aligned(-page_wide / 2, page_wide, -size / 3, text, style, Align.CENTER)
        self.canvas.restoreState()


def picture_size(data: bytes, most_wide: float, most_high: float) -> tuple[float, float]:
    """Return the size in points of a picture that fills the room given, its shape kept."""
    from reportlab.lib.utils import ImageReader

    wide, high = ImageReader(BytesIO(data)).getSize()
    scale = min(most_wide / wide, most_high / high)
    return wide * scale, high * scale


@cache
def _colour(text: str) -> "Color":
    from reportlab.lib.colors import HexColor

    return HexColor(text)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: str) -> str:
    """Return the colour, darkened as far as text in it needs to be read on white."""
    while 1.05 / (_luminance(colour) + 0.05) < _LEAST_CONTRAST:
        colour = "#" + "".join(f"{int(channel * 0.92):02X}" for channel in _channels(colour))
    return colour


def tint(colour: str, share: float) -> str:
    """Return the colour mixed with white; `share` of it is colour."""
    return "#" + "".join(f"{round(255 - (255 - channel) * share):02X}" for channel in _channels(colour))
