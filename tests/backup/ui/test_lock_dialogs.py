"""Locking backups: a passphrase typed twice, the key on paper, proved by its last group."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.app.figures import SEAMS
from crm_desktop.backup import plans
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.restore.restoring import key_of
from crm_desktop.backup.ui.lock_dialogs import LockDialog, RecoveryKeyDialog, strength_text
from crm_desktop.shared.progress import Quiet

PHRASE = "four words are good"


def open_dialog(page, kind):
    return page.findChildren(kind)[-1]


def lock_of(window):
    with window.session.database.read(window.session.actor) as work:
        return plans.plan(work).lock


@pytest.fixture
def key_dialog(qtbot, page, calm):
    page.lock.click()
    dialog = open_dialog(page, LockDialog)
    qtbot.keyClicks(dialog.first, PHRASE)
    qtbot.keyClicks(dialog.again, PHRASE)
    qtbot.keyClick(dialog.again, Qt.Key.Key_Return)
    calm()
    return open_dialog(page, RecoveryKeyDialog)


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("", ""),
        ("short", "Too short"),
        ("aaaaaaaaaaaaaaaa", "Easy to guess"),
        ("kidney-stapler", "Good"),
        (PHRASE, "Strong"),
    ],
)
def test_how_good_a_passphrase_is_stands_below_it(typed, begins):
    assert strength_text(typed).startswith(begins)


def test_a_short_or_mistyped_passphrase_makes_no_key(qtbot, window, page):
    page.lock.click()
    dialog = open_dialog(page, LockDialog)
    assert "nobody can open these backups again" in dialog.explanation.text()
    qtbot.keyClicks(dialog.first, "short")
    qtbot.keyClick(dialog.first, Qt.Key.Key_Return)
    assert "Too short" in dialog.box.error
    dialog.first.setText(PHRASE)
    qtbot.keyClicks(dialog.again, PHRASE[:-1])
    qtbot.keyClick(dialog.again, Qt.Key.Key_Return)
    assert dialog.box_again.error == "The two are not the same."
    assert dialog.isVisible()
    dialog.reject()
    assert not lock_of(window)


def test_nothing_is_locked_before_the_key_was_proved(qtbot, window, page, calm, key_dialog):
    assert not lock_of(window)
    qtbot.keyClicks(key_dialog.typed, "WRONG")
    qtbot.keyClick(key_dialog.typed, Qt.Key.Key_Return)
    assert "not the last group" in key_dialog.box.error
    key_dialog.reject()
    calm()
    assert not lock_of(window)
    assert page.lock.text() == "Lock with a passphrase…"


def test_locked_backups_open_with_either_secret_and_unlocking_asks(qtbot, window, page, calm, key_dialog, tmp_path):
    recovery_key = key_dialog.key.text()
    window.dialogs.will_answer(str(tmp_path / "key.txt"))
    key_dialog.save.click()
    assert recovery_key in (tmp_path / "key.txt").read_text(encoding="utf-8")
    qtbot.keyClicks(key_dialog.typed, key_dialog.last_group.lower())
    qtbot.keyClick(key_dialog.typed, Qt.Key.Key_Return)
    calm()
    assert lock_of(window)
    assert page.lock.text() == "Stop locking…"
    window.backups.back_up()
    calm()
    run = page.current()
    assert run.locked
    assert run.path.name.endswith(".crmlock")
    for secret in (PHRASE, recovery_key):
        assert verify_archive(run.path, seams=SEAMS, key=key_of(run.path, secret), progress=Quiet())
    for answer, said in (("", "complete"), ("not this one at all", "passphrase"), (recovery_key, "complete")):
        window.dialogs.will_answer(answer)
        page.verify.click()
        calm()
        assert said in page.note.text(), answer
        assert page.current().status == "verified"
    window.dialogs.will_answer(False)
    page.lock.click()
    assert lock_of(window)
    window.dialogs.will_answer(True)
    page.lock.click()
    calm()
    assert not lock_of(window)


def test_esc_leaves_and_the_focus_is_in_the_field(qtbot, page):
    page.lock.click()
    dialog = open_dialog(page, LockDialog)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.first)
    qtbot.keyClick(dialog.first, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
