"""A screen that has to ask the database something before it can be built."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import failed
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.theme import set_ground


class PreparedScreen(Screen):
    """Reads what `ask` returns (the fields a company defined, the tags in use), then shows `build`.

    Everything the window asks is answered by the screen inside as soon as it is there.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.inside: Screen | None = None
        set_ground(self, "surface")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._state: QWidget | None = None
        self.prepare()

    def ask(self, work: Any) -> Any:
        """Return what `build` needs; runs on the database lane and touches nothing of the screen."""
        raise NotImplementedError

    def build(self, answer: Any) -> Screen:
        """Return the screen inside."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Ask again and build the screen inside anew."""
        self.desk.tasks.read(self, self.ask, self._show, self._say_failed, coalesce="prepare")

    def _show(self, answer: Any) -> None:
        self._put(None)
        before, self.inside = self.inside, self.build(answer)
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
        inside = self.inside
        self._column.addWidget(inside)
        self.setFocusProxy(inside)
        inside.title_changed.connect(self.title_changed)
        inside.state_changed.connect(self.state_changed)
        inside.close_wanted.connect(self.close_wanted)
        inside.show()
        if self.isVisible():
            self.begin(inside)
        self.title_changed.emit()

    def begin(self, inside: Screen) -> None:
        """Give the keyboard to the screen inside, unless somebody types elsewhere already."""
        if self.window().focusWidget() is None:
            inside.setFocus()

    def _say_failed(self, error: BaseException) -> None:
        self._put(failed(_("This could not be read"), str(error), self.prepare))

    def _put(self, state: QWidget | None) -> None:
        if self._state is not None:
            self._column.removeWidget(self._state)
            self._state.deleteLater()
        self._state = state
        if state is not None:
            self._column.addWidget(state)

    def title(self) -> str:
        """Return the title of the screen inside."""
        return self.inside.title() if self.inside is not None else ""

    def icon(self) -> QIcon:
        """Return the icon of the screen inside."""
        return self.inside.icon() if self.inside is not None else super().icon()

    def actions_offered(self) -> Sequence[QAction]:
        """Return the actions of the screen inside."""
        return self.inside.actions_offered() if self.inside is not None else ()

    def reload(self) -> None:
        """Read again what is shown."""
        if self.inside is not None:
            self.inside.reload()
        else:
            self.prepare()

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return self.inside is not None and self.inside.unsaved

    def can_close(self) -> bool:
        """Return whether the tab may close now."""
        return self.inside is None or self.inside.can_close()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen inside."""
        return self.inside.keys() if self.inside is not None else ()

    def search_here(self) -> None:
        """Put the keyboard into the search field of the screen inside."""
        if self.inside is not None:
            self.inside.search_here()
