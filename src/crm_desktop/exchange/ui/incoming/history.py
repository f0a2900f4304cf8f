"""Every import that was made: what, when, by whom, how much; each can be taken back."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.exchange import imports
from crm_desktop.exchange.imports import Past
from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.exchange.ui.incoming.undo import KeptRecords, tell_refusal, undo_import, undone_words
from crm_desktop.exchange.undoing import Undone
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.changes import Changes
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import Offer, StateStack, never_had
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.tasks import Task
from crm_desktop.ui.theme import set_ground


class ImportHistoryScreen(Screen):
    """A table of imports, newest first, and `Undo this import` for the current one."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._task: Task | None = None
        self._labels = {target.name: target.label for target in incoming_seam.targets()}
        self._formats = Formats.of(desk.today, desk.names, desk.timezone)
        self.note = Note()
        self.note.clear()
        self.rows = PlainRows(self._columns())
        self.table = PlainTable(self.rows, _("Imports"))
        self.kept = KeptRecords()
        self.progress = ProgressStrip()
        self.undo = Button(_("Undo this import"), "quiet", icon="undo-2")
        self.bring_in = Button(_("Import a file…"), "primary", icon="upload")
        self._lay_out()
        self.undo.clicked.connect(self._undo)
        self.bring_in.clicked.connect(self._import)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._dress())
        self.progress.cancelled.connect(self._cancel)
        desk.changes.changed.connect(self._take_changes)
        self.setFocusProxy(self.table)
        self.reload()

    def _columns(self) -> tuple[PlainColumn, ...]:
        return (
            PlainColumn("at", _("When"), 23, lambda past: self._formats.instant(past.at)),
            PlainColumn("file", _("File"), 20, lambda past: past.file_name, grows=True),
            PlainColumn("sheet", _("Sheet"), 12, lambda past: past.sheet, ink="text2"),
            PlainColumn("what", _("What"), 12, lambda past: _(self._labels.get(past.target, past.target))),
            PlainColumn("new", _("New"), 8, lambda past: _count(past, "new"), right=True),
            PlainColumn("update", _("Updated"), 8, lambda past: _count(past, "update"), right=True),
            PlainColumn("invalid", _("Left out"), 8, lambda past: _count(past, "invalid", "duplicate"), right=True),
            PlainColumn("by", _("By"), 12, lambda past: past.by, ink="text2"),
            PlainColumn("state", _("Undone"), 34, self._state, ink="text2"),
        )

    def _state(self, past: Past) -> str:
        if past.undone_at is None:
            return ""
        when = self._formats.full_day(self._formats.local(past.undone_at).date())
        said = _("{when} by {name}").format(when=when, name=past.undone_by)
        kept = past.undone.get("kept", 0)
        return _("{undone}; {count} stayed").format(undone=said, count=f"{kept:,}") if kept else said

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.table, 2)
        column.addWidget(self.kept, 1)
        column.addWidget(self.progress)
        self.stack = StateStack(body)
        header, row = head_row()
        self._heading = title_label(self.title())
        row.addWidget(self._heading)
        row.addStretch(1)
        row.addWidget(self.undo)
        row.addWidget(self.bring_in)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(header)
        whole.addWidget(hairline())
        whole.addWidget(self.stack, 1)

    def title(self) -> str:
        """Return the text of the tab."""
        return _("Imports")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("history")

    def reload(self) -> None:
        """Read the imports again."""
        targets = incoming_seam.targets()
        self.desk.tasks.read(self, lambda work: imports.history(work, targets), self._show, coalesce="history")

    def _show(self, past: Sequence[Past]) -> None:
        at = self.table.currentIndex().row()
        self.rows.show(past)
        if past:
            self.stack.show_content()
            self.table.setCurrentIndex(self.rows.index(min(max(at, 0), len(past) - 1), 0))
        else:
            self.stack.show_state(
                never_had(
                    "upload",
                    _("Nothing has been imported yet"),
                    _("Lists you have in Excel or as text come in here, and every import can be undone."),
                    Offer(_("Import a file…"), self._import, "upload"),
                )
            )
        self._dress()

    def _dress(self) -> None:
        past = self._current
        self.undo.setEnabled(past is not None and past.undone_at is None and self._task is None)

    @property
    def _current(self) -> Past | None:
        row = self.table.currentIndex().row()
        found: Any = self.rows.rows[row] if 0 <= row < len(self.rows.rows) else None
        return found if isinstance(found, Past) else None

    def _import(self) -> None:
        if self.desk.open_import is not None:
            self.desk.open_import("", ())

    def _undo(self) -> None:
        past = self._current
        if past is None or self._task is not None:
            return
        self._task = undo_import(
            self.desk,
            self,
            past.batch,
            past.file_name,
            past.counts,
            self._tell,
            self._refuse,
            self.progress.set_progress,
        )
        if self._task is not None:
            self.note.clear()
            self.kept.show_kept(())
            self.progress.start(_("Undoing the import of {file}").format(file=past.file_name))
        self._dress()

    def _tell(self, undone: Undone) -> None:
        self._finish()
        self.note.show_message("warn" if undone.kept else "success", undone_words(undone))
        self.kept.show_kept(undone.kept)
        self.reload()

    def _refuse(self, error: BaseException) -> None:
        self._finish()
        tell_refusal(self.note, error)

    def _finish(self) -> None:
        self._task = None
        self.progress.finish()
        self._dress()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _take_changes(self, changes: Changes) -> None:
        if any(changes.touches(target.entity) for target in incoming_seam.targets()) and self.isVisible():
            self.reload()

    def can_close(self) -> bool:
        """Stay while an import is being taken back."""
        return self._task is None


def _count(past: Past, *verdicts: str) -> str:
    count = sum(past.counts.get(verdict, 0) for verdict in verdicts)
    return f"{count:,}" if count else ""
