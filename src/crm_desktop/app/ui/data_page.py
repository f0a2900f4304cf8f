"""Settings › Where is my data?: the place, how much there is, when it was last backed up and last proved whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.app.ui.restore.words import breakable, moment, near
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.sizes import size_text
from crm_desktop.ui.busy import ProgressStrip
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import caption, hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.tasks import Task
from crm_desktop.ui.theme import set_ground, set_ink

if TYPE_CHECKING:
    from crm_desktop.app.data_facts import DataFacts
    from crm_desktop.app.session import Session

_ROWS = ("place", "size", "rows", "backup", "checked")


class DataPage(Screen):
    """Everybody may read it; moving and restoring are for those who may."""

    def __init__(self, desk: Desk, session: "Session", parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._session = session
        self._task: Task | None = None
        self._path: Path | None = None
        self.labels: dict[str, QLabel] = {name: caption("") for name in _ROWS}
        self.values: dict[str, QLabel] = {name: text_label("", BODY, MEDIUM, wrap=True) for name in _ROWS}
        self.below: dict[str, QLabel] = {name: text_label("", BODY, REGULAR, "text2", wrap=True) for name in _ROWS}
        self.open_folder = Button(_("Open folder"), icon="folder-open")
        self.check_now = Button(_("Check now"), icon="shield-check")
        self.restore = Button(_("Restore a backup…"), icon="archive-restore")
        on_server = session.server is not None
        self.move_away = Button(_("Move to a file…") if on_server else _("Move to PostgreSQL…"), icon="server")
        self.open_folder.clicked.connect(self._open_folder)
        self.check_now.clicked.connect(self.check)
        self.restore.clicked.connect(self._restore)
        self.move_away.clicked.connect(self._move)
        may = desk.actor.may(Permission.BACKUP_RESTORE)
        self.open_folder.setVisible(not on_server)
        for button in (self.restore, self.move_away):
            button.setVisible(may)
        self.check_now.setVisible(may or desk.actor.may(Permission.BACKUP_RUN))
        self.note, self.progress = Note(), ProgressStrip()
        self.note.clear()
        self.progress.cancelled.connect(self._cancel)
        self._lay_out()
        self.setFocusProxy(self.check_now)
        self.reload()

    def _lay_out(self) -> None:
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(720))
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(px(10))
        grid.setColumnStretch(1, 1)
        for at, name in enumerate(_ROWS):
            pair = QVBoxLayout()
            pair.setSpacing(px(1))
            pair.addWidget(self.values[name])
            pair.addWidget(self.below[name])
            self.labels[name].setMinimumWidth(px(150))
            grid.addWidget(self.labels[name], at, 0)
            grid.addLayout(pair, at, 1)
        column.addLayout(grid)
        column.addWidget(self._buttons(self.open_folder, self.check_now))
        column.addWidget(self.progress)
        column.addWidget(self.note)
        if self.desk.actor.may(Permission.BACKUP_RESTORE):
            column.addSpacing(px(8))
            column.addWidget(hairline())
            column.addSpacing(px(4))
            column.addWidget(section_label(_("Bring back, or move elsewhere")))
            said = _(
                "A restore shows first what is in a backup and what would be lost. A move copies everything, compares "
                "both places and leaves the old one as it was."
            )
            column.addWidget(text_label(said, BODY, REGULAR, "text2", wrap=True))
            column.addWidget(self._buttons(self.restore, self.move_away))
        column.addStretch(1)
        area = SheetArea()
        area.show_page(inside)
        head, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(hairline())
        whole.addWidget(area, 1)
        names = (_("Place"), _("Size"), _("Rows"), _("Last verified backup"), _("Last check of the data"))
        for name, said in zip(_ROWS, names, strict=True):
            self.labels[name].setText(said)

    @staticmethod
    def _buttons(*buttons: Button) -> QWidget:
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        return around

    # Reading

    def reload(self) -> None:
        """Read everything again."""
        session = self._session

        def ask(work: Any) -> Any:
            from crm_desktop.app.data_facts import facts

            return facts(session, work)

        self.desk.tasks.read(self, ask, self._show, coalesce="facts")

    def _show(self, told: "DataFacts") -> None:
        self._path = told.path
        now = self.desk.clock.now()
        self._say("place", breakable(told.place), self._kind_of_place(told))
        room = _("{size} are free on this disk").format(size=size_text(told.free)) if told.free is not None else ""
        self._say("size", size_text(told.size), room)
        counted = ngettext("{count} row", "{count} rows", told.rows).format(count=f"{told.rows:,}")
        self._say("rows", _("about {rows}").format(rows=counted) if told.estimated else counted)
        tone = {"ok": "success", "warn": "warn", "danger": "danger"}.get(told.backup.tone, "text")
        self._say("backup", told.backup.sentence, told.backup.detail, tone)
        if told.checked_at is None:
            self._say("checked", _("Not checked yet"), _("It is done once a week by itself, in the background."))
        elif told.findings:
            when = _("{when}: something was found").format(when=near(told.checked_at, now))
            self._say("checked", when, "\n".join(told.findings), "danger")
        else:
            said = _("{when}: everything is in order").format(when=near(told.checked_at, now))
            self._say("checked", said, moment(told.checked_at), "success")

    def _kind_of_place(self, told: "DataFacts") -> str:
        if told.path is None:
            return _("A PostgreSQL server. Whoever looks after it keeps its disk.")
        return _("A file on this computer or its network. Copy it only while the program is closed, or make a backup.")

    def _say(self, name: str, value: str, below: str = "", ink: str = "text") -> None:
        self.values[name].setText(value)
        set_ink(self.values[name], ink)
        self.below[name].setText(below)
        self.below[name].setVisible(bool(below))
        self.values[name].setAccessibleName(f"{self.labels[name].text()}: {value}. {below}")

    # What people do

    def check(self) -> None:
        """Prove the data whole now, off the database lane, so that work goes on."""
        if self._task is not None:
            return
        session = self._session
        self.note.clear()
        self.progress.start(_("Checking the data"))
        self.check_now.setEnabled(False)

        def work(progress: Any) -> Any:
            from crm_desktop.app import integrity

            return integrity.check_now(session, progress)

        self._task = self.desk.tasks.free(
            self, work, self._checked, self._failed, label=_("Checking the data"), progressed=self.progress.set_progress
        )

    def _checked(self, checked: Any) -> None:
        self._end()
        if not checked.findings:
            self.note.show_message("success", _("Everything is in order: the file, its links and its totals."))
        else:
            self.note.show_message("danger", " ".join(checked.findings), lead=_("Something was found."))
        if not checked.damaged:
            self.reload()

    def _failed(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        elif isinstance(error, Cancelled):
            self.note.show_message("info", _("The check was stopped."))

    def _end(self) -> None:
        self._task = None
        self.progress.finish()
        self.check_now.setEnabled(True)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _open_folder(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _restore(self) -> None:
        from crm_desktop.app.ui.restore.wiring import restore_in

        restore_in(self.window(), self._session, self.desk)

    def _move(self) -> None:
        from crm_desktop.app.ui.move.wiring import move_from

        move_from(self.window(), self._session, self.desk)

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Where is my data?")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("database")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this page."""
        return (KeyHint("F5", _("Read again")),)
