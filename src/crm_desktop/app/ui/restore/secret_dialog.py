"""Asks for the passphrase of a locked backup."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.sheet_dialog import SheetDialog


class SecretDialog(SheetDialog):
    """One field; `error` says that the last try did not fit."""

    typed = Signal(str)

    def __init__(self, explained: str, error: str = "", parent: QWidget | None = None) -> None:
        super().__init__(_("This backup is locked"), _("Unlock"), explained, parent=parent)
        self.secret = PasswordEdit()
        self.box = FieldBox(_("Passphrase or recovery key"), self.secret)
        self.box.set_error(error)
        self.body.addWidget(self.box)
        self.go.clicked.connect(self._take)
        self.secret.setFocus()

    def _take(self) -> None:
        secret = self.secret.text().strip()
        if not secret:
            self.box.set_error(_("Type the passphrase of this backup."))
            return
        self.accept()
        self.typed.emit(secret)
