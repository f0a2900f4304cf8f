"""The drawn figures of the program as plain functions: states, ageing bar, parts, progress, focus."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.theme import token

if TYPE_CHECKING:
    from decimal import Decimal


class Shape(Enum):
    """A state's figure; a word always stands beside it."""

    DISC = "disc"  # done, customer
    RING = "ring"  # open, prospect
    HALF_RING = "half_ring"  # partly
    DASHED_RING = "dashed_ring"  # draft
    SMALL_DISC = "small_disc"  # lapsed
    TRIANGLE = "triangle"  # late
    DIAMOND = "diamond"  # warning
    CROSS = "cross"  # cancelled


SHAPE_PX = 9
"""Side of a shape beside text of 13 px."""


def paint_shape(painter: QPainter, rect: QRectF, shape: Shape, colour: QColor | str) -> None:
    """Draw `shape` in the middle of `rect`, at most as large as its shorter side."""
    ink = token(colour) if isinstance(colour, str) else colour
    side = min(rect.width(), rect.height())
    box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shape in (Shape.RING, Shape.HALF_RING, Shape.DASHED_RING, Shape.CROSS):
        _paint_lines(painter, box, shape, ink)
    else:
        _paint_solid(painter, box, shape, ink)
    painter.restore()


def _paint_solid(painter: QPainter, box: QRectF, shape: Shape, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    middle = box.center()
    if shape is Shape.DISC:
        painter.drawEllipse(box)
    elif shape is Shape.SMALL_DISC:
        inset = box.width() * 0.14
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    elif shape is Shape.TRIANGLE:
        top = QPointF(middle.x(), box.top() + box.height() * 0.04)
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
    else:
        sides = [QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y())]
        sides += [QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())]
        painter.drawPolygon(QPolygonF(sides))


def _paint_lines(painter: QPainter, box: QRectF, shape: Shape, ink: QColor) -> None:
    width = max(1.5, box.width() / 5)
    ring = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    pen = QPen(ink, width)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape is Shape.CROSS:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(ring.topLeft(), ring.bottomRight())
        painter.drawLine(ring.topRight(), ring.bottomLeft())
        return
    if shape is Shape.DASHED_RING:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        # Eight dashes whatever the size: the pattern counts in pen widths.
        step = 3.14159 * ring.width() / width / 8
        pen.setDashPattern([step * 0.58, step * 0.42])
    painter.setPen(pen)
    painter.drawEllipse(ring)
    if shape is Shape.HALF_RING:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPie(ring, -90 * 16, 180 * 16)


_LEAST_SEGMENT = 2


def paint_ageing_bar(
    painter: QPainter, rect: QRectF, amounts: "Sequence[Decimal | float]", height: float = 6.0
) -> None:
    """Draw the ageing bar across `rect`: one segment per bucket of `amounts`, not due first.

    Amounts of one currency in any unit; those that are zero or negative have no segment. Nothing is
    drawn when nothing is owed.
    """
    parts = [max(float(amount), 0.0) for amount in amounts]
    total = sum(parts)
    if total <= 0:
        return
    shown = [(index, part) for index, part in enumerate(parts) if part > 0]
    bar = QRectF(rect.left(), rect.center().y() - height / 2, rect.width(), height)
    widths = _segments([part for _index, part in shown], int(bar.width()) - (len(shown) - 1))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(_rounded(bar, min(height / 2, 3.0)), Qt.ClipOperation.IntersectClip)
    left = bar.left()
    for (index, _part), width in zip(shown, widths, strict=True):
        painter.fillRect(QRectF(left, bar.top(), width, height), token(f"age{min(index, 5)}"))
        left += width + 1
    painter.restore()


def _segments(parts: Sequence[float], room: int) -> list[int]:
    """Return whole pixels for each part, `room` in all: a gap between two halves of pixels would blur.

    A debt that is there is seen, however small beside the others; the widest one gives what that takes.
    """
    total = sum(parts)
    widths = [max(round(room * part / total), _LEAST_SEGMENT) for part in parts]
    widest = widths.index(max(widths))
    widths[widest] = max(widths[widest] + room - sum(widths), _LEAST_SEGMENT)
    return widths


def paint_parts(painter: QPainter, rect: QRectF, fractions: Sequence[float], height: float = 4.0) -> None:
    """Draw short bars side by side (delivered, invoiced, paid): accent while partly, success when whole."""
    gap = 4.0
    width = (rect.width() - gap * (len(fractions) - 1)) / max(len(fractions), 1)
    for index, fraction in enumerate(fractions):
        box = QRectF(rect.left() + index * (width + gap), rect.center().y() - height / 2, width, height)
        paint_progress(painter, box, fraction, "success" if fraction >= 1 else "accent")


def paint_progress(painter: QPainter, rect: QRectF, fraction: float, colour: str = "fill") -> None:
    """Fill `rect`, a rounded track in `line`, from the left up to `fraction` (0 to 1)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(_rounded(rect, min(rect.height() / 2, 3.0)), Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, token("line"))
    done = QRectF(rect)
    done.setWidth(rect.width() * min(max(fraction, 0.0), 1.0))
    painter.fillRect(done, token(colour))
    painter.restore()


def paint_panel(
    painter: QPainter,
    rect: QRectF,
    ground: QColor | None,
    border: QColor | None,
    radius: float = 4.0,
    pen: float = 1.0,
) -> None:
    """Draw a rounded ground with a border of `pen` pixels that lies wholly inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(border, pen) if border is not None else Qt.PenStyle.NoPen)
    inset = pen / 2 if border is not None else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def paint_focus_ring(painter: QPainter, rect: QRectF, radius: float = 4.0) -> None:
    """Draw the ring of the keyboard, 2 px in `focus`, along the inside of `rect`."""
    paint_panel(painter, rect, None, token("focus"), radius, 2.0)


def paint_segments(painter: QPainter, rect: QRectF, parts: Sequence[tuple[float, str]]) -> None:
    """Fill `rect`, a rounded track in `line`, from the left with parts: (fraction 0 to 1, colour token)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(_rounded(rect, min(rect.height() / 2, 3.0)), Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, token("line"))
    left = rect.left()
    for fraction, colour in parts:
        width = rect.width() * fraction
        painter.fillRect(QRectF(left, rect.top(), width, rect.height()), token(colour))
        left += width
    painter.restore()


def paint_level(painter: QPainter, rect: QRectF, level: int, steps: int = 3) -> None:
    """Draw rising bars, `level` of `steps` in danger: the dunning level; its number stands beside."""
    width, gap = 4.0, 1.5
    painter.save()
    for step in range(steps):
        height = rect.height() * (step + 1) / steps
        left = rect.left() + step * (width + gap)
        box = QRectF(left, rect.bottom() - height, width, height)
        painter.fillRect(box, token("danger" if step < level else "line"))
    painter.restore()


def paint_promises(painter: QPainter, rect: QRectF, kept: Sequence[bool]) -> None:
    """Draw a tick or a cross per promise, oldest left, 14 px each."""
    for index, was_kept in enumerate(kept):
        box = QRectF(rect.left() + index * 15, rect.center().y() - 7, 14, 14)
        paint_icon(painter, box, "check" if was_kept else "x", "success" if was_kept else "danger")


def paint_shadow(painter: QPainter, rect: QRectF, radius: float = 6.0, depth: int = 12) -> None:
    """Draw the soft shadow of a popup around `rect`, up to `depth` px outside it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 7))
    for spread in range(depth, 0, -2):
        ring = rect.adjusted(-spread, -spread + 4, spread, spread)
        painter.drawRoundedRect(ring, radius + spread, radius + spread)
    painter.restore()


def _rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path
