"""Small windows over the sheet that never take the focus."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath, QRegion
from PySide6.QtWidgets import QWidget

RADIUS: Final = 6


def round_off(window: QWidget) -> None:
    """Cut the corners of a window round; a translucent one needs a compositor that is not always there."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(window.rect()), RADIUS, RADIUS)
    window.setMask(QRegion(path.toFillPolygon().toPolygon()))
