"""The first window as a person meets it: a new company by keyboard, what was opened before, a missing file."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QByteArray, QStandardPaths, Qt, QTimeZone
from PySide6.QtWidgets import QApplication

from crm_desktop.app import session
from crm_desktop.app.ui.connect_server import server_address
from crm_desktop.app.ui.first_run import FirstRun, described
from crm_desktop.app.ui.home_country import countries, timezone_of, timezones
from crm_desktop.app.ui.new_company import CODE, PLACE, YOU
from crm_desktop.app.ui.ways import Ways
from crm_desktop.shared.i18n import _, current_language, use_language
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import LANGUAGE, RECENT_COMPANIES, RecentCompany, Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tools.catalogues import compile_all

PASSWORD = "four words i know"


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
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def open_window(qtbot, tasks, settings, tmp_path):
    QStandardPaths.setTestModeEnabled(True)

    def open_it():
        window = FirstRun(settings, tasks, Ways(documents=lambda: tmp_path))
        window.dialogs.will_answer()
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield open_it
    QStandardPaths.setTestModeEnabled(False)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def write(qtbot, text):
    qtbot.keyClicks(QApplication.focusWidget(), text)


def make_company(path):
    session.found_company(
        str(path),
        name="Harbour & Lin Trading",
        currency="CNY",
        timezone="Asia/Shanghai",
        language="en",
        owner_login="lin",
        owner_name="Lin Wei",
        password=PASSWORD,
    )


def test_a_company_is_made_with_the_keyboard_alone(qtbot, open_window, tmp_path):
    window = open_window()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.rows["new"])
    press(qtbot, Qt.Key.Key_Return)
    wizard = window._wizard
    write(qtbot, "Harbour & Lin: Trading")
    press(qtbot, Qt.Key.Key_Return)
    assert wizard.page == PLACE
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.page == YOU)
    write(qtbot, "Lin Wei")
    assert wizard.login.text() == "lin.wei"
    for text in ("", PASSWORD, PASSWORD):
        press(qtbot, Qt.Key.Key_Return)
        write(qtbot, text)
    assert list(tmp_path.glob("*.crm*")) == [], "nothing is written before the last step"
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.page == CODE, timeout=20_000)
    assert len(wizard.code.label.text().split("-")) == 5
    assert not wizard.forward.isEnabled()
    press(qtbot, Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == wizard.code.label.text()
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Space)
    with qtbot.waitSignal(window.chosen) as chosen:
        press(qtbot, Qt.Key.Key_Return)
    path = tmp_path / "Harbour & Lin Trading.crm"
    assert chosen.args == [str(path)]
    assert [entry.name for entry in tmp_path.glob("*.crm*")] == [path.name]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM company").fetchall() == [("Harbour & Lin: Trading",)]
    here = session.log_in(str(path), "lin.wei", PASSWORD)
    here.database.close()


def test_back_loses_nothing_and_a_taken_name_is_refused(qtbot, open_window, tmp_path):
    (tmp_path / "Acme.crm").write_text("somebody else's")
    window = open_window()
    window.rows["new"].click()
    wizard = window._wizard
    write(qtbot, "Acme")
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(wizard.boxes["path"].error))
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_Escape)
    window.rows["new"].click()
    assert wizard.name.text() == "Acme"
    assert (tmp_path / "Acme.crm").read_text() == "somebody else's"


def test_a_cloud_folder_is_warned_of_once(qtbot, open_window, tmp_path):
    window = open_window()
    window.rows["new"].click()
    wizard = window._wizard
    write(qtbot, "Acme")
    press(qtbot, Qt.Key.Key_Return)
    wizard.path.setText(str(tmp_path / "OneDrive" / "Acme.crm"))
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "cloud" in wizard.place_note.text(), timeout=10_000)
    qtbot.waitUntil(lambda: not wizard.busy)
    assert wizard.page == PLACE
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.page == YOU)


def test_a_company_opened_before_is_opened_again_or_taken_off_the_list(qtbot, open_window, settings, tmp_path):
    path = tmp_path / "harbour.crm"
    make_company(path)
    settings.company_opened("postgresql://db.example.com/sales", "Sales", datetime.now(UTC).isoformat())
    settings.company_opened(str(path), "Harbour & Lin Trading", datetime.now(UTC).isoformat())
    window = open_window()
    first, second = window.recent.rows
    qtbot.waitUntil(first.hasFocus)
    assert second.below.startswith("db.example.com, today")
    with qtbot.waitSignal(window.chosen) as chosen:
        press(qtbot, Qt.Key.Key_Return)
    assert chosen.args == [str(path)]
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Delete)
    assert [company.address for company in settings.get(RECENT_COMPANIES)] == [str(path)]
    assert path.exists()
    qtbot.waitUntil(lambda: window.recent.rows[0].hasFocus())


def test_a_missing_file_is_named_and_can_be_located(qtbot, open_window, settings, tmp_path):
    path, moved = tmp_path / "harbour.crm", tmp_path / "moved.crm"
    make_company(moved)
    settings.company_opened(str(path), "Harbour & Lin Trading", "")
    window = open_window()
    window.recent.rows[0].click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.missing)
    assert window.missing._where.accessibleName() == str(path)
    window.dialogs.will_answer(moved)
    with qtbot.waitSignal(window.chosen) as chosen:
        press(qtbot, Qt.Key.Key_Return)
    assert chosen.args == [str(moved)]


def test_a_file_of_another_program_is_refused_in_place(qtbot, open_window, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 " + b"x" * 200)
    window = open_window()
    window.dialogs.will_answer(path)
    window.rows["open"].click()
    qtbot.waitUntil(lambda: "PDF" in window.note.text())


def test_the_language_changes_at_once(qtbot, open_window, settings):
    compile_all()
    window = open_window()
    try:
        window.language.setCurrentIndex(window.language.findData("zh_Hans"))
        assert settings.get(LANGUAGE) == "zh_Hans"
        assert current_language() == "zh_Hans"
        assert window._title.text() == _("Where is your company?")
    finally:
        use_language("en")


def test_a_server_that_does_not_answer_is_said_in_place(qtbot, open_window):
    window = open_window()
    window.rows["connect"].click()
    page = window._connect
    page.server.setText("127.0.0.1")
    page.port.setText("1")
    page.database.setText("sales")
    page.go_on()
    qtbot.waitUntil(lambda: "127.0.0.1" in page.note.text(), timeout=10_000)
    assert page.pages.isEnabled()


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("db.example.com", "postgresql://db.example.com:5432/my%2Fdb"),
        ("::1", "postgresql://[::1]:5432/my%2Fdb"),
    ],
)
def test_addresses_of_servers(server, address):
    assert server_address(server, 5432, "my/db") == address


def test_where_and_when():
    now = datetime(2026, 11, 22, 12, tzinfo=UTC).astimezone()
    assert described(RecentCompany("/home/lin/Documents/a.crm", "A", now.isoformat()), now).startswith(
        "Documents, today"
    )
    assert described(RecentCompany("/home/lin/Documents/a.crm", "A", "2026-11-03T12:00:00+00:00"), now) == (
        "Documents, 3 Nov"
    )
    assert described(RecentCompany("/a/b.crm", "A", "nonsense"), now) == "a"


def test_a_country_of_many_zones_begins_with_the_one_most_people_live_in(monkeypatch):
    monkeypatch.setattr(QTimeZone, "systemTimeZoneId", staticmethod(lambda: QByteArray(b"Asia/Tokyo")))
    assert timezone_of("US") == "America/New_York"
    assert timezone_of("CN") == "Asia/Shanghai"
    assert timezone_of("JP") == "Asia/Tokyo"
    zones = set(timezones())
    assert {timezone_of(code) for code, _name in countries()} <= zones
