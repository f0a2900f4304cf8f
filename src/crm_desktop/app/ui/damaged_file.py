"""A company file that cannot be opened: it is named, it was not changed, and its newest good backup is offered."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from crm_desktop.app.ui.choice_row import ChoiceColumn, ChoiceRow
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import TITLE, px, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label, title_label
from crm_desktop.ui.theme import set_ground


class DamagedFilePage(QWidget):
    """Says what is wrong with which file, and the ways on; the first is the newest backup that is known to be good."""

    restore_wanted = Signal(object)
    """The path of the backup to begin with, None to choose one."""
    another_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self.path, self._name, self._why = Path(), "", ""
        self._newest: Path | None = None
        self._made, self._searched = "", False
        picture = QLabel()
        set_icon(picture, "shield-alert", "danger", 32)
        self._title = title_label("")
        self._title.setWordWrap(True)
        set_font(self._title, TITLE, 600)
        self._where = text_label("", wrap=True)
        self._says = text_label("", ink="text2", wrap=True)
        self.rows = ChoiceColumn()
        self.newest = self.rows.add(ChoiceRow("shield-check"))
        self.choose = self.rows.add(ChoiceRow("archive-restore"))
        self.another = self.rows.add(ChoiceRow("folder-open"))
        self.newest.clicked.connect(lambda: self.restore_wanted.emit(self._newest))
        self.choose.clicked.connect(lambda: self.restore_wanted.emit(None))
        self.another.clicked.connect(self.another_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        for part in (picture, self._title, self._where, self._says):
            column.addWidget(part)
        column.addSpacing(px(8))
        column.addWidget(self.rows)
        column.addStretch(1)
        self.retranslate()

    def show_path(self, path: Path, name: str, why: str) -> None:
        """Say that the company `name` at `path` cannot be opened, and the reason in a sentence."""
        self.path, self._name, self._why = path, name, why
        self._newest, self._made, self._searched = None, "", False
        self.retranslate()
        self.rows.focus_row(0)

    def offer(self, newest: Path | None, made: str) -> None:
        """Offer the newest good backup, made at a moment in words; None when none was found."""
        self._newest, self._made, self._searched = newest, made, True
        self.retranslate()
        if newest is None and self.newest.hasFocus():
            self.choose.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "another"):
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        name = self._name or self.path.stem
        self._title.setText(_("{name} cannot be opened").format(name=name))
        # Zero-width blanks let a long path break at its folders.
        self._where.setText(str(self.path).replace("/", "/\u200b").replace("\\", "\\\u200b"))
        self._where.setAccessibleName(str(self.path))
        unchanged = _("The file was not changed and is not repaired: a repair guesses, a verified backup does not.")
        self._says.setText(f"{self._why}\n{unchanged}" if self._why else unchanged)
        if self._newest is not None:
            self.newest.say(_("Restore the newest good backup"), self._made, str(self._newest))
        elif self._searched:
            self.newest.say(_("No backup was found"), _("Connect the drive with the backups, or choose the file"))
        else:
            self.newest.say(_("Restore the newest good backup"), _("Looking for it…"))
        self.newest.setEnabled(self._newest is not None)
        self.choose.say(_("Choose another backup"), _("From a list, or any backup file"))
        self.another.say(_("Open another company"), _("One opened before, a file, a server, or the demo"))
