"""Locking backups with a passphrase: what it means, the passphrase twice, the recovery key on paper."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from crm_desktop.backup.ui.seam import BackupSeam
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_paper import print_text, save_text
from crm_desktop.ui.sheet_dialog import SheetDialog

SHORTEST = 12
_WORDS_OF_A_PHRASE = 4


def strength_text(passphrase: str) -> str:
    """Return how good a passphrase is, in words; "" while nothing is typed."""
    if not passphrase:
        return ""
    if len(passphrase) < SHORTEST:
        return _("Too short: at least {count} characters, best several words.").format(count=SHORTEST)
    if len(set(passphrase)) < SHORTEST // 2:
        return _("Easy to guess: it repeats itself.")
    if len(passphrase.split()) >= _WORDS_OF_A_PHRASE or len(passphrase) >= 2 * SHORTEST:
        return _("Strong.")
    return _("Good. Longer is better.")


class LockDialog(SheetDialog):
    """Asks for the passphrase and makes the lock; `made` carries it with its recovery key."""

    made = Signal(object, str)

    def __init__(self, desk: Desk, seam: BackupSeam, parent: QWidget | None = None) -> None:
        said = _(
            "A locked backup can be opened only with this passphrase, or with the recovery key you print in the next "
            "step. If both are lost, nobody can open these backups again: not you, not the maker of the program. "
            "Backups made so far stay as they are. Ordinary zip programs cannot open a locked one."
        )
        super().__init__(_("Lock backups with a passphrase"), _("Make the key"), said, width=520, parent=parent)
        self._desk, self._seam = desk, seam
        self.first, self.again = PasswordEdit(), PasswordEdit()
        self.box = FieldBox(_("Passphrase"), self.first, needed=True)
        self.box_again = FieldBox(_("Passphrase again"), self.again, needed=True)
        self.strength = text_label("", ink="text2", wrap=True)
        for part in (self.box, self.strength, self.box_again):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.first.textChanged.connect(lambda text: self.strength.setText(strength_text(text)))
        self.go.clicked.connect(self._make)
        self.first.setFocus()

    def _make(self) -> None:
        first, again = self.first.text(), self.again.text()
        short = len(first) < SHORTEST or len(set(first)) < SHORTEST // 2
        self.box.set_error(strength_text(first) or _("Type a passphrase.") if short else "")
        self.box_again.set_error(_("The two are not the same.") if not short and first != again else "")
        if short or first != again:
            (self.first if short else self.again).setFocus()
            return
        self.go.setEnabled(False)
        # The key is stretched on purpose, which takes a moment.
        self._desk.tasks.free(self, lambda _progress: self._seam.new_lock(first), self._done, self._failed)

    def _done(self, made: tuple[Mapping[str, Any], str]) -> None:
        self.made.emit(*made)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, UserError):
            self.box.set_error(str(error))


class RecoveryKeyDialog(SheetDialog):
    """Shows the recovery key once; locking begins when its last group was typed."""

    confirmed = Signal()

    def __init__(self, desk: Desk, recovery_key: str, company: str, parent: QWidget | None = None) -> None:
        said = _(
            "Print this key or write it down, and keep it apart from the computer. It opens every locked backup of "
            "{company} when nobody remembers the passphrase. It is not shown again."
        ).format(company=company)
        super().__init__(_("Your recovery key"), _("Lock the backups"), said, width=560, parent=parent)
        self._desk, self._key, self._company = desk, recovery_key, company
        self.key = text_label(recovery_key, SECTION, SEMIBOLD, wrap=True)
        self.key.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.body.addWidget(self.key)
        self.save, self.print = Button(_("Save as a text file…")), Button(_("Print…"), icon="printer")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.save)
        row.addWidget(self.print)
        row.addStretch(1)
        self.body.addLayout(row)
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self.typed = QLineEdit()
        self.box = FieldBox(_("Type its last group, so that we know you have it"), self.typed, needed=True)
        self.body.addWidget(self.box)
        self.body.addStretch(1)
        self.save.clicked.connect(self._save)
        self.print.clicked.connect(lambda: print_text(self.text(), self))
        self.go.clicked.connect(self._confirm)
        self.typed.setFocus()

    @property
    def last_group(self) -> str:
        """Return what has to be typed."""
        return self._key.replace(" ", "-").rsplit("-", 1)[-1]

    def text(self) -> str:
        """Return the key as it is saved and printed."""
        title = _("Recovery key of the backups of {company}").format(company=self._company)
        return f"{title}\n\n{self._key}\n"

    def _save(self) -> None:
        name = _("Recovery key {company}").format(company=self._company) + ".txt"
        try:
            path = save_text(self.text(), _("Save the recovery key"), name, self._desk.dialogs)
        except UserError as error:
            self.note.show_message("danger", str(error))
            return
        if path is not None:
            told = _("Saved to {path}. Move it to another place than the backups.").format(path=path)
            self.note.show_message("success", told)

    def _confirm(self) -> None:
        if self.typed.text().strip().upper() != self.last_group.upper():
            self.box.set_error(_("This is not the last group of the key above."))
            self.typed.setFocus()
            return
        self.confirmed.emit()
        self.accept()
