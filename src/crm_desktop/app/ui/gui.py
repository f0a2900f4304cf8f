"""Starts the windows: nothing heavy is loaded before the first of them is painted."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.access.ui.brand import window_icon
from crm_desktop.app.ui.program import Program
from crm_desktop.app.ui.speech import speak
from crm_desktop.shared.i18n import system_language
from crm_desktop.ui.collector import Collector
from crm_desktop.ui.settings import LANGUAGE, THEME, Settings, data_folder
from crm_desktop.ui.theme import FUSION, install_theme

log = logging.getLogger(__name__)

_LOG_BYTES = 1_000_000


def run(argv: Sequence[str]) -> int:
    """Run the windows until the person quits; returns the exit code. `argv` may name one company."""
    app = QApplication.instance() or make_application()
    assert isinstance(app, QApplication)
    settings = Settings()
    program = make_program(app, settings, data_folder() / "drafts")
    # Not before: rotating files load sockets and more, which the first window does not wait for.
    once = Qt.ConnectionType.SingleShotConnection
    program.painted.connect(keep_log, once)
    program.painted.connect(lambda: app.setWindowIcon(window_icon()), once)
    program.painted.connect(_remove_old_looks, once)
    collector = Collector(app)
    program.start(next(iter(argv), ""))
    code = app.exec()
    program.stop()
    collector.stop()
    return int(code)


def _remove_old_looks() -> None:
    """Remove the copies of backups whose window did not end well."""
    from threading import Thread

    from crm_desktop.app.looking import remove_stale

    Thread(target=remove_stale, name="old looks", daemon=True).start()


def make_application() -> QApplication:
    """Return the application of this process, with its style."""
    # `setStyle` hands the style back to Python, which builds its nineteen enumerations before anything is
    # painted; named as an argument it costs nothing.
    app = QApplication(["crm-desktop", "-style", "Fusion"])
    app.setProperty(FUSION, True)
    return app


def make_program(app: QApplication, settings: Settings, drafts: Path) -> Program:
    """Dress the application in the language and the theme of this person and return its program."""
    app.setApplicationName("crm-desktop")
    # One window goes before the next one stands; quitting is always said in words.
    app.setQuitOnLastWindowClosed(False)
    speak(app, settings.get(LANGUAGE) or system_language())
    install_theme(app, settings.get(THEME))
    program = Program(app, settings, drafts)
    _catch_bugs(program)
    return program


def keep_log(folder: Path | None = None) -> None:
    """Write what goes wrong into a file of `folder`, else where this system keeps logs; at most some megabytes."""
    from logging.handlers import RotatingFileHandler

    from platformdirs import user_log_path

    folder = folder or user_log_path("crm-desktop", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / "crm-desktop.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _catch_bugs(program: Program) -> None:
    """Have an unforeseen error logged and shown instead of passing unseen."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("Not foreseen", exc_info=(kind, error, trace))
        workplace = program.workplace
        (workplace.window.dialogs if workplace is not None else program.dialogs).show_error(error)

    sys.excepthook = caught
