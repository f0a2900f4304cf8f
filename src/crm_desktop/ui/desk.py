"""What a screen is given to work with, and nothing more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.clock import Clock, business_date
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.ui.drafts import DraftStore


class ShowToast(Protocol):
    """Shows a short message at the bottom right that needs no answer."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], None] | None = None, kind: str = "info"
    ) -> object:
        """Show `text`, with one action such as Undo if given."""
        ...


class OpenList(Protocol):
    """Shows a list or tool of the rail by its name."""

    def __call__(self, name: str, listing: Listing | None = None) -> object:
        """Show the list `name`, with the filters and the order of `listing` if one is given."""
        ...


@dataclass(frozen=True, slots=True)
class DeskDrafts:
    """Where what is typed in a dialog is kept until it is saved; `company` is the data-set id."""

    store: "DraftStore"
    company: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one logged-in person.

    `language`, `timezone` (IANA) and `currency` (ISO 4217) are the company's; `names` gives the name
    of a user id and may be a live view; `open_record(entity, id)` opens a tab, `None` a new record;
    `open_import(name, files)` opens the wizard that brings in what a list of that name holds, None
    where there is no wizard; `open_list(name, listing)` shows that list, as the listing has it if one is given.
    """

    tasks: Tasks
    changes: ChangeHub
    dialogs: Dialogs
    settings: Settings
    actor: Actor
    clock: Clock
    language: str
    timezone: str
    currency: str
    names: Mapping[int, str]
    open_record: Callable[[str, int | None], None]
    toast: ShowToast
    open_import: Callable[[str, Sequence[Path]], None] | None = None
    open_list: OpenList | None = None
    drafts: DeskDrafts | None = None

    @property
    def today(self) -> date:
        """Return the company's calendar day."""
        return business_date(self.clock.now(), self.timezone)
