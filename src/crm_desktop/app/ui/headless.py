"""`crm-desktop` on a computer without a display: makes the demo company and pictures of its screens."""

import os
import sys
from pathlib import Path

_SIZE = (1366, 768)


def run(folder: Path | None = None) -> int:
    """Say that there is no display, draw the screens into `folder` (./build/demo), say where they are."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from crm_desktop.app.demo.people import PASSWORD
    from crm_desktop.app.ui import tour
    from crm_desktop.shared.i18n import current_language, system_language
    from crm_desktop.ui.settings import Settings

    folder = (folder or Path("build") / "demo").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    app = tour.application(system_language(), "light")
    language = current_language()
    _say("There is no display here, so no window can be shown. Making the demo company and pictures of its screens …")
    path = folder / f"demo-{language}.crm"
    address = tour.make_small_demo(path, 1_200, language)
    settings = Settings(folder / "settings.ini")
    with tour.window_of(address, settings, "owner", PASSWORD) as window:
        window.resize(*_SIZE)
        for number, stop in enumerate(tour.stops(window), 1):
            picture = folder / f"{number:02}-{stop.replace(': ', '-').replace(' ', '-')}.png"
            window.grab().save(str(picture))
            _say(f"  {picture}")
    app.processEvents()
    _say(f"The demo company is {path}; log in as owner with the password {PASSWORD}.")
    _say("With a display (or xvfb-run) the same command opens the window; crm-desktop --help lists what needs none.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
