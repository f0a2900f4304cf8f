"""Progress of long work, which the person can cancel."""

from typing import Protocol


class Progress(Protocol):
    """Told after each piece of work."""

    def step(self, done: int, total: int | None = None) -> None:
        """Report `done` of `total` pieces (None: unknown). Raises Cancelled when Cancel was pressed."""
        ...


class Quiet:
    """Progress nobody watches."""

    def step(self, done: int, total: int | None = None) -> None:
        """Do nothing."""
