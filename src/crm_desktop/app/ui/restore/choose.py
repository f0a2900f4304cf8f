"""Step one: which backup. Those of the plan's folders, newest first, and any other file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.app.ui.restore import words
from crm_desktop.app.ui.restore.road import Found
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import Step
from crm_desktop.shared.i18n import _
from crm_desktop.shared.sizes import size_text
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.empty import EmptyState
from crm_desktop.ui.file_drop import dropped_files
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import hairline, section_label, text_label
from crm_desktop.ui.plain_table import INK_ROLE, PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.settings import LAST_FOLDER

FILTERS = "*.zip *.crmlock"


class _Rows(PlainRows):
    """Says the state of each backup in its own colour."""

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role == INK_ROLE and self.columns[index.column()].name == "state":
            return words.state_of(self.rows[index.row()])[1]
        return super().data(index, role)


class _Table(PlainTable):
    """Enter takes the row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ChooseStep(Step):
    """A list with one row chosen; dropping or browsing a file goes on at once."""

    def __init__(self, state: RestoreState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._asked = False
        self.setAcceptDrops(True)
        self.rows = _Rows(
            (
                PlainColumn("at", _("Made"), 36, _made, grows=True),
                PlainColumn("kind", _("Why"), 18, words.kind_of, ink="text2"),
                PlainColumn("size", _("Size"), 9, lambda found: size_text(found.size), right=True),
                PlainColumn("state", _("State"), 22, lambda found: words.state_of(found)[0]),
                PlainColumn("folder", _("Folder"), 26, lambda found: str(found.path.parent), ink="muted"),
            )
        )
        self.table = _Table(self.rows, _("Backups"))
        self.table.doubleClicked.connect(lambda _index: self.go_on())
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self.changed.emit())
        self.none = EmptyState(
            "archive-restore", _("No backups were found"),
            _("Nothing is in the folders of this company's plan, or their drive is not connected. "
              "Connect it, or choose the backup file yourself."),
        )  # fmt: skip
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.none)
        self.browse = Button(_("Browse…"), icon="folder-open")
        self.browse.clicked.connect(self.browse_file)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(px(20), px(16), px(20), px(12))
        top.setSpacing(px(4))
        top.addWidget(section_label(_("Which backup?")))
        said = _("Choose one and see what is in it. Nothing changes before you have typed your password.")
        if self.state.road.is_new:
            said = _("Choose one and see what is in it before anything is written.")
        top.addWidget(text_label(said, BODY, REGULAR, "text2", wrap=True))
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(12), px(20), px(12))
        foot.setSpacing(px(12))
        foot.addWidget(self.browse)
        foot.addWidget(text_label(_("Or drop a backup file here."), BODY, REGULAR, "muted"), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.note)
        whole.addWidget(self.progress)
        whole.addWidget(hairline())
        whole.addWidget(self.pages, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)

    # What the dialog asks

    def verb(self) -> str:
        """Return what the button says."""
        return _("Check this backup")

    @property
    def ready(self) -> bool:
        """Return whether a backup is chosen."""
        return self.chosen is not None and not self.busy

    def begin(self) -> None:
        """Look into the folders once."""
        if not self._asked:
            self._asked = True
            self.pages.setCurrentWidget(self.table)
            self.run(self.state.tasks, _("Looking for backups"), lambda _progress: self.state.road.find(), self._show)
        self._focus()

    def go_on(self) -> None:
        """Check the backup chosen."""
        if self.chosen is not None:
            self.state.choose(self.chosen.path)
            self.next_wanted.emit()

    @property
    def chosen(self) -> Found | None:
        """Return the row chosen."""
        at = self.table.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def take(self, path: Path) -> None:
        """Check a file that is perhaps in no known folder."""
        self.state.choose(path)
        self.next_wanted.emit()

    def browse_file(self) -> None:
        """Let the person choose a file."""
        folder = self.state.settings.get(LAST_FOLDER)
        path = self.state.dialogs.choose_open_file(
            _("Choose a backup"),
            _("Backups ({endings})").format(endings=FILTERS) + ";;" + _("All files (*)"),
            Path(folder) if folder else None,
        )
        if path is not None:
            self.take(path)

    def _show(self, found: Sequence[Found]) -> None:
        self.rows.show(found)
        self.pages.setCurrentWidget(self.table if found else self.none)
        if found:
            # The newest one that is known to be good; the first one when none is.
            best = next((at for at, one in enumerate(found) if one.verified), 0)
            self.table.setCurrentIndex(self.rows.index(best, 0))
        self._focus()
        self.changed.emit()

    def _focus(self) -> None:
        (self.table if self.rows.rows else self.browse).setFocus(Qt.FocusReason.OtherFocusReason)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped anywhere on the step."""
        if len(dropped_files(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the file."""
        event.acceptProposedAction()
        self.take(dropped_files(event.mimeData())[0])


def _made(found: Found) -> str:
    return words.moment(found.at) if found.at is not None else found.path.name
