"""The third step: what would become of every row, and why; the button that writes names the figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.exchange import imports
from crm_desktop.exchange.imports import Done, NotWhole
from crm_desktop.exchange.sheets.drafting import Unclear
from crm_desktop.exchange.ui.incoming import check_words as told
from crm_desktop.exchange.ui.incoming.check_safety import back_up_first
from crm_desktop.exchange.ui.incoming.check_saving import bad_rows, save_bad_rows, save_words
from crm_desktop.exchange.ui.incoming.check_table import CheckTable
from crm_desktop.exchange.ui.incoming.check_words import LOOKS, Question, kind_of
from crm_desktop.exchange.ui.incoming.figures import Figures
from crm_desktop.exchange.ui.incoming.page import Fact, ImportPage
from crm_desktop.exchange.ui.incoming.panel import offer
from crm_desktop.exchange.ui.incoming.reading import freshen
from crm_desktop.exchange.ui.incoming.state import ImportState
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.importing import ImportOptions, Planned, Verdict
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import LABEL, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint
from crm_desktop.ui.views_bar import ViewsBar

_ALL = ""
_EMPTY_ANSWER = ""


class CheckPage(ImportPage):
    """Plans when it comes to the front and nothing is planned yet; writes only by its buttons."""

    def __init__(self, state: ImportState, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(state, desk, parent)
        self._shown: list[Planned] | None = None
        self._facts: list[Fact] = []
        self.note = Note()
        self.note.clear()
        self.heading = text_label("", SECTION, SEMIBOLD)
        self.figures = Figures()
        self.kinds = ViewsBar()
        self.kinds.setAccessibleName(_("What happens"))
        self.table = CheckTable(desk.names)
        self.detail = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.twice = QCheckBox(_("Import the rows that are twice in the file as well"))
        self.missing = QCheckBox(_("Create customers and products that are not there yet"))
        self.progress = ProgressStrip()
        self.save = Button("", "quiet", icon="file-spreadsheet")
        self.leave_out, self.go = Button(""), Button("", "primary")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(px(16), px(14), px(16), px(4))
        top.setSpacing(px(6))
        line = QHBoxLayout()
        line.setSpacing(px(10))
        shield = QLabel()
        set_icon(shield, "shield-check", "success")
        line.addWidget(shield)
        line.addWidget(self.heading, 1)
        top.addLayout(line)
        top.addWidget(self.figures)
        top.addSpacing(px(6))
        top.addWidget(self.kinds)
        ticks = QHBoxLayout()
        ticks.setSpacing(px(24))
        ticks.addWidget(self.twice)
        ticks.addWidget(self.missing)
        ticks.addStretch(1)
        top.addLayout(ticks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.detail.setContentsMargins(px(16), px(4), px(16), px(4))
        column.addWidget(self.detail)
        column.addWidget(self.progress)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self.table.check_rows.show_only)
        self.table.decide_wanted.connect(self._decide)
        self.table.row_changed.connect(self._say_whole)
        self.twice.toggled.connect(lambda keep: self._choose(keep_duplicates=keep))
        self.missing.toggled.connect(lambda create: self._choose(create_missing=create))
        self.progress.cancelled.connect(self.cancel)
        self.note.action_clicked.connect(self._plan)
        self.save.clicked.connect(self._save_bad_rows)
        self.leave_out.clicked.connect(lambda: self._apply(good_rows_only=True))
        self.go.clicked.connect(lambda: self._apply(good_rows_only=False))
        following = QShortcut(QKeySequence("Alt+Down"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        following.activated.connect(self.table.next_problem)

    # What the wizard asks

    def begin(self) -> None:
        """Plan what is not planned yet, else show it."""
        if self.busy:
            return
        if self.state.planned is None:
            self._plan()
        elif self.state.planned is not self._shown:
            self._show(self.state.planned)
        else:
            self._focus()

    def foot_text(self) -> str:
        """Return what stands in the way."""
        if self.busy or self.state.planned is None:
            return ""
        bad = bad_rows(self.state.planned)
        safe = _("The import can be undone.")
        if self._backs_up:
            safe = _("A backup is made before, and the import can be undone.")
        if not bad:
            return safe
        stand = ngettext("{count} row stands in the way.", "{count} rows stand in the way.", bad)
        return " ".join((stand.format(count=f"{bad:,}"), safe))

    def foot_buttons(self) -> Sequence[QWidget]:
        """Return saving what cannot be read, importing without it, importing all."""
        return (self.save, self.leave_out, self.go)

    def facts(self) -> Sequence[Fact]:
        """Return by what records are met and who was recognised."""
        return self._facts

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this step."""
        return (KeyHint("Alt+Down", _("Next problem")), KeyHint("Enter", _("Decide about the row")))

    # Planning

    def _plan(self) -> None:
        draft = self.state.draft
        if draft is None or self.busy:
            return
        self._shown = None
        self._show_waiting()
        says = _("Checking every row")
        self.progress.start(says)

        def check(work: Any, progress: Any) -> list[Planned]:
            freshen(work, draft)
            return imports.check(work, draft.job(), progress)

        self._task = self.desk.tasks.read_long(
            self, check, self._take_plan, self._refuse, label=says, progressed=self.progress.set_progress
        )
        self._dress_buttons()
        self.foot_changed.emit()

    def _take_plan(self, planned: list[Planned]) -> None:
        self._finish()
        self.state.set_planned(planned)
        self._show(planned)

    def _show_waiting(self) -> None:
        self.note.clear()
        self.heading.setText(_("Nothing has been written yet."))
        self.table.check_rows.show(None, ())
        self.figures.show_figures(())
        self.kinds.clear()
        self._facts = []
        for tick in (self.twice, self.missing):
            tick.hide()

    def _show(self, planned: list[Planned], changed: frozenset[int] = frozenset()) -> None:
        draft = self.state.draft
        if draft is None:
            return
        self._shown = planned
        self.heading.setText(_read_words(sum(len(one.rows) for one in planned), len(planned)))
        kinds = Counter(map(kind_of, planned))
        self.figures.show_kinds(kinds)
        self._offer_kinds(kinds, len(planned))
        options = draft.options
        _tick(self.twice, options.keep_duplicates, options.keep_duplicates or bool(kinds[str(Verdict.DUPLICATE)]))
        offers = options.create_missing or any(map(told.wants_missing, planned))
        _tick(self.missing, options.create_missing, offers)
        unsure: Sequence[Unclear] = ()
        if any(one.verdict is Verdict.INVALID and any(row.problems for row in one.rows) for one in planned):
            unsure = self.state.unclear(draft)
        self.table.check_rows.show(draft, planned, unsure, changed)
        self._facts = self._told(planned)
        self._dress_buttons()
        self._focus()
        self.foot_changed.emit()

    def _offer_kinds(self, kinds: Counter[str], count: int) -> None:
        self.kinds.clear()
        self.kinds.add_view(_ALL, _("All"), f"{count:,}")
        for kind in LOOKS:
            if kinds[kind]:
                self.kinds.add_view(kind, _(LOOKS[kind][0]), f"{kinds[kind]:,}")

    def _told(self, planned: Sequence[Planned]) -> list[Fact]:
        draft = self.state.draft
        if draft is None:
            return []
        facts = []
        if by := told.matched_by(draft):
            facts.append(Fact(_("Matched by"), by))
        for label, header, people in told.people_columns(draft, planned):
            if not people:
                continue
            said = ngettext(
                "Taken from column “{header}”. {count} person was recognised.",
                "Taken from column “{header}”. {count} people were recognised.",
                len(people),
            )
            facts.append(Fact(label, said.format(header=header, count=f"{len(people):,}")))
        return facts

    def _dress_buttons(self) -> None:
        planned = self.state.planned or []
        good, bad, rows = self._count(Verdict.NEW, Verdict.UPDATE), self._count(Verdict.INVALID), bad_rows(planned)
        ready = bool(planned) and not self.busy
        self.save.setText(save_words(rows))
        self.leave_out.setText(_("Import {good}, leave {bad} out").format(good=f"{good:,}", bad=f"{bad:,}"))
        self.go.setText(_("Import {count}").format(count=f"{good:,}") if good and not bad else _("Import all"))
        self.save.setProperty("unwanted", not bad)
        self.leave_out.setProperty("unwanted", not (bad and good))
        self.save.setEnabled(ready)
        self.leave_out.setEnabled(ready and bool(good))
        self.go.setEnabled(ready and bool(good) and not bad)

    def _count(self, *verdicts: Verdict) -> int:
        return sum(one.verdict in verdicts for one in self.state.planned or ())

    def _focus(self) -> None:
        """Begin at the first row: what the table says is to be read before anything is written."""
        if self.table.check_rows.rowCount() and not self.table.currentIndex().isValid():
            self.table.go_to(0)
        else:
            self.table.setFocus()

    def _say_whole(self, row: int) -> None:
        """Say the whole reason of the current row, which may be cut short in the table."""
        rows = self.table.check_rows
        said = rows.text(row, rows.columnCount() - 1) if row >= 0 else ""
        whole = _("Row {row}: {reason}").format(row=rows.planned(row).number, reason=said) if said else ""
        self.detail.setText(whole)
        self.detail.setVisible(bool(whole))

    # Deciding

    def _choose(self, **changed: Any) -> None:
        if self.state.draft is not None and not self.busy:
            self._decide_all(replace(self.state.draft.options, **changed))

    def _decide_all(self, options: ImportOptions) -> None:
        self.state.set_options(options)
        self._plan()

    def _decide(self, row: int) -> None:
        """Ask which of several records the cell of a row means."""
        question = self.table.check_rows.question(row)
        if question is None or self.busy:
            return
        offered = [(str(candidate.id), candidate.label) for candidate in question.candidates]
        self._choices = offer(
            self.table, [*offered, (_EMPTY_ANSWER, _("Leave it empty"))], partial(self._answer, question)
        )

    def _answer(self, question: Question, key: str) -> None:
        draft = self.state.draft
        if draft is not None:
            answer = int(key) if key else None
            answers = {**draft.options.answers, (question.field, question.key): answer}
            self._decide_all(replace(draft.options, answers=answers))

    # Writing

    @property
    def _backs_up(self) -> bool:
        """Return whether a backup is made before; the one of the first sheet serves those that follow."""
        return self.state.back_up is not None and not self.state.written

    def _apply(self, *, good_rows_only: bool) -> None:
        if self.state.draft is None or self.state.planned is None or self.busy:
            return
        write = partial(self._write, good_rows_only=good_rows_only)
        if self.state.back_up is None or self.state.written:
            write()
            return
        self.note.clear()
        self._task = back_up_first(self.desk, self, self.state.back_up, self.progress, write, self._refuse)
        self._dress_buttons()
        self.foot_changed.emit()

    def _write(self, *, good_rows_only: bool) -> None:
        draft, checked = self.state.draft, self.state.planned
        if draft is None or checked is None:
            return

        def write(work: Any, progress: Any) -> Done:
            return imports.apply(work, draft.job(), checked, good_rows_only=good_rows_only, progress=progress)

        says = _("Importing {file}").format(file=draft.book.path.name)
        self.note.clear()
        self.progress.start(says)
        self._task = self.desk.tasks.write_long(
            self, write, self._take_done, self._refuse, label=says, progressed=self.progress.set_progress
        )
        self._dress_buttons()
        self.foot_changed.emit()

    def _take_done(self, done: Done) -> None:
        self._finish()
        self.state.set_done(done)
        self.next_wanted.emit()

    def _refuse(self, error: BaseException) -> None:
        """Say why nothing was written; rows that somebody changed meanwhile are shown as they stand now."""
        self._finish()
        again = _("Check again")
        if isinstance(error, Cancelled):
            self.note.show_message("info", _("Stopped. Nothing was written."), again)
        elif isinstance(error, NotWhole):
            self._show_conflicts(list(error.planned))
            self.note.show_message("warn", str(error), again)
        else:
            said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong.")
            self.note.show_message("danger", said, again)
        self._dress_buttons()
        self.foot_changed.emit()

    def _show_conflicts(self, planned: list[Planned]) -> None:
        """Show the plan of this moment, what became another since marked, and go to the first such row."""
        before = {one.number: (one.verdict, one.id, one.version) for one in self.state.planned or ()}
        changed = frozenset(
            one.number for one in planned if before.get(one.number) != (one.verdict, one.id, one.version)
        )
        self.state.set_planned(planned)
        self._show(planned, changed)
        place = next((place for place, one in enumerate(planned) if one.number in changed), None)
        if place is not None:
            self.table.go_to(place)

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()

    def _save_bad_rows(self) -> None:
        draft, planned = self.state.draft, self.state.planned
        if draft is not None and planned is not None:
            say = partial(self.note.show_message, "success")
            save_bad_rows(self.desk, self, draft, planned, say, self._refuse)


def _read_words(rows: int, records: int) -> str:
    if rows == records:
        said = ngettext(
            "Nothing has been written yet. {count} row was read:",
            "Nothing has been written yet. {count} rows were read:",
            rows,
        )
        return said.format(count=f"{rows:,}")
    said = ngettext(
        "Nothing has been written yet. {rows} rows were read, which make {count} record:",
        "Nothing has been written yet. {rows} rows were read, which make {count} records:",
        records,
    )
    return said.format(rows=f"{rows:,}", count=f"{records:,}")


def _tick(box: QCheckBox, ticked: bool, shown: bool) -> None:
    """Show a box as it stands without having it decide anything."""
    box.blockSignals(True)
    box.setChecked(ticked)
    box.blockSignals(False)
    box.setVisible(shown)
