"""Settings → About: version, licence, and the work of others inside."""

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop import __version__
from crm_desktop.access.ui.brand import Mark
from crm_desktop.shared.i18n import _
from crm_desktop.shared.resources import resources_folder
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import text_label, title_label
from crm_desktop.ui.screen import Screen
from crm_desktop.ui.theme import set_ground


class AboutPage(Screen):
    """Says what this is; opens the licence texts that travel with the program."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(10))
        column.addWidget(Mark())
        column.addWidget(title_label(_("CRM Desktop")))
        said = (
            _("Version {version}").format(version=__version__),
            _("Your data stays where you put it: in a file of yours or on a server of yours. Nothing is sent away."),
            _("Made with Qt for Python (LGPL), SQLAlchemy, openpyxl, ReportLab and the work of many others."),
        )
        for line in said:
            label = text_label(line, BODY, REGULAR, "text2", wrap=True)
            label.setMaximumWidth(px(520))
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        for text, file in ((_("Licence"), "LICENSE"), (_("Third parties"), "THIRD-PARTY.md")):
            button = Button(text, "link")
            button.clicked.connect(self._opener(file))
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(px(4))
        column.addLayout(row)
        column.addStretch(1)

    def _opener(self, file: str) -> Callable[[], None]:
        def show() -> None:
            places = (resources_folder() / file, resources_folder().parent / file)
            found = next((path for path in places if path.is_file()), None)
            if found is None or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(found))):
                self.desk.toast(
                    _("This text could not be opened. It lies beside the program as {file}.").format(file=file)
                )

        return show

    def title(self) -> str:
        """Return the name of the screen."""
        return _("About")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("info")
