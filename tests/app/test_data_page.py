"""Where is my data? The place, how much, when it was proved whole; what a role may do there."""

import pytest
from PySide6.QtCore import Qt

from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.backup import plans
from crm_desktop.shared.i18n import use_language
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme

LONG_MS = 20_000


@pytest.fixture
def open_page(qapp, qtbot, log_in, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    windows = []

    def make(login):
        dialogs = Dialogs()
        dialogs.will_answer()
        window = build_main_window(log_in(login), Settings(tmp_path / "settings.ini"), dialogs, tmp_path / "drafts")
        windows.append(window)
        window.show()
        page = window.open_settings("data").stack.currentWidget()
        qtbot.waitUntil(lambda: window.tasks.idle and bool(page.values["rows"].text()), timeout=LONG_MS)
        return page

    yield make
    use_language("en")
    for window in windows:
        window.leave()
        window.deleteLater()


def test_it_says_where_and_how_much(open_page, demo_file):
    page = open_page("owner")
    assert str(demo_file) in page.values["place"].text().replace("\u200b", "")
    assert "MB" in page.values["size"].text()
    assert "are free" in page.below["size"].text()
    assert page.values["rows"].text().endswith(" rows")
    assert page.values["backup"].text() == "No backup yet"
    assert page.values["checked"].text() == "Not checked yet"
    assert page.values["rows"].accessibleName().startswith("Rows: ")


def test_a_check_says_that_all_is_well_and_is_remembered(qtbot, open_page):
    page = open_page("owner")
    page.check_now.setFocus()
    qtbot.keyClick(page.check_now, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "in order" in page.note.text(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: "everything is in order" in page.values["checked"].text(), timeout=LONG_MS)
    with page._session.database.read(page._session.actor) as work:
        assert plans.plan(work).checked_at is not None


def test_a_finding_stays_on_the_page(qtbot, open_page):
    page = open_page("owner")
    session = page._session
    with session.database.begin(session.actor) as work:
        plans.note_check(work, session.clock.now(), "1 contact has a wrong key.")
    page.reload()
    qtbot.waitUntil(lambda: "something was found" in page.values["checked"].text(), timeout=LONG_MS)
    assert page.below["checked"].text() == "1 contact has a wrong key."


def test_whoever_may_not_restore_reads_only(open_page):
    page = open_page("chen")
    assert page.open_folder.isVisible()
    for button in (page.restore, page.move_away, page.check_now):
        assert not button.isVisible()
