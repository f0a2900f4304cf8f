"""What the move wizard asks for. Every call of a `MoveRoad` runs on a worker thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.restore.road import Outcome
from crm_desktop.shared.progress import Progress


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: a new file, or the address of an empty database with the login that may prepare it."""

    path: Path | None = None
    address: str = ""
    administrator: str = ""
    administrator_password: str = field(default="", repr=False)

    @property
    def said(self) -> str:
        """Return the place as it is shown."""
        return str(self.path) if self.path is not None else self.address


class MoveRoad(Protocol):
    """From the company that is open to another place."""

    company: str
    where: str
    """The place it lies in now, in words."""
    to_server: bool

    def check_target(self, target: Target) -> None:
        """Make sure that the place answers and is empty. Raises a sentence."""
        ...

    def see(self, progress: Progress) -> Sequence[Row]:
        """Return what will move: the figures by which the company is known, in `then`."""
        ...

    def confirm(self, password: str) -> None:
        """Make sure of the person. Raises what a login raises."""
        ...

    def move(self, target: Target, password: str, progress: Progress) -> Outcome:
        """Copy everything, compare both places, mark the old one as moved; its `rows` are the comparison."""
        ...
