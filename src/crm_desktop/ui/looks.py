"""How the cells of one column look where the kind of the field does not decide it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from crm_desktop.shared.fields import Field, Kind

NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
NEVER_ELIDED = NUMBERS | {Kind.DATE, Kind.INSTANT, Kind.STATUS, Kind.BOOLEAN}
FIRST_RANK = NUMBERS | {Kind.STATUS}

SHAPE_TOKENS = {
    "disc": "success",
    "ring": "accent",
    "dashed_ring": "muted",
    "half_ring": "warn",
    "small_disc": "muted",
    "triangle": "danger",
    "diamond": "warn",
    "cross": "muted",
}
"""The colour of a status shape; the word beside it carries the meaning."""


@dataclass(frozen=True, slots=True)
class Look:
    """What differs from the look its kind gives a column.

    `ink(value, today)` returns a colour token or None, `tip(value)` a tooltip, `paint` draws the
    whole content of the cell inside the given rectangle. `always_ago` counts days back without end.
    """

    token: str = ""
    weight: int = 400
    ink: Callable[[Any, date], str | None] | None = None
    tip: Callable[[Any], str] | None = None
    paint: Callable[[QPainter, QRect, Any], None] | None = None
    chars: int = 0
    always_ago: bool = False


def ink_of_next_step(value: Any, today: date) -> str | None:
    """Return danger for a late next step and accent for one of today."""
    if value is None:
        return None
    day = value.date() if hasattr(value, "date") else value
    if day < today:
        return "danger"
    return "accent" if day == today else None


def alignment_of(described: Field) -> Qt.AlignmentFlag:
    """Return where the cells of a column stand: figures right, the rest left."""
    side = Qt.AlignmentFlag.AlignRight if described.kind in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
