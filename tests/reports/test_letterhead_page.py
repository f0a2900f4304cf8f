"""Settings → Letterhead, typed and clicked over a real file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from crm_desktop.reports import letterhead
from crm_desktop.reports.ui.letterhead_page import LetterheadPage
from crm_desktop.ui.dialogs import Answer
from tests.reports.papers import picture


@pytest.fixture
def page(desk, show):
    screen = LetterheadPage(desk)
    screen.resize(1200, 760)
    return show(screen)


def stored(database, people):
    with database.read(people.anna) as work:
        return letterhead.get(work)


def type_chinese(widget, text):
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    widget.setFocus()
    QApplication.sendEvent(widget, typed)


def settled(qtbot, page):
    qtbot.waitUntil(lambda: page.desk.tasks.idle)


def red_pixels(image):
    colours = (image.pixelColor(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    return sum(colour.red() > 140 and colour.blue() < 80 and colour.green() < 80 for colour in colours)


def test_what_is_typed_is_saved_and_shown_on_the_sample(qtbot, page, file_database, people, toasts):
    with qtbot.waitSignal(page.sample.drawn):
        pass
    assert not page.unsaved
    assert red_pixels(page.sample.sheet.image) == 0
    type_chinese(page.form.editor("name").widget, "上海晨光机电设备有限公司")
    qtbot.keyClicks(page.form.editor("phone").widget, "+86 21 5080 1234")
    with qtbot.waitSignal(page.sample.drawn):
        qtbot.mouseClick(page.form.editor("colour").swatches["#9C2A20"], Qt.MouseButton.LeftButton)
    assert red_pixels(page.sample.sheet.image) > 20
    assert page.unsaved
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: toasts == ["The settings are saved."])
    assert not page.unsaved
    profile = stored(file_database, people)
    assert (profile.name, profile.colour) == ("上海晨光机电设备有限公司", "#9C2A20")
    assert profile.sender("en").contact == ("Phone +86 21 5080 1234",)


def test_a_language_has_its_own_wording(qtbot, page, file_database, people):
    page.languages.setCurrentIndex(0)
    qtbot.keyClicks(page.form.editor("name").widget, "Base")
    qtbot.keyClicks(page.form.editor("en_name").widget, "Chenguang Ltd")
    page.languages.setCurrentIndex(2)
    assert page.form.editor("zh_Hant_footer").widget.isVisible()
    assert not page.form.editor("en_name").widget.isVisible()
    page.save()
    settled(qtbot, page)
    profile = stored(file_database, people)
    assert profile.wording == {"en": {"name": "Chenguang Ltd"}}
    page.form.editor("en_name").widget.selectAll()
    qtbot.keyClick(page.form.editor("en_name").widget, Qt.Key.Key_Delete)
    page.save()
    settled(qtbot, page)
    assert stored(file_database, people).sender("en").name == "Base"


def test_logo_and_seal_come_from_files(qtbot, page, desk, file_database, people, tmp_path):
    good, bad = tmp_path / "logo.png", tmp_path / "logo.svg"
    good.write_bytes(picture(400, 200))
    bad.write_text("<svg/>")
    desk.dialogs.will_answer(bad, good, None, tmp_path / "gone.png")
    logo = page.form.editor("logo")
    logo.choose.click()
    qtbot.waitUntil(lambda: "logo" in page.form.errors)
    assert "PNG or JPEG" in page.form.errors["logo"]
    logo.choose.click()
    qtbot.waitUntil(lambda: page.unsaved)
    assert page.form.errors == {}
    page.form.editor("seal").choose.click()
    page.form.editor("seal").choose.click()
    qtbot.waitUntil(lambda: "seal" in page.form.errors)
    page.form.clear_errors()
    page.save()
    settled(qtbot, page)
    assert stored(file_database, people).logo == good.read_bytes()
    assert logo.remove.isVisible()
    logo.remove.click()
    page.save()
    settled(qtbot, page)
    assert stored(file_database, people).logo == b""


def test_a_colour_that_is_none_is_refused_beside_its_field(qtbot, page, file_database, people):
    line = page.form.editor("colour").line
    line.selectAll()
    qtbot.keyClicks(line, "#12")
    page.save()
    assert "colour" in page.form.errors
    assert stored(file_database, people).version == 0
    line.selectAll()
    qtbot.keyClicks(line, "#1f4e8c")
    assert page.form.errors == {}
    assert page.form.editor("colour").swatches["#1F4E8C"].isChecked()
    page.save()
    settled(qtbot, page)
    assert stored(file_database, people).colour == "#1F4E8C"


def test_somebody_else_saves_meanwhile(qtbot, page, file_database, people):
    qtbot.keyClicks(page.form.editor("name").widget, "Mine")
    with file_database.begin(people.boss) as work:
        letterhead.save(work, 0, {"phone": "123", "name": "Theirs"})
    page.save()
    qtbot.waitUntil(lambda: "meanwhile" in page.note.text())
    page.note.action_clicked.emit()
    settled(qtbot, page)
    assert page.form.editor("name").value() == "Mine"
    assert page.form.editor("phone").value() == "123"
    page.save()
    settled(qtbot, page)
    assert (stored(file_database, people).name, stored(file_database, people).phone) == ("Mine", "123")


def test_leaving_asks_only_when_something_would_be_lost(qtbot, page, desk):
    assert page.can_close()
    qtbot.keyClicks(page.form.editor("name").widget, "x")
    desk.dialogs.will_answer(Answer.NO, Answer.YES)
    assert not page.can_close()
    assert page.can_close()


def test_a_rep_may_look_but_not_change(qtbot, make_desk, people, show):
    page = show(LetterheadPage(make_desk(people.anna)))
    assert not page.actions_here["save_letterhead"].isVisible()
    assert page.form.editor("name").widget.isReadOnly()
    assert not page.form.editor("logo").choose.isEnabled()
    assert not page.form.editor("colour").swatches["#1F4E8C"].isEnabled()


def test_everything_is_reached_and_named(page):
    unnamed = [
        one
        for one in page.findChildren(QAbstractButton)
        if one.isVisible() and not (one.accessibleName() or one.text())
    ]
    assert unnamed == []
    assert page.form.editor("colour").line.accessibleName()
