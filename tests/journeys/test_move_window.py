"""Moving through the whole program: a file to a server and back, the comparison, the passwords, the login there."""

import shutil

import pytest
from sqlalchemy.engine import make_url

from crm_desktop.access.ui.login import LoginWindow
from crm_desktop.app import session as sessions
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.ui.move.dialog import MoveDialog
from crm_desktop.app.ui.program import Program
from crm_desktop.db.epoch import DataMoved
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme
from tests.programs import put_away

LONG_MS = 120_000
WHAT, CONFIRM = 1, 2


@pytest.fixture(scope="session")
def small_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("move") / "demo.crm"
    sessions.make_demo_company(str(path), contacts=40)
    return path


@pytest.fixture
def program(qapp, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    made = Program(qapp, Settings(tmp_path / "settings.ini"), tmp_path / "drafts")
    yield made
    put_away(made)


def log_in(qtbot, program, address):
    if not isinstance(program.window, LoginWindow):
        program.show_login(str(address))
    window = program.window
    qtbot.waitUntil(window.isVisible)
    window.login.setText("owner")
    window.password.setText(PASSWORD)
    window.try_login()
    qtbot.waitUntil(lambda: program.workplace is not None, timeout=LONG_MS)
    main = program.workplace.window
    main.dialogs.will_answer()
    qtbot.waitUntil(lambda: main.tasks.idle, timeout=LONG_MS)
    return main


def open_wizard(window):
    page = window.open_settings("data").stack.currentWidget()
    page.move_away.click()
    return window.findChild(MoveDialog)


def go_through(qtbot, program, wizard):
    """Press on to the end, keep the passwords and go to the login; returns the passwords."""
    wizard.forward.click()
    qtbot.waitUntil(
        lambda: (wizard.at == WHAT and wizard.forward.isEnabled()) or wizard.target.note.isVisible(), timeout=LONG_MS
    )
    assert wizard.at == WHAT, wizard.target.note.text()
    assert wizard.what.rows.rowCount() > 5
    wizard.forward.click()
    assert wizard.at == CONFIRM
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    moving = wizard.moving
    qtbot.waitUntil(lambda: moving.is_end or "not" in moving.verdict.heading.text(), timeout=LONG_MS)
    assert moving.is_end, moving.verdict.sentence.text()
    compared = moving.rows.rows
    assert compared
    assert all(row.then == row.now for row in compared)
    passwords = list(moving.passwords.rows.rows)
    moving.passwords.has_them.click()
    wizard.forward.click()
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=LONG_MS)
    return passwords


def test_a_file_moves_to_a_server_and_back(qtbot, program, small_template, postgres_url, tmp_path):
    old = shutil.copy(small_template, tmp_path / "harbour.crm")
    wizard = open_wizard(log_in(qtbot, program, old))
    url = make_url(postgres_url)
    target = wizard.target
    target.server.setText(url.host)
    target.port.setText(str(url.port))
    target.database.setText(url.database)
    target.administrator.setText(url.username)
    target.password.setText(url.password or "")
    passwords = go_through(qtbot, program, wizard)
    assert {"chen", "admin"} <= {one.login for one in passwords}
    assert "owner" not in {one.login for one in passwords}
    assert "new place" in program.window.note.text()
    window = log_in(qtbot, program, "")
    assert window.session.server is not None
    with pytest.raises(DataMoved):
        _write_into(str(old))

    back = tmp_path / "back" / "harbour.crm"
    wizard = open_wizard(window)
    wizard.target.path.setText(str(back))
    go_through(qtbot, program, wizard)
    window = log_in(qtbot, program, "")
    assert window.session.address == str(back)


def _write_into(address):
    session = sessions.log_in(address, "owner", PASSWORD)
    try:
        with session.database.begin(session.actor) as work:
            work.note("company", 1, "update")
    finally:
        session.database.close()
