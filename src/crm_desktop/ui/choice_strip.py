"""One of a few, all of them on screen: a digit or an arrow chooses, and the keyboard is one stop for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.buttons import Button
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.flow_layout import FlowLayout
from crm_desktop.ui.fonts import px
from crm_desktop.ui.shapes import paint_focus_ring

DIGITS: Final = 9
_STEPS: Final = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the choices: the value it stands for, its words, its icon, its tooltip."""

    value: Any
    text: str
    icon: str = ""
    tip: str = ""


class _Part(Button):
    """A choice; the ring is drawn on it while the strip has the keyboard."""

    def __init__(self, offer: Offer, digit: str) -> None:
        super().__init__(offer.text, icon=offer.icon, key=digit, tip=offer.tip, dense=True)
        self.offer = offer
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)

    def _colours(self) -> tuple[str | None, str | None, str]:
        if self.isChecked():
            return "accent-soft", "accent", "text"
        return super()._colours()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring where the strip says the keyboard is."""
        super().paintEvent(event)
        strip = self.parentWidget()
        if isinstance(strip, ChoiceStrip) and strip.hasFocus() and strip.at is self:
            paint_focus_ring(QPainter(self), QRectF(self.rect()))


class ChoiceStrip(QWidget):
    """The buttons. Digits choose by place, counted from `first`; arrows walk and choose."""

    def __init__(self, first: int = 1) -> None:
        super().__init__()
        self._first = first
        self._parts: list[_Part] = []
        self.editor: StripEditor | None = None
        # A click leaves the keyboard in the text being typed.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # An input method would take the digits for itself.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._flow = FlowLayout(self, px(4))
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._rest = QWidget(self)
        self._flow.addWidget(self._rest)

    @property
    def parts(self) -> Sequence[Button]:
        """Return the buttons, in order."""
        return tuple(self._parts)

    @property
    def at(self) -> Button | None:
        """Return the button the keyboard is on: the chosen one, else the first."""
        return next((part for part in self._parts if part.isChecked()), self._parts[0] if self._parts else None)

    @property
    def value(self) -> Any:
        """Return the value chosen, None for none."""
        return next((part.offer.value for part in self._parts if part.isChecked()), None)

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show these choices in place of the former ones."""
        for part in self._parts:
            self._flow.removeWidget(part)
            part.deleteLater()
        self._parts = []
        for place, one in enumerate(offers):
            digit = str(place + self._first) if place + self._first <= DIGITS else ""
            part = _Part(one, digit)
            part.setParent(self)
            self._flow.insert_before_last(part)
            part.clicked.connect(lambda _checked=False, part=part: self._take(part))
            part.show()
            self._parts.append(part)
        self._grow()

    def choose(self, value: Any) -> None:
        """Show `value` as chosen, none where it is not offered."""
        for part in self._parts:
            part.setChecked(value is not None and part.offer.value == value)
        self.update()

    def take_digit(self, digit: int) -> bool:
        """Choose by place; return whether there is such a place."""
        place = digit - self._first
        if not 0 <= place < len(self._parts) or not self.isEnabled():
            return False
        self._take(self._parts[place])
        return True

    def _take(self, part: _Part) -> None:
        self.choose(part.offer.value)
        if self.editor is not None:
            self.editor.notice()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by digit or arrow; Backspace chooses nothing; Enter and a digit go on."""
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and self.take_digit(key - Qt.Key.Key_0.value):
            self._go_on()
        elif plain and key in _STEPS and self._parts:
            self._step(_STEPS[Qt.Key(key)])
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose_current()
            self._go_on()
        elif plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            if self.editor is not None and self.editor.may_be_empty:
                self.choose(None)
                self.editor.notice()
        else:
            super().keyPressEvent(event)

    def _choose_current(self) -> None:
        if self.value is None and isinstance(self.at, _Part) and self.editor is not None:
            if not self.editor.may_be_empty:
                self._take(self.at)

    def _step(self, by: int) -> None:
        checked = [place for place, part in enumerate(self._parts) if part.isChecked()]
        place = checked[0] + by if checked else (0 if by > 0 else len(self._parts) - 1)
        if 0 <= place < len(self._parts):
            self._take(self._parts[place])

    def _go_on(self) -> None:
        if self.editor is not None:
            self.editor.committed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the lines the choices take."""
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        # Told by a fixed height: a dialog asked for the height of its narrowest width would be a tower.
        self.setFixedHeight(max(self._flow.heightForWidth(self.width()), px(26)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring."""
        super().focusInEvent(event)
        self._redraw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        for part in self._parts:
            part.update()


class StripEditor(Editor):
    """A value chosen on a strip; `may_be_empty` lets Backspace choose none."""

    def __init__(
        self, name: str, label: str, offers: Sequence[Offer] = (), *, first: int = 1, may_be_empty: bool = False
    ) -> None:
        self.strip = ChoiceStrip(first)
        super().__init__(name, label, self.strip)
        self.may_be_empty = may_be_empty
        self.strip.editor = self
        self.strip.offer(offers)
        self.watch(self.strip)

    def value(self) -> Any:
        return self.strip.value

    def fill(self, value: Any) -> None:
        self.strip.choose(value)

    def set_read_only(self, read_only: bool) -> None:
        self.strip.setEnabled(not read_only)
