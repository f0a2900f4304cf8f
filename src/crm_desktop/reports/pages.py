"""PDF pages as pictures, for the screen and for the printer (no Qt)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Raster:
    """A drawn page: rows of `stride` bytes, four bytes a pixel in the order blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes


def page_sizes(data: bytes) -> tuple[tuple[float, float], ...]:
    """Return width and height of each page in points."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    try:
        return tuple(document.get_page_size(number) for number in range(len(document)))
    finally:
        document.close()


def draw_page(data: bytes, number: int, scale: float) -> Raster:
    """Return the page `number`, counted from 0, with `scale` pixels to the point.

    The library below is not safe for several threads: call it from one lane only.
    """
    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    try:
        page = document[number]
        bitmap = page.render(scale=scale, prefer_bgrx=True)
        raster = Raster(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        bitmap.close()
        page.close()
        return raster
    finally:
        document.close()


def joined(documents: Sequence[bytes]) -> bytes:
    """Return several PDFs as one, in their order; on the same lane as `draw_page`."""
    from pypdfium2 import PdfDocument

    whole = PdfDocument.new()
    for data in documents:
        part = PdfDocument(data)
        whole.import_pages(part)
        part.close()
    buffer = BytesIO()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()
