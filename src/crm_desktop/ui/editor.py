"""What every editor of a field can do, whatever widget it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.merge import is_empty, same
from crm_desktop.ui.fieldbox import set_read_only
from crm_desktop.ui.fonts import px
from crm_desktop.ui.theme import set_property


@dataclass(frozen=True)
class EditorContext:
    """What editors must know that a field description cannot say.

    `users` are (id, name) of those who can be chosen, `tags` the names in use, `decimals` the
    decimals a money amount is shown with, `nobody` the word for no user. Without an `actor` every
    field can be written.
    """

    today: Callable[[], date] = date.today
    actor: Actor | None = None
    users: Sequence[tuple[int, str]] = ()
    tags: Sequence[str] = ()
    allow_new_tags: bool = True
    decimals: int = 2
    nobody: str = N_("Nobody")


class Editor(QObject):
    """One field on screen: a widget, its value and what is wrong with it.

    `edited` is emitted after a change the person made (never by `set_value`, never while an input
    method is composing), `left` when the focus leaves the whole editor, `committed` on Enter.
    """

    edited = Signal()
    left = Signal()
    committed = Signal()

    def __init__(self, name: str, label: str, widget: QWidget) -> None:
        super().__init__(widget)
        self.name = name
        self.label = label
        self.widget = widget
        self.error: str | None = None
        self.locked = False
        """The person may never change this field here, whatever the form does."""
        self.composition = Composition(self)
        self._last: Any = None
        widget.setAccessibleName(label)
        widget.setObjectName(f"editor_{name}")

    def value(self) -> Any:
        """Return the value on screen, or the last readable one while `problem()` says otherwise."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Show `value`; called by `set_value` only."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show `value` without any `edited`."""
        self.fill(value)
        self._last = self.state()

    def state(self) -> Any:
        """Return what `edited` compares: the value, and typed text where it is no value yet."""
        return self.value()

    def notice(self, *_args: object) -> None:
        """Emit `edited` if the person changed something since the last time; connect to Qt signals."""
        if self.composition.active:
            return
        state = self.state()
        if type(state) is type(self._last) and same(state, self._last):
            return
        self._last = state
        self.edited.emit()

    def problem(self) -> str | None:
        """Return why what is typed is no value at all, None when it is one."""
        return None

    def is_empty(self) -> bool:
        """Return whether nothing is entered; zero and an unticked box are something."""
        return is_empty(self.value())

    def set_error(self, text: str | None) -> None:
        """Mark the field as wrong, saying why to the eye and to a screen reader; None clears it."""
        self.error = text or None
        for part in self.parts():
            mark_error(part, self.error)

    def set_read_only(self, read_only: bool) -> None:
        """Let the person read and copy the value but not change it."""
        for part in self.parts():
            set_read_only(part, read_only)

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that take the focus, in order."""
        return (self.widget,)

    def focus(self) -> None:
        """Put the keyboard into the field."""
        self.parts()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def watch(self, *widgets: QWidget) -> None:
        """Follow focus and composition of `widgets`; subclasses name those that take the focus."""
        for widget in widgets:
            widget.installEventFilter(self.composition)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the focus leaves and when Enter is pressed."""
        if event.type() == QEvent.Type.FocusOut and self._leaves():
            self.composition.active = False
            self.notice()
            self.left.emit()
        return super().eventFilter(watched, event)

    def _leaves(self) -> bool:
        """Return whether the focus is out of this editor and not in a popup it opened."""
        if QApplication.activePopupWidget() is not None:
            return False
        now = QApplication.focusWidget()
        return now is None or (now is not self.widget and not self.widget.isAncestorOf(now))


_ENDS_COMPOSITION = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class Composition(QObject):
    """Knows whether an input method is composing, and keeps Enter away from the form meanwhile."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.active = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the preedit text of the watched widget."""
        if isinstance(event, QInputMethodEvent):
            self.active = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self.active = False
        elif (
            # Some input methods pass the key that ends a composition on to the program, where it
            # would save or close; a shortcut is told off before the key arrives.
            self.active
            and isinstance(event, QKeyEvent)
            and event.key() in _ENDS_COMPOSITION
            and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)


def finish_composition() -> None:
    """Take over what an input method is composing, before the form is read to be saved."""
    QGuiApplication.inputMethod().commit()


def mark_error(widget: QWidget, text: str | None) -> None:
    """Give `widget` the border and the accessible description of an error, or take them away."""
    widget.setAccessibleDescription(text or "")
    set_property(widget, "error", bool(text))


def field_width(chars: int) -> int:
    """Return the pixels an input needs to show `chars` figures whole, its frame included."""
    return QFontMetrics(QApplication.font()).horizontalAdvance("0") * chars + px(24)
