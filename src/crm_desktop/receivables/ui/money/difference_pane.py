"""The right side of a receipt: received, credits used, allocated, and the question about the difference."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.receivables.rules import BANK_FEE, DIFFERENCE
from crm_desktop.receivables.ui.money.difference import ADVANCE, KEEP, LEAVE, MISSING, Answer, Standing, answers, usual
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import BODY, LABEL, RECORD, REGULAR, SEMIBOLD, px, set_font
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.theme import set_ground, set_ink

PANE_PX: Final = 268
_ANY_PX: Final = 16_777_215
_DOWN, _RIGHT = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
WORDS: Final = {
    BANK_FEE: N_("Bank fee"),
    DIFFERENCE: N_("Small difference"),
    LEAVE: N_("Leave it open"),
    ADVANCE: N_("Keep it as an advance"),
    KEEP: N_("Small surplus, kept"),
}
KEYS: Final = {BANK_FEE: "F9", DIFFERENCE: "F8", KEEP: "F8", LEAVE: "F7", ADVANCE: "F7"}


class _FigureLine(QWidget):
    """A label and its figure."""

    def __init__(self, label: str, size: int = BODY, weight: int = REGULAR) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        self.label = text_label(label, BODY, weight, "text2")
        self.figure = text_label("", size, weight)
        line.addWidget(self.label)
        line.addStretch(1)
        line.addWidget(self.figure)
        line.addStretch(0)
        self._line = line

    def stand(self, *, strip: bool) -> None:
        """Stand close to the label in the strip, at the right edge in the pane."""
        self._line.setStretch(1, 0 if strip else 1)
        self._line.setStretch(3, 1 if strip else 0)

    def show_figure(self, text: str) -> None:
        """Show another figure."""
        self.figure.setText(text)
        self.setAccessibleName(f"{self.label.text()}: {text}")


class _AnswerLine(QWidget):
    """One answer to choose, what it does below it."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(1))
        self.radio = QRadioButton()
        set_font(self.radio, BODY)
        self.below = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.below.setContentsMargins(px(22), 0, 0, 0)
        self.below.setMinimumWidth(px(140))
        column.addWidget(self.radio)
        column.addWidget(self.below)
        self.key = ""

    def ask(self, answer: Answer, below: str) -> None:
        """Offer an answer."""
        self.key = answer.key
        self.radio.setText(_(WORDS[answer.key]))
        self.radio.setToolTip(f"{_(WORDS[answer.key])} ({KEYS[answer.key]})")
        self.radio.setAccessibleDescription(below)
        self.radio.setEnabled(answer.allowed)
        self.below.setText(below)
        set_ink(self.below, "text2" if answer.allowed else "muted")


class DifferencePane(QWidget):
    """Shows the figures and asks what the difference is; `set_strip` lays it along the foot."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("difference")
        self.received = _FigureLine(_("Received"))
        self.credits = _FigureLine(_("Credits used"))
        self.allocated = _FigureLine(_("Allocated"))
        self.difference = _FigureLine(_("Difference"), RECORD, SEMIBOLD)
        self.question: QLabel = caption("")
        self.question.setWordWrap(True)
        self.group = QButtonGroup(self)
        self.lines = [_AnswerLine() for _place in range(3)]
        self.note = Note("success", "")
        self._build()
        self.set_strip(False)

    def _build(self) -> None:
        self._whole = QBoxLayout(_DOWN, self)
        self._figures = QBoxLayout(_DOWN)
        self._rule = hairline()
        self._figures.addWidget(self.received)
        self._figures.addWidget(self.credits)
        self._figures.addWidget(self.allocated)
        self._figures.addWidget(self._rule)
        self._figures.addWidget(self.difference)
        self._whole.addLayout(self._figures)
        question = QVBoxLayout()
        question.setSpacing(px(6))
        question.addWidget(self.question)
        self.questions = QWidget()
        self._answers = QBoxLayout(_DOWN, self.questions)
        self._answers.setContentsMargins(0, 0, 0, 0)
        for line in self.lines:
            self.group.addButton(line.radio)
            self._answers.addWidget(line, 1, Qt.AlignmentFlag.AlignTop)
        question.addWidget(self.questions)
        self._asked = QBoxLayout(_DOWN)
        self._asked.setSpacing(px(14))
        self._asked.addLayout(question, 3)
        self._asked.addWidget(self.note, 2, Qt.AlignmentFlag.AlignTop)
        self._whole.addLayout(self._asked)
        self._whole.addStretch(1)

    def show_standing(self, standing: Standing, figure: Callable[[Decimal], str]) -> None:
        """Show the four figures; `figure` writes an amount."""
        self.received.show_figure(figure(standing.received))
        self.credits.show_figure(figure(standing.credits))
        self.allocated.show_figure(figure(-standing.allocated))
        self.difference.show_figure(figure(standing.difference))
        set_ink(self.difference.figure, "warn" if standing.side else "success" if standing.allocated else "text")

    def show_end(self, kind: str, text: str) -> None:
        """Say how the receipt ends."""
        if text:
            self.note.show_message(kind, text)
        else:
            self.note.clear()

    def set_strip(self, strip: bool) -> None:
        """Stand as a strip at the foot, or as a pane at the right."""
        self.is_strip = strip
        self._whole.setContentsMargins(px(20), px(10 if strip else 16), px(20 if strip else 16), px(10))
        self._whole.setSpacing(px(8 if strip else 12))
        self._figures.setDirection(_RIGHT if strip else _DOWN)
        self._figures.setSpacing(px(28 if strip else 7))
        for line in (self.received, self.credits, self.allocated, self.difference):
            line.stand(strip=strip)
        self._rule.setVisible(not strip)
        self._answers.setDirection(_RIGHT if strip else _DOWN)
        self._answers.setSpacing(px(16 if strip else 10))
        self._asked.setDirection(_RIGHT if strip else _DOWN)
        self.setFixedWidth(_ANY_PX if strip else px(PANE_PX))
        self.setMinimumWidth(0 if strip else px(PANE_PX))
        set_ground(self, "sunken" if strip else "surface")
        across = QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Maximum if strip else QSizePolicy.Policy.Preferred)


class AnswerEditor(Editor):
    """What the difference is, as the person says: a key of `WORDS`; "" for what holds anyway."""

    def __init__(self) -> None:
        self.pane = DifferencePane()
        super().__init__("answer", _("Difference"), self.pane.questions)
        self.standing = Standing()
        self._value = ""
        self._offered: tuple[Answer, ...] = ()
        self.pane.group.buttonClicked.connect(self._clicked)
        self.watch(*(line.radio for line in self.pane.lines))

    def value(self) -> str:
        return self._value

    def fill(self, value: Any) -> None:
        self._value = str(value or "")
        self._show_choice()

    def parts(self) -> tuple[QWidget, ...]:
        return tuple(line.radio for line in self.pane.lines)

    def chosen(self) -> str:
        """Return the answer that holds, "" when the person still has to say."""
        return self._value or usual(self.standing)

    def focus(self) -> None:
        """Put the keyboard on the first answer that may be given."""
        for line in self.pane.lines:
            if not line.isHidden() and line.radio.isEnabled():
                line.radio.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def choose(self, *keys: str) -> None:
        """Give the first of these answers that is offered and allowed, as if clicked."""
        for answer in self._offered:
            if answer.key in keys and answer.allowed:
                self._value = answer.key
                self._show_choice()
                self.notice()
                return

    def problem(self) -> str | None:
        if self.standing.side == MISSING and not self._value:
            return _("Say what the missing amount is.")
        return None

    def is_empty(self) -> bool:
        return not self._value

    def follow(
        self, standing: Standing, limit: Decimal | None, below: Mapping[str, str], *, waiting: bool = False
    ) -> None:
        """Ask about another difference; an answer that no longer fits is taken back, unless the amounts of a
        restored draft still wait for their rows. `below` are the words under each answer.
        """
        self.standing = standing
        self._offered = answers(standing, limit)
        if not waiting and self._value not in [answer.key for answer in self._offered if answer.allowed]:
            self._value = ""
            self._last = ""
        for place, line in enumerate(self.pane.lines):
            line.setVisible(place < len(self._offered))
            if place < len(self._offered):
                line.ask(self._offered[place], below.get(self._offered[place].key, ""))
        self._show_choice()

    def set_error(self, text: str | None) -> None:
        super().set_error(text)
        set_ink(self.pane.question, "danger" if text else "muted")

    def _clicked(self) -> None:
        for line in self.pane.lines:
            if line.radio.isChecked():
                self._value = line.key
        self.notice()

    def _show_choice(self) -> None:
        chosen = self.chosen()
        group = self.pane.group
        group.setExclusive(False)
        for place, line in enumerate(self.pane.lines):
            line.radio.setChecked(place < len(self._offered) and line.key == chosen)
        group.setExclusive(True)
