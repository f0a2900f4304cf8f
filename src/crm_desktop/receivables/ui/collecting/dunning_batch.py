"""Sending letters in portions, and putting them into one PDF or a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.collecting.dunning import SentLetter
from crm_desktop.shared.progress import Progress
from crm_desktop.ui.desk import Desk

PORTION: Final = 25
"""A portion is one transaction; others wait for it, so it is short."""


class DunningBatch(QObject):
    """Stores the letters of customers portion by portion; what is stored stays stored when it is stopped."""

    progressed = Signal(int, int)
    finished = Signal(object)
    """All letters that went out, a list of `SentLetter`."""
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._left: list[int] = []
        self._sent: list[SentLetter] = []
        self._total = 0

    @property
    def running(self) -> bool:
        """Return whether letters are being stored."""
        return self._total > 0

    def start(self, contact_ids: Sequence[int]) -> None:
        """Send to these customers."""
        self._left, self._sent, self._total = list(contact_ids), [], len(contact_ids)
        self._next()

    def stop(self) -> None:
        """Send no further portion."""
        self._left = []

    def _next(self) -> None:
        some, self._left = self._left[:PORTION], self._left[PORTION:]
        if not some:
            self._total = 0
            self.finished.emit(self._sent)
            return
        self._desk.tasks.write(self, lambda work: dunning.send(work, some), self._take, self._give_up)

    def _take(self, sent: Sequence[SentLetter]) -> None:
        self._sent.extend(sent)
        self.progressed.emit(self._total - len(self._left), self._total)
        self._next()

    def _give_up(self, error: BaseException) -> None:
        # What went out before is stored and has to reach the file all the same.
        self._left = []
        self._total = 0
        self.failed.emit(error)
        if self._sent:
            self.finished.emit(self._sent)


def read_letters(work: Any, sent: Sequence[SentLetter], progress: Progress) -> list[bytes]:
    """Return the PDF of every letter; runs on the database lane."""
    found = []
    for done, one in enumerate(sent):
        progress.step(done, len(sent))
        found.append(dunning.letter_pdf(work, one.id))
    return found


def write_one_file(path: Path, letters: Sequence[bytes]) -> None:
    """Put all letters into one PDF; runs on the free lane."""
    from crm_desktop.reports.pages import joined
    from crm_desktop.shared.published import part_of, publish, writing

    with writing(path):
        part_of(path).write_bytes(joined(letters))
    publish(path)


def write_folder(folder: Path, letters: Sequence[tuple[str, bytes]]) -> None:
    """Put every letter into a file of its own under its name; runs on the free lane."""
    from crm_desktop.shared.published import part_of, publish, writing

    for name, data in letters:
        path = folder / name
        with writing(path):
            part_of(path).write_bytes(data)
        publish(path)
