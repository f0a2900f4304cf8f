"""Prints or saves a short text as it is: passwords, a recovery key."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.dialogs import Dialogs


def print_text(text: str, parent: QWidget) -> None:
    """Ask for the printer and print."""
    from PySide6.QtGui import QTextDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    if QPrintDialog(printer, parent).exec():
        document = QTextDocument()
        document.setPlainText(text)
        document.print_(printer)


def save_text(text: str, title: str, name: str, dialogs: Dialogs) -> Path | None:
    """Ask for a file and write; return it, None when the person left. Raises Unavailable."""
    path = dialogs.choose_save_file(title, name, _("Text (*.txt)"))
    if path is None:
        return None
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        said = N_("The file cannot be written: {reason}. Choose another place.")
        raise Unavailable(said, reason=error.strerror) from error
    return path
