"""Reports of receivables as files, with progress and Cancel in the screen that asked."""

from typing import Final

from crm_desktop.receivables.ui import report_seam
from crm_desktop.receivables.ui.collecting.long_work import LongWork
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.report import Asked, Report
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen

FILTERS: Final = N_("Excel workbook (*.xlsx);;PDF document (*.pdf);;Text with commas (*.csv)")
ENDINGS: Final = (".xlsx", ".pdf", ".csv")


def export(screen: Screen, report: Report, asked: Asked, title: str, running: LongWork) -> None:
    """Ask for a file and write the report there; `running` shows how far it is."""
    desk: Desk = screen.desk
    name = "".join("-" if char in '\\/:*?"<>|' else char for char in f"{title} {desk.today:%Y-%m-%d}.xlsx")
    path = desk.dialogs.choose_save_file(_("Export"), name, _(FILTERS))
    files = report_seam.attached()
    if path is None or files is None:
        return
    path = path if path.suffix.lower() in ENDINGS else path.with_name(f"{path.name}.xlsx")

    def written(rows: int) -> None:
        # The file gets its name only after the journal knows of it.
        from crm_desktop.shared.published import publish

        def told(_done: None) -> None:
            desk.toast(_("{file} is written").format(file=path.name), kind="success")

        def publish_it(_nothing: object) -> None:
            desk.tasks.free(
                screen,
                lambda _progress: publish(path),
                told,
            )

        desk.tasks.write(screen, lambda work: files.note_report(work, path, report, rows, asked), publish_it)

    running.run(
        _("Writing {file}").format(file=path.name),
        lambda work, progress: files.write_report(work, path, report, asked, progress=progress),
        written,
    )
