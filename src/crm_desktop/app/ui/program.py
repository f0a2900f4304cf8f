"""The way through the program: which window is on screen, and what leads from one to the next."""

import threading
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.access.ui.login import Door, LoggedIn, LoginWindow, Place
from crm_desktop.app.ui.places import last_backup, name_of, where
from crm_desktop.shared.errors import Unavailable, UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.settings import BACKUP_FOLDERS, LANGUAGE, LAST_COMPANY, RECENT_COMPANIES, Settings
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.app.session import Session
    from crm_desktop.app.ui.workplace import Workplace
    from crm_desktop.ui.dialogs import Dialogs


def _no_database(**_asked: Any) -> NoReturn:
    raise RuntimeError("Nobody is logged in")


class Opening:
    """A company file being opened on a worker while the password is typed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._done, self._lock = threading.Event(), threading.Lock()
        self._opened: Any = None
        self._error: BaseException | None = None
        self._closed = False

    def run(self, _progress: object) -> None:
        """Load SQLAlchemy, open the file, load the main window. Raises what `open_file` raises."""
        from crm_desktop.app import session

        try:
            opened = session.open_database(self.address)
        except BaseException as error:
            self._error = error
            self._done.set()
            raise
        with self._lock:
            self._opened = opened
            if self._closed and opened is not None:
                opened.close()
        self._done.set()
        # Loaded here, so that the window stands at once when the password is right.
        import crm_desktop.app.ui.workplace
        import crm_desktop.contacts.ui.contacts_screen
        import crm_desktop.receivables.ui.collecting.collections_screen

        if opened is not None and not self._closed:
            with suppress(UserError):  # whoever logs in is told
                session.warm_up(opened)
        # What the status bar asks of the backups; last, because the window stands without it.
        import crm_desktop.app.backup_here
        import crm_desktop.backup.state  # noqa: F401

    def database(self) -> Any:
        """Wait for the open database; None for a server. Raises what opening raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._opened

    def close(self) -> None:
        """Close what was opened, now or as soon as it is."""
        with self._lock:
            self._closed = True
            if self._opened is not None:
                self._opened.close()


class Program(QObject):
    """Lives as long as the process; exactly one of its windows is on screen."""

    painted = Signal()
    """The first window was painted; only now anything heavy is loaded."""
    _found_damaged = Signal(str, str)
    """The address and why, found out on a lane while somebody logs in."""

    def __init__(self, app: QApplication, settings: Settings, drafts: Path) -> None:
        super().__init__(app)
        self._app, self.settings, self._drafts = app, settings, drafts
        self._tasks = Tasks(_no_database, self._show_error, self)
        # Apart, so that a keyring that asks its own question never holds up the opening.
        self._openers = Tasks(_no_database, lambda _error, _label: None, self)
        self._opening: Opening | None = None
        self._stands = False
        self.window: QWidget | None = None
        self.workplace: Workplace | None = None
        self._found_damaged.connect(self._leave_damaged)

    @cached_property
    def dialogs(self) -> "Dialogs":
        """What stops the person before there is a main window; made when something does."""
        from crm_desktop.ui.dialogs import Dialogs

        dialogs = Dialogs()
        if self.window is not None:
            dialogs.set_owner(self.window)
        return dialogs

    def _show_error(self, error: BaseException, doing: str) -> None:
        self.dialogs.show_error(error, doing)

    def start(self, address: str = "") -> None:
        """Show the login of the company last opened, or the first run."""
        address = address or self.settings.get(LAST_COMPANY)
        if address:
            self.show_login(address)
        else:
            self.show_first_run()

    def stop(self) -> None:
        """Finish what runs and let go of everything; the program ends now."""
        if self.workplace is not None:
            self.workplace.leave()
            self.workplace = None
        if self._opening is not None:
            self._opening.close()
        self._tasks.close()
        self._openers.close()
        self.settings.flush()

    # Windows

    def _bring(self, window: QWidget) -> None:
        """Put a window on screen; the one before goes after it, so that the program does not end between."""
        before, self.window = self.window, window
        self._stands = False
        if "dialogs" in self.__dict__:
            self.dialogs.set_owner(window)
        window.installEventFilter(self)
        window.show()
        window.raise_()
        window.activateWindow()
        if before is not None:
            before.removeEventFilter(self)
            before.hide()
            before.deleteLater()

    def show_first_run(self, note: str = "", missing: str = "", damaged: str = "") -> None:
        """Ask where the company is; `missing` and `damaged` are the file that cannot be opened, `note` says why."""
        from crm_desktop.app.ui.first_run import FirstRun

        window = FirstRun(self.settings, self._tasks)
        window.setWindowTitle(_("CRM Desktop"))
        window.chosen.connect(self.show_login)
        window.language_chosen.connect(self._keep_language)
        if missing:
            window.show_missing(missing)
        elif damaged:
            window.show_damaged(damaged, note)
        elif note:
            window.note.show_message("danger", note)
        self._bring(window)

    def show_login(self, address: str, note: str = "") -> None:
        """Ask for login and password; the company is opened meanwhile."""
        self._drop_opening()
        self._opening = opening = Opening(address)
        backup, is_old = last_backup(self.settings, address)
        place = Place(name_of(self.settings, address), where(address), backup, is_old)
        window = LoginWindow(self._tasks, self._door(opening), place, login=self.settings.remembered_login(address))
        window.logged_in.connect(self._enter)
        window.another_company_wanted.connect(self._show_another)
        window.language_chosen.connect(self._speak)
        if note:
            window.note.show_message("info", note)
        self._bring(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin to open when the window stands on screen; end with its cross."""
        if watched is self.window and event.type() == QEvent.Type.Paint and not self._stands:
            self._stands = True
            QTimer.singleShot(0, self, self._after_paint)
        elif watched is self.window and event.type() == QEvent.Type.Close and self.workplace is None:
            QTimer.singleShot(0, self, self._app.quit)
        return False

    def _after_paint(self) -> None:
        if self.window is None:
            return
        self.painted.emit()
        opening = self._opening
        if opening is not None and isinstance(self.window, LoginWindow):
            self._openers.free(self.window, opening.run, None, self._cannot_open)

    def _cannot_open(self, error: BaseException) -> None:
        opening, self._opening = self._opening, None
        if opening is None:
            return
        from crm_desktop.app.opening import FileMissing, NotOurs

        if isinstance(error, FileMissing):
            self.show_first_run(missing=opening.address)
            return
        said = _("The company could not be opened. The report is in the log.")
        said = str(error) if isinstance(error, UserError) else said
        if not self._was_ours(opening.address, error):
            self.show_first_run(said)
            return
        if isinstance(error, NotOurs):
            # The page names the file and says that it was not changed.
            said = _("What was found: {what}.").format(what=_(str(error.values["what"])))
        self.show_first_run(said, damaged=opening.address)

    def _was_ours(self, address: str, error: BaseException) -> bool:
        """Return whether a file that cannot be opened was a company before: then it is broken, not a wrong choice."""
        from crm_desktop.app.opening import NotOurs

        if "://" in address:
            return False
        known = any(company.address == address for company in self.settings.get(RECENT_COMPANIES))
        return known and (isinstance(error, NotOurs) or not isinstance(error, UserError))

    def _leave_damaged(self, address: str, said: str) -> None:
        if self.workplace is None:
            self._drop_opening()
            self.show_first_run(said, damaged=address)

    def _drop_opening(self) -> None:
        if self._opening is not None:
            self._opening.close()
            self._opening = None

    def _show_another(self) -> None:
        self._drop_opening()
        self.show_first_run()

    def _door(self, opening: Opening) -> Door:
        address = opening.address

        def authenticate(login: str, password: str) -> LoggedIn:
            from crm_desktop.app import session
            from crm_desktop.app.opening import FileDamaged

            try:
                found = session.log_in(address, login, password, opening.database())
            except FileDamaged:
                self._found_damaged.emit(address, "")
                raise
            return LoggedIn(found, found.must_change_password)

        def change_password(session: "Session", old: str, new: str) -> None:
            from crm_desktop.access import login

            with session.database.begin(session.actor) as work:
                login.change_password(work, old, new, session.server)

        def recover(login_name: str, code: str, new: str) -> str:
            from crm_desktop.access import login

            database = opening.database()
            if database is None:
                raise Unavailable(
                    N_("The server keeps the passwords. Ask an owner, or whoever looks after it, for a new one.")
                )
            return login.recover(database, login_name, code, new)

        def recall(login: str) -> str | None:
            from crm_desktop.access import secrets

            return secrets.recall(address, login)

        def remember(login: str, password: str) -> object:
            from crm_desktop.access import secrets

            if password:
                return secrets.remember(address, login, password)
            secrets.forget(address, login)
            return None

        return Door(authenticate, change_password, recover, recall, remember)

    # Inside

    def _enter(self, session: "Session") -> None:
        from datetime import UTC, datetime

        from crm_desktop.app.ui.workplace import Workplace

        self._opening = None
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.settings.company_opened(session.address, session.profile.name, now)
        self.settings.remember_login(session.address, session.actor.login)
        self.settings.flush()
        self.workplace = workplace = Workplace(session, self.settings, self._drafts, self)
        workplace.logged_out.connect(self._log_out)
        workplace.left_for_another.connect(self._leave_for_another)
        workplace.quit_wanted.connect(self._app.quit)
        workplace.language_wanted.connect(self._speak)
        workplace.place_changed.connect(self._go_to)
        self._remember_folders(session)
        before, self.window = self.window, None
        workplace.show()
        if before is not None:
            before.hide()
            before.deleteLater()

    def _remember_folders(self, session: "Session") -> None:
        """Keep where the backups of this company go: a file that cannot be opened does not tell."""

        def take(folders: list[str]) -> None:
            remembered: dict[str, Any] = self.settings.get(BACKUP_FOLDERS)
            self.settings.set(BACKUP_FOLDERS, {**remembered, session.address: folders})

        def ask(work: Any) -> list[str]:
            from crm_desktop.backup import plans

            plan = plans.plan(work)
            return [folder for folder in (plan.folder, plan.second_folder) if folder]

        assert self.workplace is not None
        self.workplace.window.tasks.read(self, ask, take, lambda _error: None)

    def _go_to(self, address: str, note: str) -> None:
        """Leave what was restored or moved, and log in to it anew."""
        from datetime import UTC, datetime

        name = self.workplace.session.profile.name if self.workplace is not None else ""
        login = self.workplace.session.actor.login if self.workplace is not None else ""
        self._leave_workplace()
        self.settings.company_opened(address, name, datetime.now(UTC).isoformat(timespec="seconds"))
        self.settings.remember_login(address, login)
        self.show_login(address, note)

    def _log_out(self, note: str) -> None:
        address = self._leave_workplace()
        self.show_login(address, note)

    def _leave_for_another(self) -> None:
        self._leave_workplace()
        self.show_first_run()

    def _leave_workplace(self) -> str:
        workplace, self.workplace = self.workplace, None
        assert workplace is not None
        # The next window is shown in this same event, before Qt looks whether any is left.
        workplace.leave()
        return workplace.session.address

    # Language

    def _keep_language(self, language: str) -> None:
        self.settings.set(LANGUAGE, language)
        self.settings.flush()

    def _speak(self, language: str) -> None:
        from crm_desktop.app.ui.speech import speak

        self._keep_language(language)
        speak(self._app, language)
        if self.workplace is not None:
            self.workplace.rebuild()
        elif self.window is not None:
            QApplication.sendEvent(self.window, QEvent(QEvent.Type.LanguageChange))
