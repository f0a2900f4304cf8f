"""The head of a wizard: its title, the steps in a row, and what it is about."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SEMIBOLD, font, px, set_font
from crm_desktop.ui.heading import ElidedLabel
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.labels import title_label
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.theme import set_ink, theme, token

_DISC, _GAP, _LINE, _BETWEEN = 20, 8, 28, 12


class StepMarks(QWidget):
    """The steps: a tick for what is behind, the number of the rest, the present one filled."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._at, self._whole = 0, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def at(self) -> int:
        """Return the number of the present step, from 0."""
        return self._at

    def show_step(self, at: int, *, whole: bool = False) -> None:
        """Stand at step `at`; `whole` ticks it off too."""
        self._at, self._whole = at, whole
        said, name = _("Step {number} of {count}: {name}"), _(self._names[at])
        self.setAccessibleName(said.format(number=at + 1, count=len(self._names), name=name))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of all steps."""
        words = sum(self._width_of(name) for name in self._names)
        rest = len(self._names) * (px(_DISC) + px(_GAP)) + (len(self._names) - 1) * (px(_LINE) + 2 * px(_BETWEEN))
        return QSize(words + rest, px(_DISC) + px(4))

    def _width_of(self, name: str) -> int:
        return QFontMetrics(font(BODY, SEMIBOLD)).horizontalAdvance(_(name))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle = 0.0, self.height() / 2
        for number, name in enumerate(self._names):
            if number:
                left += px(_BETWEEN)
                painter.setPen(QPen(token("line"), 1))
                painter.drawLine(round(left), round(middle), round(left) + px(_LINE), round(middle))
                left += px(_LINE) + px(_BETWEEN)
            disc = QRectF(left, middle - px(_DISC) / 2, px(_DISC), px(_DISC))
            self._paint_disc(painter, disc, number)
            left += px(_DISC) + px(_GAP)
            painter.setFont(font(BODY, SEMIBOLD if number == self._at else REGULAR))
            painter.setPen(token("text" if number == self._at else "text2"))
            room = QRectF(left, 0, self._width_of(name) + 2, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, _(name))
            left += self._width_of(name)

    def _paint_disc(self, painter: QPainter, disc: QRectF, number: int) -> None:
        behind = number < self._at or (self._whole and number == self._at)
        here = number == self._at and not behind
        painter.setPen(QPen(token("field"), 1) if not (behind or here) else Qt.PenStyle.NoPen)
        painter.setBrush(token("success-soft" if behind else "fill" if here else "surface"))
        painter.drawEllipse(disc.adjusted(0.5, 0.5, -0.5, -0.5))
        if behind:
            inset = disc.width() * 0.22
            paint_icon(painter, disc.adjusted(inset, inset, -inset, -inset), "check", "success")
            return
        painter.setFont(font(LABEL, SEMIBOLD))
        painter.setPen(token("on-fill" if here else "text2"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number + 1))


class WizardHead(QWidget):
    """Title, steps, and at the right the facts; `steps` are marked names."""

    def __init__(self, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row, line = head_row()
        self.title = title_label("")
        self.steps = StepMarks(steps)
        self.facts = ElidedLabel()
        set_font(self.facts, LABEL)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_ink(self.facts, "text2")
        line.addWidget(self.title)
        line.addSpacing(px(16))
        line.addWidget(self.steps)
        line.addSpacing(px(16))
        line.addWidget(self.facts, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(row)

    def say(self, title: str, facts: Sequence[str]) -> None:
        """Show another title and other facts."""
        self.title.setText(title)
        self.facts.show_text("   ".join(fact for fact in facts if fact))
