"""The first tab of a contact: what happened and what is planned at the left, how things stand at the right."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.activities import kinds, service, timeline
from crm_desktop.activities.above import Entry, Mark
from crm_desktop.activities.timeline_own import CHANGES, DOCUMENTS, MONEY, TALKS
from crm_desktop.activities.timeline_report import ALL, GROUPINGS, TIMELINE, groups_of
from crm_desktop.activities.timeline_words import Teller
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.overview_note import NoteField, keep_note
from crm_desktop.activities.ui.timeline_rows import TimelineRows
from crm_desktop.activities.ui.timeline_view import TimelineView
from crm_desktop.contacts import custom, files
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.contacts.journal_words import Words
from crm_desktop.contacts.ui.related import OverviewCard
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.report import Asked
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.views_bar import ViewsBar

PAGE: Final = 50
READ_AGAIN: Final = 1000
"""How many entries are read again after a change; older ones stay as they were read."""
NOTE: Final = "note"
_NOTHING: Final = {
    ALL: N_("Nothing has happened yet. Type a note above, or log a call."),
    TALKS: N_("Nothing was said yet, and nothing is planned."),
    DOCUMENTS: N_("No quote, order, delivery or file yet."),
    MONEY: N_("No invoice, receipt or promise yet."),
    CHANGES: N_("Nothing was changed yet."),
}
_LEAST_LEFT, _LEAST_RIGHT = 380, 340
EXPORT: Final = ActionSpec(
    "export",
    N_("Export the timeline…"),
    N_("Write the timeline, as it is filtered, to a workbook or a PDF"),
    "file-spreadsheet",
    "Ctrl+E",
    Permission.REPORT_EXPORT,
)
PRINT: Final = ActionSpec(
    "print",
    N_("Print the timeline"),
    N_("Show the timeline, as it is filtered, as it is printed"),
    "printer",
    QKeySequence.StandardKey.Print,
    Permission.DOCUMENT_PRINT,
)
MakePaper = Callable[[Any], Any]
"""Given the overview, makes what takes reports out of the program: `to_file(report, asked)`, `preview(report, asked)`
and the strip `running`."""


class Overview(QWidget):
    """Made of one contact; `cards` are what other features show at its right."""

    counted = Signal(int)
    note_changed = Signal()
    """Whether a note is half-typed may be another."""
    tab_wanted = Signal(str)
    """The key of a tab of the record that has more."""
    began = Signal(str)
    """The id of an operation begun here."""

    def __init__(
        self, desk: Desk, contact_id: int, cards: Sequence[OverviewCard] = (), paper: MakePaper | None = None
    ) -> None:
        super().__init__()
        self.desk = self._desk = desk
        self._contact_id = contact_id
        self._paper = paper(self) if paper is not None else None
        taken_out = () if paper is None else (EXPORT, PRINT)
        self.actions_here = ActionSet(
            self, taken_out, lambda needed: desk.actor.may(needed, Permission.ACTIVITY_EXPORT)
        )
        self._group = ALL
        self._whole = self._reading = False
        self._outdated = True
        self._spoken: Words | None = None
        self._opened: QTemporaryDir | None = None
        self.rows = TimelineRows(self)
        self.view = TimelineView(self.rows)
        self.note = NoteField()
        self.drafts = keep_note(self.note, desk, contact_id)
        self.note.setVisible(desk.actor.may(Permission.ACTIVITY_WRITE))
        self.chips = ViewsBar(self)
        self.cards: dict[str, Any] = {}
        self.setFocusProxy(self.view)
        self._lay(cards)
        self._connect()

    # Building ------------------------------------------------------------------------------------

    def _lay(self, cards: Sequence[OverviewCard]) -> None:
        for key, text in GROUPINGS:
            self.chips.add_view(key, _(text))
        self.chips.set_current(ALL)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(8))
        top = QHBoxLayout()
        top.setContentsMargins(px(20), 0, px(20), 0)
        top.addWidget(self.note)
        if self.drafts is not None and self.drafts.pending is not None:
            column.addWidget(DraftStrip(self.drafts, self._formats()))
        column.addLayout(top)
        heads = QHBoxLayout()
        heads.setContentsMargins(px(20), 0, px(20), 0)
        heads.setSpacing(px(10))
        heads.addWidget(section_label(_("Timeline")))
        heads.addWidget(self.chips)
        heads.addStretch(1)
        for action in self.actions_here.offered():
            heads.addWidget(_icon_button(action))
        column.addLayout(heads)
        if self._paper is not None:
            column.addWidget(self._paper.running)
        self.nothing = text_label("", BODY, REGULAR, "muted", wrap=True)
        self.nothing.setContentsMargins(px(20), px(8), px(20), 0)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.nothing)
        column.addWidget(self._stack, 1)
        left.setMinimumWidth(px(_LEAST_LEFT))
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.setStretchFactor(0, 1)
        offered = [one for one in cards if self._desk.actor.may(one.permission)]
        if offered:
            self._splitter.addWidget(self._right(offered))
            self._splitter.setSizes([px(680), px(500)])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)

    def _right(self, offered: Sequence[OverviewCard]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, px(16))
        column.setSpacing(0)
        for one in offered:
            card = one.make(self._desk, self._contact_id)
            card.tab_wanted.connect(self.tab_wanted)
            self.cards[one.key] = card
            column.addWidget(card)
        column.addStretch(1)
        area = SheetArea()
        area.setMinimumWidth(px(_LEAST_RIGHT))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.show_page(page)
        return area

    def _connect(self) -> None:
        self.chips.chosen.connect(self.choose)
        self.view.opened.connect(self.open)
        self.view.menu_wanted.connect(self._menu)
        self.view.more_wanted.connect(self._read_older)
        self.note.noted.connect(self._write_note)
        self.note.way_chosen.connect(self.log)
        self.note.text.textChanged.connect(self.note_changed)
        self._desk.changes.changed.connect(self._heard)
        if self._paper is not None:
            self.actions_here.on("export", lambda: self._paper.to_file(TIMELINE, self.asked()))
            self.actions_here.on("print", lambda: self._paper.preview(TIMELINE, self.asked()))

    # Reading -------------------------------------------------------------------------------------

    @property
    def group(self) -> str:
        """Return which chip is chosen, "all" at first."""
        return self._group

    def choose(self, key: str) -> None:
        """Show only what belongs to a chip."""
        self._group = key
        self.chips.set_current(key)
        self._read(PAGE, keep=False)

    def reload(self) -> None:
        """Read it again, now or when it is next looked at; what was scrolled to stays."""
        self._outdated = True
        if self.isVisible():
            self._read(max(PAGE, min(len(self.rows.happened), READ_AGAIN)), keep=True)
            for card in self.cards.values():
                card.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when somebody looks."""
        super().showEvent(event)
        if self._outdated:
            self.reload()

    def _read(self, limit: int, *, keep: bool) -> None:
        self._outdated, self._reading = False, True
        contact_id, group, groups = self._contact_id, self._group, groups_of(self._group)
        spoken_before = self._spoken

        def ask(work: Any) -> tuple[Sequence[Entry], Sequence[Entry], Words | None]:
            planned = timeline.planned(work, contact_id) if groups is None or TALKS in groups else ()
            found = timeline.page(work, contact_id, groups=groups, limit=limit)
            spoken = spoken_before or Words.of((*FIELDS, *custom_fields(custom.defined_fields(work))), {})
            return planned, found, spoken

        def take(answer: tuple[Sequence[Entry], Sequence[Entry], Words]) -> None:
            self._reading = False
            planned, found, spoken = answer
            if group == self._group:
                self._spoken = Words(spoken.fields, self._desk.names)
                self._show(planned, found, whole=len(found) < limit, keep=keep)

        self._desk.tasks.read(self, ask, take, self._failed, coalesce="timeline")

    def _show(self, planned: Sequence[Entry], found: Sequence[Entry], *, whole: bool, keep: bool) -> None:
        older: Sequence[Entry] = ()
        if keep and not whole and len(self.rows.happened) > len(found):
            last = found[-1].mark
            older = [one for one in self.rows.happened if _place(one.mark) < _place(last)]
        current, top = self.view.entry(), self.view.verticalScrollBar().value()
        self._whole = whole or (bool(older) and self._whole)
        self.rows.show(self._teller(), planned, [*found, *older])
        self._stack.setCurrentWidget(self.view if self.rows.rows else self.nothing)
        self.nothing.setText(_(_NOTHING[self._group]))
        if keep:
            row = self.rows.row_of(current) if current is not None else -1
            if row >= 0:
                self.view.choose(row)
            self.view.verticalScrollBar().setValue(top)
        else:
            self.view.scrollToTop()

    def _read_older(self) -> None:
        if self._whole or self._reading or not self.rows.happened:
            return
        self._reading = True
        contact_id, group, groups = self._contact_id, self._group, groups_of(self._group)
        before = self.rows.happened[-1].mark

        def take(found: Sequence[Entry]) -> None:
            self._reading = False
            if group == self._group and self.rows.happened and self.rows.happened[-1].mark == before:
                self._whole = len(found) < PAGE
                self.rows.append(self._teller(), found)

        def ask(work: Any) -> Sequence[Entry]:
            return timeline.page(work, contact_id, groups=groups, before=before, limit=PAGE)

        self._desk.tasks.read(self, ask, take, self._failed, coalesce="timeline")

    def _failed(self, error: BaseException) -> None:
        self._reading = False
        self._desk.dialogs.show_error(error)

    def _formats(self) -> Formats:
        return Formats.of(self._desk.today, self._desk.names, self._desk.timezone)

    def _teller(self) -> Teller:
        return Teller(self._formats(), self._desk.currency, self._spoken or Words())

    def _heard(self, changes: Changes) -> None:
        if changes.touches("contact", self._contact_id) or any(entity != "contact" for entity in changes.ids):
            self.reload()

    # What people do ------------------------------------------------------------------------------

    def asked(self) -> Asked:
        """Return the timeline as it is shown, for a file or the printer."""
        return Asked(by=self._group, contact_id=self._contact_id)

    @property
    def half_typed(self) -> bool:
        """Return whether there is a note nobody wrote down yet."""
        return bool(self.note.said())

    def log(self, kind: str = "call") -> None:
        """Open the form that logs a call, visit or message, or plans a task; it takes over what was typed."""
        said = self.note.said()

        def saved(_activity_id: int) -> None:
            if self.note.said() == said:
                self.forget_note()

        specs.log_activity(
            self._desk,
            self,
            contact_id=self._contact_id,
            kind="task" if kind == "plan" else kind,
            plan=kind == "plan",
            notes=said,
            on_saved=saved,
        )

    def forget_note(self) -> None:
        """Throw away what is typed."""
        self.note.clear()
        if self.drafts is not None:
            self.drafts.discard()

    def write_note(self) -> None:
        """Write down what is typed."""
        if self.half_typed:
            self._write_note(self.note.said())

    def _write_note(self, text: str) -> None:
        contact_id = self._contact_id
        self.forget_note()

        def write(work: Any) -> object:
            note = next(one.id for one in kinds.kinds(work, all=True) if one.key == NOTE)
            return service.log(work, contact_id, {"kind_id": note, "notes": text})

        def failed(error: BaseException) -> None:
            self.note.put_back(text)
            self._desk.dialogs.show_error(error)

        task = self._desk.tasks.write(self, write, lambda _logged: self.reload(), failed)
        self.began.emit(task.operation_id)

    def open(self, entry: Entry) -> None:
        """Open what an entry is about."""
        if entry.entity == "file":
            self._open_file(entry)
        elif entry.entity == "activity":
            specs.log_activity(self._desk, self, activity_id=entry.id)
        elif entry.entity:
            self._desk.open_record(entry.entity, entry.id)

    def _open_file(self, entry: Entry) -> None:
        """Open a copy with the program of the system; what might run is saved instead."""
        name, file_id = str(entry.values["name"]), entry.id
        if files.may_open(name):
            self._opened = self._opened or QTemporaryDir()
            path: Path | None = Path(self._opened.path()) / name
        else:
            path = self._desk.dialogs.choose_save_file(_("Save the file"), name)
        if path is None:
            return
        target = path

        def written(_size: int) -> None:
            if files.may_open(name):
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
            else:
                self._desk.toast(_("{file} saved").format(file=target.name), kind="success")

        def put(read: tuple[str, bytes]) -> None:
            self._desk.tasks.free(self, lambda _progress: target.write_bytes(read[1]), written)

        self._desk.tasks.read(self, lambda work: files.read_file(work, file_id), put)

    def _menu(self, entry: Entry, at: QPoint) -> None:
        menu = QMenu(self)
        if entry.entity:
            word = _("Done…") if entry.planned else _("Open")
            menu.addAction(word).triggered.connect(partial(self.open, entry))
        if entry.planned:
            change = menu.addAction(_("Change…"))
            change.triggered.connect(lambda: specs.log_activity(self._desk, self, activity_id=entry.id, plan=True))
        menu.addAction(_("Copy")).triggered.connect(self.view.copy)
        menu.popup(at)


def _place(mark: Mark) -> tuple[Any, str, int]:
    return mark.at, mark.source, mark.id


def _icon_button(action: QAction) -> IconButton:
    button = IconButton(str(action.property("icon_name")), action.toolTip())
    button.clicked.connect(action.trigger)
    return button
