"""What the main window knows of a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key of a screen and what it does, already translated."""

    keys: str
    does: str


class Screen(QWidget):
    """One sheet in a tab. Signals go up to the window; the window never looks inside."""

    title_changed = Signal()
    state_changed = Signal()
    """`unsaved` may have changed."""
    close_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setObjectName("sheet")

    def title(self) -> str:
        """Return the text of the tab, in the language on screen."""
        return ""

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return QIcon()

    def actions_offered(self) -> Sequence[QAction]:
        """Return the actions that Ctrl+K and the menu offer while this screen is in front."""
        return ()

    def reload(self) -> None:
        """Read again what is shown, keeping the place."""

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return False

    def can_close(self) -> bool:
        """Return whether the tab may close now; may ask."""
        return True

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen, most useful first."""
        return ()

    def show_rows(self, listing: Listing) -> None:
        """Show the rows `listing` asks for, on a screen that is a list."""

    def search_here(self) -> None:
        """Put the keyboard into this screen's own search field, if it has one."""


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A screen the rail offers; `title` is marked text, `domains` any of which must be reached.

    Who has neither `permission` nor, when there are any, one of `any_of` is not offered the screen.
    """

    name: str
    title: str
    icon: str
    factory: Callable[[Desk], Screen]
    permission: Permission | None = None
    domains: tuple[Domain, ...] = ()
    shortcut: str = ""
    group: str = ""
    any_of: tuple[Permission, ...] = ()

    def offered_to(self, actor: Actor) -> bool:
        """Return whether the rail of `actor` has this screen."""
        if self.permission is not None and not actor.may(self.permission):
            return False
        if self.any_of and not any(map(actor.may, self.any_of)):
            return False
        return not self.domains or any(actor.scope(domain) > Scope.NONE for domain in self.domains)
