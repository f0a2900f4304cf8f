"""What an import is about while its wizard is open: the file, the sheets that are to come in, what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from crm_desktop.exchange.book import Book
from crm_desktop.exchange.imports import Done
from crm_desktop.exchange.sheets.drafting import Draft, Unclear
from crm_desktop.exchange.ui.incoming.seam import BackUp
from crm_desktop.shared.importing import ImportOptions, Planned

FILE, COLUMNS, CHECK, DONE = range(4)
"""The steps of the wizard."""


@dataclass(eq=False)
class Part:
    """One sheet that is to come in: how it is understood, what would become of it, what was written."""

    draft: Draft
    planned: list[Planned] | None = None
    done: Done | None = None


class ImportState(QObject):
    """Shared by the pages of one wizard. The sheets of a workbook are brought in one after the other."""

    book_changed = Signal()
    part_changed = Signal()
    """Another sheet is being brought in."""
    draft_changed = Signal()
    """Columns, readings or options of the current sheet changed; what was planned no longer holds."""
    planned_changed = Signal()
    done_changed = Signal()
    step_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.book: Book | None = None
        self.parts: list[Part] = []
        self.at = 0
        self.back_up: BackUp | None = None
        """Backs the company up before the first sheet of a file is written, None where nothing does."""
        self._unclear: tuple[Draft, Sequence[Unclear]] | None = None

    @property
    def part(self) -> Part | None:
        """Return the sheet that is being brought in, None while there is no file."""
        return self.parts[self.at] if self.at < len(self.parts) else None

    @property
    def draft(self) -> Draft | None:
        """Return how the current sheet is understood."""
        return self.part.draft if self.part is not None else None

    @property
    def planned(self) -> list[Planned] | None:
        """Return what would become of the current sheet, None while it was not checked as it stands."""
        return self.part.planned if self.part is not None else None

    @property
    def done(self) -> Done | None:
        """Return what was written of the current sheet, None before."""
        return self.part.done if self.part is not None else None

    @property
    def later(self) -> list[Part]:
        """Return the sheets that come after the current one."""
        return self.parts[self.at + 1 :]

    @property
    def written(self) -> bool:
        """Return whether a sheet of this file has been brought in."""
        return any(part.done is not None for part in self.parts)

    def set_book(self, path: Path, book: Book | None) -> None:
        """Begin with another file, or with the same one read in another way."""
        self.path, self.book = path, book
        self.parts, self.at = [], 0
        self.book_changed.emit()

    def set_drafts(self, drafts: Sequence[Draft]) -> None:
        """Bring in these sheets, in this order; what is known of those that were there already is kept."""
        known = {id(part.draft): part for part in self.parts}
        current = self.part
        self.parts = [known.get(id(draft)) or Part(draft) for draft in drafts]
        self.at = next((at for at, part in enumerate(self.parts) if part.done is None), 0)
        if self.part is not current:
            self.part_changed.emit()

    def unclear(self, draft: Draft) -> Sequence[Unclear]:
        """Return the names in `draft` that are no colleague's or several ones'; found out once per change."""
        if self._unclear is None or self._unclear[0] is not draft:
            self._unclear = (draft, tuple(draft.unclear()))
        return self._unclear[1]

    def touch(self) -> None:
        """Tell that the current sheet is understood in another way."""
        self._unclear = None
        self.set_planned(None)
        self.draft_changed.emit()

    def tell_remade(self, draft: Draft) -> None:
        """Tell that any of the sheets was laid out anew."""
        for part in self.parts:
            if part.draft is draft and part is not self.part:
                part.planned = None
        if draft is self.draft:
            self.touch()

    def set_options(self, options: ImportOptions) -> None:
        """Decide something else about the current sheet."""
        if self.draft is not None:
            self.draft.options = options
            self.touch()

    def set_planned(self, planned: list[Planned] | None) -> None:
        """Keep what would become of the current sheet."""
        if self.part is not None and (planned is not None or self.part.planned is not None):
            self.part.planned = planned
            self.planned_changed.emit()

    def set_done(self, done: Done) -> None:
        """Keep what was written of the current sheet."""
        if self.part is not None:
            self.part.done = done
            self.done_changed.emit()

    def go_on(self) -> None:
        """Turn to the next sheet."""
        if self.later:
            self.at += 1
            self.part_changed.emit()
            self.step_wanted.emit(COLUMNS)
