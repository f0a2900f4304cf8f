"""Draws the heads and the cards of the board from tokens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from crm_desktop.pipeline.board import Card, Column
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.board_layout import BoardLayout
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import token

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PAD_PX: Final = 10
_ICON_PX: Final = 14


@dataclass(frozen=True, slots=True)
class BoardPainter:
    """`called` names a stage, `formats` says days and names."""

    formats: Formats
    called: Callable[[int], str]
    faces: dict[tuple[int, int], tuple[QFont, QFontMetrics]] = field(default_factory=dict)

    def head(self, painter: QPainter, layout: BoardLayout, place: int, column: Column, *, aimed: bool) -> None:
        """Draw the head of a column: stage, how many, amount and weighted amount per currency."""
        box = layout.head(place)
        painter.fillRect(box, token("accent-soft" if aimed else "sunken"))
        inner = box.adjusted(px(16 if place == 0 else 12), 0, -px(12), 0)
        line = QRect(inner.left(), inner.top() + px(8), inner.width(), px(20))
        count = f"{column.sums.count:,}"
        room = self._width(BODY, SEMIBOLD, count) + px(8)
        self._draw(painter, line, count, BODY, REGULAR, "muted", _RIGHT)
        name = self.called(column.stage.id)
        self._draw(painter, line.adjusted(0, 0, -room, 0), name, BODY, SEMIBOLD, "text")
        weighted = {money.currency: money for money in column.sums.weighted}
        line = QRect(inner.left(), inner.top() + px(32), inner.width(), px(17))
        for money in column.sums.total:
            left = words.money(money)
            right = words.weighted(weighted[money.currency]) if money.currency in weighted else ""
            used = self._width(LABEL, MEDIUM, left) + px(10)
            if used + self._width(LABEL, REGULAR, right) > line.width() and money.currency in weighted:
                right = words.figure(weighted[money.currency])
            self._draw(painter, line, left, LABEL, MEDIUM, "text2")
            self._draw(painter, line.adjusted(used, 0, 0, 0), right, LABEL, REGULAR, "muted", _RIGHT)
            line.translate(0, line.height())
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), token("line"))

    def card(
        self, painter: QPainter, box: QRect, card: Card, *, current: bool, focused: bool, hovered: bool = False
    ) -> None:
        """Draw a card: customer, what it is about, amount and chance, when and whose, the next step."""
        ground = "selection" if current else "hover" if hovered else "surface"
        paint_panel(painter, QRectF(box), token(ground), token("line"))
        if current and focused:
            paint_focus_ring(painter, QRectF(box))
        pad = px(_PAD_PX)
        line = QRect(box.left() + pad, box.top() + px(7), box.width() - 2 * pad, px(20))
        self._draw(painter, line, card.customer, BODY, MEDIUM, "text")
        line = _next(line, 18)
        self._draw(painter, line, card.name, LABEL, REGULAR, "text2")
        line = _next(line, 22, gap=2)
        chance = words.percent(card.probability)
        room = self._width(LABEL, REGULAR, chance) + px(8)
        self._draw(painter, line, chance, LABEL, REGULAR, "muted", _RIGHT)
        self._amount(painter, line.adjusted(0, 0, -room, 0), card)
        line = _next(line, 18)
        self._when_and_whose(painter, line, card)
        self._next_step(painter, _next(line, 20, gap=1), card)

    def _amount(self, painter: QPainter, line: QRect, card: Card) -> None:
        if not card.amount.amount:
            self._draw(painter, line, _("No amount yet"), LABEL, REGULAR, "muted")
            return
        code = card.amount.currency
        self._draw(painter, line, code, LABEL, REGULAR, "muted")
        used = self._width(LABEL, REGULAR, code) + px(5)
        self._draw(painter, line.adjusted(used, 0, 0, 0), words.figure(card.amount), BODY, SEMIBOLD, "text")

    def _when_and_whose(self, painter: QPainter, line: QRect, card: Card) -> None:
        when = words.expected(card, self.formats)
        self._draw(
            painter, line, when, LABEL, MEDIUM if card.is_late else REGULAR, "danger" if card.is_late else "text2"
        )
        used = self._width(LABEL, MEDIUM, when) + px(10)
        owner = self.formats.names.get(card.salesperson_id or 0, "")
        self._draw(painter, line.adjusted(used, 0, 0, 0), owner, LABEL, REGULAR, "text2", _RIGHT)

    def _next_step(self, painter: QPainter, line: QRect, card: Card) -> None:
        ink = words.step_ink(card, self.formats.today)
        side = px(_ICON_PX)
        sign = "circle-alert" if card.next is None else "clock"
        paint_icon(painter, QRect(line.left(), line.center().y() - side // 2, side, side), sign, ink)
        self._draw(
            painter, line.adjusted(side + px(6), 0, 0, 0), words.next_step(card.next, self.formats), LABEL, REGULAR, ink
        )

    def more(self, painter: QPainter, box: QRect, text: str) -> None:
        """Draw the line below a column: that it is empty, or how many more there are."""
        self._draw(painter, box, text, LABEL, REGULAR, "muted", Qt.AlignmentFlag.AlignCenter)

    def drops(self, painter: QPainter, box: QRect, aimed: str) -> None:
        """Draw the strip a dragged card can be dropped on: Won at the left, Lost at the right."""
        half = box.width() // 2
        for name, area, soft, ink, said in (
            ("won", QRect(box.left(), box.top(), half, box.height()), "success-soft", "success", _("Won")),
            ("lost", box.adjusted(half, 0, 0, 0), "danger-soft", "danger", _("Lost…")),
        ):
            painter.fillRect(area, token(soft))
            if name == aimed:
                paint_focus_ring(painter, QRectF(area))
            self._draw(painter, area, said, BODY, SEMIBOLD, ink, Qt.AlignmentFlag.AlignCenter)
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), token("line"))

    def _face(self, size: int, weight: int) -> tuple[QFont, QFontMetrics]:
        """Return a font and its measures, made once a painting: a board has a hundred texts."""
        key = (size, weight)
        if key not in self.faces:
            face = font(size, weight)
            self.faces[key] = (face, QFontMetrics(face))
        return self.faces[key]

    def _width(self, size: int, weight: int, text: str) -> int:
        return self._face(size, weight)[1].horizontalAdvance(text)

    def _draw(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        size: int,
        weight: int,
        ink: str,
        side: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        """Draw a text on one line, cut where there is no room."""
        if not text or box.width() <= 0:
            return
        face, measures = self._face(size, weight)
        painter.setFont(face)
        painter.setPen(token(ink))
        painter.drawText(box, side, measures.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))


def _next(line: QRect, height: int, gap: int = 0) -> QRect:
    return QRect(line.left(), line.bottom() + 1 + px(gap) if gap else line.bottom() + 1, line.width(), px(height))
