"""One person's first day, in the real windows: a new company, in, a customer, found again, out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.access import login as logins
from crm_desktop.access.ui.login import LoginWindow
from crm_desktop.app import session as sessions
from crm_desktop.app.ui.first_run import FirstRun
from crm_desktop.app.ui.gui import make_program
from crm_desktop.app.ui.new_company import CODE, PLACE, YOU
from crm_desktop.contacts import lists
from crm_desktop.contacts.service import ENTITY
from crm_desktop.shared.i18n import use_language
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.settings import LANGUAGE, Settings
from tests.programs import put_away

PASSWORD = "four words i know"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def program(qapp, tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.set(LANGUAGE, "en")
    made = make_program(qapp, settings, tmp_path / "drafts")
    made.dialogs.will_answer()
    yield made
    put_away(made)
    use_language("en")


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def write(qtbot, text):
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClicks(QApplication.focusWidget(), text)


def compose(widget, text):
    """Type as an input method does: something half-made first, then the whole."""
    QApplication.sendEvent(widget, QInputMethodEvent("ning", []))
    done = QInputMethodEvent()
    done.setCommitString(text)
    QApplication.sendEvent(widget, done)


def found_company(qtbot, program, path):
    """Walk through the pages of a new company; returns the recovery code shown."""
    window = program.window
    assert isinstance(window, FirstRun)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.rows["new"])
    press(qtbot, Qt.Key.Key_Return)
    wizard = window._wizard
    write(qtbot, "Harbour & Lin Trading")
    press(qtbot, Qt.Key.Key_Return)
    assert wizard.page == PLACE
    wizard.path.setText(str(path))
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.page == YOU, timeout=10_000)
    write(qtbot, "Lin Wei")
    for text in ("", PASSWORD, PASSWORD):
        press(qtbot, Qt.Key.Key_Return)
        write(qtbot, text)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.page == CODE, timeout=20_000)
    code = wizard.code.label.text()
    wizard.code.has_it.click()
    qtbot.waitUntil(wizard.forward.isEnabled)
    wizard.forward.click()
    return code


def log_in(qtbot, program, password=PASSWORD):
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=10_000)
    login = program.window
    qtbot.waitExposed(login)
    assert login.login.text() == "lin.wei"
    qtbot.keyClicks(login.password, password)
    qtbot.keyClick(login.password, Qt.Key.Key_Return)


def in_the_window(qtbot, program):
    qtbot.waitUntil(lambda: program.workplace is not None, timeout=30_000)
    window = program.workplace.window
    window.dialogs.will_answer()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)
    return window


def write_down_contact(qtbot, window, name):
    """Make a contact by Ctrl+K; returns its tab once it is stored."""
    window.search()
    qtbot.keyClicks(window.palette_.field, "New contact")
    qtbot.waitUntil(lambda: any(row.title == "New contact" for row in window.palette_.rows), timeout=10_000)
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.front.key == (ENTITY, "new"), timeout=10_000)
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)
    record = window.tabs.front.screen.record
    line = record.form.editor("name").line
    line.setFocus()
    compose(line, name)
    assert window.tabs.front.screen.unsaved
    qtbot.keyClick(line, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: window.tabs.front.key[1] != "new" or not window.tabs.front.screen.unsaved, timeout=10_000)
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)
    return window.tabs.front


def test_from_nothing_to_a_customer_found_again(qtbot, program, tmp_path):
    path = tmp_path / "harbour.crm"
    program.start()
    code = found_company(qtbot, program, path)
    assert len(code.split("-")) == 5

    log_in(qtbot, program)
    window = in_the_window(qtbot, program)
    assert window.windowTitle() == "Harbour & Lin Trading – CRM Desktop"
    assert window.tabs.front.key == ("screen", "day"), "the day page comes first, once a day"

    tab = write_down_contact(qtbot, window, "宁波华新 Electromechanical")
    assert tab.title == "宁波华新 Electromechanical"
    window.close_tab(tab)

    window.search()
    qtbot.keyClicks(window.palette_.field, "nbhx")
    qtbot.waitUntil(
        lambda: any(row.title == "宁波华新 Electromechanical" for row in window.palette_.rows), timeout=10_000
    )
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.front.key[0] == ENTITY, timeout=10_000)
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)

    window.menu.log_out.trigger()
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=10_000)
    assert program.workplace is None

    here = sessions.log_in(str(path), "lin.wei", PASSWORD)
    with here.database.read(here.actor) as work:
        assert [row[1] for row in lists.first_page(work, Listing(), ["name"], 10).rows] == [
            "宁波华新 Electromechanical"
        ]
    here.database.close()


def test_the_recovery_code_lets_the_owner_back_in(qtbot, program, tmp_path):
    path = tmp_path / "harbour.crm"
    program.start()
    code = found_company(qtbot, program, path)
    log_in(qtbot, program, "not the password")
    login = program.window
    qtbot.waitUntil(lambda: bool(login.password_box.error or login.note.text()), timeout=20_000)
    assert program.workplace is None

    database = sessions.open_database(str(path))
    again = logins.recover(database, "lin.wei", code, "another good phrase")
    database.close()
    assert again != code
    login.password.clear()
    qtbot.keyClicks(login.password, "another good phrase")
    qtbot.keyClick(login.password, Qt.Key.Key_Return)
    window = in_the_window(qtbot, program)
    assert "Lin Wei" in window.status.person.text()
