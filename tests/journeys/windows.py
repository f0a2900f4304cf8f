"""The real main window of a company with people in it, and waiting until all it does is done."""

import pytest
from PySide6.QtWidgets import QApplication

from crm_desktop.app import session as sessions
from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme


@pytest.fixture
def window(qapp, qtbot, file_database, staff, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    dialogs = Dialogs()
    dialogs.will_answer()
    session = sessions.of_actor(file_database, staff.boss, str(file_database.path))
    made = build_main_window(session, Settings(tmp_path / "settings.ini"), dialogs, tmp_path / "drafts")
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    settle(qtbot, made)
    yield made
    made.leave()
    made.deleteLater()


@pytest.fixture
def staff(founded_file):
    return founded_file[1]


def settle(qtbot, window):
    for _round in range(3):
        qtbot.waitUntil(lambda: window.tasks.idle, timeout=60_000)
        QApplication.processEvents()
