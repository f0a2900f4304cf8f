"""What features above add to the list of contacts: actions on the chosen ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk

Act = Callable[[Desk, QWidget, Sequence[int], Callable[[], None]], None]
"""(desk, window to open over, contact ids, what to call when it is done)."""


@dataclass(frozen=True, slots=True)
class ContactsAction:
    """An action on the chosen contacts; `spec.name` is unlike those of the list itself."""

    spec: ActionSpec
    act: Act


_added: list[ContactsAction] = []


def attach(*actions: ContactsAction) -> None:
    """Offer these in place of those attached before; called once, where the program is put together."""
    _added[:] = actions


def added() -> tuple[ContactsAction, ...]:
    """Return what was attached."""
    return tuple(_added)
