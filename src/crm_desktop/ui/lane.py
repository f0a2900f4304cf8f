"""One worker thread that takes names of jobs from a queue, in order."""

import threading
from collections import deque
from collections.abc import Callable


class Lane:
    """A single worker; starts with its first job and ends with `close`."""

    def __init__(self, name: str, run: Callable[[str], None]) -> None:
        self._name = name
        self._run = run
        self._waiting: deque[str] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None

    def submit(self, job: str) -> None:
        """Queue a job. Raises RuntimeError after `close`."""
        with self._changed:
            if self._closing:
                raise RuntimeError(f"The {self._name} lane is closed")
            self._waiting.append(job)
            if self._thread is None:
                # Daemon, so that a program that crashed on the GUI thread still ends; close() waits.
                self._thread = threading.Thread(target=self._work, name=f"crm-{self._name}", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Finish what is queued and wait for the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
                job = self._waiting.popleft()
            self._run(job)
