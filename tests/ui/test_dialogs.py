"""The seam of dialogs: real windows answered by a person, and the queue of answers for tests."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from crm_desktop.shared.errors import NotAllowed
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.dialogs import Answer, Dialogs, UnexpectedDialog, Verb
from crm_desktop.ui.message_box import MessageBox
from crm_desktop.ui.theme import install_theme

VERBS = (Verb("keep", "Keep", safe=True), Verb("delete", "Delete 3 contacts", kind="danger"))


@pytest.fixture
def dialogs(qapp, qtbot):
    install_theme(qapp, "light")
    owner = QWidget()
    qtbot.addWidget(owner)
    return Dialogs(owner)


def when_open(act) -> None:
    """Run `act(dialog)` as soon as a dialog is open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, look)
        else:
            act(dialog)

    QTimer.singleShot(0, look)


def test_the_verb_pressed_is_the_answer(dialogs, qtbot):
    when_open(lambda box: box.findChild(Button, "delete").click())
    assert dialogs.ask("Delete 3 contacts?", "They can be brought back.", VERBS) == "delete"


def test_leaving_by_escape_is_the_safe_verb(dialogs, qtbot):
    when_open(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert dialogs.ask("Delete 3 contacts?", "", VERBS) == "keep"
    when_open(lambda box: qtbot.keyClick(box, Qt.Key.Key_Return))
    assert not dialogs.confirm("Delete 3 contacts?", "", "Delete 3 contacts")


def test_the_ring_is_on_the_verb_that_enter_presses(dialogs, qtbot):
    def look(box) -> None:
        seen.append(box.focusWidget().objectName())
        qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Return)

    seen: list[str] = []
    verbs = (Verb("save", "Save", kind="primary"), Verb("keep", "Keep editing", safe=True))
    when_open(look)
    assert dialogs.ask("Save the changes?", "", verbs) == "keep"
    assert seen == ["keep"]


def test_a_question_has_one_safe_verb(dialogs):
    with pytest.raises(ValueError, match="safe"):
        dialogs.ask("What?", "", (Verb("a", "A"), Verb("b", "B")))


def test_input_stays_open_until_it_is_right(dialogs, qtbot):
    def type_twice(box) -> None:
        line = box.findChild(QLineEdit)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        assert box.isVisible()
        assert line.property("error") is True
        qtbot.keyClicks(line, "Old debts")
        qtbot.keyClick(line, Qt.Key.Key_Return)

    when_open(type_twice)
    text = dialogs.input_text("Save view", "Name", check=lambda text: None if text else "A view needs a name.")
    assert text == "Old debts"


def test_answers_are_given_in_turn_and_never_run_out_silently(dialogs):
    dialogs.will_answer("delete", Answer.NO, Answer.YES, Path("a.xlsx"), None, "Name")
    assert dialogs.ask("Delete?", "", VERBS) == "delete"
    assert dialogs.ask("Delete?", "", VERBS) == "keep"
    assert dialogs.confirm("Restore?", "", "Restore")
    assert dialogs.choose_open_file("Choose") == Path("a.xlsx")
    assert dialogs.choose_folder("Choose") is None
    assert dialogs.input_text("Save view", "Name") == "Name"
    assert [asked.kind for asked in dialogs.asked] == ["ask", "ask", "confirm", "open", "folder", "input"]
    with pytest.raises(UnexpectedDialog):
        dialogs.confirm("Again?", "", "Again")


def test_an_answer_must_be_one_of_the_verbs(dialogs):
    dialogs.will_answer("explode")
    with pytest.raises(UnexpectedDialog, match="explode"):
        dialogs.ask("Delete?", "", VERBS)


def test_a_user_error_is_its_own_sentence(dialogs):
    dialogs.will_answer()
    dialogs.show_error(NotAllowed())
    assert dialogs.errors == [str(NotAllowed())]


def test_a_bug_is_shown_with_its_report_and_copied(dialogs, qtbot):
    try:
        raise RuntimeError("the pool is closed")
    except RuntimeError as error:
        dialogs.show_error(error, "Saving the contact")
        dialogs.show_error(error)
    boxes = [box for box in dialogs.parent().findChildren(MessageBox) if box.isVisible()]
    assert len(boxes) == 1
    copy = next(button for button in boxes[0].findChildren(Button) if button.text() == "Copy")
    copy.click()
    # The clipboard belongs to the whole desktop and may answer late.
    qtbot.waitUntil(lambda: "RuntimeError: the pool is closed" in QApplication.clipboard().text())
    assert "the pool is closed" not in boxes[0].accessibleDescription()
    boxes[0].reject()


def test_a_file_is_looked_for_where_the_last_one_was(dialogs, monkeypatch, tmp_path):
    begun: list[Path] = []

    def choose(_owner, _title, begins, _filters):
        begun.append(Path(begins))
        return str(tmp_path / "Contacts.xlsx"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert dialogs.choose_save_file("Export", "Contacts.xlsx") == tmp_path / "Contacts.xlsx"
    dialogs.choose_open_file("Import")
    dialogs.choose_save_file("Export", "Orders.xlsx")
    dialogs.choose_save_file("Export", "Orders.xlsx", folder=tmp_path / "elsewhere")
    assert begun == [
        Path(documents) / "Contacts.xlsx",
        tmp_path,
        tmp_path / "Orders.xlsx",
        tmp_path / "elsewhere" / "Orders.xlsx",
    ]
