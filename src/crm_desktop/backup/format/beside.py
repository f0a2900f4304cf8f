"""A second piece of work beside the first: both processors, one Cancel."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.progress import Progress

Result = TypeVar("Result")


class _Stoppable:
    """Progress that nobody watches, of work that ends when the first one failed."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def step(self, done: int, total: int | None = None) -> None:
        """Raise Cancelled when the first work is over."""
        if self.stop.is_set():
            raise Cancelled


@contextmanager
def beside(work: Callable[[Progress], Result]) -> Iterator[Callable[[], Result]]:
    """Run `work` in a thread while the block runs; what is given waits for its result and raises what it raised.

    When the block fails, the work is told to stop and is waited for.
    """
    progress = _Stoppable()
    with ThreadPoolExecutor(1, "backup-beside") as pool:
        running: Future[Result] = pool.submit(work, progress)
        try:
            yield running.result
        finally:
            progress.stop.set()
