"""The dunning run: which letters are to go out today, to whom and about what; ticked ones are sent.

Reminders before the due date are among them. Sending stores every letter, raises the levels, and puts the
letters into one PDF or into a folder.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.collecting.dunning import SentLetter
from crm_desktop.receivables.collecting.dunning_items import Proposal
from crm_desktop.receivables.ui.collecting import dunning_batch
from crm_desktop.receivables.ui.collecting.dunning_batch import DunningBatch
from crm_desktop.receivables.ui.collecting.letter_pane import LetterPane
from crm_desktop.receivables.ui.collecting.letter_rows import FIELDS, LOOKS, columns_of, file_names, source_of, sums_of
from crm_desktop.receivables.ui.collecting.letters_dialog import preview_bytes
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button, button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, StateStack, failed
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, title_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.theme import set_ground

SEND: Final = ActionSpec(
    "send",
    N_("Send"),
    N_("Store the ticked letters, raise the levels, and put all of them into one PDF to print"),
    "send",
    "Ctrl+Return",
    Permission.DUNNING_WRITE,
)
SEND_FOLDER: Final = ActionSpec(
    "send_folder",
    N_("Send into a folder…"),
    N_("The same with a PDF for each customer, to be mailed"),
    "folder-open",
    "Ctrl+Shift+Return",
    Permission.DUNNING_WRITE,
)
READ: Final = ActionSpec("read", N_("Read the letter"), N_("See this letter as it would go out now"), "eye", "V")
EVERYTHING, OVERDUE, BEFORE = "all", "overdue", "before"
KINDS: Final = (
    (EVERYTHING, N_("All letters")),
    (OVERDUE, N_("Only about overdue items")),
    (BEFORE, N_("Only reminders before the day")),
)
_PANE_PX: Final = 340
_FOLDED_BELOW_PX: Final = 900


def dunning_screen(desk: Desk) -> Screen:
    """Return the dunning run."""
    return DunningScreen(desk)


class DunningScreen(Screen):
    """A row per letter, all ticked at first; the current one stands beside."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.letters: dict[int, Proposal] = {}
        self.actions_here = ActionSet(self, (READ, SEND_FOLDER, SEND), desk.actor.may)
        self.actions_here.on("read", self._read)
        self.actions_here.on("send", self._send)
        self.actions_here.on("send_folder", self._send_into_folder)
        self.kind = QComboBox()
        self.table = RecordTable(desk.tasks, RowsSource("letter", FIELDS, {}), self._formats, LOOKS)
        self.view = RecordView(self.table)
        self.table.setParent(self.view)
        self.pane = LetterPane(desk, self.actions_here["read"])
        self.footer = ListFooter()
        self.note = Note()
        self.note.clear()
        self.running = ProgressStrip()
        self.batch = DunningBatch(desk, self)
        self.preview: PdfPreview | None = None
        self._aim: Path | None = None
        self._into_folder = False
        self._asked_for = 0
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Dunning run")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("mail")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("Space", _("Tick or untick")),
            KeyHint("V", _("Read the letter")),
            KeyHint("Ctrl+Enter", _("Send")),
            KeyHint("Enter", _("Open the customer")),
        )

    def reload(self) -> None:
        """Look again who is to be reminded; every letter is ticked."""
        self.desk.tasks.read(self, dunning.proposals, self._show, self._failed, coalesce="letters")

    def can_close(self) -> bool:
        """Return whether no letter is being sent."""
        return not self.batch.running

    # How it is put together

    def _lay_out(self) -> None:
        self.view.setAccessibleName(_("Letters to send"))
        self.view.set_compact(False)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.view, 1)
        inner.addWidget(hairline())
        inner.addWidget(self.footer)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(body)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.stack = StateStack(self.split)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header(), hairline(), self.note, self.running):
            column.addWidget(part)
        column.addWidget(self.stack, 1)

    def _header(self) -> QWidget:
        header, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addSpacing(px(8))
        self.kind.setProperty("dense", True)
        self.kind.setAccessibleName(_("Which letters"))
        for key, text in KINDS:
            self.kind.addItem(_(text), key)
        row.addWidget(self.kind)
        row.addStretch(1)
        self.send_button: Button | None = None
        if self.desk.actor.may(Permission.DUNNING_WRITE):
            row.addWidget(button_for(self.actions_here["send_folder"], "quiet", header))
            self.send_button = button_for(self.actions_here["send"], "primary", header)
            row.addWidget(self.send_button)
        return header

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _place: self._show_rows())
        self.view.current_changed.connect(self._show_current)
        self.view.preview_toggled.connect(self._toggle)
        self.view.opened.connect(lambda contact_id: self.desk.open_record("contact", contact_id))
        self.view.sort_wanted.connect(self._sort)
        self.view.selection.changed.connect(self._count)
        self.table.completed.connect(self._count)
        self.running.cancelled.connect(self.batch.stop)
        self.note.action_clicked.connect(self._look_again)
        self.batch.progressed.connect(self.running.set_progress)
        self.batch.finished.connect(self._sent)
        self.batch.failed.connect(lambda error: self.desk.dialogs.show_error(error, _("Sending letters")))
        self.desk.changes.changed.connect(self._heard)

    # What is shown

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _show(self, letters: Sequence[Proposal]) -> None:
        self.letters = {one.contact_id: one for one in letters}
        self._show_rows()

    def _show_rows(self) -> None:
        kind = self.kind.currentData()
        shown = [one for one in self.letters.values() if kind == EVERYTHING or (one.level > 0) is (kind == OVERDUE)]
        self.table.source = source_of(shown)
        if not shown:
            self.stack.show_state(self._nobody())
        else:
            self.stack.show_content()
        self.table.show(Listing(columns=columns_of(shown)))
        self.view.selection.select_everything()

    def _nobody(self) -> QWidget:
        return EmptyState(
            "circle-check",
            _("No letter is to go out today"),
            _(
                "Nothing is overdue long enough, or whoever owes got a letter not long ago, disputes the debt,"
                " or has paid more than is overdue."
            ),
        )

    def _failed(self, error: BaseException) -> None:
        self.stack.show_state(failed(_("The letters could not be worked out"), str(error), self.reload))

    def _show_current(self, contact_id: int | None) -> None:
        self.pane.show_letter(self.letters.get(contact_id) if contact_id is not None else None)
        self.actions_here.enable("read", contact_id is not None)

    def _toggle(self) -> None:
        if self.view.current_id is not None:
            self.view.selection.toggle(self.view.current_id)

    def ticked(self) -> list[int]:
        """Return the customers whose letters are ticked, in the order on screen."""
        return [id_ for id_ in self.view.selection.ids() if id_ in self.letters]

    def _count(self) -> None:
        ticked = self.ticked()
        count = self.table.rowCount()
        words = _("{ticked} of {count} ticked").format(ticked=f"{len(ticked):,}", count=f"{count:,}")
        sums = sums_of(self.letters[id_] for id_ in ticked)
        self.footer.show_count(words, Count(count, totals=sums))
        verb = ngettext("Send {count} letter", "Send {count} letters", len(ticked))
        self.actions_here["send"].setText(verb.format(count=f"{len(ticked):,}"))
        for name in ("send", "send_folder"):
            self.actions_here.enable(name, bool(ticked) and not self.batch.running)

    def _sort(self, sorts: tuple[Sort, ...]) -> None:
        self.table.show(Listing(columns=self.table.listing.columns, sorts=sorts))

    def _heard(self, changes: Changes) -> None:
        # What was ticked by hand is not taken away under the hand; sending looks at every customer again.
        paid = any(changes.touches(entity) for entity in ("receipt", "invoice", "write_off"))
        if paid and self.isVisible() and not self.batch.running:
            self.note.show_message("info", _("Something was paid or invoiced meanwhile."), _("Look again"))

    def _look_again(self) -> None:
        self.note.clear()
        self.reload()

    # What people do

    def _read(self) -> None:
        contact_id = self.view.current_id
        if contact_id is not None and contact_id in self.letters:
            title = _("Letter to {customer}").format(customer=self.letters[contact_id].name)
            self.preview = preview_bytes(self.desk, title, lambda work: dunning.preview(work, (contact_id,)), self)

    def _send(self) -> None:
        if not self.ticked():
            return
        letters = _("Letters")
        name = f"{letters} {self.desk.today:%Y-%m-%d}.pdf"
        path = self.desk.dialogs.choose_save_file(_("Put the letters into one PDF"), name, _("PDF document (*.pdf)"))
        if path is not None:
            self._begin(path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf"))

    def _send_into_folder(self) -> None:
        if not self.ticked():
            return
        folder = self.desk.dialogs.choose_folder(_("Put a PDF for each customer into this folder"))
        if folder is not None:
            self._begin(folder, into_folder=True)

    def _begin(self, aim: Path, *, into_folder: bool = False) -> None:
        chosen = self.ticked()
        self._aim, self._into_folder = aim, into_folder
        self.note.clear()
        words = ngettext("Sending {count} letter", "Sending {count} letters", len(chosen))
        self.running.start(words.format(count=f"{len(chosen):,}"))
        self._asked_for = len(chosen)
        self.batch.start(chosen)
        self._count()

    def _sent(self, sent: Sequence[SentLetter]) -> None:
        self.running.finish()
        self._say(len(sent))
        if sent:
            self._write(list(sent))
        self.reload()

    def _say(self, count: int) -> None:
        words = ngettext("{count} letter was sent.", "{count} letters were sent.", count).format(count=f"{count:,}")
        left = self._asked_for - count
        if left:
            more = ngettext(
                "{count} customer got none: stopped, or paid meanwhile.",
                "{count} customers got none: stopped, or paid meanwhile.",
                left,
            )
            words = f"{words} {more.format(count=f'{left:,}')}"
        self.note.show_message("success", words)

    def _write(self, sent: list[SentLetter]) -> None:
        aim, into_folder = self._aim, self._into_folder
        assert aim is not None
        names = file_names(self.letters, sent, self.desk.today)

        def write(data: Any) -> None:
            def put(_progress: Any) -> None:
                if into_folder:
                    dunning_batch.write_folder(aim, list(zip(names, data, strict=True)))
                else:
                    dunning_batch.write_one_file(aim, data)

            self.desk.tasks.free(self, put, told, label=_("Writing the letters"))

        def told(_done: Any) -> None:
            self.desk.toast(_("The letters are in {file}").format(file=aim.name), kind="success")

        self.desk.tasks.read_long(
            self,
            lambda work, progress: dunning_batch.read_letters(work, sent, progress),
            write,
            label=_("Reading the letters"),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the pane away where there is no room."""
        super().resizeEvent(event)
        self.pane.setVisible(self.width() >= px(_FOLDED_BELOW_PX))
        self.split.setSizes([self.width() - px(_PANE_PX), px(_PANE_PX)])
