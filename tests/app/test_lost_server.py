"""The server is switched off while people work: what is typed stays, one sentence says so, and it goes on."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import text

from crm_desktop.app import session as sessions
from crm_desktop.app.opening import public_address
from crm_desktop.app.ui.workplace import Workplace
from crm_desktop.contacts import service
from crm_desktop.contacts.service import ENTITY
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme
from tests.orders.documents import customer, new_order
from tests.postgres import create_database, new_folder, remove_cluster, restart_cluster, start_cluster, stop_cluster

CTRL = Qt.KeyboardModifier.ControlModifier
LONG_MS = 20_000
PASSWORD = "harbour lantern 88"
ROWS = 30


class Server:
    """A server of these tests alone, which may be switched off, and the address of one test's company on it."""

    def __init__(self, folder: Path, cluster: str) -> None:
        self.folder = folder
        self.running = True
        url = create_database(cluster)
        self.address = public_address(url)
        sessions.found_company(
            url, name="Harbour & Lin", currency="CNY", timezone="Asia/Shanghai", language="en", owner_login="owner",
            owner_name="Lin Wei", password=PASSWORD,
        )  # fmt: skip
        session = self.log_in()
        with session.database.begin(session.actor) as work:
            for number in range(ROWS):
                service.create(work, {"name": f"Harbour {number:02}"})
        session.database.close()

    def log_in(self) -> sessions.Session:
        return sessions.log_in(self.address, "owner", PASSWORD)

    def stop(self) -> None:
        self.running = False
        stop_cluster(self.folder)

    def start(self) -> None:
        restart_cluster(self.folder)
        self.running = True


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Path, str]]:
    """Folder and URL of the server."""
    folder = new_folder()
    try:
        yield folder, start_cluster(folder)
    finally:
        remove_cluster(folder)


@pytest.fixture
def server(cluster: tuple[Path, str]) -> Iterator[Server]:
    server = Server(*cluster)
    yield server
    if not server.running:
        server.start()


@pytest.fixture
def workplace(qapp, qtbot, server, tmp_path) -> Iterator[Workplace]:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    dialogs = Dialogs()
    dialogs.will_answer()
    session = server.log_in()
    place = Workplace(session, Settings(tmp_path / "settings.ini"), tmp_path / "drafts", qapp, dialogs)
    place.window.resize(1366, 768)
    place.show()
    qtbot.waitExposed(place.window)
    settle(qtbot, place)
    place.window.open_screen("contacts")
    settle(qtbot, place)
    yield place
    place.leave()
    place.deleteLater()


def settle(qtbot, place) -> None:
    qtbot.waitUntil(lambda: place.window.tasks.idle, timeout=LONG_MS)


def contacts_list(place):
    """Return the list of contacts; the fixture brought it in front."""
    return next(tab.screen.inside for tab in place.window.tabs.all if tab.key == ("screen", "contacts"))


def open_first(qtbot, place):
    record = contacts_list(place).table.record(0)
    place.window.open_record(ENTITY, record["id"])
    qtbot.waitUntil(lambda: place.window.tabs.front.title == record["name"], timeout=LONG_MS)
    settle(qtbot, place)
    return place.window.tabs.front.screen.inside


def stored_name(place, id_: int) -> str:
    with place.session.database.read(SYSTEM) as work:
        return work.session.scalar(text("SELECT name FROM crm.contact WHERE id = :id"), {"id": id_})


def type_name(qtbot, record, name) -> None:
    record.show_tab("details")
    line = record.form.editor("name").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, name)


def test_list_and_search_say_that_the_server_is_gone_and_come_back(server, workplace, qtbot):
    window, screen = workplace.window, contacts_list(workplace)
    rows = screen.table.rowCount()
    assert rows == ROWS
    server.stop()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F5)
    settle(qtbot, workplace)
    assert "cannot be reached" in screen.note.text()
    assert "saved" not in screen.note.text()
    assert screen.table.rowCount() == rows  # what was read stays in sight
    qtbot.waitUntil(lambda: bool(window.server_gone.text()), timeout=LONG_MS)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.palette_.field, "har")
    qtbot.waitUntil(lambda: "cannot be reached" in window.palette_.nothing.text(), timeout=LONG_MS)
    assert window.palette_.nothing.isVisible()
    qtbot.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert window.dialogs.asked == []  # nobody is stopped by a box
    server.start()
    qtbot.waitUntil(lambda: not window.server_gone.text(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: not screen.note.text(), timeout=LONG_MS)
    settle(qtbot, workplace)
    assert screen.table.rowCount() == rows
    assert screen.table.record(0)["name"]


def test_a_document_that_cannot_be_read_is_said_in_the_preview_and_comes_back(server, workplace, qtbot):
    window, session = workplace.window, server.log_in()
    by = session.actor
    atlas = customer(session.database, by, "Atlas")
    older, newer = (new_order(session.database, by, atlas, dated_on=date(2026, 11, day)) for day in (2, 9))
    session.database.close()
    screen = window.open_screen("orders")
    qtbot.waitUntil(lambda: screen.table.rowCount() == 2, timeout=LONG_MS)

    def said() -> list[str]:
        return [label.text() for label in screen.preview.findChildren(QLabel)]

    qtbot.waitUntil(lambda: "Draft order" in said(), timeout=LONG_MS)
    assert screen.view.current_id == newer
    server.stop()
    qtbot.keyClick(screen.view, Qt.Key.Key_Down)
    assert screen.view.current_id == older
    qtbot.waitUntil(lambda: any("cannot be reached" in text for text in said()), timeout=LONG_MS)
    assert "Draft order" not in said()
    assert window.dialogs.asked == []
    qtbot.waitUntil(lambda: bool(window.server_gone.text()), timeout=LONG_MS)
    server.start()
    qtbot.waitUntil(lambda: "Draft order" in said(), timeout=LONG_MS)


def test_what_is_typed_while_the_server_is_gone_is_saved_when_it_is_back(server, workplace, qtbot):
    record, window = open_first(qtbot, workplace), workplace.window
    before = stored_name(workplace, record.record_id)
    server.stop()
    type_name(qtbot, record, "Typed While Gone")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)
    settle(qtbot, workplace)
    assert "nothing was saved" in record.note.text()
    assert record.form.editor("name").line.text() == "Typed While Gone"
    assert record.unsaved
    server.start()
    qtbot.waitUntil(lambda: not window.server_gone.text(), timeout=LONG_MS)
    settle(qtbot, workplace)
    assert stored_name(workplace, record.record_id) == before
    assert record.form.editor("name").line.text() == "Typed While Gone"
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)
    settle(qtbot, workplace)
    assert not record.unsaved
    assert record.note.text() == ""
    assert stored_name(workplace, record.record_id) == "Typed While Gone"
    assert window.dialogs.asked == []


@pytest.mark.parametrize("arrives", [True, False], ids=["before the commit answered", "before the commit arrived"])
def test_a_save_cut_off_at_its_commit_is_looked_up_never_sent_twice(server, workplace, qtbot, arrives, monkeypatch):
    """The server dies while COMMIT is on its way: only the journal knows whether it got there."""
    record, window, engine = open_first(qtbot, workplace), workplace.window, workplace.session.database.engine
    really_commit, cut = engine.dialect.do_commit, []

    def commit_and_die(connection) -> None:
        if cut or threading.current_thread().name != "crm-database":
            really_commit(connection)
            return
        cut.append("cut")
        if arrives:
            really_commit(connection)
        server.stop()
        if arrives:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        really_commit(connection)

    monkeypatch.setattr(engine.dialect, "do_commit", commit_and_die)
    type_name(qtbot, record, "Sent Once")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "Checking whether" in record.note.text(), timeout=LONG_MS)
    assert record.form.editor("name").line.text() == "Sent Once"
    server.start()
    qtbot.waitUntil(lambda: "Checking whether" not in record.note.text(), timeout=LONG_MS)
    settle(qtbot, workplace)
    if arrives:
        assert record.note.text() == ""
        assert not record.unsaved
    else:
        assert "did not arrive" in record.note.text()
        assert record.unsaved
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_S, CTRL)
        settle(qtbot, workplace)
        assert not record.unsaved
    assert stored_name(workplace, record.record_id) == "Sent Once"
    with workplace.session.database.read(SYSTEM) as work:
        saves = "SELECT count(*) FROM crm.journal WHERE entity = 'contact' AND entity_id = :id AND action = 'update'"
        operations = work.session.scalar(text(saves), {"id": record.record_id})
    assert operations == 1
