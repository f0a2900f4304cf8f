"""Passwords for one login, shown once: who gets which; saved or printed before the window closes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.app.ui.restore.road import OneTimePassword
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable


class OneTimePasswords(QWidget):
    """A table, Save and Print, and the tick without which the last button stays off."""

    def __init__(self, dialogs: Dialogs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._company = ""
        self.rows = PlainRows(
            (
                PlainColumn("name", _("Name"), 24, lambda one: one.name, grows=True),
                PlainColumn("login", _("Login"), 18, lambda one: one.login),
                PlainColumn("password", _("Password for one login"), 26, lambda one: one.password),
            )
        )
        self.table = PlainTable(self.rows, _("Passwords for one login"))
        self.table.setMinimumHeight(px(120))
        self.save, self.print = Button(_("Save as a text file…")), Button(_("Print…"), icon="printer")
        self.save.clicked.connect(self._save)
        self.print.clicked.connect(self._print)
        self.has_them = QCheckBox(_("I have saved or printed them; they are not shown again"))
        self.note = Note()
        self.note.clear()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(section_label(_("New passwords, shown only now")))
        self.says = text_label("", BODY, REGULAR, "text2", wrap=True)
        column.addWidget(self.says)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.save)
        row.addWidget(self.print)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.has_them)

    def show_passwords(self, passwords: Sequence[OneTimePassword], company: str, *, everybody: bool = False) -> None:
        """Show them; the tick is taken off. `everybody`: whoever sits here needs one too."""
        self._company = company
        said = _(
            "Passwords cannot be carried between a file and a server. Yours stays the one you typed. Everybody else "
            "logs in once with the password below and then chooses their own."
        )
        if everybody:
            said = _(
                "A backup from a server has no passwords in it. Everybody, you included, logs in once with the "
                "password below and then chooses their own."
            )
        self.says.setText(said)
        self.rows.show(list(passwords))
        self.has_them.setChecked(False)
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Return everything as it is saved and printed."""
        lines = [_("Company: {company}").format(company=self._company), ""]
        login, password = _("Login"), _("Password for one login")
        for one in self.rows.rows:
            lines += [one.name, f"  {login}: {one.login}", f"  {password}: {one.password}", ""]
        return "\n".join(lines)

    def _save(self) -> None:
        name = _("Passwords {company}").format(company=self._company) + ".txt"
        path = self._dialogs.choose_save_file(_("Save the passwords"), name, _("Text (*.txt)"))
        if path is None:
            return
        try:
            Path(path).write_text(self.text(), encoding="utf-8")
        except OSError as error:
            told = _("The file cannot be written: {reason}. Choose another place.").format(reason=error.strerror)
            self.note.show_message("danger", told)
            return
        told = _("Saved to {path}. Delete it when everybody has logged in.").format(path=path)
        self.note.show_message("success", told)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        asked = QPrintDialog(printer, self)
        if asked.exec():
            document = QTextDocument()
            document.setPlainText(self.text())
            document.print_(printer)
