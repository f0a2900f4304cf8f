"""The move wizard by keyboard, on a road that tells it what the two places could tell."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.access.login import WrongLogin
from crm_desktop.app.opening import AlreadyThere
from crm_desktop.app.restore_answers import Row
from crm_desktop.app.ui.move.dialog import MoveDialog
from crm_desktop.app.ui.move.state import MoveState
from crm_desktop.app.ui.restore.road import OneTimePassword, Outcome
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme

PASSWORD = "harbour lantern 88"
TARGET, WHAT, CONFIRM, MOVING = range(4)


class Road:
    """A company in a file, and an empty database."""

    company = "Harbour & Lin"
    where = "This computer · harbour.crm"
    to_server = True

    def __init__(self):
        self.taken = False
        self.moved = []
        self.may_finish = threading.Event()
        self.may_finish.set()

    def check_target(self, target):
        if self.taken:
            raise AlreadyThere(path=target.said)

    def see(self, _progress):
        return [Row("Contacts", "1,284", ""), Row("Owed to us, CNY", "1,579,585.00", "")]

    def confirm(self, password):
        if password != PASSWORD:
            raise WrongLogin

    def move(self, target, password, _progress):
        assert self.may_finish.wait(20)
        self.moved.append((target, password))
        rows = [Row("Contacts", "1,284", "1,284"), Row("Owed to us, CNY", "1,579,585.00", "1,579,585.00")]
        return Outcome(
            target.said, self.company, None, "", (OneTimePassword("chen", "Chen Jie", "maple-kite-41"),), rows
        )


@pytest.fixture
def road():
    return Road()


@pytest.fixture
def open_wizard(qapp, qtbot, road, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    window, tasks, dialogs = QWidget(), Tasks(begin=None), Dialogs()
    dialogs.will_answer()
    window.show()

    def make():
        made = MoveDialog(MoveState(road, tasks, dialogs), "lin", tmp_path, window)
        with qtbot.waitActive(made):
            made.start()
        return made

    yield make
    road.may_finish.set()
    tasks.close()
    window.hide()
    window.deleteLater()


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_a_company_moves_to_a_server_with_the_keyboard_alone(qtbot, open_wizard, road):
    wizard = open_wizard()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.target.server)
    qtbot.keyClicks(QApplication.focusWidget(), "db.example.com")
    wizard.target.database.setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "crm")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.at == WHAT and wizard.forward.isEnabled())
    assert wizard.what.rows.rowCount() == 2
    assert wizard.foot_note.text() == "Nothing has been changed yet."
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.confirm.password)
    qtbot.keyClicks(QApplication.focusWidget(), PASSWORD)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.moving.is_end)
    target, password = road.moved[0]
    assert target.address == "postgresql://db.example.com:5432/crm"
    assert (target.administrator, password) == ("postgres", PASSWORD)
    assert "left as it was" in wizard.moving.verdict.sentence.text()
    assert [wizard.moving.rows.index(0, column).data() for column in range(4)] == ["Contacts", "1,284", "1,284", "✓"]
    assert not wizard.forward.isEnabled()
    wizard.moving.passwords.has_them.click()
    with qtbot.waitSignal(wizard.moved) as told:
        wizard.forward.click()
    assert told.args[0].address == "postgresql://db.example.com:5432/crm"


def test_what_is_missing_is_said_beside_its_field(open_wizard):
    wizard = open_wizard()
    wizard.forward.click()
    assert wizard.at == TARGET
    assert wizard.target.boxes["server"].error == "Type the name of the server."
    assert wizard.target.boxes["database"].error
    assert not wizard.target.boxes["administrator"].error


def test_a_place_that_is_taken_is_refused(qtbot, open_wizard, road):
    road.taken = True
    wizard = open_wizard()
    wizard.target.server.setText("db")
    wizard.target.database.setText("crm")
    wizard.forward.click()
    qtbot.waitUntil(lambda: "There is a company" in wizard.target.note.text())
    assert wizard.at == TARGET


def test_to_a_file_a_free_name_is_proposed(qtbot, open_wizard, road, tmp_path):
    road.to_server = False
    (tmp_path / "Harbour & Lin.crm").touch()
    wizard = open_wizard()
    assert Path(wizard.target.path.text()) == tmp_path / "Harbour & Lin 2.crm"
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == WHAT)
    assert wizard.state.target.path == tmp_path / "Harbour & Lin 2.crm"


def test_a_wrong_password_moves_nothing_and_while_it_moves_there_is_no_leaving(qtbot, open_wizard, road):
    road.to_server = False
    road.may_finish.clear()
    wizard = open_wizard()
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == WHAT and wizard.forward.isEnabled())
    wizard.forward.click()
    assert wizard.at == CONFIRM
    wizard.confirm.password.setText("guessed")
    wizard.forward.click()
    qtbot.waitUntil(lambda: bool(wizard.confirm.box.error) and not wizard.confirm.busy)
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == MOVING and wizard.moving.busy)
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    wizard.close()
    assert wizard.isVisible()
    road.may_finish.set()
    qtbot.waitUntil(lambda: wizard.moving.is_end)
