"""What other features add to the record of a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_desktop.shared.permissions import Permission
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
