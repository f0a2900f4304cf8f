"""Settings: the sections at the left, the one chosen at the right."""

from collections.abc import Sequence

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.app.ui.rail import RailButton, RailEntry
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import grounded, hairline, title_label
from crm_desktop.ui.screen import KeyHint, Screen, ScreenSpec


class SettingsScreen(Screen):
    """Each section is a screen of its own, made when it is first looked at."""

    def __init__(self, desk: Desk, sections: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._specs = {spec.name: spec for spec in sections}
        self._made: dict[str, Screen] = {}
        self.buttons: dict[str, RailButton] = {}
        self.stack = QStackedWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list())
        row.addWidget(hairline(vertical=True))
        row.addWidget(self.stack, 1)
        self.show_section(next(iter(self._specs)))

    def _list(self) -> QWidget:
        left = grounded("sunken")
        left.setFixedWidth(px(196))
        column = QVBoxLayout(left)
        column.setContentsMargins(px(8), px(10), px(8), px(8))
        column.setSpacing(px(1))
        title = title_label(_("Settings"))
        title.setContentsMargins(px(8), px(2), 0, px(10))
        column.addWidget(title)
        for spec in self._specs.values():
            button = RailButton(RailEntry(spec.name, _(spec.title), spec.icon))
            button.clicked.connect(self._chosen)
            self.buttons[spec.name] = button
            column.addWidget(button)
        column.addStretch(1)
        return left

    @property
    def section(self) -> str:
        """Return the name of the section on screen."""
        return next((name for name, screen in self._made.items() if screen is self.stack.currentWidget()), "")

    def show_section(self, name: str) -> None:
        """Show a section; what was typed in another stays there. An unknown name changes nothing."""
        if name not in self._specs:
            return
        if name not in self._made:
            screen = self._specs[name].factory(self.desk)
            screen.state_changed.connect(self.state_changed)
            screen.title_changed.connect(self.title_changed)
            self._made[name] = screen
            self.stack.addWidget(screen)
        self.stack.setCurrentWidget(self._made[name])
        for key, button in self.buttons.items():
            button.setChecked(key == name)
        self.setFocusProxy(self._made[name])
        self.title_changed.emit()

    def _chosen(self) -> None:
        button = self.sender()
        assert isinstance(button, RailButton)
        self.show_section(button.entry.name)

    @property
    def _front(self) -> Screen:
        return self._made[self.section]

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Settings")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("settings")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what the section on screen offers."""
        return self._front.actions_offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the section on screen."""
        return self._front.keys()

    def search_here(self) -> None:
        """Search in the section on screen."""
        self._front.search_here()

    def reload(self) -> None:
        """Read the section on screen again."""
        self._front.reload()

    @property
    def unsaved(self) -> bool:
        """Return whether any section has something typed that is not stored."""
        return any(screen.unsaved for screen in self._made.values())

    def can_close(self) -> bool:
        """Ask each section that has something typed, bringing it to the front."""
        for name, screen in self._made.items():
            if screen.unsaved:
                self.show_section(name)
                if not screen.can_close():
                    return False
        return True
