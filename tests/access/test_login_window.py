"""The login window and the idle lock as a person meets them."""

import subprocess
import sys
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QMainWindow, QVBoxLayout, QWidget

from crm_desktop.access import login as logins
from crm_desktop.access import people
from crm_desktop.access.ui.lock_screen import IdleLock
from crm_desktop.access.ui.login import Door, LoggedIn, LoginWindow, Place
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.access.conftest import OWNER_PASSWORD, REP_PASSWORD


@pytest.fixture
def app(qapp):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    return qapp


@pytest.fixture
def tasks(app):
    tasks = Tasks(begin=None)
    yield tasks
    tasks.close()


@pytest.fixture
def kept():
    return {}


@pytest.fixture
def door(database, kept):
    def authenticate(name, password):
        actor = logins.log_in(database, name, password)
        with database.read(actor) as work:
            return LoggedIn(actor, logins.must_change_password(work))

    def change_password(actor, old, new):
        with database.begin(actor) as work:
            logins.change_password(work, old, new)

    return Door(
        authenticate,
        change_password,
        lambda name, code, new: logins.recover(database, name, code, new),
        recall=kept.get,
        remember=kept.__setitem__,
    )


@pytest.fixture
def open_window(qtbot, tasks, door):
    def open_with(login=""):
        window = LoginWindow(tasks, door, Place("Harbour & Lin Trading", "This computer"), login=login)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_with


def log_in(qtbot, window, name, password):
    window.login.clear()
    window.password.clear()
    qtbot.keyClicks(window.login, name)
    qtbot.keyClicks(window.password, password)
    qtbot.keyClick(window.password, Qt.Key.Key_Return)


def test_name_password_enter(qtbot, open_window, founded):
    window = open_window()
    with qtbot.waitSignal(window.logged_in) as entered:
        log_in(qtbot, window, "chen.jie", OWNER_PASSWORD)
    assert entered.args[0].user_id == founded.owner_id
    assert window.password.text() == ""


def test_a_wrong_password_is_said_and_can_be_typed_again(qtbot, open_window):
    window = open_window("chen.jie")
    log_in(qtbot, window, "chen.jie", "guess guess")
    assert not window.enter.isEnabled()
    qtbot.waitUntil(window.enter.isEnabled)
    assert "wrong" in window.note.text()
    assert window.password.selectedText()
    with qtbot.waitSignal(window.logged_in):
        log_in(qtbot, window, "chen.jie", OWNER_PASSWORD)


def test_nothing_is_asked_without_a_password(qtbot, open_window):
    window = open_window("chen.jie")
    qtbot.mouseClick(window.enter, Qt.MouseButton.LeftButton)
    assert window.password_box.error
    assert window.enter.isEnabled()


def test_the_waiting_counts_down(qtbot, open_window, database, clock):
    for _ in range(5):
        with pytest.raises(logins.WrongLogin):
            logins.log_in(database, "chen.jie", "guess guess")
    window = open_window()
    log_in(qtbot, window, "chen.jie", OWNER_PASSWORD)
    qtbot.waitUntil(lambda: "1 second" in window.note.text())
    assert not window.enter.isEnabled()
    clock.instant = clock.instant.replace(minute=30)
    qtbot.waitUntil(window.enter.isEnabled, timeout=3000)
    with qtbot.waitSignal(window.logged_in):
        log_in(qtbot, window, "chen.jie", OWNER_PASSWORD)


def test_a_given_password_is_changed_before_anything_else(qtbot, open_window, database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.reset_password(work, person.id, "given by boss 1")
    window = open_window()
    log_in(qtbot, window, "wu", "given by boss 1")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.new_password)
    assert window.new_password.title.text()
    assert window.new_password.go.text()
    pair = window.new_password.pair
    qtbot.keyClicks(pair.first, "short")
    qtbot.keyClick(pair.second, Qt.Key.Key_Return)
    assert "8" in pair.first_box.error
    for typed in ("my own words 22", "my own words 23"):
        pair.clear()
        qtbot.keyClicks(pair.first, "my own words 22")
        qtbot.keyClicks(pair.second, typed)
        if typed.endswith("23"):
            qtbot.keyClick(pair.second, Qt.Key.Key_Return)
            assert pair.second_box.error
    pair.clear()
    qtbot.keyClicks(pair.first, "my own words 22")
    qtbot.keyClicks(pair.second, "my own words 22")
    with qtbot.waitSignal(window.logged_in):
        qtbot.keyClick(pair.second, Qt.Key.Key_Return)
    assert logins.log_in(database, "wu", "my own words 22").user_id == person.id


def test_the_recovery_code_leads_back_in_and_shows_the_next(qtbot, open_window, database, founded):
    window = open_window("chen.jie")
    qtbot.mouseClick(window.forgotten, Qt.MouseButton.LeftButton)
    step = window.recovery
    assert step.login.text() == "chen.jie"
    qtbot.keyClicks(step.code, founded.recovery_code.lower())
    qtbot.keyClicks(step.pair.first, "another harbour 9")
    qtbot.keyClicks(step.pair.second, "another harbour 9")
    qtbot.mouseClick(step.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(step.next_code.isVisible)
    following = step.next_code.text()
    assert following != founded.recovery_code
    qtbot.mouseClick(step.go, Qt.MouseButton.LeftButton)
    assert window.login.isVisible()
    with qtbot.waitSignal(window.logged_in):
        log_in(qtbot, window, "chen.jie", "another harbour 9")
    assert logins.recover(database, "chen.jie", following, "a third harbour 9")


def test_remembering_is_asked_for_and_taken_back(qtbot, open_window, kept):
    window = open_window()
    window.remember.click()
    with qtbot.waitSignal(window.logged_in):
        log_in(qtbot, window, "chen.jie", OWNER_PASSWORD)
    qtbot.waitUntil(lambda: kept == {"chen.jie": OWNER_PASSWORD})
    again = open_window("chen.jie")
    qtbot.waitUntil(lambda: again.password.text() == OWNER_PASSWORD)
    assert again.remember.isChecked()
    again.remember.click()
    with qtbot.waitSignal(again.logged_in):
        qtbot.mouseClick(again.enter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kept == {"chen.jie": ""})


def test_caps_lock_is_noticed(qtbot, open_window):
    window = open_window("chen.jie")
    QTest.keyClick(window.password, "A", Qt.KeyboardModifier.NoModifier)
    assert window.caps_hint.isVisible()
    QTest.keyClick(window.password, "a", Qt.KeyboardModifier.NoModifier)
    assert not window.caps_hint.isVisible()


def test_everything_has_a_name_and_the_keyboard_reaches_it(open_window):
    window = open_window()
    for part in (window.login, window.password, window.language):
        assert part.accessibleName()
    for part in (window.login, window.password, window.remember, window.enter, window.another, window.language):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_login_window_loads_no_database(tmp_path):
    script = (
        "import sys\n"
        "import crm_desktop.access.ui.login, crm_desktop.access.ui.lock_screen\n"
        "heavy = {'sqlalchemy', 'argon2', 'keyring', 'psycopg', 'alembic', 'opencc', 'pypinyin'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# The idle lock


@pytest.fixture
def work_window(qtbot, app):
    window = QMainWindow()
    inside = QWidget()
    column = QVBoxLayout(inside)
    window.secret = QLabel("Ningbo Huaxin owes 412,300.00")
    window.typed = QLineEdit("half a note")
    column.addWidget(window.secret)
    column.addWidget(window.typed)
    window.setCentralWidget(inside)
    window.resize(700, 500)
    qtbot.addWidget(window)
    # Active, not only shown: a window that becomes active later takes its focus along.
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.typed.setFocus()
    return window


@pytest.fixture
def lock(work_window, tasks, database, owner):
    made = IdleLock(
        work_window, tasks, lambda password: logins.confirm_password(database, owner, password), owner.name, 10
    )
    yield made
    made.unlock()


def test_locked_nothing_is_readable_until_the_password(qtbot, work_window, lock):
    before = work_window.grab().toImage()
    lock.lock()
    assert not work_window.secret.isVisible()
    assert work_window.grab().toImage() != before
    qtbot.keyClicks(lock.screen.password, "guess guess")
    qtbot.keyClick(lock.screen.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "wrong" in lock.screen.box.error)
    lock.screen.password.clear()
    qtbot.keyClicks(lock.screen.password, OWNER_PASSWORD)
    with qtbot.waitSignal(lock.unlocked):
        qtbot.keyClick(lock.screen.password, Qt.Key.Key_Return)
    assert work_window.secret.isVisible()
    assert work_window.typed.text() == "half a note"
    assert work_window.typed.hasFocus()


def test_tab_and_close_stay_inside_the_lock(qtbot, work_window, lock):
    lock.lock()
    for _ in range(7):
        qtbot.keyClick(work_window.focusWidget(), Qt.Key.Key_Tab)
        assert lock.screen.isAncestorOf(work_window.focusWidget())
    assert not work_window.close()
    assert work_window.isVisible()


def test_an_open_dialog_is_covered_and_keeps_its_text(qtbot, work_window, lock):
    dialog = QDialog(work_window)
    line = QLineEdit("a price nobody else may see", dialog)
    dialog.resize(300, 120)
    dialog.setModal(True)
    with qtbot.waitExposed(dialog):
        dialog.open()
    shown = dialog.grab().toImage()
    lock.lock()
    colours = {dialog.grab().toImage().pixel(x, y) for x in range(0, 300, 3) for y in range(0, 120, 3)}
    assert len(colours) == 1
    lock.screen.password.setText(OWNER_PASSWORD)
    with qtbot.waitSignal(lock.unlocked):
        qtbot.mouseClick(lock.screen.enter, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert line.text() == "a price nobody else may see"
    assert dialog.grab().toImage().size() == shown.size()
    dialog.reject()


def test_it_locks_after_the_minutes_and_activity_counts_anew(qtbot, work_window, lock, monkeypatch):
    begun = time.monotonic()
    monkeypatch.setattr("crm_desktop.access.ui.lock_screen.time.monotonic", lambda: begun + 599)
    lock._look()
    assert lock.screen is None
    QTest.keyClick(work_window.windowHandle(), Qt.Key.Key_A)
    monkeypatch.setattr("crm_desktop.access.ui.lock_screen.time.monotonic", lambda: begun + 900)
    lock._look()
    assert lock.screen is None
    monkeypatch.setattr("crm_desktop.access.ui.lock_screen.time.monotonic", lambda: begun + 1300)
    lock._look()
    assert lock.screen is not None


def test_zero_minutes_never_lock(work_window, lock, monkeypatch):
    lock.set_minutes(0)
    monkeypatch.setattr("crm_desktop.access.ui.lock_screen.time.monotonic", lambda: 1e9)
    lock._look()
    assert lock.screen is None


def test_rep_password_does_not_open_the_owners_lock(qtbot, work_window, lock, make_person):
    make_person("Wu Lan")
    lock.lock()
    lock.screen.password.setText(REP_PASSWORD)
    qtbot.mouseClick(lock.screen.enter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(lock.screen.box.error))
    assert not work_window.secret.isVisible()


def test_a_message_does_not_squeeze_the_fields(qtbot, open_window):
    window = open_window()
    before = window.password.height()
    window.note.show_message("danger", "Nothing came in just now. " * 6)
    qtbot.waitUntil(lambda: window.note.height() > 40)
    qtbot.waitUntil(lambda: window.password.visibleRegion().boundingRect().height() == before)
