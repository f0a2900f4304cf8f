"""Where is your company? The window before any login: new, open, connect, demo, and those opened before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.access.ui.brand import Mark
from crm_desktop.app.opening import FileMissing
from crm_desktop.app.ui.choice_row import ChoiceColumn, ChoiceRow
from crm_desktop.app.ui.connect_server import ConnectServerPage
from crm_desktop.app.ui.damaged_file import DamagedFilePage
from crm_desktop.app.ui.demo_page import DemoPage
from crm_desktop.app.ui.missing_file import MissingFilePage
from crm_desktop.app.ui.new_company import NewCompanyWizard
from crm_desktop.app.ui.ways import Ways
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import LANGUAGES, N_, _, current_language, use_language
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import LABEL, REGULAR, install_fonts, px
from crm_desktop.ui.labels import caption, grounded, hairline, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.settings import BACKUP_FOLDERS, LANGUAGE, LAST_FOLDER, RECENT_COMPANIES, RecentCompany, Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground

WIDTH_PX, HEIGHT_PX, SIDE_PX = 720, 470, 220

_CHOICES: Final = (
    ("new", "plus", N_("New company"), N_("Two minutes: name, currency, your login")),
    ("open", "folder-open", N_("Open a file"), N_("A company file on this computer or the network")),
    ("connect", "server", N_("Connect to PostgreSQL"), N_("When several people work at once")),
    ("restore", "archive-restore", N_("Restore a backup"), N_("From a backup file, checked before anything changes")),
    ("demo", "play", N_("Look around with demo data"), N_("A trading firm with 1,200 contacts, apart from your data")),
)


class FirstRun(QWidget):
    """The first window; `chosen` carries the address of the company to log in to."""

    chosen = Signal(str)
    language_chosen = Signal(str)
    """One of `LANGUAGES`; this window speaks it already."""

    def __init__(
        self,
        settings: Settings,
        tasks: Tasks,
        ways: Ways | None = None,
        dialogs: Dialogs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._tasks = settings, tasks
        self._ways = ways or Ways()
        self.dialogs = dialogs or Dialogs(self)
        self._checking = False
        self._wizard: NewCompanyWizard | None = None
        self._connect: ConnectServerPage | None = None
        self._demo: DemoPage | None = None
        self._after_wizard: QWidget | None = None
        set_ground(self, "surface")
        self.pages = QStackedWidget()
        self.missing = MissingFilePage()
        self.missing.locate_wanted.connect(self._locate)
        self.missing.new_wanted.connect(self.open_new)
        self.missing.another_wanted.connect(self.show_start)
        self.damaged = DamagedFilePage()
        self.damaged.restore_wanted.connect(self._restore_damaged)
        self.damaged.another_wanted.connect(self.show_start)
        self._start = self._build_start()
        self.pages.addWidget(self._start)
        self.pages.addWidget(self.missing)
        self.pages.addWidget(self.damaged)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.setMinimumSize(QSize(px(640), px(HEIGHT_PX)))
        self.resize(px(WIDTH_PX), px(HEIGHT_PX))
        self.retranslate()
        self.show_start()

    # Building

    def _build_start(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_choices(), 1)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self._build_side())
        return page

    def _build_choices(self) -> QWidget:
        self._title = title_label("")
        self._subtitle = text_label("", ink="muted", wrap=True)
        self.note = Note()
        self.note.clear()
        self.choices = ChoiceColumn()
        acts = {
            "new": self.open_new, "open": self.open_file, "connect": self.open_connect,
            "restore": self.open_restore, "demo": self.open_demo,
        }  # fmt: skip
        self.rows = {key: self.choices.add(ChoiceRow(icon)) for key, icon, _title, _below in _CHOICES}
        for key, choice in self.rows.items():
            choice.clicked.connect(lambda _checked=False, act=acts[key]: act())
        self.choices.sideways.connect(lambda to: to > 0 and self.recent.focus_row(0))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        head = QHBoxLayout()
        head.setSpacing(px(14))
        head.addWidget(Mark(), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(12))
        column.addLayout(head)
        column.addSpacing(px(4))
        column.addWidget(self.note)
        column.addWidget(self.choices)
        column.addStretch(1)
        return side

    def _build_side(self) -> QWidget:
        side = grounded("sunken")
        side.setFixedWidth(px(SIDE_PX))
        self._before = caption("")
        self._none = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self.recent = ChoiceColumn()
        self.recent.sideways.connect(lambda to: to < 0 and self.choices.focus_row(0))
        self._language_label = caption("")
        self.language = QComboBox()
        for key, name in LANGUAGES.items():
            self.language.addItem(name, key)
        self.language.setCurrentIndex(self.language.findData(current_language()))
        self._language_label.setBuddy(self.language)
        self.language.currentIndexChanged.connect(self._choose_language)
        # The words of the rows begin where the captions do; their ring reaches 8 px further out.
        for label in (self._before, self._none, self._language_label):
            label.setContentsMargins(px(8), 0, px(8), 0)
        chooser = QHBoxLayout()
        chooser.setContentsMargins(px(8), 0, px(8), 0)
        chooser.addWidget(self.language)
        column = QVBoxLayout(side)
        column.setContentsMargins(px(8), px(20), px(8), px(20))
        column.setSpacing(px(3))
        column.addWidget(self._before)
        column.addSpacing(px(2))
        column.addWidget(self._none)
        column.addWidget(self.recent)
        column.addStretch(1)
        column.addWidget(self._language_label)
        column.addLayout(chooser)
        return side

    # The pages

    def show_start(self) -> None:
        """Show the ways to a company and those opened before."""
        self.note.clear()
        self._show_recent()
        self.pages.setCurrentWidget(self._start)
        # What was opened before is the likely one; a new person begins with a new company.
        if not self.recent.focus_row(0):
            self.choices.focus_row(0)

    def show_missing(self, path: Path | str, name: str = "") -> None:
        """Say that the file at `path`, where the company `name` was, is not there any more."""
        known = {company.address: company.name for company in self._settings.get(RECENT_COMPANIES)}
        self.pages.setCurrentWidget(self.missing)
        self.missing.show_path(Path(path), name or known.get(str(path), ""))

    def show_damaged(self, path: Path | str, why: str) -> None:
        """Say that the file at `path` cannot be opened, and look for its newest good backup."""
        known = {company.address: company.name for company in self._settings.get(RECENT_COMPANIES)}
        self.pages.setCurrentWidget(self.damaged)
        self.damaged.show_path(Path(path), known.get(str(path), ""), why)
        folders = self._settings.get(BACKUP_FOLDERS).get(str(path), [])
        self._tasks.free(
            self,
            lambda _progress: self._ways.newest_backup(Path(path), folders),
            lambda found: self.damaged.offer(*found),
            lambda _error: self.damaged.offer(None, ""),
        )

    def open_restore(self, file: Path | None = None, into: Path | None = None) -> None:
        """Open the wizard that makes a company from a backup: at a new place, or where the damaged file `into` is."""
        from crm_desktop.app.ui.restore.wiring import restore_new

        documents = self._ways.documents()
        wizard = restore_new(self, self._tasks, self.dialogs, self._settings, documents, file=file, into=into)
        wizard.restored.connect(self._enter_restored)

    def _restore_damaged(self, file: object) -> None:
        self.open_restore(file if isinstance(file, Path) else None, self.damaged.path)

    def _enter_restored(self, outcome: Any) -> None:
        self._remember(outcome.address, outcome.company, "")

    def open_new(self) -> None:
        """Begin, or go on with, a new company in a file."""
        back = self.pages.currentWidget()
        self._open_wizard(back if back is self.missing else self._start).use_file()

    def open_connect(self) -> None:
        """Ask where the server is."""
        if self._connect is None:
            self._connect = ConnectServerPage(self._tasks, self._ways)
            self._connect.left.connect(self.show_start)
            self._connect.chosen.connect(self.chosen)
            self._connect.empty_found.connect(
                lambda address, login: self._open_wizard(self._connect).use_server(address, login)
            )
            self.pages.addWidget(self._connect)
        self.pages.setCurrentWidget(self._connect)
        self._connect.show_page(0)

    def open_demo(self) -> None:
        """Ask for the language of the demo company."""
        if self._demo is None:
            self._demo = DemoPage(self._tasks, self._ways)
            self._demo.left.connect(self.show_start)
            self._demo.ready.connect(self._enter_demo)
            self.pages.addWidget(self._demo)
        self.pages.setCurrentWidget(self._demo)
        self._demo.show_page(0)

    def open_file(self) -> None:
        """Let the person choose a company file."""
        folder = self._settings.get(LAST_FOLDER)
        path = self.dialogs.choose_open_file(
            _("Open a company"), _("Company (*.crm);;All files (*)"), Path(folder) if folder else self._ways.documents()
        )
        if path is not None:
            self._settings.set(LAST_FOLDER, str(path.parent))
            self.choose(str(path))

    def _locate(self) -> None:
        before = self.pages.currentWidget()
        self.open_file()
        if self.pages.currentWidget() is before:
            self.missing.rows.focus_row(0)

    def _open_wizard(self, back: QWidget | None) -> NewCompanyWizard:
        self._after_wizard = back
        if self._wizard is None:
            self._wizard = NewCompanyWizard(self._tasks, self._ways, self.dialogs)
            self._wizard.left.connect(self._leave_wizard)
            self._wizard.created.connect(self._enter_new)
            self.pages.addWidget(self._wizard)
        self.pages.setCurrentWidget(self._wizard)
        self._wizard.show_page(0)
        return self._wizard

    def _enter_new(self, address: str) -> None:
        assert self._wizard is not None
        self._remember(address, self._wizard.name.text().strip(), self._wizard.login.text().strip())

    def _enter_demo(self, address: str) -> None:
        self._remember(address, _("Demo company"), "owner")

    def _remember(self, address: str, name: str, login: str) -> None:
        """Have the login window name the company and its owner."""
        self._settings.company_opened(address, name, datetime.now(UTC).isoformat())
        self._settings.remember_login(address, login)
        self.chosen.emit(address)

    def _leave_wizard(self) -> None:
        if self._after_wizard in (None, self._start):
            self.show_start()
            self.choices.focus_row(0)
        else:
            self.pages.setCurrentWidget(self._after_wizard)

    # What was opened before

    def choose(self, address: str) -> None:
        """Go to the company at `address` when it is one; else say in place what it is."""
        if "://" in address:
            self.chosen.emit(address)
            return
        if self._checking:
            return
        self._checking = True
        self.note.clear()

        def go(found: object) -> None:
            self._checking = False
            self.chosen.emit(str(found))

        def refuse(error: BaseException) -> None:
            self._checking = False
            if isinstance(error, FileMissing):
                self.show_missing(address)
                return
            said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
            if self.pages.currentWidget() is self.missing:
                self.show_start()
            self.note.show_message("danger", said)

        self._tasks.free(self, lambda _progress: self._ways.check_file(Path(address)), go, refuse)

    def forget(self, address: str) -> None:
        """Take a company off the list; the company itself is not touched."""
        at = next((at for at, row in enumerate(self.recent.rows) if row.hasFocus()), 0)
        self._settings.forget_company(address)
        self._show_recent()
        if not self.recent.focus_row(at):
            self.choices.focus_row(0)

    def _show_recent(self) -> None:
        self.recent.clear()
        companies = self._settings.get(RECENT_COMPANIES)[:6]
        for company in companies:
            row = ChoiceRow(chevron=False)
            tip = f"{company.address}\n" + _("Delete takes it off this list.")
            row.say(company.name, described(company), tip)
            row.clicked.connect(lambda _checked=False, address=company.address: self.choose(address))
            row.delete_wanted.connect(lambda address=company.address: self.forget(address))
            forget = QAction(_("Take off this list"), row)
            forget.triggered.connect(lambda _checked=False, address=company.address: self.forget(address))
            row.addAction(forget)
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            self.recent.add(row)
        self._none.setVisible(not companies)
        self.recent.setVisible(bool(companies))

    # Language and keys

    def _choose_language(self) -> None:
        language = self.language.currentData()
        use_language(language)
        self._settings.set(LANGUAGE, language)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            install_fonts(app, language)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        self.language_chosen.emit(language)

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "missing"):
            self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the page of a missing or damaged file."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() in (
            self.missing,
            self.damaged,
        ):
            self.show_start()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Set every text again."""
        self.setWindowTitle(_("CRM Desktop"))
        self._title.setText(_("Where is your company?"))
        self._subtitle.setText(_("Nothing leaves this computer unless you choose a server."))
        for key, _icon, title, below in _CHOICES:
            self.rows[key].say(_(title), _(below))
        self._before.setText(_("Opened before"))
        self._none.setText(_("Nothing yet. What you open stands here next time."))
        self._language_label.setText(_("Language"))
        self.language.setAccessibleName(_("Language"))
        self.note.clear()
        self._show_recent()


def described(company: RecentCompany, now: datetime | None = None) -> str:
    """Return where a company lies and when it was opened, as "Documents, today 11:42"."""
    if "://" in company.address:
        where = urlsplit(company.address).hostname or company.address
    else:
        where = Path(company.address).parent.name or company.address
    try:
        opened = datetime.fromisoformat(company.opened_at).astimezone()
    except ValueError:
        return where
    here = (now or datetime.now(UTC)).astimezone()
    if opened.date() == here.date():
        when = _("today {time}").format(time=f"{opened:%H:%M}")
    else:
        when = Formats(here.date()).day(opened.date())
    return _("{where}, {when}").format(where=where, when=when)
