"""The other pages of the login window: recovery code, a new password, and the waiting in between."""

import re
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.access.rules import MIN_PASSWORD_CHARS
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, TITLE, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.tasks import Tasks

ASKED_CHARS = 12
"""What we recommend; fewer are taken down to `MIN_PASSWORD_CHARS`."""


class Countdown(QObject):
    """Counts seconds down by the clock, so that a computer that slept does not wait longer."""

    ticked = Signal(int)
    """Seconds left, 0 at the end."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Return whether there is anything left to wait for."""
        return self._timer.isActive()

    def start(self, seconds: int) -> None:
        """Begin; tells at once."""
        self._until = time.monotonic() + seconds
        self._timer.start()
        self._tick()

    def _tick(self) -> None:
        left = max(0, round(self._until - time.monotonic() + 0.499))
        if not left:
            self._timer.stop()
        self.ticked.emit(left)


def proposed_login(name: str) -> str:
    """Return a login for a person called `name`: "chen.jie" for Chen Jie and for 陈杰; "" when there is none."""
    words = re.findall(r"[a-z]+", name.lower())
    if not words and name.strip():
        # Loads a large table, which the first window does not wait for.
        from crm_desktop.shared.pinyin import syllables

        family, *given = syllables(name) or [""]
        words = [word for word in (family, "".join(given)) if word]
    return ".".join(words[:2])


class PasswordPair(QWidget):
    """A new password typed twice; the eye makes the second one needless but it stays."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = PasswordEdit(), PasswordEdit()
        self.first_box, self.second_box = FieldBox("", self.first), FieldBox("", self.second)
        for edit in (self.first, self.second):
            edit.setMinimumHeight(px(34))
            edit.textEdited.connect(self.clear_errors)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.first_box)
        column.addWidget(self.second_box)
        self.retranslate()

    def checked(self) -> str | None:
        """Return the password when both agree and it is long enough; else show what is wrong."""
        password = self.first.text()
        if len(password) < MIN_PASSWORD_CHARS:
            self.show_error(_("At least {count} characters are needed.").format(count=MIN_PASSWORD_CHARS))
            return None
        if password != self.second.text():
            self.second_box.set_error(_("The two differ. Type the new password again."))
            self.second.selectAll()
            self.second.setFocus()
            return None
        return password

    def show_error(self, text: str) -> None:
        """Say what is wrong with the new password."""
        self.first_box.set_error(text)
        self.first.setFocus()

    def clear_errors(self) -> None:
        """Take the errors away."""
        self.first_box.set_error("")
        self.second_box.set_error("")

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()
        self.clear_errors()

    def retranslate(self) -> None:
        """Set every text again."""
        for box, text in ((self.first_box, _("New password")), (self.second_box, _("New password again"))):
            box.label.setText(text)
            box.editor.setAccessibleName(text)
        hint = _("{count} characters or more are best: a few words you remember.").format(count=ASKED_CHARS)
        self.first_box.set_hint(hint)


class Step(QWidget):
    """A page of the login window: title, a sentence, fields, one primary button."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.title = text_label("", TITLE, SEMIBOLD, wrap=True)
        self.says = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.note = Note()
        self.note.clear()
        self.pair = PasswordPair()
        self.pair.submitted.connect(self.submit)
        self.go = Button("", "primary")
        self.go.setMinimumHeight(px(36))
        self.go.clicked.connect(self.submit)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(px(12))
        self.column.addWidget(self.title)
        self.column.addWidget(self.says)
        self.column.addWidget(self.note)

    @property
    def first(self) -> PasswordEdit:
        """Return where the new password is typed."""
        return self.pair.first

    def submit(self) -> None:
        """Do what the page is for."""
        raise NotImplementedError

    def set_busy(self, busy: bool) -> None:
        """Let nobody press twice."""
        self.go.setEnabled(not busy)
        self.pair.setEnabled(not busy)

    def show_refusal(self, error: BaseException) -> None:
        """Show why it was refused, beside the field when it is the password."""
        self.set_busy(False)
        if isinstance(error, Invalid) and error.field == "password":
            self.pair.show_error(str(error))
            return
        said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
        self.note.show_message("danger", said)


class NewPasswordStep(Step):
    """Somebody else gave the password; now the person chooses their own."""

    wanted = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__(tasks)
        self.column.addWidget(self.pair)
        self.column.addWidget(self.go)
        self.column.addStretch(1)
        self.retranslate()

    def start(self) -> None:
        """Begin with empty fields."""
        self.note.clear()
        self.pair.clear()

    def submit(self) -> None:
        """Hand the new password over when it is sound."""
        if self.go.isEnabled() and (password := self.pair.checked()) is not None:
            self.note.clear()
            self.wanted.emit(password)

    def retranslate(self) -> None:
        """Set every text again."""
        self.title.setText(_("Choose your own password"))
        self.says.setText(_("Somebody else gave you the password you have now. Only you should know the next one."))
        self.go.setText(_("Save and go on"))
        self.pair.retranslate()


class RecoveryStep(Step):
    """The printed recovery code instead of the password; ends with the next code to print."""

    left = Signal(str, bool)
    """Back to the login: the login typed, and whether the password is new."""

    def __init__(self, tasks: Tasks, recover: Callable[[str, str, str], str]) -> None:
        super().__init__(tasks)
        self._recover = recover
        self._done = False
        self.login, self.code, self.next_code = QLineEdit(), QLineEdit(), text_label("", SECTION, SEMIBOLD)
        self.login_box, self.code_box = FieldBox("", self.login), FieldBox("", self.code)
        self.code.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.copy = Button("", "plain", icon="copy")
        self.copy.clicked.connect(self._copy)
        self.next_code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.back = Button("", "link")
        self.back.clicked.connect(self._go_back)
        for part in (self.login_box, self.code_box, self.pair, self.next_code, self.copy, self.go):
            self.column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addStretch(1)
        self._show_parts()

    def start(self, login: str) -> None:
        """Begin, with the login already typed."""
        self._done = False
        self.login.setText(login)
        self.code.clear()
        self.pair.clear()
        self.note.clear()
        self._show_parts()
        (self.code if login else self.login).setFocus()

    def submit(self) -> None:
        """Try the code, or leave once the next one is on screen."""
        if not self.go.isEnabled():
            return
        if self._done:
            self.left.emit(self.login.text().strip(), True)
            return
        login, code = self.login.text().strip(), self.code.text().strip()
        self.login_box.set_error("" if login else _("Type your login."))
        self.code_box.set_error("" if code else _("Type the recovery code you printed."))
        password = self.pair.checked() if login and code else None
        if password is None:
            return
        self.note.clear()
        self.set_busy(True)
        self.tasks.free(
            self,
            lambda _progress: self._recover(login, code, password),
            self._show_next_code,
            self.show_refusal,
            label=_("Checking the recovery code"),
        )

    def _show_next_code(self, code: str) -> None:
        self.set_busy(False)
        self._done = True
        self.next_code.setText(code)
        self._show_parts()
        self.go.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.next_code.text())

    def _go_back(self) -> None:
        self.left.emit(self.login.text().strip(), False)

    def _show_parts(self) -> None:
        asked: tuple[QWidget, ...] = (self.login_box, self.code_box, self.pair, self.back)
        told: tuple[QWidget, ...] = (self.next_code, self.copy)
        for part in (*asked, *told):
            part.setVisible(self._done == (part in told))
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self.pair.retranslate()
        self.copy.setText(_("Copy the code"))
        self.back.setText(_("Back to the login"))
        for box, text in ((self.login_box, _("Login")), (self.code_box, _("Recovery code"))):
            box.label.setText(text)
            box.editor.setAccessibleName(text)
        if self._done:
            self.title.setText(_("Print your next recovery code"))
            self.says.setText(_("The old code is used up. Print this one or write it down; it is shown only now."))
            self.go.setText(_("I have it, log in"))
        else:
            self.title.setText(_("Forgotten password"))
            self.says.setText(
                _(
                    "Owners set a new password with the code that was shown when the company was made. "
                    "Everybody else asks an owner for a new password."
                )
            )
            self.go.setText(_("Set the new password"))
