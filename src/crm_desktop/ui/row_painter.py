"""Paints the visible rows of a list in one loop, column by column.

A delegate would be called once for every cell and asked by Qt for seven roles each time; one loop
over rows that are ready in memory costs a fraction of it and changes font and pen once a column.
Colours are tokens read while painting, so a change of theme needs nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QStaticText,
    QTextLayout,
    QTransform,
)

from crm_desktop.shared.fields import Field, Kind
from crm_desktop.ui.fonts import BODY, HINT, font, px
from crm_desktop.ui.looks import FIRST_RANK, NEVER_ELIDED, NUMBERS, SHAPE_TOKENS, Look
from crm_desktop.ui.shapes import Shape, paint_shape
from crm_desktop.ui.shown_row import ShownRow
from crm_desktop.ui.theme import token

PAD: Final = 8
FIRST_PAD: Final = 16
CHECK_SIDE: Final = 14
NAME_GAP: Final = 14
BAR: Final = 3
SHAPE_SIDE: Final = 8
SHAPE_GAP: Final = 8
CACHED_TEXTS: Final = 4_000
"""Laid-out texts kept per column; dropped all at once when there are more."""

_PLAIN = Look()

LaidOut = tuple[QStaticText, int, bool, int]
"""A text ready to draw, its width, whether it had to be elided, and its ascent, all in pixels."""


def first_text_left() -> int:
    """Return where the text of the first column begins, in pixels: behind the check box."""
    return px(FIRST_PAD + CHECK_SIDE + NAME_GAP)


@dataclass(slots=True)
class PaintedColumn:
    """One column as the painter sees it; positions in viewport pixels."""

    described: Field
    look: Look
    left: int
    width: int
    indent: int
    font: QFont
    metrics: QFontMetrics
    token: str
    shapes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, LaidOut] = field(default_factory=dict)
    widest: int = 0
    needed: int = 0
    """The pixels the longest text drawn so far would take whole."""

    @property
    def room(self) -> int:
        """Return the pixels a text may take."""
        shape = px(SHAPE_SIDE + SHAPE_GAP) if self.shapes else 0
        return self.width - self.indent - px(PAD) - shape

    def laid_out(self, text: str) -> LaidOut:
        """Return the text ready to draw."""
        known = self.texts.get(text)
        if known is not None:
            return known
        if len(self.texts) >= CACHED_TEXTS:
            self.texts.clear()
        width = self.metrics.horizontalAdvance(text)
        self.needed = max(self.needed, width)
        elided = width > self.room
        if elided and self.described.kind in NEVER_ELIDED:
            self.widest = max(self.widest, width)
        shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.room) if elided else text
        static = QStaticText(shown)
        static.setTextFormat(Qt.TextFormat.PlainText)
        static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        static.prepare(QTransform(), self.font)
        known = (static, min(width, self.room), elided, _ascent(shown, self.font, self.metrics))
        self.texts[text] = known
        return known


class RowPainter:
    """Paints rows; knows columns and colours, but neither selection nor model."""

    def __init__(self) -> None:
        self.columns: list[PaintedColumn] = []
        self.checks = True
        """Whether rows can be checked; without boxes the text of the first column begins where they would stand."""
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}

    def text_left(self) -> int:
        """Return where the text of the first column begins, in pixels."""
        return first_text_left() if self.checks else px(FIRST_PAD)

    def set_columns(self, fields: Sequence[Field], looks: dict[str, Look], lefts: Sequence[tuple[int, int]]) -> None:
        """Say which columns stand where: (left, width) of each in viewport pixels."""
        kept = {column.described.name: column for column in self.columns}
        self.columns = []
        for place, (described, (left, width)) in enumerate(zip(fields, lefts, strict=True)):
            old = kept.get(described.name)
            indent = self.text_left() if place == 0 else px(PAD)
            if old is not None and old.described is described and (old.width, old.indent) == (width, indent):
                old.left = left
                self.columns.append(old)
            else:
                self.columns.append(self._column(described, looks, left, width, indent))

    def forget(self) -> None:
        """Drop everything that depends on fonts and colours."""
        self.columns.clear()
        self._pixmaps.clear()

    def _column(self, described: Field, looks: dict[str, Look], left: int, width: int, indent: int) -> PaintedColumn:
        look = looks.get(described.name, _PLAIN)
        is_name = indent == self.text_left()
        used = font(BODY, 500 if is_name and look is _PLAIN else look.weight)
        first_rank = is_name or described.kind in FIRST_RANK
        colour = look.token or ("text" if first_rank else "text2")
        return PaintedColumn(
            described, look, left, width, indent, used, QFontMetrics(used), colour, dict(described.shapes)
        )

    # Painting

    def paint_ground(
        self, painter: QPainter, area: QRect, tops: Sequence[int], height: int, grounds: Sequence[str | None]
    ) -> None:
        """Paint surface, row grounds (tokens, None for plain) and one hairline under each row."""
        painter.fillRect(area, token("surface"))
        left, width, right = area.left(), area.width(), area.right()
        for top, ground in zip(tops, grounds, strict=True):
            if ground is not None:
                painter.fillRect(left, top, width, height, token(ground))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLines([QLine(left, top + height - 1, right, top + height - 1) for top in tops])

    def paint_checks(
        self, painter: QPainter, left: int, tops: Sequence[int], height: int, checked: Sequence[bool]
    ) -> None:
        """Paint the check box of each row."""
        if not self.checks:
            return
        ratio = painter.device().devicePixelRatioF()
        side = px(CHECK_SIDE)
        boxes = {state: self.check_pixmap(state, ratio) for state in ("off", "on")}
        for top, state in zip(tops, checked, strict=True):
            painter.drawPixmap(left, top + (height - side) // 2, boxes["on" if state else "off"])

    def paint_rows(
        self,
        painter: QPainter,
        area: QRect,
        tops: Sequence[int],
        height: int,
        rows: Sequence[ShownRow | None],
    ) -> None:
        """Paint the contents of the rows, column by column."""
        for place, column in enumerate(self.columns):
            if column.left > area.right() or column.left + column.width < area.left():
                continue
            if column.look.paint is not None:
                self._paint_drawn(painter, place, tops, height, rows)
            elif column.shapes:
                self._paint_status(painter, place, tops, height, rows)
            elif column.described.kind is Kind.MONEY:
                self._paint_money(painter, place, tops, height, rows)
            else:
                self._paint_texts(painter, place, tops, height, rows)

    def _paint_texts(
        self,
        painter: QPainter,
        place: int,
        tops: Sequence[int],
        height: int,
        rows: Sequence[ShownRow | None],
        shift: int = 0,
    ) -> None:
        column = self.columns[place]
        painter.setFont(column.font)
        plain = token(column.token)
        painter.setPen(plain)
        base = (height + column.metrics.ascent() - column.metrics.descent()) // 2
        left = column.left + column.indent + shift
        right = column.left + column.width - px(PAD) if column.described.kind in NUMBERS else None
        known, lay_out = column.texts, column.laid_out
        for top, row in zip(tops, rows, strict=True):
            if row is None:
                if place == 0:
                    painter.fillRect(left, top + height // 2 - 3, column.room // 3, 6, token("sunken"))
                continue
            text = row.texts[place]
            if not text:
                continue
            static, width, _elided, ascent = known.get(text) or lay_out(text)
            x = left if right is None else right - width
            ink = row.inks[place] if row.inks is not None else None
            if ink is not None:
                painter.setPen(token(ink))
                painter.drawStaticText(x, top + base - ascent, static)
                painter.setPen(plain)
            else:
                painter.drawStaticText(x, top + base - ascent, static)

    def _paint_status(
        self, painter: QPainter, place: int, tops: Sequence[int], height: int, rows: Sequence[ShownRow | None]
    ) -> None:
        column = self.columns[place]
        ratio = painter.device().devicePixelRatioF()
        side = px(SHAPE_SIDE)
        left = column.left + column.indent
        for top, row in zip(tops, rows, strict=True):
            shape = column.shapes.get(row.values[place + 1]) if row is not None else None
            if shape is not None:
                painter.drawPixmap(left, top + (height - side) // 2, self._shape_pixmap(shape, ratio))
        self._paint_texts(painter, place, tops, height, rows, shift=side + px(SHAPE_GAP))

    def _paint_money(
        self, painter: QPainter, place: int, tops: Sequence[int], height: int, rows: Sequence[ShownRow | None]
    ) -> None:
        """Paint amounts right-aligned, each with its currency code small and muted before it."""
        column = self.columns[place]
        right = column.left + column.width - px(PAD)
        code_font = font(HINT)
        code_metrics = QFontMetrics(code_font)
        base = (height + column.metrics.ascent() - column.metrics.descent()) // 2
        for top, row in zip(tops, rows, strict=True):
            if row is None or not row.texts[place]:
                continue
            code, _space, amount = row.texts[place].rpartition(" ")
            width = column.metrics.horizontalAdvance(amount)
            painter.setFont(column.font)
            painter.setPen(token((row.inks[place] if row.inks else None) or column.token))
            painter.drawText(right - width, top + base, amount)
            if code:
                code_width = code_metrics.horizontalAdvance(code) + px(6)
                painter.setFont(code_font)
                painter.setPen(token("muted"))
                painter.drawText(right - width - code_width, top + base, code)
                width += code_width
            if width > column.room:
                column.widest = max(column.widest, width)

    def _paint_drawn(
        self, painter: QPainter, place: int, tops: Sequence[int], height: int, rows: Sequence[ShownRow | None]
    ) -> None:
        column = self.columns[place]
        paint = column.look.paint
        assert paint is not None
        for top, row in zip(tops, rows, strict=True):
            if row is not None and row.values[place + 1] is not None:
                paint(
                    painter,
                    QRect(column.left + column.indent, top, column.width - column.indent - px(PAD), height),
                    row.values[place + 1],
                )

    # Small pictures, drawn once per theme and screen

    def check_pixmap(self, state: str, ratio: float) -> QPixmap:
        """Return a check box that is "off", "on" or "part"."""
        return self._cached("check", state, ratio, px(CHECK_SIDE), _paint_check)

    def _shape_pixmap(self, shape: str, ratio: float) -> QPixmap:
        return self._cached("shape", shape, ratio, px(SHAPE_SIDE), _paint_status_shape)

    def _cached(
        self, what: str, name: str, ratio: float, side: int, paint: Callable[[QPainter, QRectF, str], None]
    ) -> QPixmap:
        key = (what, name, ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = QPixmap(round(side * ratio), round(side * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, QRectF(0, 0, side, side), name)
            painter.end()
            self._pixmaps[key] = pixmap
        return pixmap


def _paint_status_shape(painter: QPainter, rect: QRectF, name: str) -> None:
    colour = token(SHAPE_TOKENS.get(name, "muted"))
    paint_shape(painter, rect, Shape[name.upper()], colour)


def _paint_check(painter: QPainter, rect: QRectF, state: str) -> None:
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    if state == "off":
        painter.setPen(QPen(token("field"), 1))
        painter.setBrush(token("surface"))
        painter.drawRoundedRect(box, 3, 3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(token("fill"))
    painter.drawRoundedRect(rect, 3, 3)
    ink = QPen(QColor(token("on-fill")), rect.width() / 8)
    ink.setCapStyle(Qt.PenCapStyle.RoundCap)
    ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(ink)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = rect.width()
    if state == "part":
        painter.drawLine(QPointF(side * 0.28, side * 0.5), QPointF(side * 0.72, side * 0.5))
    else:
        points = [QPointF(side * x, side * y) for x, y in ((0.25, 0.52), (0.43, 0.7), (0.76, 0.32))]
        painter.drawPolyline(QPolygonF(points))


def _ascent(text: str, used: QFont, metrics: QFontMetrics) -> int:
    """Return how far above the baseline a line of `text` begins.

    A Chinese character comes from another font whose ascent is larger; without this its line would
    stand lower than the Latin one beside it.
    """
    if text.isascii():
        return metrics.ascent()
    layout = QTextLayout(text, used)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return round(line.ascent())


def check_rect(left: int, top: int, height: int) -> QRect:
    """Return where a click checks the row: the box with room around it."""
    return QRect(QPoint(left, top), QPoint(left + first_text_left() - px(4), top + height))
