"""`crm-desktop --self-test`: makes a small company and opens every screen, to try an installation."""

import os
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import NoReturn

_CONTACTS = 40


def run() -> int:
    """Open every window once; prints a line for each and returns 0, or 1 when anything went wrong."""
    from crm_desktop.app.display import has_display

    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    troubles: list[str] = []

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        troubles.append("".join(traceback.format_exception(kind, error, trace)))

    usual, sys.excepthook = sys.excepthook, caught
    try:
        # A temporary file may still be held by a virus scanner on Windows.
        with tempfile.TemporaryDirectory(prefix="crm-self-test-", ignore_cleanup_errors=True) as folder:
            _walk(Path(folder), troubles)
    except Exception:
        troubles.append(traceback.format_exc())
    finally:
        sys.excepthook = usual
    for trouble in troubles:
        _say(trouble)
    _say("self-test: failed" if troubles else "self-test: everything opened")
    return 1 if troubles else 0


def _walk(folder: Path, troubles: list[str]) -> None:
    from crm_desktop.app.demo.people import PASSWORD
    from crm_desktop.app.ui import tour
    from crm_desktop.ui.settings import Settings

    app = tour.application("en", "light")
    settings = Settings(folder / "settings.ini")
    _open_first_run(settings)
    address = tour.make_small_demo(folder / "demo.crm", _CONTACTS)
    _say(f"demo company: {_CONTACTS} contacts")
    with tour.window_of(address, settings, "owner", PASSWORD) as window:
        for stop in tour.stops(window):
            grabbed = window.grab()
            _say(f"{stop}: {grabbed.width()} x {grabbed.height()}")
            if grabbed.isNull():
                troubles.append(f"{stop} shows nothing")
        troubles += [f"An error was shown: {title}" for title in window.dialogs.errors]
    app.processEvents()


def _open_first_run(settings: object) -> None:
    from crm_desktop.app.ui import tour
    from crm_desktop.app.ui.first_run import FirstRun
    from crm_desktop.ui.settings import Settings
    from crm_desktop.ui.tasks import Tasks

    assert isinstance(settings, Settings)
    tasks = Tasks(_no_database)
    window = FirstRun(settings, tasks)
    window.show()
    for name, show in (
        ("first run", window.show_start),
        ("new company", window.open_new),
        ("connect to a server", window.open_connect),
        ("demo", window.open_demo),
    ):
        show()
        tour.settle(tasks)
        window.grab()
        _say(name)
    tasks.close()
    window.close()
    window.deleteLater()


def _no_database(**_how: object) -> NoReturn:
    raise RuntimeError("The first run has no company")


def _say(line: str) -> None:
    # A windowed program on Windows has no standard output.
    if sys.stdout is not None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
