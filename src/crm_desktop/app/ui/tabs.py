"""The open tabs: which screens there are, which is in front, what their tabs say."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStackedWidget

from crm_desktop.app.ui.tab_strip import TabStrip
from crm_desktop.shared.i18n import _
from crm_desktop.ui.icons import icon
from crm_desktop.ui.screen import Screen

Key = tuple[str, str]
"""What a tab shows: ("screen", "contacts"), ("contact", "17"), ("contact", "new")."""

NEW = "new"


@dataclass(eq=False)
class OpenTab:
    """A screen with the text its tab has until the screen knows better."""

    key: Key
    screen: Screen
    first_title: str = ""
    icon_name: str = ""

    @property
    def title(self) -> str:
        """Return what the tab says."""
        return self.screen.title() or self.first_title or _("Opening…")


class Tabs(QObject):
    """A strip over a stack, kept together. The strip may be dragged; order is that of the strip."""

    front_changed = Signal()
    close_wanted = Signal(object)
    """Carries the `OpenTab` whose cross or middle button was pressed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.strip, self.stack = TabStrip(), QStackedWidget()
        self.all: list[OpenTab] = []
        self.strip.currentChanged.connect(self._show_at)
        self.strip.tabMoved.connect(self._move)
        self.strip.close_wanted.connect(self._ask_close)

    @property
    def front(self) -> OpenTab | None:
        """Return the tab in front, None while there is none."""
        place = self.strip.currentIndex()
        return self.all[place] if 0 <= place < len(self.all) else None

    def find(self, key: Key) -> OpenTab | None:
        """Return the tab that shows `key`."""
        return next((tab for tab in self.all if tab.key == key), None)

    def of(self, screen: object) -> OpenTab | None:
        """Return the tab of a screen."""
        return next((tab for tab in self.all if tab.screen is screen), None)

    def add(self, tab: OpenTab) -> None:
        """Append a tab."""
        tab.screen.title_changed.connect(self._say_of_sender)
        tab.screen.state_changed.connect(self._say_of_sender)
        self.stack.addWidget(tab.screen)
        self.all.append(tab)
        self.strip.add(tab.title)
        self._say(tab)

    def show(self, tab: OpenTab) -> None:
        """Bring a tab to the front."""
        place = self.all.index(tab)
        if self.strip.currentIndex() == place:
            self._show_at(place)
        else:
            self.strip.setCurrentIndex(place)

    def remove(self, tab: OpenTab) -> None:
        """Close a tab without asking; its screen goes with it."""
        place = self.all.index(tab)
        # First out of the list: the strip tells of its new front while it removes.
        self.all.pop(place)
        self.strip.blockSignals(True)
        self.strip.removeTab(place)
        self.strip.blockSignals(False)
        self.stack.removeWidget(tab.screen)
        tab.screen.hide()
        tab.screen.deleteLater()
        self._show_at(self.strip.currentIndex())

    def rename_stored(self) -> None:
        """Give the tabs of new records that were stored meanwhile the key of their record."""
        for tab in self.all:
            stored = getattr(tab.screen, "record_id", None)
            if tab.key[1] == NEW and stored is not None:
                tab.key = (tab.key[0], str(stored))

    def next(self) -> None:
        """Go one tab to the right, round the end."""
        self._step(1)

    def previous(self) -> None:
        """Go one tab to the left, round the end."""
        self._step(-1)

    def refresh_icons(self) -> None:
        """Draw the icons again, after a change of theme."""
        for tab in self.all:
            self._say(tab)

    def _step(self, by: int) -> None:
        if self.all:
            self.strip.setCurrentIndex((self.strip.currentIndex() + by) % len(self.all))

    def _show_at(self, place: int) -> None:
        if 0 <= place < len(self.all):
            self.stack.setCurrentWidget(self.all[place].screen)
        self.front_changed.emit()

    def _move(self, old: int, new: int) -> None:
        self.all.insert(new, self.all.pop(old))

    def _ask_close(self, place: int) -> None:
        self.close_wanted.emit(self.all[place])

    def _say_of_sender(self) -> None:
        tab = self.of(self.sender())
        if tab is not None:
            self._say(tab)

    def _say(self, tab: OpenTab) -> None:
        place = self.all.index(tab)
        said = tab.title
        self.strip.setTabText(place, said.replace("&", "&&"))
        self.strip.setTabToolTip(place, said)
        self.strip.setTabIcon(place, icon(tab.icon_name, "text2") if tab.icon_name else QIcon(tab.screen.icon()))
        self.strip.set_unsaved(place, tab.screen.unsaved)
