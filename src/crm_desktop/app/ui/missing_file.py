"""The company opened last is not where it was: find it, open another one, or begin anew."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from crm_desktop.app.ui.choice_row import ChoiceColumn, ChoiceRow
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import TITLE, px, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label, title_label
from crm_desktop.ui.theme import set_ground


class MissingFilePage(QWidget):
    """Says which path is empty and offers the ways on."""

    locate_wanted = Signal()
    new_wanted = Signal()
    another_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self._path = Path()
        picture = QLabel()
        set_icon(picture, "triangle-alert", "warn", 32)
        self._title = title_label("")
        self._title.setWordWrap(True)
        set_font(self._title, TITLE, 600)
        self._says = text_label("", ink="text2", wrap=True)
        self._where = text_label("", wrap=True)
        self.rows = ChoiceColumn()
        self.locate = self.rows.add(ChoiceRow("search"))
        self.another = self.rows.add(ChoiceRow("folder-open"))
        self.new = self.rows.add(ChoiceRow("plus"))
        for row, signal in (
            (self.locate, self.locate_wanted), (self.another, self.another_wanted), (self.new, self.new_wanted),
        ):  # fmt: skip
            row.clicked.connect(signal)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(8))
        for part in (picture, self._title, self._where, self._says):
            column.addWidget(part)
        column.addSpacing(px(8))
        column.addWidget(self.rows)
        column.addStretch(1)
        self.retranslate()

    def show_path(self, path: Path, name: str = "") -> None:
        """Say that nothing is at `path`, where the company `name` was."""
        self._path, self._name = path, name
        self.retranslate()
        self.rows.focus_row(0)

    _name = ""

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "new"):
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        name = self._name or self._path.stem
        self._title.setText(_("{name} is not where it was").format(name=name))
        # Zero-width blanks let a long path break at its folders.
        self._where.setText(str(self._path).replace("/", "/\u200b").replace("\\", "\\\u200b"))
        self._where.setAccessibleName(str(self._path))
        self._says.setText(
            _("There is no such file now. It may have been moved or renamed, or its drive is not connected.")
        )
        self.locate.say(_("Locate it"), _("Choose the file where it is now"))
        self.another.say(_("Open another company"), _("One opened before, a file, a server, or the demo"))
        self.new.say(_("New company"), _("Begin anew; the missing file is not touched"))
