"""What other features add to the record of a customer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class RelatedPane:
    """A tab another feature adds to the record of a customer.

    `make(desk, contact_id)` returns a widget with a `counted` signal (int) and `reload()`; `title` is marked.
    A widget may have a signal `figured`, with a sequence of `ui.heading.Figure` for the head of the record.
    """

    key: str
    title: str
    make: Callable[[Desk, int], Any]
    permission: Permission


@dataclass(frozen=True, slots=True)
class OverviewCard:
    """What another feature shows at the right of a contact's overview; `make` returns a widget with `reload()`."""

    key: str
    make: Callable[[Desk, int], Any]
    permission: Permission


@dataclass(frozen=True, slots=True)
class ContactOffer:
    """What another feature offers in the head of a stored contact; the first one is the primary action.

    `act(screen)` gets the record screen: its `desk`, its `record_id`, its `overview`. `possible(record)` says
    whether it fits this contact.
    """

    spec: ActionSpec
    act: Callable[[Any], object]
    possible: Callable[[Record], bool] = lambda _record: True


@dataclass(frozen=True, slots=True)
class Above:
    """All that features above add to the record of a contact.

    `overview(desk, contact_id)` makes the first tab of a stored one: a widget with `reload()`, `half_typed` and
    `write_note()`, and the signals `note_changed`, `tab_wanted` (a tab's key) and `began` (an operation's id).
    """

    related: Sequence[RelatedPane] = ()
    offers: Sequence[ContactOffer] = ()
    overview: Callable[[Desk, int], Any] | None = None
