"""How a report becomes a file is known further up; `app` hangs it in here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from crm_desktop.shared.progress import Progress
from crm_desktop.shared.report import Asked, Report


class ReportFiles(Protocol):
    """Writes a report beside the path it is to have, and notes in the journal that it left the program."""

    def write_report(
        self, work: Any, path: Path, report: Report, asked: Asked, *, progress: Progress | None = None
    ) -> int:
        """Return how many rows or documents were written."""
        ...

    def note_report(self, work: Any, path: Path, report: Report, rows: int, asked: Asked) -> None:
        """Note the export."""
        ...


_files: list[Callable[[], Any]] = []


def attach(files: Callable[[], Any]) -> None:
    """Say where a `ReportFiles` comes from; it is asked for when the first report is written."""
    _files[:] = [files]


def attached() -> ReportFiles | None:
    """Return what writes reports, None before `app` hung it in."""
    return _files[0]() if _files else None
