"""Another computer restored a backup, or moved the company: this window says so and goes to the login."""

import pytest
from sqlalchemy import text

from crm_desktop.app.ui.workplace import Workplace
from crm_desktop.app.watch import Elsewhere, Watch
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme

LONG_MS = 20_000


def change(session, sql):
    """Write as the computer that restores does: past the epoch this window logged in with."""
    with session.database.engine.begin() as connection:
        connection.execute(text(sql))


@pytest.fixture
def workplace(qapp, qtbot, log_in, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    dialogs = Dialogs()
    dialogs.will_answer()
    made = Workplace(log_in("chen"), Settings(tmp_path / "settings.ini"), tmp_path / "drafts", None, dialogs)
    made.show()
    qtbot.waitUntil(lambda: made.window.tasks.idle, timeout=LONG_MS)
    yield made
    made.leave()


def test_a_restore_is_noticed_even_when_the_journal_went_back(log_in):
    session = log_in("chen")
    watch = Watch(session)
    watch.look()
    change(session, "DELETE FROM journal")
    change(session, "UPDATE company SET epoch = epoch + 1")
    with pytest.raises(Elsewhere) as told:
        watch.look()
    assert told.value.place == ""
    assert "restored" in str(told.value)


def test_a_restore_leads_everybody_to_the_login(qtbot, workplace, demo_file):
    with qtbot.waitSignal(workplace.place_changed, timeout=LONG_MS) as told:
        change(workplace.session, "UPDATE company SET epoch = epoch + 1")
        workplace.poll.look()
    assert told.args[0] == str(demo_file)
    assert "Log in again" in told.args[1]


def test_a_move_leads_everybody_to_the_new_place(qtbot, workplace):
    with qtbot.waitSignal(workplace.place_changed, timeout=LONG_MS) as told:
        change(workplace.session, "UPDATE company SET moved_to = 'postgresql://db.example.com:5432/crm'")
        workplace.poll.look()
    assert told.args[0] == "postgresql://db.example.com:5432/crm"


def test_whoever_restores_here_is_not_logged_out_under_the_wizard(qtbot, workplace):
    workplace.poll.hold(True)
    change(workplace.session, "UPDATE company SET epoch = epoch + 1")
    with qtbot.assertNotEmitted(workplace.place_changed):
        workplace.poll.look()
        qtbot.waitUntil(lambda: workplace.poll._tasks.idle)
    workplace.poll.hold(False)
    with qtbot.waitSignal(workplace.place_changed, timeout=LONG_MS):
        workplace.poll.look()


def test_an_old_place_says_where_the_company_is_now(qtbot, log_in, tmp_path, qapp):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    first = log_in("owner")
    change(first, "UPDATE company SET moved_to = 'postgresql://db.example.com:5432/crm'")
    dialogs = Dialogs()
    dialogs.will_answer()
    session = first.refreshed()
    made = Workplace(session, Settings(tmp_path / "settings.ini"), tmp_path / "drafts", None, dialogs)
    made.show()
    assert "was moved to postgresql://db.example.com" in made.window.read_only.text()
    with qtbot.waitSignal(made.place_changed) as told:
        made.window.read_only.action_clicked.emit()
    assert told.args[0] == "postgresql://db.example.com:5432/crm"
    with made.session.database.read(SYSTEM):
        pass
    made.leave()
