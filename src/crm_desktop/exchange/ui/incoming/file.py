"""The first step: which file, which of its sheets, as what, and where the header stands."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.exchange.book import Book
from crm_desktop.exchange.imports import Past
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.exchange.ui.incoming.drop import DropZone
from crm_desktop.exchange.ui.incoming.page import ImportPage
from crm_desktop.exchange.ui.incoming.reading import BookPlan, SheetPlan, draft_of, plan_book, set_header
from crm_desktop.exchange.ui.incoming.sheet_view import SheetView
from crm_desktop.exchange.ui.incoming.state import ImportState
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint

HISTORY: Final = "import_history"
"""What `desk.open_record` calls the list of imports."""


class FilePage(ImportPage):
    """Nothing yet, or a file that was read. A file that cannot be read leaves what was there."""

    def __init__(self, state: ImportState, desk: Desk, preset: str, parent: QWidget | None = None) -> None:
        super().__init__(state, desk, parent)
        self.offered = incoming_seam.allowed(desk.actor)
        self.preset = preset
        self.plans: list[SheetPlan] = []
        self._anew = False
        self.note, self.earlier = Note(), Note()
        self.zone = DropZone(self.offered, preset)
        self.view = SheetView(self.offered)
        self.progress = ProgressStrip()
        self.go = Button(_("Go on to the columns"), "primary")
        self.go.setEnabled(False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.zone)
        self.stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for note in (self.note, self.earlier):
            note.clear()
            column.addWidget(note)
        column.addWidget(self.stack, 1)
        column.addWidget(self.progress)

    def _connect(self) -> None:
        self.zone.browse_wanted.connect(self.browse)
        self.zone.template_wanted.connect(self.save_template)
        self.view.browse_wanted.connect(self.browse)
        self.view.read_again_wanted.connect(self._read_again)
        self.view.header_chosen.connect(self._set_header)
        self.view.sheets.changed.connect(self._change_plan)
        self.view.sheets.current_changed.connect(self._show_sheet)
        self.progress.cancelled.connect(self.cancel)
        self.earlier.action_clicked.connect(self._show_imports)
        self.go.clicked.connect(self._go_on)
        browse = QShortcut(QKeySequence("Ctrl+O"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        browse.activated.connect(self.browse)

    # What the wizard asks

    def begin(self) -> None:
        """Put the focus where the work begins."""
        if not self.busy:
            (self.go if self.go.isEnabled() else self.zone.browse if not self.plans else self.view).setFocus()

    def foot_text(self) -> str:
        """Return what is missing, or that nothing happens yet."""
        if self.state.book is None:
            return ""
        ticked = [plan for plan in self.plans if plan.ticked]
        if not ticked:
            return _("Choose what the sheet holds.") if len(self.plans) == 1 else _("Tick the sheets that come in.")
        if any(plan.target is None for plan in ticked):
            return _("Choose what each ticked sheet holds.")
        said = _("Nothing has been written yet.")
        if len(ticked) > 1:
            count = ngettext("{count} sheet", "{count} sheets", len(ticked)).format(count=len(ticked))
            said = _("{sheets} come in one after the other. {nothing_yet}").format(sheets=count, nothing_yet=said)
        return said

    def foot_buttons(self) -> Sequence[QWidget]:
        """Return the one button."""
        return (self.go,)

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this step."""
        header = [KeyHint("Enter", _("Take the row as the header"))] if self.plans else []
        return [*header, KeyHint("Ctrl+O", _("Choose a file"))]

    @property
    def shown_draft(self) -> Draft | None:
        """Return how the sheet on screen is understood."""
        plan = self._plan
        return plan.draft if plan is not None else None

    def set_preset(self, preset: str) -> None:
        """Bring in something else by default."""
        self.preset = preset
        self.zone.choose_kind(preset)

    # Choosing and reading

    def browse(self) -> None:
        """Let the person choose a file."""
        chosen = _("Files with rows ({endings})").format(endings=words.ENDINGS)
        whatever = _("All files (*)")
        path = self.desk.dialogs.choose_open_file(_("Choose a file to import"), f"{chosen};;{whatever}")
        if path is not None:
            self.take([path])

    def take(self, paths: Sequence[Path]) -> None:
        """Read the file that was dropped or chosen; of several none is taken."""
        if self.busy:
            return
        if len(paths) > 1:
            self.note.show_message("warn", _("One file at a time, please: each is looked at before it comes in."))
        elif paths:
            self._read(paths[0])

    def _read_again(self) -> None:
        if self.state.path is not None and not self.busy:
            self._read(self.state.path, self.view.encoding, self.view.delimiter)

    def _read(self, path: Path, encoding: str = "", delimiter: str = "") -> None:
        from crm_desktop.exchange.reading.files import read_book

        self.note.clear()
        says = _("Reading {file}").format(file=path.name)
        self.progress.start(says)

        def read(progress: Any) -> Book:
            return read_book(path, encoding=encoding, delimiter=delimiter, progress=progress)

        self._task = self.desk.tasks.free(
            self, read, self._plan_book, partial(self._refuse, path), label=says, progressed=self.progress.set_progress
        )
        self.foot_changed.emit()

    def _plan_book(self, book: Book) -> None:
        offered, preset = self.offered, incoming_seam.target_named(self.preset)
        self._task = self.desk.tasks.read(
            self,
            lambda work: (book, plan_book(work, book, offered, preset)),
            self._show_book,
            partial(self._refuse, book.path),
        )

    def _show_book(self, read: tuple[Book, BookPlan]) -> None:
        book, planned = read
        self._finish()
        self.plans = list(planned.sheets)
        self.state.set_book(book.path, book)
        self.view.show_book(book, self.plans)
        self._ask_about(planned.earlier)
        self.stack.setCurrentWidget(self.view)
        if not self.plans:
            self.note.show_message("warn", _("This file holds no rows at all."))
        self._show_sheet(self.view.sheets.current)
        self.begin()

    def _refuse(self, path: Path, error: BaseException) -> None:
        """Say why a file cannot be read; a text whose characters are unclear is asked about."""
        self._finish()
        if isinstance(error, Cancelled):
            self.note.show_message("info", _("Stopped. {file} was not read.").format(file=path.name))
        elif candidates := getattr(error, "candidates", ()):
            self._ask_for_characters(path, candidates)
        else:
            said = str(error) if isinstance(error, UserError) else _("This file cannot be read.")
            self.note.show_message("danger", said)
        self.begin()
        self.foot_changed.emit()

    def _ask_for_characters(self, path: Path, candidates: Sequence[str]) -> None:
        said = _("The characters of {file} cannot be told for certain. Choose those in which its text looks right.")
        self.note.show_message("warn", said.format(file=path.name))
        self.plans = []
        self.state.set_book(path, None)
        self.view.ask_encoding(path, candidates)
        self.stack.setCurrentWidget(self.view)
        self._settle()

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()

    def _ask_about(self, earlier: Sequence[Past]) -> None:
        """Point out that this very file came in before; what is there already is found again by the check."""
        if not earlier:
            self.earlier.clear()
            return
        past = earlier[0]
        day = business_date(past.at, self.desk.timezone)
        said = _(
            "This file was imported on {day:%Y-%m-%d} by {name}. Importing it again compares every row with what is "
            "there now."
        ).format(day=day, name=past.by)
        self.earlier.show_message("warn", said, _("Show the imports"))

    def _show_imports(self) -> None:
        self.desk.open_record(HISTORY, None)

    # Sheets

    @property
    def _plan(self) -> SheetPlan | None:
        place = self.view.sheets.current
        return self.plans[place] if place < len(self.plans) else None

    def _show_sheet(self, _place: int) -> None:
        self.view.show_plan(self._plan)
        self._settle()

    def _change_plan(self, place: int) -> None:
        """Take over tick and kind; a sheet that gets a kind comes in, and is understood anew."""
        plan = self.plans[place]
        name = self.view.sheets.target_name(place)
        if name == (plan.target.name if plan.target else ""):
            plan.ticked = self.view.sheets.ticks[place].isChecked()
        else:
            plan.target, plan.draft = incoming_seam.target_named(name), None
            plan.ticked = plan.target is not None
            self.view.sheets.show_ticked(place, plan.ticked)
        if plan.target is not None and plan.draft is None:
            self._draft(plan)
        else:
            self._show_sheet(place)

    def _draft(self, plan: SheetPlan) -> None:
        book, sheet, target = self.state.book, plan.sheet, plan.target
        if book is None or target is None:
            return

        def show(draft: Draft) -> None:
            self._finish()
            if plan.target is target:
                plan.draft = draft
            self._show_sheet(self.view.sheets.current)

        says = _("Looking at {sheet}").format(sheet=sheet.name or book.path.name)
        self._task = self.desk.tasks.read(
            self, lambda work: draft_of(work, book, sheet, target), show, partial(self._refuse, book.path), label=says
        )
        self.foot_changed.emit()

    def _set_header(self, first: int, last: int) -> None:
        """Take other rows for the header; every column is looked at again."""
        plan = self._plan
        if plan is None or plan.draft is None or self.busy:
            return
        draft = plan.draft

        def show(_none: object) -> None:
            self._finish()
            self._show_sheet(self.view.sheets.current)
            self.state.tell_remade(draft)

        self._task = self.desk.tasks.free(
            self, lambda _progress: set_header(draft, max(first, 0), last), show, partial(self._refuse, draft.book.path)
        )

    def _settle(self) -> None:
        ticked = [plan for plan in self.plans if plan.ticked]
        self.go.setEnabled(bool(ticked) and all(plan.draft is not None for plan in ticked) and not self.busy)
        self.foot_changed.emit()

    def _go_on(self) -> None:
        order = {target.name: place for place, target in enumerate(self.offered)}
        drafts = [plan.draft for plan in self.plans if plan.ticked and plan.draft is not None]
        self.state.set_drafts(sorted(drafts, key=lambda draft: order.get(draft.target.name, 0)))
        self.next_wanted.emit()

    # Template

    def save_template(self, name: str) -> None:
        """Write an empty workbook with the columns of a target."""
        target = incoming_seam.target_named(name)
        if target is None:
            return
        proposed = _("Template {what}.xlsx").format(what=_(target.label))
        path = self.desk.dialogs.choose_save_file(_("Save a template"), proposed, _("Excel workbook (*.xlsx)"))
        if path is None:
            return

        def write(work: Any) -> None:
            from crm_desktop.exchange.templates import write_template

            write_template(work, path, target)

        self.desk.tasks.read(self, write, lambda _none: self._say_saved(path), self._say_not_saved)

    def _say_saved(self, path: Path) -> None:
        self.note.show_message("success", _("The template was saved as {file}.").format(file=path.name))

    def _say_not_saved(self, error: BaseException) -> None:
        said = str(error) if isinstance(error, UserError) else _("The template could not be written there.")
        self.note.show_message("danger", said)
