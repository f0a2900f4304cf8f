"""The main window as a person meets it: rail, tabs, search, closing, logging out."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLineEdit

from crm_desktop.access import people
from crm_desktop.access.ui.login import LoginWindow
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.ui.gui import make_program
from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.contacts.service import ENTITY
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import LAST_COMPANY, Settings
from crm_desktop.ui.theme import install_theme
from tests.programs import put_away


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def open_window(qapp, qtbot, log_in, settings, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    windows = []

    def make(login):
        dialogs = Dialogs()
        dialogs.will_answer()
        window = build_main_window(log_in(login), settings, dialogs, tmp_path / "drafts")
        windows.append(window)
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        settle(qtbot, window)
        return window

    yield make
    for window in windows:
        window.leave()
        window.deleteLater()


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=10_000)


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.focusWidget() or window, key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def first_contact(qtbot, window):
    """Leave what opened first for the contacts."""
    before = window.tabs.all
    tab = window.open_screen("contacts")
    for other in list(before):
        if other.key in (("screen", "home"), ("screen", "day")):
            window.close_tab(other)
    settle(qtbot, window)
    record = tab.inside.table.record(0)
    return record["id"], record["name"]


def open_first(qtbot, window):
    id_, name = first_contact(qtbot, window)
    window.open_record(ENTITY, id_)
    qtbot.waitUntil(lambda: window.tabs.front.title == name, timeout=10_000)
    settle(qtbot, window)
    return window.tabs.front


def test_a_rep_begins_at_home_and_goes_to_their_contacts(open_window, qtbot):
    window = open_window("chen")
    assert window.tabs.front.key == ("screen", "home")
    assert window.rail.buttons["home"].isChecked()
    first_contact(qtbot, window)
    assert window.rail.buttons["contacts"].isChecked()
    assert window.tabs.front.screen.inside.table.rowCount() > 0
    assert "Chen Jie" in window.status.person.text()


def test_the_rail_has_only_what_the_role_has(open_window):
    window = open_window("admin")
    assert "contacts" not in window.rail.buttons
    assert window.tabs.front.key[0] == "settings"
    assert "people" in window.tabs.front.screen.buttons
    titles = [command.title for command in window.commands()]
    assert "Contacts" not in titles
    assert "New contact" not in titles


def test_a_rep_has_no_settings_of_the_company(open_window):
    window = open_window("chen")
    window.open_settings()
    assert set(window.tabs.front.screen.buttons) == {"data", "account", "about"}


def test_search_finds_and_opens_a_contact(open_window, qtbot):
    window = open_window("chen")
    id_, name = first_contact(qtbot, window)
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    assert window.palette_.isVisible()
    qtbot.keyClicks(window.palette_.field, name)
    qtbot.waitUntil(lambda: any(row.title == name for row in window.palette_.rows), timeout=10_000)
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.front.key == (ENTITY, str(id_)), timeout=10_000)
    assert not window.palette_.isVisible()
    settle(qtbot, window)


def test_search_says_when_there_is_nothing(open_window, qtbot):
    window = open_window("chen")
    window.search()
    qtbot.keyClicks(window.palette_.field, "zzqqxx")
    qtbot.waitUntil(lambda: window.palette_.nothing.isVisible(), timeout=10_000)
    assert "zzqqxx" in window.palette_.nothing.text()
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()


def test_search_goes_away_though_what_had_the_keyboard_is_gone(open_window):
    window = open_window("chen")
    before = window.focusWidget()
    window.search()
    assert window.palette_.field.hasFocus()
    before.deleteLater()
    QCoreApplication.sendPostedEvents(before, QEvent.Type.DeferredDelete.value)
    window.palette_.leave()
    assert not window.palette_.isVisible()


def test_search_runs_a_command(open_window, qtbot):
    window = open_window("chen")
    window.search()
    qtbot.keyClicks(window.palette_.field, "my acc")
    qtbot.waitUntil(lambda: [row.title for row in window.palette_.rows] == ["My account"], timeout=10_000)
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.front.key[0] == "settings", timeout=10_000)
    assert window.tabs.front.screen.section == "account"


def test_enter_at_once_opens_what_was_typed_not_what_was_shown(open_window, qtbot):
    window = open_window("chen")
    id_, name = first_contact(qtbot, window)
    window.search()
    window.palette_.field.setFocus()
    qtbot.keyClicks(window.palette_.field, name)
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.front.key == (ENTITY, str(id_)), timeout=10_000)
    settle(qtbot, window)


def test_a_record_has_one_tab_and_closes(open_window, qtbot):
    window = open_window("chen")
    tab = open_first(qtbot, window)
    window.open_record(ENTITY, int(tab.key[1]))
    assert len(window.tabs.all) == 2
    press(qtbot, window, Qt.Key.Key_W, CTRL)
    assert [one.key for one in window.tabs.all] == [("screen", "contacts")]
    assert window.tabs.strip.count() == 1


def test_the_middle_button_closes_a_tab(open_window, qtbot):
    window = open_window("chen")
    open_first(qtbot, window)
    strip = window.tabs.strip
    qtbot.mouseClick(strip, Qt.MouseButton.MiddleButton, pos=strip.tabRect(1).center())
    assert strip.count() == 1


def test_the_last_tab_makes_room_for_home(open_window, qtbot):
    window = open_window("chen")
    window.close_front()
    qtbot.waitUntil(lambda: bool(window.tabs.all))
    assert window.tabs.front.key == ("screen", "home")


def test_a_figure_of_home_opens_its_list(open_window, qtbot):
    window = open_window("chen")
    home = window.tabs.front.screen
    qtbot.waitUntil(lambda: home.complete, timeout=10_000)
    qtbot.mouseClick(home.headlines["received"], Qt.MouseButton.LeftButton)
    assert window.tabs.front.key == ("screen", "receipts")
    settle(qtbot, window)
    assert window.tabs.front.screen.table.listing.filters == home.headlines["received"].figure.opens.listing.filters
    settle(qtbot, window)


def test_tabs_turn_by_the_keyboard(open_window, qtbot):
    window = open_window("chen")
    open_first(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Tab, CTRL)
    assert window.tabs.front.key == ("screen", "contacts")


def test_unsaved_work_shows_a_dot_and_is_asked_about(open_window, qtbot):
    window = open_window("chen")
    tab = open_first(qtbot, window)
    tab.screen.record.show_tab("details")
    editor = tab.screen.record.form.editor("short_name").widget
    assert isinstance(editor, QLineEdit)
    editor.setFocus()
    qtbot.keyClicks(editor, "Huaxin")
    qtbot.waitUntil(lambda: window.tabs.strip.is_unsaved(1))
    window.dialogs.will_answer("keep")
    assert not window.close_tab(tab)
    assert tab in window.tabs.all
    window.dialogs.will_answer("discard")
    assert window.close_tab(tab)
    assert window.tabs.strip.count() == 1


def test_a_narrow_window_folds_the_rail(open_window, qtbot):
    window = open_window("chen")
    assert not window.rail.folded
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: window.rail.folded)
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: not window.rail.folded)


def test_the_place_of_the_window_is_remembered(open_window, settings, log_in):
    window = open_window("chen")
    window.resize(1234, 701)
    window.leave()
    again = build_main_window(log_in("chen"), settings)
    assert (again.width(), again.height()) == (1234, 701)
    again.leave()
    again.deleteLater()


def test_a_lost_server_is_said_and_taken_back(open_window):
    window = open_window("chen")
    window.show_server_gone(True)
    assert window.server_gone.isVisible()
    window.show_server_gone(False)
    assert not window.server_gone.isVisible()


@pytest.fixture
def program(qapp, qtbot, settings, demo_file, tmp_path):
    made = make_program(qapp, settings, tmp_path / "drafts")
    made.dialogs.will_answer()
    yield made
    put_away(made)


def come_in(program, qtbot, demo_file, login="chen"):
    program.start(str(demo_file))
    window = program.window
    assert isinstance(window, LoginWindow)
    qtbot.waitExposed(window)
    window.login.setText(login)
    qtbot.keyClicks(window.password, PASSWORD)
    qtbot.keyClick(window.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.workplace is not None, timeout=30_000)
    settle(qtbot, program.workplace.window)
    return program.workplace


def test_in_by_the_password_and_out_again(program, qtbot, demo_file, settings):
    workplace = come_in(program, qtbot, demo_file)
    assert ("screen", "home") in [tab.key for tab in workplace.window.tabs.all]
    workplace.window.menu.log_out.trigger()
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=10_000)
    assert program.workplace is None
    assert program.window.login.text() == "chen"
    assert settings.get(LAST_COMPANY) == str(demo_file)


def test_a_missing_file_leads_to_the_first_run(program, qtbot, tmp_path):
    program.start(str(tmp_path / "gone.crm"))
    qtbot.waitUntil(lambda: not isinstance(program.window, LoginWindow), timeout=30_000)
    assert program.window.missing.isVisible()


def test_another_language_keeps_the_tabs(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    open_first(qtbot, workplace.window)
    keys = [tab.key for tab in workplace.window.tabs.all]
    before = workplace.window
    before.choose_language("en")
    qtbot.waitUntil(lambda: workplace.window is not before, timeout=10_000)
    assert [tab.key for tab in workplace.window.tabs.all] == keys
    settle(qtbot, workplace.window)


def test_a_closed_account_is_back_at_the_login(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    database, user = workplace.session.database, workplace.session.actor.user_id
    with qtbot.waitSignal(workplace.poll.reached, timeout=10_000):
        pass
    with database.read(SYSTEM) as work:
        person = people.person(work, user)
    other = type(database)(database.engine, path=database.path)
    with other.begin(SYSTEM) as work:
        people.deactivate(work, user, person.version, to_pool=True)
    workplace.poll.look()
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=10_000)
    assert "closed" in program.window.note.text()


def type_short_name(qtbot, window, text):
    tab = open_first(qtbot, window)
    tab.screen.record.show_tab("details")
    editor = tab.screen.record.form.editor("short_name").widget
    editor.setFocus()
    qtbot.keyClicks(editor, text)
    qtbot.waitUntil(lambda: tab.screen.unsaved)
    return tab


def draft_of(tab):
    keeper = tab.screen.record.drafts
    return keeper.pending.values if keeper.pending else None


def test_another_language_keeps_what_is_half_typed(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    before = workplace.window
    type_short_name(qtbot, before, "Huaxin")
    before.choose_language("en")
    qtbot.waitUntil(lambda: workplace.window is not before, timeout=10_000)
    settle(qtbot, workplace.window)
    assert draft_of(workplace.window.tabs.front) == {"short_name": "Huaxin"}


def test_logging_out_from_the_lock_shows_nothing_and_loses_nothing(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    window = workplace.window
    type_short_name(qtbot, window, "Huaxin")
    workplace.lock.lock()
    qtbot.mouseClick(workplace.lock.screen.leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(program.window, LoginWindow), timeout=10_000)
    assert not window.isVisible()
    again = come_in(program, qtbot, demo_file)
    tab = open_first(qtbot, again.window)
    assert draft_of(tab) == {"short_name": "Huaxin"}


def test_the_lock_opens_with_the_password_only(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    workplace.lock.lock()
    screen = workplace.lock.screen
    qtbot.keyClicks(screen.password, "wrong")
    qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(screen.box.error), timeout=10_000)
    screen.password.clear()
    qtbot.keyClicks(screen.password, PASSWORD)
    qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.lock.screen is None, timeout=10_000)


def test_ctrl_l_locks_at_once(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    assert "Ctrl+Shift+L" in [shortcut.key().toString() for shortcut in workplace.window.findChildren(QShortcut)]
    workplace.window.menu.lock.trigger()
    assert workplace.lock.screen is not None
    workplace.lock.unlock()


def test_the_first_window_does_not_reach_beyond_the_screen(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file)
    window = workplace.window
    assert window.isMaximized() == (window.screen().availableSize().width() <= 1366)


def test_a_narrowed_role_makes_the_window_anew(program, qtbot, demo_file):
    workplace = come_in(program, qtbot, demo_file, "manager")
    before = workplace.window
    database, user = workplace.session.database, workplace.session.actor.user_id
    with qtbot.waitSignal(workplace.poll.reached, timeout=10_000):
        pass
    with database.read(SYSTEM) as work:
        person = people.person(work, user)
    other = type(database)(database.engine, path=database.path)
    with other.begin(SYSTEM) as work:
        people.update_user(work, user, person.version, {"roles": ("administrator",)})
    workplace.poll.look()
    qtbot.waitUntil(lambda: workplace.window is not before, timeout=10_000)
    assert "contacts" not in workplace.window.rail.buttons
    settle(qtbot, workplace.window)
