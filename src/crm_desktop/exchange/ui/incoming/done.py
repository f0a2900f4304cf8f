"""The last step: what was written, what was left out, and the way back."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.exchange.ui.incoming.check_saving import bad_rows, save_bad_rows, save_words
from crm_desktop.exchange.ui.incoming.check_table import CheckTable
from crm_desktop.exchange.ui.incoming.check_words import kind_of
from crm_desktop.exchange.ui.incoming.figures import WRITTEN, Figures
from crm_desktop.exchange.ui.incoming.page import ImportPage
from crm_desktop.exchange.ui.incoming.state import ImportState
from crm_desktop.exchange.ui.incoming.undo import KeptRecords, tell_refusal, undo_import, undone_words, written_count
from crm_desktop.exchange.undoing import Undone
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.importing import Verdict
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note

_LEFT_OUT = (Verdict.DUPLICATE, Verdict.INVALID)


class DonePage(ImportPage):
    """Counts, the rows that stayed out, `Undo this import`, and the next sheet if there is one."""

    def __init__(self, state: ImportState, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(state, desk, parent)
        self._undone: set[str] = set()
        self.note = Note()
        self.note.clear()
        self.heading = text_label("", SECTION, SEMIBOLD)
        self.figures = Figures()
        self.left_out = text_label("", ink="text2", wrap=True)
        self.table = CheckTable(desk.names)
        self.kept = KeptRecords()
        self.progress = ProgressStrip()
        self.save = Button("", "quiet", icon="file-spreadsheet")
        self.save.clicked.connect(self._save_bad_rows)
        self.show_list = Button(_("Show the list"), "quiet", icon="list")
        self.show_list.clicked.connect(self._show_list)
        self.undo = Button("", icon="undo-2")
        self.undo.clicked.connect(self._undo)
        self.close_ = Button(_("Close"), "primary")
        self.close_.clicked.connect(self._leave)
        self._lay_out()
        self.progress.cancelled.connect(self.cancel)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        top = QVBoxLayout()
        top.setContentsMargins(px(16), px(12), px(16), px(8))
        top.setSpacing(px(6))
        line = QHBoxLayout()
        line.setSpacing(px(10))
        tick = QLabel()
        set_icon(tick, "circle-check", "success")
        line.addWidget(tick)
        line.addWidget(self.heading, 1)
        top.addLayout(line)
        for widget in (self.figures, self.left_out):
            top.addWidget(widget)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.kept, 1)
        column.addStretch(0)
        column.addWidget(self.progress)

    # What the wizard asks

    def begin(self) -> None:
        """Show what was written."""
        done, draft = self.state.done, self.state.draft
        if done is None or draft is None or self.busy:
            return
        wrote, gone = bool(done.batch), done.batch in self._undone
        name = draft.sheet.name if len(self.state.parts) > 1 else draft.book.path.name
        self.figures.show_kinds(Counter(map(kind_of, done.planned)), WRITTEN)
        if not gone:
            self.heading.setText(
                _("“{name}” has come in.").format(name=name)
                if wrote
                else _("Nothing was written: everything is there already, or was left out.")
            )
            self.note.clear()
            self.kept.show_kept(())
            left = [one for one in done.planned if one.verdict in _LEFT_OUT]
            self.table.check_rows.show(draft, left)
            self.table.setVisible(bool(left))
            self.left_out.setText(_("These rows were left out:"))
            self.left_out.setVisible(bool(left))
        self._dress_buttons()
        self.close_.setFocus()
        self.foot_changed.emit()

    def _dress_buttons(self) -> None:
        done = self.state.done
        if done is None:
            return
        bad, count = bad_rows(done.planned), written_count(done.counts)
        self.save.setText(save_words(bad))
        self.save.setProperty("unwanted", not bad)
        self.show_list.setProperty("unwanted", not self._may_show_list or not done.batch)
        said = ngettext("Undo this import of {count} record", "Undo this import of {count} records", count)
        self.undo.setText(said.format(count=f"{count:,}"))
        self.undo.setProperty("unwanted", not done.batch)
        self.undo.setEnabled(bool(done.batch) and done.batch not in self._undone and not self.busy)
        following = self.state.later[0].draft.sheet.name if self.state.later else ""
        self.close_.setText(_("Go on with “{sheet}”").format(sheet=following) if following else _("Close"))
        self.close_.setEnabled(not self.busy)

    @property
    def _may_show_list(self) -> bool:
        return self.desk.open_list is not None and not self.state.later

    def foot_text(self) -> str:
        """Return where an import is found again."""
        return _("Every import stands in the list of imports and can be undone there.")

    def foot_buttons(self) -> Sequence[QWidget]:
        """Return the way back, and on."""
        return (self.save, self.show_list, self.undo, self.close_)

    @property
    def may_go_back(self) -> bool:
        """What is written is not written again by going back."""
        return False

    # What people do

    def _leave(self) -> None:
        if self.state.later:
            self.state.go_on()
        else:
            self.close_wanted.emit()

    def _show_list(self) -> None:
        if self.desk.open_list is not None and self.state.draft is not None:
            self.desk.open_list(self.state.draft.target.name)

    def _save_bad_rows(self) -> None:
        done, draft = self.state.done, self.state.draft
        if done is not None and draft is not None:
            say = partial(self.note.show_message, "success")
            save_bad_rows(self.desk, self, draft, done.planned, say, self._refuse)

    def _undo(self) -> None:
        done, draft = self.state.done, self.state.draft
        if done is None or draft is None or self.busy:
            return
        name = draft.book.path.name
        tell = partial(self._tell_undone, done.batch)
        self._task = undo_import(
            self.desk, self, done.batch, name, done.counts, tell, self._refuse, self.progress.set_progress
        )
        if self._task is not None:
            self.note.clear()
            self.progress.start(_("Undoing the import of {file}").format(file=name))
            self._dress_buttons()
            self.foot_changed.emit()

    def _tell_undone(self, batch: str, undone: Undone) -> None:
        self._finish()
        self._undone.add(batch)
        self.heading.setText(_("The import was undone."))
        self.note.show_message("warn" if undone.kept else "success", undone_words(undone))
        self.table.hide()
        self.left_out.hide()
        self.kept.show_kept(undone.kept)
        self._dress_buttons()
        self.close_.setFocus()
        self.foot_changed.emit()

    def _refuse(self, error: BaseException) -> None:
        self._finish()
        tell_refusal(self.note, error)
        self._dress_buttons()
        self.foot_changed.emit()

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()
