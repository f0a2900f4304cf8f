"""The recovery code, shown once: copy it, save it, and say that it is safe."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from crm_desktop.app.ui.wizard_frame import WizardFrame
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import RECORD, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.theme import set_ground


class RecoveryPage:
    """Puts its parts into `column`, a page of `frame`."""

    def __init__(self, frame: WizardFrame, dialogs: Dialogs, column: QVBoxLayout) -> None:
        self._frame, self._dialogs = frame, dialogs
        self._company = self._login = ""
        self.label = text_label("", RECORD, SEMIBOLD)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy, self.save = Button("", "plain", icon="copy"), Button("", "plain", icon="save")
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.has_it = QCheckBox()
        frame.says(self.has_it.setText, N_("I have written it down or saved it where I find it again"))
        column.addWidget(
            frame.text(
                N_(
                    "The company is made. This code lets you in when you forget your password. It is shown only now; "
                    "nobody, we included, can give you another way in."
                ),
                "text",
            )
        )
        ground = QFrame()
        set_ground(ground, "accent-soft")
        row = QHBoxLayout(ground)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.addWidget(self.label, 1, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(ground)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.copy)
        row.addWidget(self.save)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.has_it)

    def show_code(self, code: str, company: str, login: str) -> None:
        """Show `code` and remember for whom it is."""
        self._company, self._login = company, login
        self.label.setText(code)
        self.label.setAccessibleName(_("Recovery code {code}").format(code=code))
        self.has_it.setChecked(False)

    def retranslate(self) -> None:
        """Set every text again."""
        self.copy.setText(_("Copy"))
        self.save.setText(_("Save as a text file…"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.label.text())
        self.copy.setText(_("Copied"))

    def _save(self) -> None:
        name = _("Recovery code {company}").format(company=self._company) + ".txt"
        path = self._dialogs.choose_save_file(_("Save the recovery code"), name, _("Text (*.txt)"))
        if path is None:
            return
        said = _("Company: {company}\nLogin: {login}\nRecovery code: {code}\n").format(
            company=self._company, login=self._login, code=self.label.text()
        )
        try:
            path.write_text(said, encoding="utf-8")
        except OSError as error:
            told = _("The file cannot be written: {reason}. Choose another place.").format(reason=error.strerror)
            self._frame.note.show_message("danger", told)
            return
        self._frame.note.show_message("success", _("Saved to {path}.").format(path=path))
