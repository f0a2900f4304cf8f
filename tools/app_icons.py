"""Makes app.png, app.ico and app.icns from resources/app.svg; run it after the mark has changed."""

import io
import os
import sys
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

RESOURCES: Final = Path(__file__).resolve().parent.parent / "resources"
ICO_SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
PNG_SIZE: Final = 256
ICNS_SIZE: Final = 512


def drawn(renderer: QSvgRenderer, side: int) -> Image.Image:
    """Return the mark, `side` pixels wide, drawn at that size rather than scaled down."""
    picture = QImage(side, side, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(bytes(buffer.data().data())))


def main() -> int:
    """Write the three files."""
    app = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(RESOURCES / "app.svg"))
    drawn(renderer, PNG_SIZE).save(RESOURCES / "app.png", optimize=True)
    pictures = [drawn(renderer, side) for side in ICO_SIZES]
    pictures[-1].save(RESOURCES / "app.ico", sizes=[(side, side) for side in ICO_SIZES], append_images=pictures[:-1])
    drawn(renderer, ICNS_SIZE).save(RESOURCES / "app.icns")
    for name in ("app.png", "app.ico", "app.icns"):
        print(RESOURCES / name, (RESOURCES / name).stat().st_size)
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
