"""This page to Excel, and on paper."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.report import Asked
from crm_desktop.ui.actions import ActionSpec

if TYPE_CHECKING:
    from crm_desktop.home.ui.home_screen import HomeScreen

EXPORT: Final = ActionSpec(
    "export",
    N_("This page to Excel"),
    N_("Write the figures of this page to a workbook or a PDF"),
    "file-spreadsheet",
    "Ctrl+E",
    Permission.REPORT_EXPORT,
)
PRINT: Final = ActionSpec(
    "print",
    N_("Print"),
    N_("Show this page as it is printed"),
    "printer",
    QKeySequence.StandardKey.Print,
    Permission.DOCUMENT_PRINT,
)


class HomeExport(QObject):
    """Takes Home out of the program, as its screen shows it: the same currency, the same figures."""

    def __init__(self, screen: "HomeScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        self.running = LongWork(screen.desk)

    def to_excel(self) -> None:
        """Ask for a file and write the figures there; the export is noted in the journal."""
        from crm_desktop.home import page
        from crm_desktop.receivables.ui.collecting.report_export import export

        export(self._screen, page.HOME, Asked(currency=self._screen.chosen_currency()), _("Home"), self.running)

    def preview(self) -> None:
        """Show the page as it is printed."""
        # The drawing library is loaded when the first paper is drawn.
        from crm_desktop.home import page
        from crm_desktop.reports.mail_draft import Mail
        from crm_desktop.reports.table_pdf import table_pdf
        from crm_desktop.reports.ui.preview import PdfPreview

        desk, currency = self._screen.desk, self._screen.chosen_currency()
        title = _("Home")
        preview = PdfPreview(
            desk,
            title,
            lambda work: page.paper(work, currency),
            table_pdf,
            f"{title} {desk.today:%Y-%m-%d}.pdf",
            mail=Mail(subject=title),
            parent=self._screen.window(),
        )
        preview.show()
