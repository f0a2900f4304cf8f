"""`crm-desktop --look FOLDER`: the second program, for looking at a backup. It cannot write and asks no login."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from crm_desktop.app import looking
from crm_desktop.app.ui.gui import make_application
from crm_desktop.app.ui.main_window import MainWindow, build_main_window
from crm_desktop.app.ui.speech import speak
from crm_desktop.shared.i18n import _, system_language
from crm_desktop.ui.collector import Collector
from crm_desktop.ui.settings import LANGUAGE, THEME, Settings
from crm_desktop.ui.theme import install_theme

if TYPE_CHECKING:
    from crm_desktop.app.session import Session


def run(words: Sequence[str]) -> int:
    """Show the copy in the folder named, until its window is closed; the folder goes with it."""
    if len(words) != 1 or not (Path(words[0]) / looking.DATA).is_file():
        return 2
    folder = Path(words[0])
    app = QApplication.instance() or make_application()
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    mine = Settings()
    speak(app, mine.get(LANGUAGE) or system_language())
    install_theme(app, mine.get(THEME))
    in_use, collector = looking.InUse(folder), Collector(app)
    try:
        session = looking.session_of(folder)
        try:
            window = window_of(session, folder)
            window.quit_wanted.connect(app.quit)
            window.log_out_wanted.connect(app.quit)
            window.another_company_wanted.connect(app.quit)
            window.show()
            QTimer.singleShot(0, window, window.activateWindow)
            code = int(app.exec())
            window.leave()
        finally:
            session.database.close()
    finally:
        collector.stop()
        in_use.end()
    return code


def window_of(session: "Session", folder: Path) -> MainWindow:
    """Return the window of a copy, with its banner; its looks are forgotten with the copy."""
    window = build_main_window(session, Settings(folder / "settings.ini"))
    made = looking.made_text(folder)
    said = _("It may be read and copied. Nothing can be changed in it, and your company is not touched.")
    window.demo.clear()
    window.read_only.show_message(
        "warn", said, _("Close"), icon="eye", lead=_("Backup of {when} for looking, read-only.").format(when=made)
    )
    window.read_only.action_clicked.connect(window.quit_wanted)
    title = _("{company}, backup of {when}").format(company=session.profile.name, when=made)
    window.setWindowTitle(title)
    return window
