"""The head of a record: name, pills, one line of facts, three figures, actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.ui.fonts import BODY, LABEL, RECORD, REGULAR, SECTION, SEMIBOLD, font, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.pill import Pill

_SIDE, _APART, _BETWEEN_FIGURES, _BETWEEN_BUTTONS, _BETWEEN_PILLS = 20, 24, 18, 6, 10
_LEAST_PX = 560
_WHOLE_NAME_PX = 360


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the numbers that matter: label above, `below` a line under it; `ink` a colour token."""

    label: str
    value: str
    below: str = ""
    ink: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the head of a record says, already translated; `pills` are (text, tone)."""

    title: str
    pills: Sequence[tuple[str, str]] = ()
    facts: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    saved: str = ""


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room, its whole text then being the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(px(60))

    def show_text(self, text: str) -> None:
        """Show `text`, as much of it as there is room for."""
        self._whole = text
        self.setAccessibleName(text)
        self.setText(text)
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._elide()

    def showEvent(self, event: QShowEvent) -> None:
        """Cut the text that came before the label stood on screen."""
        super().showEvent(event)
        self._elide()

    def _elide(self) -> None:
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self._whole if text != self._whole else "")
        if text != self.text() and self.isVisible():
            self.setText(text)


class RecordHead(QWidget):
    """The head itself; `show_heading` fills it, `set_actions` gives it its buttons.

    A `compact` one has its buttons beside the figures, for screens that need the height. The name of such
    a record is a number and stands whole: whoever gives the buttons puts as many as `fitting` says.
    """

    resized = Signal()

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_SIDE, 14, _SIDE, 12)
        outer.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(_APART)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._line = QHBoxLayout()
        self._line.setSpacing(_BETWEEN_PILLS)
        self._name = ElidedLabel()
        self._name.setProperty("font_px", RECORD)
        self._name.setProperty("font_weight", SEMIBOLD)
        self._name.setFont(font(RECORD, SEMIBOLD))
        self._line.addWidget(self._name)
        self._line.addStretch(1)
        self._facts = text_label("", BODY, REGULAR, "text2", wrap=True)
        words.addLayout(self._line)
        words.addWidget(self._facts)
        words.addStretch(1)
        top.addLayout(words, 1)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(_BETWEEN_FIGURES)
        top.addLayout(self._figures)
        outer.addLayout(top)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(_BETWEEN_BUTTONS)
        self._saved = text_label("", LABEL, REGULAR, "muted")
        if compact:
            self._saved.hide()
            top.addLayout(self._actions)
        else:
            outer.addLayout(self._actions)
        self._compact = compact
        self._pills: list[Pill] = []

    def show_heading(self, heading: Heading) -> None:
        """Show another heading."""
        self._name.show_text(heading.title)
        if self._compact:
            self._name.setMinimumWidth(min(self._name.sizeHint().width(), px(_WHOLE_NAME_PX)))
        for pill in self._pills:
            _drop(self._line, pill)
        self._pills = [Pill(text, tone) for text, tone in heading.pills]
        for place, pill in enumerate(self._pills):
            self._line.insertWidget(place + 1, pill)
        self._facts.setText("  ·  ".join(fact for fact in heading.facts if fact))
        self._facts.setVisible(any(heading.facts))
        while self._figures.count():
            _drop(self._figures, self._figures.itemAt(0).widget())
        for place, figure in enumerate(heading.figures):
            if place:
                self._figures.addWidget(hairline(vertical=True))
            self._figures.addWidget(_figure(figure))
        self._saved.setText(heading.saved)

    def fitting(self, buttons: Sequence[QWidget], needed: Sequence[QWidget]) -> int:
        """Return how many of `buttons`, from the first, fit beside name, pills, figures and the `needed` ones."""
        room = self.width() - 2 * _SIDE - 2 * _APART - self._name.minimumWidth()
        room -= sum(pill.sizeHint().width() + _BETWEEN_PILLS for pill in self._pills)
        figures = [self._figures.itemAt(place).widget() for place in range(self._figures.count())]
        room -= sum(figure.sizeHint().width() + _BETWEEN_FIGURES for figure in figures)
        room -= sum(button.sizeHint().width() + _BETWEEN_BUTTONS for button in needed)
        for count, button in enumerate(buttons):
            room -= button.sizeHint().width() + _BETWEEN_BUTTONS
            if room < 0:
                return count
        return len(buttons)

    def minimumSizeHint(self) -> QSize:
        """Return the least size; a compact head may get narrower than its buttons, of which it then shows fewer."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), px(_LEAST_PX)), least.height()) if self._compact else least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that the room for buttons is another."""
        super().resizeEvent(event)
        self.resized.emit()

    def set_actions(self, actions: Sequence[QWidget], right: Sequence[QWidget] = ()) -> None:
        """Show buttons from the left, then when it was saved, then `right` ones at the right edge."""
        while self._actions.count():
            item = self._actions.takeAt(0)
            if item.widget() is not None and item.widget() is not self._saved:
                item.widget().hide()
        for button in actions:
            self._actions.addWidget(button)
            button.show()
        self._actions.addStretch(1)
        if not self._compact:
            self._actions.addWidget(self._saved)
        for button in right:
            self._actions.addWidget(button)
            button.show()


def _drop(layout: QHBoxLayout, widget: QWidget | None) -> None:
    if widget is None:
        return
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def figures_row(figures: Sequence[Figure]) -> QWidget:
    """Return figures side by side, smaller than in the head of a record and from the left."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(_BETWEEN_FIGURES))
    for place, figure in enumerate(figures):
        if place:
            line.addWidget(hairline(vertical=True))
        line.addWidget(_figure(figure, SECTION, Qt.AlignmentFlag.AlignLeft))
    line.addStretch(1)
    return row


def _figure(figure: Figure, size_px: int = RECORD, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight) -> QWidget:
    box = QWidget()
    box.setAccessibleName(f"{figure.label}: {figure.value} {figure.below}".strip())
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    for text, size, weight, ink in (
        (figure.label, LABEL, REGULAR, "muted"),
        (figure.value, size_px, SEMIBOLD, figure.ink),
        (figure.below, LABEL, REGULAR, "muted"),
    ):
        column.addWidget(text_label(text, size, weight, ink), 0, side)
    column.addStretch(1)
    return box
