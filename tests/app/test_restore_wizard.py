"""The restore wizard by keyboard, on a road that tells it what a backup could tell."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from crm_desktop.access.login import WrongLogin
from crm_desktop.app.restore_answers import Lost, Row
from crm_desktop.app.ui.restore.dialog import APPLY, CHECK, CHOOSE, CONFIRM, CONTENTS, RestoreDialog
from crm_desktop.app.ui.restore.lost_list import LostDialog
from crm_desktop.app.ui.restore.road import Found, OneTimePassword, Outcome, SecretNeeded, SecretWrong, Seen
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.backup.format.refusals import Damaged
from crm_desktop.shared.errors import Unavailable
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme

NOW = datetime.now(UTC)
FOLDER = Path("drive") / "backups"
GOOD, OLDER, LOCKED, BROKEN = (FOLDER / f"crm-backup-2026111{n}-123000.zip" for n in range(4))
PASSWORD = "harbour lantern 88"


class Prepared:
    """What was unpacked; counts what was put away."""

    def __init__(self, road):
        self.road = road
        road.open += 1

    def close(self):
        self.road.open -= 1


class Road:
    """One company with four backups."""

    is_new = on_server = False
    where = "This computer · harbour.crm"
    replaces = None

    def __init__(self):
        self.open = 0
        self.restored = []
        self.passwords = ()
        self.refusal = None
        self.other = ""
        self.lost_known = True
        self.may_finish = threading.Event()
        self.may_finish.set()

    def find(self):
        kinds = ("scheduled", "manual", "exit", "before-import")
        return [
            Found(path, NOW - timedelta(days=days, hours=2), kind, 48_000_000, path == LOCKED, path != BROKEN)
            for days, (path, kind) in enumerate(zip((GOOD, OLDER, LOCKED, BROKEN), kinds, strict=True))
        ]

    def prepare(self, path, secret, progress):
        assert self.may_finish.wait(20)
        progress.step(0)
        if path == BROKEN:
            raise Damaged(path, "data.sqlite")
        if path == LOCKED and secret != "right":
            raise SecretWrong if secret else SecretNeeded
        return Prepared(self)

    def see(self, path, _prepared, _progress):
        made = NOW - timedelta(hours=26)
        lost = [Lost(NOW - timedelta(hours=n), "Chen Jie", "contact", f"Contact {n}", "=1+1") for n in range(51)]
        newer = self.find()[0] if path == OLDER else None
        rows = [Row("Contacts", "1,271", "1,284", 13), Row("Owed to us, CNY", "1,565,330.00", "1,579,585.00")]
        lost = lost if self.lost_known else []
        return Seen(
            "Harbour & Lin", made, 48_000_000, 41_332, rows, lost,
            lost_count=len(lost), hours=7, people=("Chen Jie",), newer=newer, other_company=self.other,
            lost_known=self.lost_known,
        )  # fmt: skip

    def confirm(self, wish):
        if wish.password != PASSWORD:
            raise WrongLogin

    def restore(self, path, _prepared, wish, _progress):
        assert self.may_finish.wait(20)
        if self.refusal is not None:
            raise self.refusal
        self.restored.append((path, wish.password))
        return Outcome("harbour.crm", "Harbour & Lin", FOLDER / "safety.zip", "", self.passwords)

    def look(self, prepared):
        self.looked = prepared


@pytest.fixture
def road():
    return Road()


@pytest.fixture
def wizard(qapp, qtbot, road, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    window, tasks, dialogs = QWidget(), Tasks(begin=None), Dialogs()
    dialogs.will_answer()
    window.resize(1200, 760)
    window.show()
    state = RestoreState(road, tasks, dialogs, Settings(tmp_path / "settings.ini"))
    made = RestoreDialog(state, login="lin", parent=window)
    with qtbot.waitActive(made):
        made.start_with()
    qtbot.waitUntil(lambda: bool(made.choose.rows.rows) and tasks.idle)
    yield made
    road.may_finish.set()
    tasks.close()
    window.hide()
    window.deleteLater()


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


def go_to_contents(qtbot, wizard, path=GOOD):
    wizard.choose.take(path)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)


def go_to_password(qtbot, wizard):
    go_to_contents(qtbot, wizard)
    wizard.forward.click()
    assert wizard.at == CONFIRM


def test_a_backup_is_restored_with_the_keyboard_alone(qtbot, wizard, road):
    assert QApplication.focusWidget() is wizard.choose.table
    assert wizard.choose.chosen.path == GOOD
    assert wizard.foot_note.text() == "Nothing has been changed yet."
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)
    press(qtbot, Qt.Key.Key_Return)
    assert wizard.at == CONFIRM
    assert wizard.foot_note.text() == "Nothing has been changed yet."
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.confirm.password)
    qtbot.keyClicks(QApplication.focusWidget(), PASSWORD)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.applying.is_end)
    assert road.restored == [(GOOD, PASSWORD)]
    assert "Everybody logs in again." in wizard.applying.verdict.sentence.text()
    assert not wizard.leave.isVisible()
    with qtbot.waitSignal(wizard.restored) as told:
        wizard.forward.setFocus()
        press(qtbot, Qt.Key.Key_Return)
    assert told.args[0].address == "harbour.crm"
    assert road.open == 0, "what was unpacked is gone"


def test_a_wrong_passphrase_is_no_damage(qtbot, wizard):
    wizard.choose.take(LOCKED)
    secret, box = wizard.check.secret, wizard.check.secret_box
    qtbot.waitUntil(lambda: QApplication.focusWidget() is secret)
    assert "locked" in wizard.check.verdict.heading.text()
    assert box.error == ""
    qtbot.keyClicks(secret, "wrong")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open" in box.error)
    assert "not found damaged" in box.error
    qtbot.keyClicks(secret, "right")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)


def test_a_damaged_backup_is_refused_in_words_and_another_one_chosen(qtbot, wizard):
    wizard.choose.take(BROKEN)
    qtbot.waitUntil(lambda: "cannot be used" in wizard.check.verdict.heading.text())
    said = wizard.check.verdict.sentence.text()
    assert "data.sqlite" in said
    assert "Nothing was changed" in said
    assert wizard.at == CHECK
    wizard.back.click()
    assert wizard.at == CHOOSE
    assert QApplication.focusWidget() is wizard.choose.table


def test_another_backup_chosen_while_the_first_is_still_checked(qtbot, wizard, road):
    road.may_finish.clear()
    wizard.choose.take(OLDER)
    assert wizard.check.busy
    wizard.back.click()
    assert wizard.at == CHOOSE
    wizard.choose.take(GOOD)
    road.may_finish.set()
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)
    assert wizard.state.path == GOOD
    assert wizard.state.seen.newer is None, "the one chosen last was checked"
    assert road.open == 1


def test_leaving_while_it_is_checked_leaves_nothing_behind(qtbot, wizard, road):
    road.may_finish.clear()
    wizard.choose.take(GOOD)
    tasks = wizard.state.tasks
    wizard.reject()
    road.may_finish.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert road.open == 0


def test_a_check_that_was_stopped_can_be_made_again(qtbot, wizard, road):
    road.may_finish.clear()
    wizard.choose.take(GOOD)
    wizard.check.progress.cancelled.emit()
    road.may_finish.set()
    qtbot.waitUntil(lambda: "was stopped" in wizard.check.verdict.heading.text())
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)


def test_what_would_be_lost_is_named_counted_and_saved(qtbot, wizard, tmp_path):
    go_to_contents(qtbot, wizard)
    rows = wizard.contents.rows
    assert [rows.index(0, column).data() for column in range(4)] == ["Contacts", "1,271", "1,284", "13 lost"]
    pane = wizard.contents.lost
    said = [label.text() for label in pane.findChildren(QLabel)]
    assert "Would be lost: 7 hours of work" in said
    assert pane.show_all.text() == "Show all 51"
    pane.show_all.click()
    listed = wizard.findChild(LostDialog)
    assert listed.rows.rowCount() == 51
    path = tmp_path / "lost.xlsx"
    wizard.state.dialogs.will_answer(path)
    listed.go.click()
    qtbot.waitUntil(lambda: wizard.state.tasks.idle and path.exists())
    sheet = openpyxl.load_workbook(path).active
    assert sheet.max_row == 52
    assert sheet.cell(2, 3).value == "=1+1"
    assert sheet.cell(2, 3).data_type == "s", "no formula"
    listed.close()


def test_a_newer_good_backup_is_pointed_out_and_taken(qtbot, wizard, road):
    go_to_contents(qtbot, wizard, OLDER)
    assert "A newer good backup exists" in wizard.contents.newer.text()
    wizard.contents.use_newer.click()
    qtbot.waitUntil(lambda: wizard.at == CONTENTS and wizard.state.path == GOOD)
    assert not wizard.contents.use_newer.isVisible()
    assert road.open == 1


def test_another_companys_data_is_named(qtbot, wizard, road):
    road.other = "Wing Hing Hong"
    go_to_contents(qtbot, wizard)
    said = wizard.contents.other.text()
    assert "another company’s data" in said
    assert "Harbour & Lin" in said
    assert "Wing Hing Hong" in said


def test_a_damaged_present_is_not_said_to_lose_nothing(qtbot, wizard, road):
    road.lost_known = False
    go_to_contents(qtbot, wizard)
    said = [label.text() for label in wizard.contents.lost.findChildren(QLabel)]
    assert any("not known" in text for text in said)
    assert not any("Nothing would be lost" in text for text in said)


def test_a_wrong_password_stays_on_its_step(qtbot, wizard, road):
    go_to_password(qtbot, wizard)
    wizard.forward.click()
    assert wizard.confirm.box.error == "Type your password."
    wizard.confirm.password.setText("guessed")
    wizard.forward.click()
    qtbot.waitUntil(lambda: bool(wizard.confirm.box.error) and not wizard.confirm.busy)
    assert wizard.at == CONFIRM
    assert road.restored == []


def test_while_it_applies_there_is_no_leaving(qtbot, wizard, road):
    go_to_password(qtbot, wizard)
    road.may_finish.clear()
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.at == APPLY and wizard.applying.busy)
    for button in (wizard.leave, wizard.back, wizard.forward):
        assert not button.isVisible()
    assert wizard.foot_note.text() == ""
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    wizard.close()
    assert wizard.isVisible()
    road.may_finish.set()
    qtbot.waitUntil(lambda: wizard.applying.is_end)


def test_a_refused_restore_says_why_and_lets_go_back(qtbot, wizard, road):
    road.refusal = Unavailable("The disk is full. Nothing was changed.")
    go_to_password(qtbot, wizard)
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    qtbot.waitUntil(lambda: "not restored" in wizard.applying.verdict.heading.text())
    assert "The disk is full" in wizard.applying.verdict.sentence.text()
    assert wizard.back.isVisible()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert not wizard.isVisible()
    assert road.open == 0


def test_one_time_passwords_are_kept_before_it_closes(qtbot, wizard, road, tmp_path):
    road.passwords = (OneTimePassword("chen.jie", "Chen Jie", "maple-kite-41"),)
    go_to_password(qtbot, wizard)
    wizard.confirm.password.setText(PASSWORD)
    wizard.forward.click()
    qtbot.waitUntil(lambda: wizard.applying.is_end)
    assert not wizard.forward.isEnabled()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    path = tmp_path / "passwords.txt"
    wizard.state.dialogs.will_answer(path)
    wizard.applying.passwords.save.click()
    assert "maple-kite-41" in path.read_text(encoding="utf-8")
    wizard.applying.passwords.has_them.click()
    assert wizard.forward.isEnabled()


def test_a_file_dropped_is_checked_at_once(qtbot, wizard):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(GOOD.absolute()))])
    drop = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    wizard.choose.dropEvent(drop)
    qtbot.waitUntil(lambda: wizard.at == CONTENTS)


def test_looking_leaves_the_wizard_where_it_is(qtbot, wizard, road):
    go_to_contents(qtbot, wizard)
    wizard.contents.look.click()
    qtbot.waitUntil(lambda: "window of its own" in wizard.contents.note.text())
    assert road.looked is wizard.state.prepared
    assert wizard.at == CONTENTS
    assert wizard.forward.isEnabled()


def test_everything_has_a_name_for_those_who_hear_it(wizard):
    for part in (wizard.choose.table, wizard.check.secret, wizard.contents.table, wizard.confirm.password):
        assert part.accessibleName()
    assert wizard.accessibleName() == "Restore a backup"
    assert wizard.head.steps.accessibleName() == "Step 1 of 5: Choose"
