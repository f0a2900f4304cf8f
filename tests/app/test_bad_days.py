"""Disks that are full, files that go away or may only be read: in the real window, over a real file."""

import os
import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import event, text

from crm_desktop.app.opening import TooOld, open_file
from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.contacts.service import ENTITY
from crm_desktop.db.schema import SCHEMA
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme

CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 20_000


@pytest.fixture
def open_window(qapp, qtbot, log_in, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    windows = []

    def make(login="owner"):
        dialogs = Dialogs()
        dialogs.will_answer()
        window = build_main_window(log_in(login), Settings(tmp_path / "settings.ini"), dialogs, tmp_path / "drafts")
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
    qtbot.waitUntil(lambda: window.tasks.idle, timeout=LONG_MS)


def contacts_list(qtbot, window):
    window.open_screen("contacts")
    settle(qtbot, window)
    return window.tabs.front.screen.inside


def open_first(qtbot, window):
    record = contacts_list(qtbot, window).table.record(0)
    window.open_record(ENTITY, record["id"])
    qtbot.waitUntil(lambda: window.tabs.front.title == record["name"], timeout=LONG_MS)
    settle(qtbot, window)
    return window.tabs.front.screen.inside


def save_name(qtbot, window, record, name):
    record.show_tab("details")
    line = record.form.editor("name").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, name)
    press_save(qtbot, window)


def press_save(qtbot, window):
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)
    settle(qtbot, window)


def stored_name(window, id_):
    with window.session.database.read(SYSTEM) as work:
        return work.session.scalar(text("SELECT name FROM contact WHERE id = :id"), {"id": id_})


def test_a_full_disk_keeps_the_text_and_the_next_try_saves(open_window, qtbot):
    window = open_window()
    record = open_first(qtbot, window)
    engine = window.session.database.engine

    def full(connection, *_rest):
        # SQLite's own limit: the file may not grow by one page more, which is what a full disk says.
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def roomy(connection, *_rest):
        connection.execute("PRAGMA max_page_count = 1000000000")

    event.listen(engine, "checkout", full)
    record.form.editor("notes").set_value("More than one page of the file. " * 1_000)
    save_name(qtbot, window, record, "Typed On A Full Disk")
    assert "disk is full" in record.note.text()
    assert record.unsaved
    assert record.form.editor("name").line.text() == "Typed On A Full Disk"
    event.remove(engine, "checkout", full)
    event.listen(engine, "checkout", roomy)
    press_save(qtbot, window)
    assert record.note.text() == ""
    assert not record.unsaved
    assert stored_name(window, record.record_id) == "Typed On A Full Disk"
    assert window.dialogs.asked == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open file where it is")
@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_a_file_that_goes_away_under_the_window_is_said_and_takes_no_more(open_window, qtbot, demo_file, how):
    window = open_window()
    record = open_first(qtbot, window)
    elsewhere = demo_file.with_name("elsewhere.crm")
    demo_file.rename(elsewhere)
    if how == "deleted":
        elsewhere.unlink()
    save_name(qtbot, window, record, "Typed After It Went")
    assert "moved, replaced or deleted" in record.note.text()
    assert record.unsaved
    assert not demo_file.exists()  # nor was an empty one made in its place
    if how == "renamed":
        elsewhere.rename(demo_file)
        press_save(qtbot, window)
        assert not record.unsaved
        assert stored_name(window, record.record_id) == "Typed After It Went"
    assert window.dialogs.asked == []


def test_a_file_that_may_only_be_read_says_so_and_refuses_in_words(open_window, qtbot, may_only_read):
    window = open_window()
    assert "reading only" in window.read_only.text()
    assert contacts_list(qtbot, window).table.rowCount() > 0
    record = open_first(qtbot, window)
    save_name(qtbot, window, record, "Not To Be Stored")
    assert "reading only" in record.note.text()
    assert record.unsaved
    assert stored_name(window, record.record_id) != "Not To Be Stored"
    assert window.dialogs.asked == []


def test_an_older_file_that_may_only_be_read_is_refused_in_one_sentence(demo_file, may_only_read):
    with closing(sqlite3.connect(demo_file)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA - 1}")
    before = demo_file.read_bytes()
    with pytest.raises(TooOld, match=r"older CRM Desktop.*may only be read") as refused:
        open_file(demo_file)
    assert str(demo_file) in str(refused.value)
    assert demo_file.read_bytes() == before
    assert [path.name for path in demo_file.parent.glob("*.crm")] == [demo_file.name]


@pytest.fixture
def may_only_read(demo_file, monkeypatch):
    # The superuser may write everything, and a mount needs one: it is the answer of the system that is set.
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **how: mode != os.W_OK and real(path, mode, **how))
