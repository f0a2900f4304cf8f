"""Step two: is the backup whole? It is unpacked beside and proved; a refusal is said in words."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.app.ui.restore.road import SecretNeeded, SecretWrong, Seen
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.restore.words import breakable
from crm_desktop.app.ui.step_dialog import Step, said_of
from crm_desktop.app.ui.verdict import Verdict
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import text_label


class CheckStep(Step):
    """Begins by itself and goes on by itself when everything agrees."""

    def __init__(self, state: RestoreState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._refused = self._again = False
        self.verdict = Verdict()
        self.file = text_label("", BODY, REGULAR, "muted", wrap=True)
        self.secret = PasswordEdit()
        self.secret_box = FieldBox(_("Passphrase or recovery key"), self.secret)
        self.secret_box.setMaximumWidth(px(420))
        self.secret_box.hide()
        self.secret.textEdited.connect(self._forget_error)
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(px(52), 0, 0, 0)
        row.addWidget(self.secret_box, 1)
        row.addStretch(1)
        self.file.setContentsMargins(px(52), 0, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(24), px(20), px(20))
        whole.setSpacing(px(12))
        whole.addWidget(self.verdict)
        whole.addWidget(self.file)
        whole.addLayout(row)
        whole.addWidget(self.progress)
        whole.addStretch(1)

    # What the dialog asks

    def verb(self) -> str:
        """Return what the button says; while it runs there is nothing to press."""
        if self.secret_box.isVisibleTo(self):
            return _("Unlock and check")
        if self._refused:
            return _("Check again")
        return _("Continue")

    @property
    def ready(self) -> bool:
        """Return whether there is something to press."""
        return not self.busy and (self._refused or self.secret_box.isVisibleTo(self) or self.state.seen is not None)

    def begin(self) -> None:
        """Check, unless this very file was checked already; one that is still stopping is waited for."""
        if self.busy:
            self._again = True
            return
        path = self.state.path
        self.file.setText(breakable(path) if path is not None else "")
        self.file.setAccessibleName(str(path or ""))
        if self.state.seen is None:
            self.secret.clear()
            self.secret_box.hide()
            self.check()
        else:
            self._show_good()

    def go_on(self) -> None:
        """Go on, or try again."""
        if self.state.seen is not None:
            self.next_wanted.emit()
        elif self.secret_box.isVisibleTo(self) and not self.secret.text():
            self.secret_box.set_error(_("Type the passphrase of this backup."))
            self.secret.setFocus()
        else:
            self.check()

    def check(self) -> None:
        """Unpack and prove the backup beside, then compare it with what is here."""
        state, path, secret = self.state, self.state.path, self.secret.text().strip()
        assert path is not None
        self._refused = self._again = False
        self.verdict.say("shield", "accent", _("The backup is being checked"), _(
            "Every byte is read, unpacked beside and proved: its data, its totals and its links. The program goes on "
            "working meanwhile."
        ))  # fmt: skip

        def work(progress: Any) -> Seen:
            prepared = state.road.prepare(path, secret, progress)
            state.keep(prepared)
            progress.step(0)
            return state.road.see(path, prepared, progress)

        self.run(state.tasks, _("Checking the backup"), work, self._checked, self._refuse)

    def stopped(self) -> None:
        """Begin with the backup chosen meanwhile, or offer to check this one again."""
        self.state.forget()
        if self._again:
            self.begin()
            return
        self._refused = True
        self.verdict.say("shield", "muted", _("The check was stopped"), _("Nothing was changed."))
        self.changed.emit()

    def _checked(self, seen: Seen) -> None:
        if self._again:
            self.stopped()
            return
        self.state.seen = seen
        self._show_good()
        self.changed.emit()
        if self.isVisible():
            self.next_wanted.emit()

    def _show_good(self) -> None:
        self.secret_box.hide()
        self.verdict.say("shield-check", "success", _("The backup is complete and undamaged"), "")

    def _refuse(self, error: BaseException) -> None:
        self.state.forget()
        if self._again:
            self.begin()
            return
        if isinstance(error, SecretNeeded | SecretWrong):
            wrong = isinstance(error, SecretWrong)
            self.verdict.say(
                "lock", "warn" if wrong else "accent", _("This backup is locked"), "" if wrong else str(error)
            )
            self.secret_box.show()
            self.secret_box.set_error(str(error) if wrong else "")
            self.secret.selectAll()
            self.secret.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._refused = True
            self.secret_box.hide()
            nothing = _("Nothing was changed. Go back and choose another backup.")
            self.verdict.say("shield-alert", "danger", _("This backup cannot be used"), f"{said_of(error)}\n{nothing}")
        self.changed.emit()

    def _forget_error(self) -> None:
        self.secret_box.set_error("")
