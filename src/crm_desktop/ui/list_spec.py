"""What a feature says about its list; `ListScreen` does the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from PySide6.QtWidgets import QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_source import ListSource
from crm_desktop.ui.looks import Look

IMPORT: Final = "import"
"""The action of a list that takes in files."""


@dataclass(frozen=True, slots=True)
class View:
    """A saved way to look at a list.

    The title of a built-in one is marked text; a saved one is named by a person, `mine` says
    whether the actor may change it, `shared` whether colleagues see it.
    """

    key: str
    title: str
    listing: Listing
    builtin: bool = True
    shared: bool = False
    mine: bool = True

    def shown_title(self) -> str:
        """Return the title in the language on screen."""
        return _(self.title) if self.builtin else self.title


class ViewStore(Protocol):
    """Keeps the views people save; every call runs in a unit of work."""

    def load(self, work: Any) -> Sequence[View]:
        """Return the views the actor may see: own ones and shared ones."""
        ...

    def save(self, work: Any, title: str, listing: Listing, key: str = "") -> View:
        """Store a new view, or `key` again; return it."""
        ...

    def delete(self, work: Any, key: str) -> None:
        """Forget a view."""
        ...

    def share(self, work: Any, key: str, shared: bool) -> View:
        """Show a view to colleagues, or no longer."""
        ...


class Preview(QWidget):
    """The pane beside a list. It reads what it shows by itself, coalesced."""

    def show_record(self, id_: int | None) -> None:
        """Show a record; None empties the pane."""


@dataclass(frozen=True, slots=True)
class NeverHad:
    """What stands in place of a list that has no row at all; texts are marked, actions named."""

    title: str
    text: str
    primary: str = ""
    other: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a list can take in from files: the name the import wizard knows it by, and who may."""

    name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list. `counted(n)` is the whole phrase for n rows; `may_share` whether views can be shared.

    `primary`, `quiet` and `bulk` are actions the feature connects by `screen.action(name)`; bulk ones
    act on `screen.target_ids()`. `incoming` says what files dropped on the list bring in.
    """

    name: str
    title: str
    icon: str
    source: ListSource
    views: tuple[View, ...]
    never_had: NeverHad
    counted: Callable[[int], str]
    store: ViewStore | None = None
    primary: ActionSpec | None = None
    quiet: tuple[ActionSpec, ...] = ()
    bulk: tuple[ActionSpec, ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)
    preview: Callable[[Desk], Preview] | None = None
    may_share: bool = False
    incoming: Incoming | None = None
