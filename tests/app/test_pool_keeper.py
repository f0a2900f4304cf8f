"""The rules of the public pool are carried out by whatever window is open, once a day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm_desktop.activities.model import PoolRelease
from crm_desktop.activities.pool import settings
from crm_desktop.app.pool_keeper import PoolKeeper
from crm_desktop.app.ui.main_window import build_main_window
from crm_desktop.app.ui.pool_guard import PoolGuard
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.theme import install_theme


def neglect(session, customers):
    """Switch the rules on, long ago, and let so many new customers of this person be forgotten.

    With all the others somebody spoke just now.
    """
    now = session.clock.now()
    with session.database.begin(SYSTEM) as work:
        rules = work.get(settings.PoolRules, settings.ONLY)
        rules.active, rules.from_on = True, now.date() - timedelta(days=9)
        rules.run_on = now.date() - timedelta(days=1)
        work.session.execute(update(Contact).values(last_contact_at=now, last_contact_sort=now))
        owner = session.actor.user_id
        ids = [contacts.create(work, {"name": f"Forgotten {one}", "owner": owner}) for one in range(customers)]
        work.session.execute(update(Contact).where(Contact.id.in_(ids)).values(owned_since=now - timedelta(days=99)))
    return ids


def released(session):
    with session.database.read(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(PoolRelease))


def owners(session, ids):
    with session.database.read(SYSTEM) as work:
        return set(work.session.scalars(select(Contact.owner_id).where(Contact.id.in_(ids))))


@pytest.fixture
def rep(log_in):
    return log_in("chen")


def test_any_window_carries_the_rules_out_once_a_day(rep, log_in):
    ids = neglect(rep, 2)
    keeper = PoolKeeper(rep)
    assert keeper.look().released == 2, "the rep may not, the program may"
    assert owners(rep, ids) == {None}
    assert keeper.look().released == 0
    assert PoolKeeper(log_in("owner")).look().released == 0, "another window finds nothing left"
    assert released(rep) == 2


def test_rules_that_are_off_do_nothing(rep):
    ids = neglect(rep, 2)
    with rep.database.begin(SYSTEM) as work:
        work.get(settings.PoolRules, settings.ONLY).active = False
    assert PoolKeeper(rep).look().released == 0
    assert owners(rep, ids) == {rep.actor.user_id}


def test_the_journal_says_that_the_program_did_it(rep):
    ids = neglect(rep, 1)
    PoolKeeper(rep).look()
    with rep.database.read(SYSTEM) as work:
        last = work.session.scalars(
            select(JournalEntry).where(JournalEntry.entity_id == ids[0]).order_by(JournalEntry.id.desc()).limit(1)
        ).one()
    assert (last.actor_name, last.before, last.after) == (
        SYSTEM.name,
        {"owner_id": rep.actor.user_id},
        {"owner_id": None},
    )


def test_the_owner_is_told_in_the_window(qapp, qtbot, log_in, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    session = log_in("owner")
    neglect(session, 2)
    dialogs = Dialogs()
    dialogs.will_answer()
    window = build_main_window(session, Settings(tmp_path / "settings.ini"), dialogs, tmp_path / "drafts")
    guard = PoolGuard(session, window, first_after_ms=3_600_000)
    guard.look()
    qtbot.waitUntil(lambda: any("back to the public pool" in entry.text for entry in window.toasts.history))
    guard.stop()
    window.leave()
    window.deleteLater()
