"""Small figures of collecting: promises kept and broken, and how far somebody was reminded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from crm_desktop.receivables.money.promises import Promised
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.fonts import BODY, REGULAR, font, px
from crm_desktop.ui.theme import token

SHOWN: Final = 5
"""The latest promises; older ones say little."""
LEVELS: Final = 3
_KEPT: Final = "kept"
_BROKEN: Final = "broken"
_TICK: Final = ((0.0, 0.55), (0.38, 0.92), (1.0, 0.1))


@dataclass(frozen=True, order=True, slots=True)
class PromiseMarks:
    """How the latest promises ended, oldest first: True was kept. Sorted by how many were broken."""

    broken: int
    ends: tuple[bool, ...]
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, order=True, slots=True)
class ReminderMark:
    """The level somebody was reminded to."""

    level: int

    def __str__(self) -> str:
        return str(self.level)


def marks_of(promised: Iterable[Promised]) -> PromiseMarks | None:
    """Return the marks of promises that came newest first; None when none has ended yet."""
    ended = [one.state == _KEPT for one in promised if one.state in (_KEPT, _BROKEN)]
    if not ended:
        return None
    kept = sum(ended)
    broken = len(ended) - kept
    said = [ngettext("{count} promise kept", "{count} promises kept", kept).format(count=kept)] if kept else []
    if broken:
        said.append(ngettext("{count} promise broken", "{count} promises broken", broken).format(count=broken))
    return PromiseMarks(broken, tuple(reversed(ended[:SHOWN])), " · ".join(said))


def level_words(mark: ReminderMark) -> str:
    """Return what the bars say."""
    return _("Reminded at level {level}").format(level=mark.level)


def paint_promises(painter: QPainter, rect: QRect, value: PromiseMarks) -> None:
    """Draw a tick or a cross for each promise, oldest left."""
    side, apart = px(9), px(5)
    left = float(rect.left())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for kept in value.ends:
        box = QRectF(left, rect.center().y() - side / 2 + 0.5, side, side)
        pen = QPen(token("success" if kept else "danger"), max(1.6, side / 6))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        if kept:
            points = [QPointF(box.left() + side * x, box.top() + side * y) for x, y in _TICK]
            painter.drawPolyline(QPolygonF(points))
        else:
            inner = box.adjusted(1, 1, -1, -1)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        left += side + apart
    painter.restore()


def paint_reminder(painter: QPainter, rect: QRect, value: ReminderMark) -> None:
    """Draw three rising bars, filled up to the level, and the number beside them."""
    wide, apart, tallest = px(4), px(2), px(11)
    foot = rect.center().y() + tallest // 2 + 1
    for place in range(LEVELS):
        height = round(tallest * (place + 2) / (LEVELS + 1))
        reached = place < value.level
        bar = QRectF(rect.left() + place * (wide + apart), foot - height, wide, height)
        painter.fillRect(bar, token("danger" if reached else "age0"))
    painter.setFont(font(BODY, REGULAR))
    painter.setPen(token("text2"))
    beside = rect.adjusted(LEVELS * (wide + apart) + px(5), 0, 0, 0)
    painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, str(value.level))
