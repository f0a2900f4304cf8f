"""`crm-desktop` on a computer without a display: the demo company, pictures of its screens, its first reports."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from crm_desktop.app.session import Session

_SIZE = (1366, 768)
_REPORTS = ("ageing", "sales")


def run(folder: Path | None = None) -> int:
    """Say that there is no display, draw screens and write reports into `folder` (./build/demo), say where."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from crm_desktop.app.demo.people import PASSWORD
    from crm_desktop.app.ui import tour
    from crm_desktop.shared.i18n import current_language, system_language
    from crm_desktop.ui.settings import Settings

    folder = (folder or Path("build") / "demo").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    app = tour.application(system_language(), "light")
    language = current_language()
    _say("There is no display here, so no window can be shown.")
    _say("Making the demo company, pictures of its screens and its first reports …")
    path = folder / f"demo-{language}.crm"
    address = tour.make_small_demo(path, 1_200, language)
    settings = Settings(folder / "settings.ini")
    with tour.window_of(address, settings, "owner", PASSWORD) as window:
        window.resize(*_SIZE)
        for number, stop in enumerate(tour.stops(window), 1):
            picture = folder / f"{number:02}-{stop.replace(': ', '-').replace(' ', '-')}.png"
            window.grab().save(str(picture))
            _say(f"  {picture}")
        for report in _write_reports(window.session, folder):
            _say(f"  {report}")
    app.processEvents()
    _say(f"The demo company is {path}; log in as owner with the password {PASSWORD}.")
    _say("With a display (or xvfb-run) the same command opens the window; crm-desktop --help lists what needs none.")
    return 0


def _write_reports(here: Session, folder: Path) -> Iterator[Path]:
    """Write each report as a workbook and as a PDF; yields the files."""
    from crm_desktop.app.features import REPORTS
    from crm_desktop.app.report_files import PDF, take_out
    from crm_desktop.shared.report import Asked

    for report in REPORTS:
        for ending in (".xlsx", PDF) if report.name in _REPORTS else ():
            path = folder / f"{report.name}{ending}"
            take_out(here, path, report, Asked())
            yield path


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
