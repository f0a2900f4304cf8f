"""Icons: line drawings of the Lucide set, drawn in a token's colour at any size and density."""

from functools import cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from crm_desktop.shared.resources import resource
from crm_desktop.ui.fonts import px
from crm_desktop.ui.style_sheet import recoloured
from crm_desktop.ui.theme import redraw_with_theme, token

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

SIZE: Final = 16
STROKE: Final = "1.75"

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


@cache
def icon_names() -> frozenset[str]:
    """Return the names of the icons that travel with the program."""
    return frozenset(path.stem for path in resource("icons").glob("*.svg"))


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str | QColor = "text", size_px: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return the icon `name` in a token or colour, `size_px` logical pixels wide at device `ratio`.

    Raises FileNotFoundError for a name that is not in `icon_names()`.
    """
    ink = token(colour) if isinstance(colour, str) else colour
    key = (name, ink.name(QColor.NameFormat.HexArgb), size_px, ratio)
    if key in _pixmaps:
        return _pixmaps[key]
    side = max(1, round(size_px * ratio))
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer = QSvgRenderer(recoloured(_drawing(name), ink.name(), STROKE).encode())
    painter.setOpacity(ink.alphaF())
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    _pixmaps[key] = made
    return made


def icon(name: str, colour: str = "text", size_px: int = SIZE) -> "QIcon":
    """Return the icon for every density on this desk: in `colour`, muted when disabled, accent when on."""
    # A large class that the first window does without.
    from PySide6.QtGui import QIcon

    made = QIcon()
    ratios = {1.0} | {screen.devicePixelRatio() for screen in QApplication.screens()}
    for ratio in sorted(ratios):
        made.addPixmap(pixmap(name, colour, size_px, ratio))
        made.addPixmap(pixmap(name, "muted", size_px, ratio), QIcon.Mode.Disabled)
        if colour != "on-fill":
            made.addPixmap(pixmap(name, "accent", size_px, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return made


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, colour: str | QColor = "text") -> None:
    """Draw the icon `name` into the square in the middle of `rect`."""
    box = QRectF(rect)
    side = int(min(box.width(), box.height()))
    ratio = painter.device().devicePixelRatioF()
    place = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side).toAlignedRect()
    painter.drawPixmap(place.topLeft(), pixmap(name, colour, side, ratio))


def set_icon(widget: QAbstractButton | QLabel, name: str, colour: str = "text", size_px: int = SIZE) -> None:
    """Show an icon on a button or label; it is drawn again when the theme changes."""
    widget.setProperty("icon_name", name)
    widget.setProperty("icon_colour", colour)
    widget.setProperty("icon_px", size_px)
    _draw_on(widget)


def refresh_icons() -> None:
    """Draw every icon put up by `set_icon` again, after a change of theme."""
    _pixmaps.clear()
    for widget in QApplication.allWidgets():
        if widget.property("icon_name"):
            _draw_on(widget)


def _draw_on(widget: QWidget) -> None:
    name, colour = str(widget.property("icon_name")), str(widget.property("icon_colour"))
    side = px(int(widget.property("icon_px")))
    if isinstance(widget, QAbstractButton):
        widget.setIcon(icon(name, colour, side))
        widget.setIconSize(QSize(side, side))
    elif isinstance(widget, QLabel):
        widget.setPixmap(pixmap(name, colour, side, widget.devicePixelRatioF()))


redraw_with_theme(refresh_icons)
