"""What every command has: a login, a bar that shows how far it is, an answer."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm_desktop.app import session
from crm_desktop.app.credentials import database_of, password_of

Answer = dict[str, Any]
"""A plain object for `--json`; its `lines` are for people."""


class ProgressLine:
    """A bar on a terminal; nothing in a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def step(self, done: int, total: int | None = None) -> None:
        """Draw how far it is."""
        if self._shown and total:
            filled = round(30 * done / total)
            end = "\n" if done >= total else ""
            print(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done:,} / {total:,}", end=end, file=sys.stderr, flush=True)


@contextmanager
def logged_in(options: Any) -> Iterator[session.Session]:
    """Open the company the options name for the person they name, and close it at the end."""
    address = database_of(options)
    login, password = password_of(options, address)
    here = session.log_in(address, login, password)
    try:
        yield here
    finally:
        here.database.close()
