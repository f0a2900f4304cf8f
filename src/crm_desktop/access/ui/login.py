"""The login window: the first thing painted, so it knows neither SQL nor services.

The app hands it a `Door` of plain callables; they run on a worker thread while the window says so.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.access.ui.brand import Mark
from crm_desktop.access.ui.caps_lock import CapsLock
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import LANGUAGES, _, current_language
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, LABEL, RECORD, REGULAR, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground

if TYPE_CHECKING:
    from crm_desktop.access.ui.login_steps import Countdown, NewPasswordStep, RecoveryStep

WIDTH_PX = 400
HEIGHT_PX = 468
COLUMN_PX = 310


class Place(NamedTuple):
    """Which company this is and where its data lies, in words; `backup` says the line at the foot, "" for none."""

    company: str
    where: str
    backup: Callable[[], str] = str
    backup_is_old: bool = False


class LoggedIn(NamedTuple):
    """What `Door.authenticate` returns: whatever the app needs next, and whether a password is due."""

    session: Any
    must_change_password: bool = False


class Door(NamedTuple):
    """What the window may ask; every call runs on a worker thread and may raise UserError.

    `authenticate(login, password)`; `change_password(session, old, new)`; `recover(login, code, new)`
    returns the next code; `recall(login)` returns a remembered password or None; `remember(login,
    password)` keeps one, "" forgets it.
    """

    authenticate: Callable[[str, str], LoggedIn]
    change_password: Callable[[Any, str, str], object]
    recover: Callable[[str, str, str], str]
    recall: Callable[[str], str | None] = lambda _login: None
    remember: Callable[[str, str], object] = lambda _login, _password: None


class LoginWindow(QWidget):
    """Login and password, and the ways out: another company, a forgotten password, another language."""

    logged_in = Signal(object)
    """The session that `Door.authenticate` returned."""
    another_company_wanted = Signal()
    language_chosen = Signal(str)
    """One of `LANGUAGES`; the app switches and sends `LanguageChange`."""

    def __init__(
        self, tasks: Tasks, door: Door, place: Place, *, login: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._door, self._place = tasks, door, place
        self._session: LoggedIn | None = None
        self._used_password = self._to_recall = ""
        self._kept_nothing_of: str | None = None
        """A login the keyring keeps no password of, so that there is nothing to forget."""
        set_ground(self, "surface")
        self.pages = QStackedWidget()
        self._build_login()
        self.pages.addWidget(self._login_page)
        self._login_page.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(44), px(28), px(44), px(20))
        column.addWidget(self.pages)
        self.setFixedWidth(px(WIDTH_PX))
        self.setMinimumHeight(px(HEIGHT_PX))
        self.retranslate()
        self.login.setText(login)
        (self.password if login else self.login).setFocus()
        self._to_recall = login

    # Building; the two other pages are made when they are first needed, the window is painted before

    @cached_property
    def countdown(self) -> "Countdown":
        """Counts the seconds until the next try is looked at."""
        from crm_desktop.access.ui.login_steps import Countdown

        countdown = Countdown(self)
        countdown.ticked.connect(self._show_waiting)
        return countdown

    @cached_property
    def recovery(self) -> "RecoveryStep":
        """The page of the forgotten password."""
        from crm_desktop.access.ui.login_steps import RecoveryStep

        step = RecoveryStep(self._tasks, self._door.recover)
        step.left.connect(self._return_to_login)
        self.pages.addWidget(step)
        return step

    @cached_property
    def new_password(self) -> "NewPasswordStep":
        """The page for a password that must be changed."""
        from crm_desktop.access.ui.login_steps import NewPasswordStep

        step = NewPasswordStep(self._tasks)
        step.wanted.connect(self._change_password)
        self.pages.addWidget(step)
        return step

    def _build_login(self) -> None:
        self.login, self.password = QLineEdit(), PasswordEdit()
        self.login_box, self.password_box = FieldBox("", self.login), FieldBox("", self.password)
        self.login.setMinimumHeight(px(34))
        self.password.setMinimumHeight(px(34))
        self.login.returnPressed.connect(self.password.setFocus)
        self.login.editingFinished.connect(self._forget_error)
        self.password.returnPressed.connect(self.try_login)
        self.password.textEdited.connect(self._forget_error)
        self._caps = CapsLock(self.password)
        self._caps.changed.connect(self._show_caps)
        self.remember = QCheckBox()
        self.enter = Button("", "primary")
        self.enter.setMinimumHeight(px(36))
        self.enter.clicked.connect(self.try_login)
        self.another, self.forgotten = Button("", "link"), Button("", "link")
        self.another.clicked.connect(self.another_company_wanted)
        self.forgotten.clicked.connect(self._open_recovery)
        self.note = Note()
        self.note.clear()
        self._login_page = QWidget()
        column = QVBoxLayout(self._login_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Mark())
        column.addSpacing(px(16))
        self._company = text_label(self._place.company, RECORD, SEMIBOLD, wrap=True)
        self._where = text_label(self._place.where, BODY, REGULAR, "muted", wrap=True)
        for part, gap in (
            (self._company, 3), (self._where, 16), (self.note, 10), (self.login_box, 12),
            (self.password_box, 3), (self._caps_line(), 10), (self.remember, 14), (self.enter, 12),
        ):  # fmt: skip
            column.addWidget(part)
            column.addSpacing(px(gap))
        ways = QHBoxLayout()
        ways.addWidget(self.another)
        ways.addStretch()
        ways.addWidget(self.forgotten)
        column.addLayout(ways)
        column.addStretch(1)
        column.addSpacing(px(12))
        column.addLayout(self._foot())

    def _caps_line(self) -> QWidget:
        self.caps_hint = QWidget()
        row = QHBoxLayout(self.caps_hint)
        row.setContentsMargins(0, px(3), 0, 0)
        row.setSpacing(px(6))
        self._caps_picture = QLabel()
        self._caps_text = text_label("", LABEL, REGULAR, "warn")
        row.addWidget(self._caps_picture)
        row.addWidget(self._caps_text, 1)
        self.caps_hint.hide()
        return self.caps_hint

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(6))
        tone = "warn" if self._place.backup_is_old else "success"
        self._shield, self.backup = QLabel(), text_label("", LABEL, REGULAR, "muted")
        set_icon(self._shield, "shield-alert" if self._place.backup_is_old else "shield-check", tone, 14)
        row.addWidget(self._shield)
        row.addWidget(self.backup)
        row.addStretch()
        self.language = IconButton("languages", "")
        self.language.clicked.connect(self._open_languages)
        row.addWidget(self.language)
        return row

    # What people do

    def try_login(self) -> None:
        """Ask the door; nothing can be pressed twice meanwhile."""
        if not self.enter.isEnabled():
            return
        login, password = self.login.text().strip(), self.password.text()
        if not login or not password:
            box = self.password_box if login else self.login_box
            box.set_error(_("Type your password.") if login else _("Type your login."))
            box.editor.setFocus()
            return
        self._forget_error()
        self._set_busy(True)
        self._used_password = password
        self._tasks.free(
            self,
            lambda _progress: self._door.authenticate(login, password),
            self._show_inside,
            self._show_refusal,
            label=_("Checking the password"),
        )

    def _recall(self) -> None:
        login, self._to_recall = self._to_recall, ""
        asked = self._door.recall

        def take(password: str | None) -> None:
            if password is None:
                self._kept_nothing_of = login
            self._fill_in(password)

        self._tasks.free(self, lambda _progress: asked(login), take, lambda _error: None)

    def _fill_in(self, password: str | None) -> None:
        if password and not self.password.text():
            self.password.setText(password)
            self.remember.setChecked(True)
            self.enter.setFocus()

    def _open_recovery(self) -> None:
        self.recovery.start(self.login.text().strip())
        self._show_page(self.recovery)

    def _return_to_login(self, login: str, changed: bool) -> None:
        self._show_page(self._login_page)
        self._forget_error()
        if login:
            self.login.setText(login)
        self.password.clear()
        if changed:
            self.note.show_message("success", _("The new password is set. Log in with it."))
        self.password.setFocus()

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self._make_room()

    def _make_room(self) -> None:
        # A stack asks no page how high its wrapped texts are at this width.
        page = self.pages.currentWidget()
        margins = self.layout().contentsMargins()
        inner = px(WIDTH_PX) - margins.left() - margins.right()
        needed = page.layout().totalHeightForWidth(inner) + margins.top() + margins.bottom()
        self.setMinimumHeight(max(px(HEIGHT_PX), needed))
        self.resize(self.width(), self.minimumHeight())

    def _open_languages(self) -> None:
        from PySide6.QtGui import QAction, QActionGroup
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for key, name in LANGUAGES.items():
            action = QAction(name, menu, checkable=True, checked=key == current_language())
            action.triggered.connect(lambda _checked=False, chosen=key: self.language_chosen.emit(chosen))
            group.addAction(action)
            menu.addAction(action)
        menu.popup(self.language.mapToGlobal(self.language.rect().bottomLeft()))

    # What comes of it

    def _show_inside(self, found: LoggedIn) -> None:
        self._set_busy(False)
        if found.must_change_password:
            self._session = found
            self.new_password.start()
            self._show_page(self.new_password)
            self.new_password.first.setFocus()
            return
        self._go_in(found, self._used_password)

    def _change_password(self, new: str) -> None:
        session, old = self._session, self._used_password
        assert session is not None

        def change(_progress: object) -> None:
            self._door.change_password(session.session, old, new)

        def changed(_done: object) -> None:
            self.new_password.set_busy(False)
            self._go_in(session, new)

        self.new_password.set_busy(True)
        self._tasks.free(self, change, changed, self.new_password.show_refusal)

    def _go_in(self, found: LoggedIn, password: str) -> None:
        login, remembered = self.login.text().strip(), password if self.remember.isChecked() else ""
        self._used_password = ""
        self.password.clear()
        self.logged_in.emit(found.session)
        if remembered or login != self._kept_nothing_of:
            # Afterwards: a keyring may take its time, or ask a question of its own.
            self._tasks.free(self, lambda _progress: self._door.remember(login, remembered))

    def _show_refusal(self, error: BaseException) -> None:
        self._set_busy(False)
        self._used_password = ""
        seconds = getattr(error, "seconds", 0)
        if seconds:
            self.countdown.start(seconds)
            self.password.selectAll()
            self.password.setFocus()
            return
        said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
        self.note.show_message("danger", said)
        self.password.selectAll()
        self.password.setFocus()

    def _show_waiting(self, seconds: int) -> None:
        self.enter.setEnabled(seconds == 0)
        if seconds:
            text = _("Too many wrong passwords. Try again in {seconds} seconds.").format(seconds=seconds)
            self.note.show_message("warn", text, icon="clock")
        else:
            self.note.clear()
            self.password.selectAll()
            self.password.setFocus()

    def _set_busy(self, busy: bool) -> None:
        for part in (self.login, self.password, self.remember, self.enter, self.another, self.forgotten):
            part.setEnabled(not busy)
        self.enter.setText(_("Checking…") if busy else _("Log in"))

    def _forget_error(self) -> None:
        if not self.countdown.running:
            self.note.clear()
        self.login_box.set_error("")
        self.password_box.set_error("")

    def _show_caps(self, on: bool) -> None:
        if on:
            set_icon(self._caps_picture, "keyboard", "warn", 14)
        self.caps_hint.setVisible(on)

    # Language

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow for a message; the fixed minimum of the window would squeeze the fields instead."""
        if watched is self._login_page and event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        elif self._to_recall and watched is self._login_page and event.type() == QEvent.Type.Paint:
            # Not before: loading the keyring would hold up the first paint.
            QTimer.singleShot(0, self, self._recall)
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen; what was typed stays."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "pages") and self.pages.count():
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self.setWindowTitle(self._place.company or _("CRM Desktop"))
        self.login_box.label.setText(_("Login"))
        self.login.setAccessibleName(_("Login"))
        self.password_box.label.setText(_("Password"))
        self.password.setAccessibleName(_("Password"))
        self.remember.setText(_("Remember me on this computer"))
        self.enter.setText(_("Log in"))
        self.another.setText(_("Another company…"))
        self.forgotten.setText(_("Forgotten password"))
        self.language.set_tip(_("Language"))
        self._caps_text.setText(_("Caps Lock is on"))
        self.backup.setText(self._place.backup())
        for part in (self._shield, self.backup):
            part.setVisible(bool(self.backup.text()))
        self.note.clear()
        for name in ("recovery", "new_password"):
            if name in self.__dict__:
                getattr(self, name).retranslate()
