"""Step four: the person's own password again; on a server also the login that may exchange the data."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.app.ui.restore import words
from crm_desktop.app.ui.restore.road import Wish
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import Step, said_of
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label

WIDE_PX = 380


class PasswordStep(Step):
    """Nothing has changed yet; the button that changes it names what it restores."""

    def __init__(self, state: RestoreState, login: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.password, self.administrator, self.administrator_password = PasswordEdit(), QLineEdit(), PasswordEdit()
        self.administrator.setText("postgres")
        self.box = FieldBox(_("Password of {login}").format(login=login), self.password)
        self.administrator_box = FieldBox(_("Administrator of the server"), self.administrator)
        self.administrator_password_box = FieldBox(
            _("Password of the administrator"), self.administrator_password,
            hint=_("Used once, to exchange the data; it is not kept."),
        )  # fmt: skip
        self.boxes = (self.box, self.administrator_box, self.administrator_password_box)
        self._lay_out()
        for box in self.boxes[1:]:
            box.setVisible(state.road.on_server)
        for edit in (self.password, self.administrator, self.administrator_password):
            edit.textEdited.connect(self._forget_errors)

    def _lay_out(self) -> None:
        self.says = text_label("", BODY, REGULAR, "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(14))
        column.addWidget(section_label(_("Your password again")))
        column.addWidget(self.says)
        for box in self.boxes:
            box.setMaximumWidth(px(WIDE_PX))
            column.addWidget(box)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addStretch(1)

    def verb(self) -> str:
        """Name what the button does."""
        seen = self.state.seen
        if seen is None:
            return _("Restore")
        local = seen.made_at.astimezone()
        return _("Restore the backup of {when}").format(when=f"{local:%Y-%m-%d %H:%M}")

    def kind(self) -> str:
        """It replaces data: dressed as what it is."""
        return "danger"

    def begin(self) -> None:
        """Say what will happen, in order."""
        seen = self.state.seen
        assert seen is not None
        said = _(
            "First what is in the program now is backed up into the same folder and proved. Then the data of {when} "
            "takes its place ({where}). Everybody who works in it, you included, logs in again."
        )
        self.says.setText(said.format(when=words.moment(seen.made_at), where=self.state.road.where))
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Make sure who it is, then go to the step that changes something."""
        if not self._complete():
            return
        wish = Wish(self.password.text(), self.administrator.text().strip(), self.administrator_password.text())
        self.run(
            self.state.tasks,
            _("Checking the password"),
            lambda _progress: self.state.road.confirm(wish),
            lambda _done: self._confirmed(wish),
            self._refuse,
            can_cancel=False,
        )

    def _complete(self) -> bool:
        if not self.password.text():
            self._mark(self.box, _("Type your password."))
            return False
        if self.state.road.on_server and not self.administrator.text().strip():
            self._mark(self.administrator_box, _("Type the login of the server's administrator."))
            return False
        return True

    def _confirmed(self, wish: Wish) -> None:
        self.state.wish = wish
        self.password.clear()
        self.administrator_password.clear()
        self.next_wanted.emit()

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, Invalid) and error.field == "administrator":
            self._mark(self.administrator_password_box, str(error))
        else:
            self._mark(self.box, said_of(error))
            self.password.selectAll()

    def _mark(self, box: FieldBox, text: str) -> None:
        box.set_error(text)
        box.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_errors(self) -> None:
        for box in self.boxes:
            box.set_error("")
