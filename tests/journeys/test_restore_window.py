"""Restoring through the whole program: a real backup, the real wizard, the login afterwards; and from the zip alone."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from sqlalchemy.engine import make_url

from crm_desktop.access.ui.login import LoginWindow
from crm_desktop.app import looking
from crm_desktop.app import session as sessions
from crm_desktop.app.backup_job import make_here, order_of
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.opening import public_address
from crm_desktop.app.ui.first_run import FirstRun
from crm_desktop.app.ui.program import Program
from crm_desktop.app.ui.restore.dialog import CONFIRM, CONTENTS, RestoreDialog
from crm_desktop.app.ui.restore.secret_dialog import SecretDialog
from crm_desktop.app.ui.restore.wiring import look_at
from crm_desktop.app.ui.ways import Ways
from crm_desktop.backup.folder import beside
from crm_desktop.backup.format.sealing import new_lock
from crm_desktop.backup.kinds import Kind
from crm_desktop.contacts import service
from crm_desktop.shared.progress import Quiet
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme
from tests.programs import put_away

LONG_MS = 60_000


@pytest.fixture(scope="session")
def small_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("restore") / "demo.crm"
    sessions.make_demo_company(str(path), contacts=40)
    return path


@pytest.fixture(autouse=True)
def dressed(qapp, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    install_fonts(qapp, "en")
    install_theme(qapp, "light")


@pytest.fixture
def company(small_template, tmp_path):
    return shutil.copy(small_template, tmp_path / "harbour.crm")


@pytest.fixture
def backup(company):
    """A backup of the company, and one contact entered since."""
    session = sessions.log_in(str(company), "owner", PASSWORD)
    made = make_here(session, order_of(session, Kind.MANUAL), Quiet())
    with session.database.begin(session.actor) as work:
        service.create(work, {"name": "Entered since"})
    session.database.close()
    return made.path


@pytest.fixture
def program(qapp, tmp_path):
    made = Program(qapp, Settings(tmp_path / "settings.ini"), tmp_path / "drafts")
    yield made
    put_away(made)


def log_in(qtbot, program, address, password=PASSWORD):
    if not isinstance(program.window, LoginWindow):
        program.show_login(str(address))
    window = program.window
    qtbot.waitUntil(window.isVisible)
    window.login.setText("owner")
    window.password.setText(password)
    window.try_login()
    qtbot.waitUntil(lambda: program.workplace is not None, timeout=LONG_MS)
    main = program.workplace.window
    main.dialogs.will_answer()
    qtbot.waitUntil(lambda: main.tasks.idle, timeout=LONG_MS)
    return main


def open_wizard(window):
    window.open_settings("data").stack.currentWidget().restore.click()
    return window.findChild(RestoreDialog)


def go_to_login(qtbot, program, wizard):
    """Wait for the end and press on to the login window."""
    said = wizard.applying.verdict
    qtbot.waitUntil(
        lambda: (
            (wizard.at == CONFIRM and bool(wizard.confirm.box.error))
            or wizard.applying.is_end
            or "not" in said.heading.text()
        ),
        timeout=LONG_MS,
    )
    assert wizard.at != CONFIRM, wizard.confirm.box.error
    assert wizard.applying.is_end, said.sentence.text()
    wizard.forward.click()
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=LONG_MS)


def names_in(address):
    session = sessions.log_in(str(address), "owner", PASSWORD)
    try:
        with session.database.read(session.actor) as work:
            sql = "SELECT name FROM contact"
            return {row[0] for row in work.session.connection().exec_driver_sql(sql)}
    finally:
        session.database.close()


def test_a_backup_is_restored_and_everybody_logs_in_again(qtbot, program, company, backup):
    window = log_in(qtbot, program, company)
    wizard = open_wizard(window)
    qtbot.waitUntil(lambda: bool(wizard.choose.rows.rows), timeout=LONG_MS)
    assert wizard.choose.chosen.path == backup
    assert wizard.choose.chosen.verified
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == CONTENTS, timeout=LONG_MS)
    lost = {row.label: row.lost for row in wizard.state.seen.rows if row.lost}
    assert lost == {"Contacts": 1}
    assert any("Entered since" in one.title + one.detail for one in wizard.state.seen.lost)
    wizard.forward.click()
    assert wizard.at == CONFIRM
    qtbot.keyClicks(wizard.confirm.password, PASSWORD)
    qtbot.keyClick(wizard.confirm.password, Qt.Key.Key_Return)
    go_to_login(qtbot, program, wizard)
    assert [path.name for path in beside(company).glob("*before-restore*.zip")], "the way back"
    assert "Everybody logs in again" in program.window.note.text()
    assert program.workplace is None
    assert "Entered since" not in names_in(company)
    log_in(qtbot, program, company)


def test_nothing_but_the_zip(qtbot, program, company, backup, tmp_path):
    zip_only = shutil.move(backup, tmp_path / backup.name)
    company.unlink()
    program.show_first_run()
    window = program.window
    window._ways = Ways(documents=lambda: tmp_path)
    window.dialogs.will_answer(zip_only)
    qtbot.keyClick(window.rows["restore"], Qt.Key.Key_Return)
    wizard = window.findChild(RestoreDialog)
    qtbot.waitUntil(lambda: not wizard.choose.busy, timeout=LONG_MS)
    wizard.choose.browse.click()
    qtbot.waitUntil(lambda: wizard.at == CONTENTS, timeout=LONG_MS)
    wizard.forward.click()
    place = tmp_path / "new" / "harbour.crm"
    wizard.confirm.path.setText(str(place))
    wizard.forward.click()
    go_to_login(qtbot, program, wizard)
    assert "Entered since" not in names_in(place)
    log_in(qtbot, program, place)


def test_a_damaged_file_gives_its_place_to_the_newest_good_backup(qtbot, program, company, backup):
    program.settings.company_opened(str(company), "Harbour & Lin", "2026-11-20T10:00:00+00:00")
    broken = b"\0" * 4096 + company.read_bytes()[4096:]
    company.write_bytes(broken)
    program.start()
    qtbot.waitUntil(lambda: isinstance(program.window, FirstRun), timeout=LONG_MS)
    window = program.window
    qtbot.waitUntil(window.damaged.newest.isEnabled, timeout=LONG_MS)
    window.damaged.newest.click()
    wizard = window.findChild(RestoreDialog)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS, timeout=LONG_MS)
    assert wizard.state.path == backup
    wizard.forward.click()
    assert wizard.confirm.path.isReadOnly()
    wizard.forward.click()
    go_to_login(qtbot, program, wizard)
    log_in(qtbot, program, company)
    aside = [path for path in company.parent.iterdir() if path.is_file() and path.read_bytes()[:4096] == b"\0" * 4096]
    assert len(aside) == 1, "the damaged file is kept"


def test_on_a_server_with_the_login_of_its_administrator(qtbot, program, postgres_url):
    sessions.make_demo_company(postgres_url, contacts=20)
    address, url = public_address(postgres_url), make_url(postgres_url)
    session = sessions.log_in(address, "owner", PASSWORD)
    backup = make_here(session, order_of(session, Kind.MANUAL), Quiet()).path
    with session.database.begin(session.actor) as work:
        service.create(work, {"name": "Entered since"})
    session.database.close()
    window = log_in(qtbot, program, address)
    wizard = open_wizard(window)
    wizard.choose.take(backup)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS or bool(wizard.check._refused), timeout=LONG_MS)
    assert wizard.at == CONTENTS, wizard.check.verdict.sentence.text()
    wizard.forward.click()
    wizard.confirm.password.setText(PASSWORD)
    wizard.confirm.administrator.setText(url.username)
    wizard.confirm.administrator_password.setText(url.password or "")
    wizard.forward.click()
    go_to_login(qtbot, program, wizard)
    assert "Entered since" not in names_in(address)
    log_in(qtbot, program, address)


def test_a_file_that_broke_at_work_is_replaced_and_kept(qtbot, program, company, backup):
    window = log_in(qtbot, program, company)
    session = program.workplace.session
    session.database.engine.dispose()
    with closing(sqlite3.connect(company)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.execute("PRAGMA page_size").fetchone()[0]
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'contact'").fetchone()[0]
    with company.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * 64)
    broken = company.read_bytes()
    session.database.note_damage()
    qtbot.waitUntil(window.read_only.isVisible, timeout=LONG_MS)
    window.read_only.action_clicked.emit()
    wizard = window.findChild(RestoreDialog)
    wizard.choose.take(backup)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS or bool(wizard.check._refused), timeout=LONG_MS)
    assert wizard.at == CONTENTS, wizard.check.verdict.sentence.text()
    assert not wizard.state.seen.lost_known
    wizard.forward.click()
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    go_to_login(qtbot, program, wizard)
    log_in(qtbot, program, company)
    assert any(path.read_bytes() == broken for path in company.parent.glob("*.crm*") if path != company)


def test_a_locked_backup_is_looked_at_with_its_recovery_key(qtbot, program, company, monkeypatch):
    lock, recovery_key = new_lock("four words i know")
    session = sessions.log_in(str(company), "owner", PASSWORD)
    order = replace(order_of(session, Kind.MANUAL), lock=lock.to_dict())
    backup = make_here(session, order, Quiet()).path
    session.database.close()
    window = log_in(qtbot, program, company)
    opened = []
    monkeypatch.setattr(looking, "open_to_look", lambda data, made: opened.append((data.is_file(), made)))
    look_at(window, program.workplace.session, window.desk, backup)
    for secret in ("wrong", recovery_key):
        qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(SecretDialog)), timeout=LONG_MS)
        asked = next(one for one in window.findChildren(SecretDialog) if one.isVisible())
        asked.secret.setText(secret)
        asked.go.click()
    qtbot.waitUntil(lambda: bool(opened), timeout=LONG_MS)
    assert opened[0][0]
    assert str(order.folder) in str(backup)


def test_a_wrong_password_restores_nothing(qtbot, program, company, backup):
    window = log_in(qtbot, program, company)
    wizard = open_wizard(window)
    wizard.choose.take(backup)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS, timeout=LONG_MS)
    wizard.forward.click()
    wizard.confirm.password.setText("guessed")
    wizard.forward.click()
    qtbot.waitUntil(lambda: bool(wizard.confirm.box.error), timeout=LONG_MS)
    assert wizard.at == CONFIRM
    wizard.reject()
    assert "Entered since" in names_in(company)


def test_a_bit_that_flipped_is_said_before_anything_changes(qtbot, program, company, backup):
    whole = bytearray(backup.read_bytes())
    whole[len(whole) // 2] ^= 1
    backup.write_bytes(bytes(whole))
    window = log_in(qtbot, program, company)
    wizard = open_wizard(window)
    wizard.choose.take(backup)
    qtbot.waitUntil(lambda: "cannot be used" in wizard.check.verdict.heading.text(), timeout=LONG_MS)
    assert backup.name in wizard.check.verdict.sentence.text()
    wizard.reject()
