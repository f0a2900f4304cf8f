"""A company file that is broken: a page that names it and its newest backup; a red bar when it breaks at work."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from crm_desktop.access.ui.login import LoginWindow
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.ui.first_run import FirstRun
from crm_desktop.app.ui.program import Program
from crm_desktop.app.ui.workplace import Workplace
from crm_desktop.backup.folder import beside
from crm_desktop.shared.changes import Changes
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import BACKUP_FOLDERS, Settings
from crm_desktop.ui.theme import install_theme
from tests.programs import put_away

LONG_MS = 20_000


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def program(qapp, qtbot, settings, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    made = Program(qapp, settings, tmp_path / "drafts")
    yield made
    put_away(made)


def break_file(path: Path, what: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.execute("PRAGMA page_size").fetchone()[0]
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (what,)).fetchone()[0]
    with path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * 64)


@pytest.mark.parametrize("how", ["no header", "empty", "cut"])
def test_a_file_that_was_a_company_is_named_and_not_changed(qtbot, program, settings, demo_file, how):
    settings.company_opened(str(demo_file), "Harbour & Lin", "2026-11-20T10:00:00+00:00")
    whole = demo_file.read_bytes()
    broken = {"no header": b"\0" * 4096 + whole[4096:], "empty": b"", "cut": whole[:300]}[how]
    demo_file.write_bytes(broken)
    program.start()
    qtbot.waitUntil(lambda: isinstance(program.window, FirstRun), timeout=LONG_MS)
    page = program.window.damaged
    assert program.window.pages.currentWidget() is page
    assert str(demo_file) in page._where.accessibleName()
    assert "Harbour & Lin cannot be opened" in page._title.text()
    qtbot.waitUntil(lambda: "No backup" in page.newest.text(), timeout=LONG_MS)
    assert not page.newest.isEnabled()
    assert demo_file.read_bytes() == broken
    qtbot.keyClick(program.window, Qt.Key.Key_Escape)
    assert program.window.pages.currentWidget() is not page


def test_a_file_nobody_opened_before_is_a_wrong_choice_only(qtbot, program, tmp_path):
    other = tmp_path / "picture.crm"
    other.write_bytes(b"\x89PNG" * 100)
    program.start(str(other))
    qtbot.waitUntil(lambda: isinstance(program.window, FirstRun), timeout=LONG_MS)
    assert program.window.pages.currentWidget() is not program.window.damaged
    assert "not a CRM Desktop company" in program.window.note.text()


def test_damage_met_at_the_login_leads_to_the_page(qtbot, program, settings, demo_file):
    settings.company_opened(str(demo_file), "Harbour & Lin", "2026-11-20T10:00:00+00:00")
    break_file(demo_file, "app_user")
    program.start()
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible(), timeout=LONG_MS)
    if isinstance(program.window, LoginWindow):
        program.window.login.setText("owner")
        program.window.password.setText(PASSWORD)
        program.window.try_login()
    qtbot.waitUntil(lambda: isinstance(program.window, FirstRun), timeout=LONG_MS)
    assert program.window.pages.currentWidget() is program.window.damaged


@pytest.fixture
def workplace(qapp, qtbot, log_in, settings, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    dialogs = Dialogs()
    dialogs.will_answer()
    made = Workplace(log_in("owner"), settings, tmp_path / "drafts", None, dialogs)
    made.show()
    qtbot.waitUntil(lambda: made.window.tasks.idle, timeout=LONG_MS)
    yield made
    made.leave()


def test_a_file_that_breaks_at_work_shows_a_red_bar_and_is_only_read(qtbot, workplace, demo_file):
    window = workplace.window
    window.open_screen("contacts")
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=LONG_MS)
    assert not window.read_only.isVisible()
    workplace.session.database.engine.dispose()
    break_file(demo_file, "contact")
    window.changes.publish(Changes({"contact": frozenset()}))
    qtbot.waitUntil(window.read_only.isVisible, timeout=LONG_MS)
    assert "damaged" in window.read_only.text()
    assert window.read_only._action.text() == "Restore…"
    assert workplace.session.database.read_only


def test_the_weekly_check_looks_by_itself_and_tells_what_it_found(qtbot, workplace, demo_file):
    with closing(sqlite3.connect(demo_file)) as file:
        file.execute("UPDATE contact SET sort_key = '' WHERE id = (SELECT min(id) FROM contact)")
        file.commit()
    workplace.guard._first.start(0)
    history = workplace.window.toasts
    qtbot.waitUntil(lambda: any("does not add up" in entry.text for entry in history.history), timeout=LONG_MS)
    assert not workplace.window.read_only.isVisible(), "the file itself is whole"
    told = len(history.history)
    workplace.guard.look()
    qtbot.waitUntil(lambda: workplace.guard._tasks.idle, timeout=LONG_MS)
    assert len(history.history) == told, "not again within the week"


def test_the_folders_of_the_plan_are_remembered_for_the_day_the_file_breaks(qtbot, program, settings, demo_file):
    program.show_login(str(demo_file))
    qtbot.waitUntil(lambda: program.window is not None and program.window.isVisible())
    program.window.login.setText("owner")
    program.window.password.setText(PASSWORD)
    program.window.try_login()
    qtbot.waitUntil(lambda: str(demo_file) in settings.get(BACKUP_FOLDERS), timeout=LONG_MS)
    assert settings.get(BACKUP_FOLDERS)[str(demo_file)] == []
    assert beside(demo_file).name == "demo backups"
