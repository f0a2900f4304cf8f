"""Backups that run by themselves in a window: what is due runs once, failures stay red, everybody hears of it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QObject, Qt

from crm_desktop.access.ui.login import Door, LoginWindow, Place
from crm_desktop.app import session as sessions
from crm_desktop.app.backup_job import make_here
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.ui import places
from crm_desktop.app.ui.exit_backup import ExitDialog
from crm_desktop.app.ui.workplace import Workplace
from crm_desktop.backup import history, plans
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Busy, Tasks
from crm_desktop.ui.theme import install_theme

LONG_MS = 60_000
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
"""13:00 in Shanghai, where the demo company is: the backup of 12:30 is due."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def enter(qapp, qtbot, demo_file, settings, tmp_path):
    """Let somebody into the company, at noon; returns their workplace."""
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    root = QObject()
    inside = []

    def make(login, run=make_here, at=NOON):
        session = sessions.log_in(str(demo_file), login, PASSWORD)
        session.database.clock = clock = FixedClock(at)
        session = sessions.of_actor(session.database, session.actor, session.address)
        assert session.clock is clock
        dialogs = Dialogs()
        dialogs.will_answer()
        workplace = Workplace(session, settings, tmp_path / "drafts", root, dialogs)
        workplace.poll.stop()
        workplace.guard.stop()
        inside.append(workplace)
        workplace.window.backups.run = run
        workplace.show()
        qtbot.waitExposed(workplace.window)
        calm(qtbot, workplace)
        return workplace

    yield make
    for workplace in inside:
        workplace.leave()
    root.deleteLater()


def calm(qtbot, workplace):
    window = workplace.window
    for _round in range(3):
        qtbot.waitUntil(lambda: window.backups.tasks.idle and window.tasks.idle, timeout=LONG_MS)
        qtbot.wait(1)


def plan(workplace, folder, **changes):
    session = workplace.session
    with session.database.begin(session.actor) as work:
        version = plans.plan(work).version
        plans.save_plan(work, version, {"active": True, "on_exit": False, "folder": str(folder), **changes})


def runs(workplace):
    session = workplace.session
    with session.database.read(session.actor) as work:
        return history.runs(work)


def told(workplace):
    return [toast.text for toast in workplace.window.toasts.history]


def bar(workplace):
    return workplace.window.status.backup


def look(qtbot, workplace):
    workplace.window.backups.look()
    calm(qtbot, workplace)


class TestByThePlan:
    def test_what_is_due_runs_once_in_a_process_of_its_own(self, qtbot, enter, tmp_path):
        # That process has the computer's own clock.
        workplace = enter("owner", run=None, at=datetime.now(UTC))
        assert bar(workplace).text() == "No backup yet"
        plan(workplace, tmp_path / "copies")
        look(qtbot, workplace)
        look(qtbot, workplace)
        assert [(run.kind, run.status) for run in runs(workplace)] == [(Kind.SCHEDULED, Status.VERIFIED)]
        assert runs(workplace)[0].path.is_file()

    def test_it_runs_once_a_day(self, qtbot, enter, tmp_path):
        workplace = enter("owner")
        plan(workplace, tmp_path / "copies")
        made = []
        for _hour in range(30):
            look(qtbot, workplace)
            made.append(len(runs(workplace)))
            workplace.session.clock.instant += timedelta(hours=1)
        assert made == [1] * 24 + [2] * 6

    def test_without_a_plan_nothing_runs_and_nothing_is_said(self, qtbot, enter):
        workplace = enter("owner")
        look(qtbot, workplace)
        assert runs(workplace) == []
        assert told(workplace) == []

    def test_nothing_begins_while_a_restore_exchanges_the_data(self, qtbot, enter, tmp_path):
        workplace = enter("owner")
        plan(workplace, tmp_path / "copies")
        workplace.window.backups.hold(True)
        look(qtbot, workplace)
        assert runs(workplace) == []
        workplace.window.backups.hold(False)
        look(qtbot, workplace)
        assert len(runs(workplace)) == 1

    def test_a_failure_is_red_until_a_backup_succeeds_and_is_said_once(self, qtbot, enter, tmp_path):
        workplace = enter("owner")
        plan(workplace, tmp_path / "copies")
        (tmp_path / "copies").rename(tmp_path / "pulled")
        for _quarter in range(3):
            look(qtbot, workplace)
            workplace.session.clock.instant += timedelta(minutes=16)
        state = workplace.window.backups.state
        assert state.tone == "danger"
        assert "copies" in state.sentence
        assert bar(workplace).accessibleName() == state.sentence
        assert state.sentence in bar(workplace).toolTip()
        assert len(told(workplace)) == 1
        (tmp_path / "pulled").rename(tmp_path / "copies")
        look(qtbot, workplace)
        assert workplace.window.backups.state.tone == "ok"
        assert bar(workplace).text() == "Backup a moment ago, verified"

    def test_a_look_that_backs_up_is_shown_with_cancel(self, qtbot, enter, tmp_path):
        def slow(_session, _order, progress):
            while True:
                progress.step(430, 1000)
                pause.wait(0.02)

        pause = threading.Event()
        workplace = enter("owner", run=slow)
        plan(workplace, tmp_path / "copies")
        workplace.window.backups.look()
        status = workplace.window.status
        qtbot.waitUntil(status.working.isVisible, timeout=LONG_MS)
        assert status.what.text() == "Backing up · 43%"
        assert workplace.window.backups.wants_exit
        status.cancel.click()
        calm(qtbot, workplace)
        assert not status.working.isVisible()
        assert told(workplace)[-1] == "The backup was stopped. Earlier ones are untouched."


class TestTold:
    def test_a_second_window_of_another_person_hears_of_it(self, qtbot, enter):
        owner, rep = enter("owner"), enter("chen")
        assert bar(rep).text() == "No backup yet"
        owner.window.backups.back_up()
        calm(qtbot, owner)
        assert bar(owner).text() == "Backup a moment ago, verified"
        rep.window.backups._look_and_read()
        calm(qtbot, rep)
        assert bar(rep).text() == "Backup a moment ago, verified"
        assert told(rep) == []

    def test_the_sentence_follows_time(self, qtbot, enter):
        workplace = enter("owner")
        workplace.window.backups.back_up()
        calm(qtbot, workplace)
        workplace.session.clock.instant += timedelta(hours=3)
        workplace.window.backups._look_and_read()
        calm(qtbot, workplace)
        assert bar(workplace).text() == "Backup 3 h ago, verified"

    def test_a_failure_by_hand_is_told_in_words(self, qtbot, enter):
        def fail(_session, _order, _progress):
            raise UserError("The folder {folder} is full.", folder="X")

        workplace = enter("owner", run=fail)
        workplace.window.backups.back_up()
        calm(qtbot, workplace)
        assert workplace.window.dialogs.errors == ["The folder X is full."]

    def test_a_click_leads_to_the_page_of_those_who_may(self, qtbot, enter):
        for login, section in (("owner", "backup"), ("chen", "data")):
            workplace = enter(login)
            button = bar(workplace)
            button.setFocus()
            qtbot.keyClick(button, Qt.Key.Key_Space)
            calm(qtbot, workplace)
            shown = workplace.window.tabs.front.screen.stack.currentWidget()
            assert type(shown).__name__ == {"backup": "BackupPage", "data": "DataPage"}[section]

    def test_the_first_named_work_is_shown(self, enter):
        status = enter("owner").window.status
        status.show_busy(Busy(1, "Exporting", 3, 10))
        status.show_busy(Busy(1, "Backing up", 500, 1000), "backup")
        assert status.what.text() == "Exporting · 3 of 10"
        status.show_busy(Busy())
        assert status.what.text() == "Backing up · 50%"
        status.show_busy(Busy(), "backup")
        assert status.working.isHidden()

    def test_a_long_reason_is_cut_and_whole_in_the_tooltip(self, enter):
        status = enter("owner").window.status
        sentence = "Backup failed: " + "a very long folder & " * 30
        status.show_backup("danger", sentence, "The last good one is 2 days old.")
        assert status.backup.text().endswith("…")
        assert "&&" in status.backup.text()
        assert status.backup.sizeHint().width() < status.width() / 2
        assert status.backup.toolTip() == f"{sentence}\nThe last good one is 2 days old."


class TestLogin:
    def test_the_login_window_tells_the_age_without_opening_the_company(self, qtbot, enter, settings, monkeypatch):
        workplace = enter("owner", at=datetime.now(UTC))
        address = workplace.session.address
        assert places.last_backup(settings, address)[0]() == "No backup yet"
        workplace.window.backups.back_up()
        calm(qtbot, workplace)
        say, is_old = places.last_backup(settings, address)
        assert (say(), is_old) == ("Backup a moment ago, verified", False)
        made, _tone = settings.last_backup(address)
        monkeypatch.setattr(places.time, "time", lambda: made + 9 * 86_400)
        say, is_old = places.last_backup(settings, address)
        assert (say(), is_old) == ("Backup 9 days ago, verified", True)
        assert places.last_backup(settings, "/another.crm")[0]() == ""

    def test_its_line_is_on_screen(self, qtbot):
        tasks = Tasks(lambda **_asked: None)
        for said, shown in (("Backup 2 h ago, verified", True), ("", False)):
            window = LoginWindow(tasks, Door(None, None, None), Place("Harbour", "here", lambda said=said: said))
            qtbot.addWidget(window)
            window.show()
            assert window.backup.text() == said
            assert window.backup.isVisible() is shown
        tasks.close()


class TestOnClosing:
    @pytest.fixture
    def closing(self, qtbot, enter, tmp_path):
        def make(run=make_here, **changes):
            workplace = enter("owner", run=run)
            plan(workplace, tmp_path / "copies", **changes)
            workplace.window.backups.read()
            calm(qtbot, workplace)
            quits = []
            workplace.quit_wanted.connect(lambda: quits.append(True))
            return workplace, quits

        return make

    def test_without_that_wish_it_ends_at_once(self, closing):
        workplace, quits = closing(on_exit=False)
        workplace.window.close()
        assert quits == [True]

    def test_a_backup_is_saved_first_and_the_program_ends_by_itself(self, qtbot, closing):
        workplace, quits = closing(on_exit=True)
        workplace.window.close()
        assert quits == []
        qtbot.waitUntil(lambda: quits == [True], timeout=LONG_MS)
        assert [run.kind for run in runs(workplace)] == [Kind.ON_EXIT]

    def test_when_nothing_changed_since_no_window_comes_up(self, qtbot, closing):
        workplace, quits = closing(on_exit=True)
        workplace.window.backups.back_up()
        calm(qtbot, workplace)
        opened = []
        workplace.window.backups.began.connect(lambda: opened.append(True))
        workplace.window.close()
        qtbot.waitUntil(lambda: quits == [True], timeout=LONG_MS)
        assert opened == []
        assert len(runs(workplace)) == 1

    def test_a_failure_says_why_and_lets_the_person_close_anyway(self, qtbot, closing, tmp_path):
        workplace, quits = closing(on_exit=True)
        (tmp_path / "copies").rename(tmp_path / "pulled")
        workplace.window.close()
        qtbot.waitUntil(lambda: bool(workplace.window.findChildren(ExitDialog)), timeout=LONG_MS)
        dialog = workplace.window.findChild(ExitDialog)
        qtbot.waitUntil(lambda: bool(dialog.note.text()), timeout=LONG_MS)
        assert "copies" in dialog.note.text()
        assert dialog.go.text() == "Close anyway"
        assert quits == []
        dialog.go.setFocus()
        qtbot.keyClick(dialog.go, Qt.Key.Key_Space)
        assert quits == [True]

    @pytest.mark.parametrize(("key", "ends"), [(Qt.Key.Key_Escape, False), (None, True)])
    def test_it_can_be_left_either_way(self, qtbot, closing, key, ends):
        pause = threading.Event()

        def slow(_session, _order, progress):
            while True:
                progress.step(430, 1000)
                pause.wait(0.02)

        workplace, quits = closing(run=slow, on_exit=True)
        workplace.window.close()
        qtbot.waitUntil(lambda: bool(workplace.window.findChildren(ExitDialog)), timeout=LONG_MS)
        dialog = workplace.window.findChild(ExitDialog)
        qtbot.waitUntil(lambda: dialog.share.text() == "43%", timeout=LONG_MS)
        assert not dialog.go.isDefault()
        if key is not None:
            qtbot.keyClick(dialog, key)
        else:
            dialog.go.click()
        assert quits == ([True] if ends else [])
        if not ends:
            calm(qtbot, workplace)
            # The next wish to close begins anew.
            workplace.window.close()
            qtbot.waitUntil(lambda: workplace.exit_backup.dialog is not None, timeout=LONG_MS)
            workplace.exit_backup.dialog.go.click()
            assert quits == [True]

    def test_closing_while_a_backup_is_made_waits_for_it(self, qtbot, closing):
        free = threading.Event()

        def slow(session, order, progress):
            while not free.wait(0.02):
                progress.step(100, 1000)
            return make_here(session, order, progress)

        workplace, quits = closing(run=slow, on_exit=False)
        workplace.window.backups.back_up()
        workplace.window.close()
        assert quits == []
        assert workplace.exit_backup.dialog.isVisible()
        free.set()
        qtbot.waitUntil(lambda: quits == [True], timeout=LONG_MS)
        assert [(run.kind, run.status) for run in runs(workplace)] == [(Kind.MANUAL, Status.VERIFIED)]

    def test_a_stopped_backup_says_nothing_of_an_error(self, qtbot, closing):
        def stop(_session, _order, _progress):
            raise Cancelled

        workplace, _quits = closing(run=stop)
        workplace.window.backups.back_up()
        calm(qtbot, workplace)
        assert workplace.window.dialogs.errors == []
        assert told(workplace)[-1].startswith("The backup was stopped")
