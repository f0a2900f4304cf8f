"""A report of one record, taken out of the program from its tab: to a file, or to the printer."""

from typing import Any

from PySide6.QtCore import QObject

from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.shared.i18n import _
from crm_desktop.shared.report import Asked, Report


class ReportPaper(QObject):
    """`screen` is a widget with a `desk`; `running` shows how far the writing is."""

    def __init__(self, screen: Any) -> None:
        super().__init__(screen)
        self._screen = screen
        self.running = LongWork(screen.desk)

    def to_file(self, report: Report, asked: Asked) -> None:
        """Ask for a file and write the report there; the export is noted in the journal."""
        from crm_desktop.receivables.ui.collecting.report_export import export

        export(self._screen, report, asked, _(report.title), self.running)

    def preview(self, report: Report, asked: Asked) -> None:
        """Show the report as it is printed."""
        # The drawing library is loaded when the first paper is drawn.
        from crm_desktop.app.report_files import report_paper
        from crm_desktop.reports.mail_draft import Mail
        from crm_desktop.reports.table_pdf import table_pdf
        from crm_desktop.reports.ui.preview import PdfPreview

        desk, title = self._screen.desk, _(report.title)
        preview = PdfPreview(
            desk,
            title,
            lambda work: report_paper(work, report.answer(work, asked)),
            table_pdf,
            f"{title} {desk.today:%Y-%m-%d}.pdf",
            mail=Mail(subject=title),
            parent=self._screen.window(),
        )
        preview.show()
