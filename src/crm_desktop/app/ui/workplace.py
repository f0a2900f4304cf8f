"""A logged-in person's windows with what belongs to them: the lock, the look at other computers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from crm_desktop.access.ui.lock_screen import IdleLock
from crm_desktop.app.ui.day_guard import DayGuard, show_new_day
from crm_desktop.app.ui.exit_backup import ExitBackup
from crm_desktop.app.ui.integrity_guard import IntegrityGuard
from crm_desktop.app.ui.main_window import MainWindow, build_main_window
from crm_desktop.app.ui.poll import Poll
from crm_desktop.app.ui.pool_guard import PoolGuard
from crm_desktop.app.watch import confirm
from crm_desktop.shared.i18n import _
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.drafts import DraftKeeper
from crm_desktop.ui.settings import Settings

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


class Workplace(QObject):
    """Keeps the main window; makes it anew for another language or another role, with the same tabs."""

    logged_out = Signal(str)
    """A sentence for the login window, "" when the person asked for it."""
    left_for_another = Signal()
    quit_wanted = Signal()
    language_wanted = Signal(str)
    place_changed = Signal(str, str)
    """The address to log in to, after a restore or a move, and a sentence for the login window."""

    def __init__(
        self, session: "Session", settings: Settings, drafts: Path, parent: QObject, dialogs: Dialogs | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self._settings, self._drafts, self._dialogs = session, settings, drafts, dialogs
        self.window: MainWindow = self._build()
        show_new_day(session, self.window)

    def _build(self) -> MainWindow:
        session = self.session
        self.window = window = build_main_window(session, self._settings, self._dialogs, self._drafts)
        window.log_out_wanted.connect(self._log_out)
        window.another_company_wanted.connect(self._leave_for_another)
        window.quit_wanted.connect(self._quit)
        window.language_chosen.connect(self._choose_language)
        window.place_changed.connect(self.place_changed)
        self.lock = IdleLock(
            window, window.tasks, lambda password: confirm(self.session, password), session.actor.name,
            session.profile.idle_lock_minutes,
        )  # fmt: skip
        self.lock.log_out_wanted.connect(self._log_out_locked)
        window.lock_wanted.connect(self.lock.lock)
        self.poll = Poll(session, window)
        self.poll.arrived.connect(window.changes.publish)
        self.poll.reached.connect(lambda reached: window.show_server_gone(not reached))
        self.poll.refreshed.connect(self._take_session)
        self.poll.closed_out.connect(self._shut_out)
        self.poll.elsewhere.connect(lambda place, note: self.place_changed.emit(place or self.session.address, note))
        self.guard = IntegrityGuard(session, window)
        self.guard.restore_wanted.connect(self._restore)
        PoolGuard(session, window)
        DayGuard(session, window)
        window.backups.state_changed.connect(self._remember_backup)
        window.backups.start()
        self.exit_backup = ExitBackup(window.backups, window, self.quit_wanted.emit)
        return window

    def show(self) -> None:
        """Put the window on screen; the whole of one that would reach beyond the edge with its frame."""
        room = self.window.screen().availableSize()
        if self.window.width() >= room.width() or self.window.height() >= room.height():
            self.window.showMaximized()
        else:
            self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def leave(self) -> None:
        """Close the window and the company without asking; drafts keep what is typed."""
        self._keep_typed()
        self._dismiss(self.window)
        self.session.database.close()

    def rebuild(self) -> None:
        """Make the window anew with the same tabs; half-typed forms come back as drafts."""
        self._keep_typed()
        old = self.window
        keys, front = [tab.key for tab in old.tabs.all], old.tabs.front
        new = self._build()
        new.restoreGeometry(old.saveGeometry())
        for key in keys:
            new.open_key(key)
        for tab in list(new.tabs.all):
            # What a window opens with was closed in the one before.
            if keys and tab.key not in keys:
                new.close_tab(tab)
        if front is not None:
            new.open_key(front.key)
        self.show()
        self._dismiss(old)

    def _dismiss(self, window: MainWindow) -> None:
        for poll in window.findChildren(Poll):
            poll.stop()
        for guard in window.findChildren(IntegrityGuard):
            guard.stop()
        for pool in window.findChildren(PoolGuard):
            pool.stop()
        for day in window.findChildren(DayGuard):
            day.stop()
        # Hidden first: the lock lets nothing close, and without it nothing below may be seen.
        for dialog in window.findChildren(QDialog):
            dialog.hide()
        window.hide()
        for lock in window.findChildren(IdleLock):
            lock.unlock()
        window.leave()
        window.deleteLater()

    def _keep_typed(self) -> None:
        for keeper in self.window.findChildren(DraftKeeper):
            keeper.keep()

    # What the person wants

    def _log_out(self) -> None:
        if self.window.may_leave():
            self.logged_out.emit("")

    def _log_out_locked(self) -> None:
        # Nobody proved who they are: ask nothing that would show what lies below, drafts keep it.
        self.logged_out.emit("")

    def _leave_for_another(self) -> None:
        if self.window.may_leave():
            self.left_for_another.emit()

    def _restore(self) -> None:
        from crm_desktop.app.ui.restore.wiring import restore_in

        restore_in(self.window, self.session, self.window.desk)

    def _quit(self) -> None:
        if self.window.may_leave():
            self.exit_backup.begin()

    def _remember_backup(self, state: Any) -> None:
        # The login window tells it without opening the company.
        made = state.verified_at.timestamp() if state.verified_at is not None else 0
        self._settings.remember_backup(self.session.address, int(made), state.tone)

    def _choose_language(self, language: str) -> None:
        if self._only_drafts_unsaved() or self.window.may_leave():
            self.language_wanted.emit(language)

    def _only_drafts_unsaved(self) -> bool:
        return all(tab.screen.findChildren(DraftKeeper) for tab in self.window.tabs.all if tab.screen.unsaved)

    # What others did

    def _take_session(self, session: Any) -> None:
        before = self.session
        before.names.clear()
        before.names.update(session.names)
        profile_kept = session.profile == before.profile
        self.session = session
        if session.actor != before.actor:
            self.rebuild()
            self.window.toast(_("Your role was changed. You see now what it allows."))
        elif not profile_kept:
            self.lock.set_minutes(session.profile.idle_lock_minutes)
            self.window.setWindowTitle(_("{company} – CRM Desktop").format(company=session.profile.name))

    def _shut_out(self) -> None:
        self.logged_out.emit(_("This account was closed. Ask the owner of your company to open it again."))
