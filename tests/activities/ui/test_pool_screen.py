"""The public pool as people meet it: the rules in words, who is about to go, a lock and a large release."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import update

from crm_desktop.activities.pool import claims, settings
from crm_desktop.activities.ui.pool_page import PoolPage
from crm_desktop.activities.ui.pool_screen import PoolScreen
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.shared.actor import SYSTEM
from tests.companies import NOW

TODAY = NOW.date()


@pytest.fixture
def forgotten(file_database, staff):
    """Two customers of Anna's that nobody spoke to for 29 and for 27 days, and rules that give them 30."""

    def make(count=2, *, days=29):
        made = []
        with file_database.begin(SYSTEM) as work:
            rules = work.get(settings.PoolRules, settings.ONLY)
            rules.active, rules.lock_limit = True, 1
            rules.from_on = rules.run_on = TODAY - timedelta(days=1)
            for number in range(count):
                values = {"name": f"Forgotten {number}", "owner": staff.anna.user_id}
                made.append(contacts.create(work, values))
                owned = NOW - timedelta(days=days - 2 * number)
                work.session.execute(update(Contact).where(Contact.id == made[-1]).values(owned_since=owned))
        return made

    return make


@pytest.fixture
def show(qtbot):
    """Put a screen on the display, until the test is over."""
    shown = []

    def bring(screen):
        qtbot.addWidget(screen)
        screen.resize(1100, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        shown.append(screen)
        return screen

    yield bring
    shown.clear()


def names(screen):
    return [one.name for one in screen.rows.rows]


def test_the_nearest_stands_first_and_a_lock_is_undone_by_the_toast(
    qtbot, show, open_office, staff, forgotten, idle, file_database
):
    first, _second = forgotten()
    office = open_office(staff.anna)
    screen = show(PoolScreen(office.desk))
    idle(office)
    assert names(screen) == ["Forgotten 0", "Forgotten 1"]
    assert "30 days without a contact" in screen.said.text()
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_K)
    idle(office)
    assert names(screen) == ["Forgotten 1"]
    with file_database.read(SYSTEM) as work:
        assert claims.is_locked(work, first)
    qtbot.keyClick(screen.table, Qt.Key.Key_K)
    idle(office)
    assert "At most 1" in screen.note.text()
    office.toasts[-1][2]()
    idle(office)
    assert names(screen) == ["Forgotten 0", "Forgotten 1"]


def test_enter_opens_the_customer(qtbot, show, open_office, staff, forgotten, idle, file_database):
    first, _second = forgotten()
    office = open_office(staff.anna)
    screen = show(PoolScreen(office.desk))
    idle(office)
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert office.opened == [("contact", first)]


def test_a_large_release_waits_for_somebody_who_says_so(show, open_office, staff, forgotten, idle, file_database):
    made = forgotten(21, days=99)
    office = open_office(staff.boss)
    screen = show(PoolScreen(office.desk))
    idle(office)
    assert "21 customers would go back at once" in screen.note.text()
    screen.note.action_clicked.emit()
    idle(office)
    with file_database.read(SYSTEM) as work:
        assert {work.get(Contact, one).owner_id for one in made} == {None}
    assert screen.note.isHidden()


def test_a_month_after_the_last_run_two_wait_as_well(show, open_office, staff, idle, forgotten, file_database):
    made = forgotten(days=99)
    with file_database.begin(SYSTEM) as work:
        work.get(settings.PoolRules, settings.ONLY).run_on = TODAY - timedelta(days=31)
    office = open_office(staff.boss)
    screen = show(PoolScreen(office.desk))
    idle(office)
    assert "2 customers would go back at once. Check the date of this computer" in screen.note.text()
    screen.note.action_clicked.emit()
    idle(office)
    with file_database.read(SYSTEM) as work:
        assert {work.get(Contact, one).owner_id for one in made} == {None}
        assert settings.get_rules(work).run_on == TODAY


def test_an_empty_list_says_what_would_stand_here(show, open_office, staff, idle, file_database):
    office = open_office(staff.anna)
    screen = show(PoolScreen(office.desk))
    idle(office)
    assert any("Nobody is about to go back" in label.text() for label in screen.stack.state.findChildren(QLabel))


def test_the_rules_are_kept_and_said_in_words(show, open_office, staff, idle, file_database):
    office = open_office(staff.boss)
    page = show(PoolPage(office.desk))
    idle(office)
    assert "Customers stay with their owner" in page.said.text()
    page.form.editor("active").set_value(True)
    page.form.editor("contact_days").set_value(45)
    page.save()
    idle(office)
    assert "45 days without a contact" in page.said.text()
    assert "Nobody goes before" in page.said.text()
    with file_database.read(SYSTEM) as work:
        rules = settings.get_rules(work)
    assert (rules.active, rules.contact_days, rules.from_on) == (True, 45, TODAY + timedelta(days=7))
