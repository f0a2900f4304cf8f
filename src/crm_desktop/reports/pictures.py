"""Logos and seals: real PNG or JPEG files, not larger than paper needs (no Qt, no SQL)."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES: Final = 2_000_000
_MOST_PIXELS: Final = 40_000_000
"""More is no logo but an attempt to fill the memory."""
_ENOUGH_PIXELS: Final = 1000
"""On the longer side: 400 to the inch for the largest place on paper."""
_FORMATS: Final = ("PNG", "JPEG")


def checked_picture(data: bytes, field: str) -> bytes:
    """Return the picture fit to print, made smaller when it has more pixels than paper shows; b"" stays.

    Raises Invalid(field) for a file of more than 2 MB and for anything but PNG and JPEG.
    """
    if not data:
        return b""
    if len(data) > MOST_BYTES:
        raise Invalid(
            field,
            N_("The picture is larger than {most} MB. Save it smaller."),
            most=f"{MOST_BYTES / 1e6:.0f}",
        )
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid(field, N_("The picture has too many pixels. Save it smaller."))
            picture.load()
            if max(picture.size) <= _ENOUGH_PIXELS:
                return data
            return _smaller(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow raises SyntaxError for a PNG whose chunks are broken.
        raise Invalid(field, N_("This is not a picture the program can read. Choose a PNG or JPEG file.")) from error


def _smaller(picture: "Image.Image") -> bytes:
    format_ = picture.format
    if picture.mode not in ("RGB", "RGBA", "L", "LA", "CMYK"):
        picture = picture.convert("RGBA")
    picture.thumbnail((_ENOUGH_PIXELS, _ENOUGH_PIXELS))
    buffer = BytesIO()
    picture.save(buffer, format_, quality=92)
    return buffer.getvalue()
