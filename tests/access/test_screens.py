"""People and teams, company, journal: real windows over a real file."""

from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt

from crm_desktop.access import company, journal_view, people, teams
from crm_desktop.access.journal_view import Query
from crm_desktop.access.ui.company_screen import CompanyScreen
from crm_desktop.access.ui.journal_screen import JournalScreen
from crm_desktop.access.ui.login_steps import proposed_login
from crm_desktop.access.ui.users_screen import UsersScreen
from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Answer, Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.access.test_people import Contacts, give_contacts, owners


@pytest.fixture
def make_desk(qapp, database, owner, tmp_path):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    made = []

    def make(actor=owner):
        @contextmanager
        def begin(*, operation_id, writes):
            opened = database.begin(actor, operation_id=operation_id) if writes else database.read(actor)
            with opened as work:
                yield work

        dialogs = Dialogs()
        dialogs.will_answer()
        tasks = Tasks(begin, dialogs.show_error)
        changes = ChangeHub()
        database.published.append(changes.publish)
        with database.read(actor) as work:
            names = people.names(work)
        toasts = []
        desk = Desk(
            tasks, changes, dialogs, Settings(tmp_path / "settings.ini"), actor, database.clock, "en",
            "Asia/Shanghai", "CNY", names, lambda *_: None, lambda text, *_a, **_k: toasts.append(text),
        )  # fmt: skip
        made.append(tasks)
        return desk

    yield make
    for tasks in made:
        tasks.close()


@pytest.fixture
def desk(make_desk):
    return make_desk()


@pytest.fixture
def show(qtbot):
    def show(screen):
        qtbot.addWidget(screen)
        screen.resize(1200, 700)
        screen.show()
        qtbot.waitExposed(screen)
        qtbot.waitUntil(lambda: screen.desk.tasks.idle)
        return screen

    return show


def shown(list_screen, name):
    table = list_screen.table
    rows = (table.record(row) for row in range(table.rowCount()))
    return [row[name] for row in rows if row is not None]


def choose(qtbot, list_screen, name):
    row = shown(list_screen, "name").index(name)
    list_screen.view.setCurrentIndex(list_screen.table.index(row, 0))


def test_the_list_names_who_works_here(qtbot, desk, show, make_person, database, owner):
    leaver = make_person("Zhou Min")
    make_person("Wu Lan")
    with database.begin(owner) as work:
        people.deactivate(work, leaver.id, leaver.version, to_pool=True)
    screen = show(UsersScreen(desk))
    qtbot.waitUntil(lambda: shown(screen.list, "name") == ["Chen Jie 陈杰", "Wu Lan"])
    assert "PostgreSQL" in screen.honest.text()
    screen.list.show_listing(Listing(columns=screen.list.table.listing.columns))
    qtbot.waitUntil(lambda: "Zhou Min" in shown(screen.list, "name"))
    assert shown(screen.list, "status")[-1] == "deactivated"


def test_on_a_server_no_word_about_data_files(desk, show):
    assert not show(UsersScreen(desk, on_server=True)).honest.isVisible()


def test_a_person_is_added(qtbot, desk, show, database, owner):
    screen = show(UsersScreen(desk))
    screen.list.action("add_person").trigger()
    dialog = screen.dialog
    qtbot.keyClicks(dialog.form.editor("name").widget, "Wu Lan")
    dialog.form.editor("login").widget.clear()
    qtbot.keyClicks(dialog.form.editor("login").widget, "chen.jie")
    for edit in (dialog.password.first, dialog.password.second):
        qtbot.keyClicks(edit, "quiet river 1207")
    dialog.form.editor("roles").box("purchaser").click()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "login" in dialog.form.errors)
    dialog.form.editor("login").widget.clear()
    qtbot.keyClicks(dialog.form.editor("login").widget, "wu.lan")
    with qtbot.waitSignal(dialog.saved):
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    with database.read(owner) as work:
        stored = people.person_by_login(work, "wu.lan")
    assert (stored.name, stored.roles) == ("Wu Lan", ("sales_rep", "purchaser"))
    assert stored.must_change_password
    qtbot.waitUntil(lambda: "Wu Lan" in shown(screen.list, "name"))


def test_a_person_is_changed_by_enter(qtbot, desk, show, database, owner, make_person):
    person = make_person("Wu Lan")
    screen = show(UsersScreen(desk))
    choose(qtbot, screen.list, "Wu Lan")
    qtbot.keyClick(screen.list.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.dialog is not None)
    dialog = screen.dialog
    assert not dialog.password.isVisible()
    qtbot.keyClick(dialog.form.editor("name").widget, Qt.Key.Key_End)
    qtbot.keyClicks(dialog.form.editor("name").widget, " II")
    with qtbot.waitSignal(dialog.saved):
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    with database.read(owner) as work:
        assert people.person(work, person.id).name == "Wu Lan II"


def test_leaving_counts_first_and_needs_a_decision(qtbot, desk, show, database, owner, make_person):
    leaver, heir = make_person("Wu Lan"), make_person("Zhou Min")
    give_contacts(database, leaver.id, 12)
    screen = show(UsersScreen(desk, hands_over=[Contacts()], entities={"contact": "Contacts"}))
    choose(qtbot, screen.list, "Wu Lan")
    screen.list.action("deactivate").trigger()
    qtbot.waitUntil(lambda: screen.dialog is not None)
    dialog = screen.dialog
    qtbot.waitUntil(lambda: dialog.counts.text() == "Contacts: 12")
    assert dialog.cancel.isDefault()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.successor_box.error
    assert owners(database) == [leaver.id] * 12
    dialog.successor.setCurrentIndex(dialog.successor.findData(heir.id))
    assert dialog.successor.findData(leaver.id) < 0
    with qtbot.waitSignal(dialog.saved):
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert owners(database) == [heir.id] * 12
    qtbot.waitUntil(lambda: "Wu Lan" not in shown(screen.list, "name"))


def test_nobody_deactivates_themselves(qtbot, desk, show):
    screen = show(UsersScreen(desk))
    choose(qtbot, screen.list, "Chen Jie 陈杰")
    screen.list.action("deactivate").trigger()
    qtbot.waitUntil(lambda: "yourself" in screen.list.note.text())
    assert screen.dialog is None


def test_a_team_is_added_below_the_current_one_and_removed(qtbot, desk, show, database, owner):
    with database.begin(owner) as work:
        teams.create_team(work, name="Sales")
    screen = show(UsersScreen(desk))
    pane = screen.teams
    qtbot.waitUntil(lambda: pane.model.rowCount() == 1)
    pane.tree.setCurrentIndex(pane.model.index(0, 0))
    qtbot.mouseClick(pane.add, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(screen.dialog.form.editor("name").widget, "East")
    with qtbot.waitSignal(screen.dialog.saved):
        qtbot.mouseClick(screen.dialog.go, Qt.MouseButton.LeftButton)
    with database.read(owner) as work:
        assert [(node.name, node.depth) for node in teams.teams(work)] == [("Sales", 0), ("East", 1)]
    qtbot.waitUntil(lambda: pane.model.item(0).rowCount() == 1)
    desk.dialogs.will_answer(Answer.YES)
    pane.tree.setCurrentIndex(pane.model.index(0, 0))
    qtbot.mouseClick(pane.remove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "below" in screen.list.note.text())


def test_an_administrator_cannot_tick_owner(qtbot, make_desk, show, make_person, actor_of):
    admin = actor_of(make_person("Ada Min", "administrator").id)
    screen = show(UsersScreen(make_desk(admin)))
    screen.list.action("add_person").trigger()
    assert not screen.dialog.form.editor("roles").box("owner").isEnabled()
    screen.dialog.reject()


def test_company_settings_are_read_changed_and_refused(qtbot, desk, show, database, owner):
    screen = show(CompanyScreen(desk))
    qtbot.waitUntil(lambda: screen.form.editor("name").value() == "Harbour & Lin Trading")
    save = screen.actions_offered()[0]
    assert not save.isEnabled()
    minutes = screen.form.editor("idle_lock_minutes").widget
    minutes.clear()
    qtbot.keyClicks(minutes, "9999")
    save.trigger()
    qtbot.waitUntil(lambda: "idle_lock_minutes" in screen.form.errors)
    minutes.clear()
    qtbot.keyClicks(minutes, "3")
    limit = screen.form.editor("attachment_limit_mb").widget
    limit.clear()
    qtbot.keyClicks(limit, "50")
    assert screen.unsaved
    with qtbot.waitSignal(screen.saved):
        save.trigger()
    with database.read(owner) as work:
        stored = company.company(work)
    assert (stored.idle_lock_minutes, stored.attachment_limit_bytes) == (3, 50_000_000)
    assert not screen.unsaved


def test_company_settings_are_read_only_without_the_right(qtbot, make_desk, show, make_person, actor_of):
    screen = show(CompanyScreen(make_desk(actor_of(make_person("Wu Lan").id))))
    assert not screen.actions_offered()
    assert screen.form.editor("name").widget.isReadOnly()


def test_two_people_change_the_company(qtbot, desk, show, database, owner):
    screen = show(CompanyScreen(desk))
    qtbot.keyClick(screen.form.editor("name").widget, Qt.Key.Key_End)
    qtbot.keyClicks(screen.form.editor("name").widget, " II")
    with database.begin(owner) as work:
        company.update_company(work, company.company(work).version, {"currency": "EUR"})
    qtbot.waitUntil(lambda: screen.form.editor("currency").value() == "EUR")
    assert screen.form.editor("name").value().endswith(" II")
    with qtbot.waitSignal(screen.saved):
        screen.save()


def test_the_journal_is_filtered_and_exported(qtbot, desk, show, database, owner, make_person):
    make_person("Wu Lan")
    written = []
    screen = show(JournalScreen(desk, export=lambda _desk, entries, _words: written.append(entries)))
    qtbot.waitUntil(lambda: screen.table.rowCount() > 2)
    columns = screen.table.listing.columns
    assert "Chen Jie 陈杰 added User “Wu Lan”" in shown(screen, "what")
    screen.show_listing(Listing(filters=(Filter("action", "is", ("login",)),), columns=columns))
    qtbot.waitUntil(lambda: set(shown(screen, "action")) <= {"login"})
    screen.show_listing(Listing(text="wu", columns=columns))
    qtbot.waitUntil(lambda: shown(screen, "entity") == ["user"])
    screen.action("export_journal").trigger()
    qtbot.waitUntil(lambda: bool(written))
    assert [entry.action for entry in written[0]] == ["create"]
    with database.read(owner) as work:
        assert journal_view.entries(work, Query(), limit=1)[0].after == {"rows": 1}


def test_the_preview_of_an_entry_says_before_and_after(qtbot, desk, show, database, owner, make_person):
    from PySide6.QtWidgets import QLabel

    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.update_user(work, person.id, person.version, {"name": "Wu Lan 吴兰"})
    screen = show(JournalScreen(desk))
    qtbot.waitUntil(lambda: screen.table.rowCount() > 2)
    screen.view.setCurrentIndex(screen.table.index(0, 0))
    if not screen.preview.isVisible():
        screen.preview.toggle()

    def said():
        return [label.text() for label in screen.preview.findChildren(QLabel)]

    qtbot.waitUntil(lambda: "Wu Lan" in said() and "→ Wu Lan 吴兰" in said())


def test_views_are_kept_in_the_database(database, owner, make_person, actor_of):
    store = StoredViews("contacts")
    rep = actor_of(make_person("Wu Lan").id)
    with database.begin(owner) as work:
        mine = store.save(work, "Ningbo", Listing(text="宁波"))
        shared = store.share(work, mine.key, True)
        assert (shared.shared, shared.mine, shared.builtin) == (True, True, False)
    with database.read(rep) as work:
        seen = store.load(work)
    assert [(view.title, view.shared, view.mine) for view in seen] == [("Ningbo", True, False)]
    with database.begin(owner) as work:
        store.delete(work, mine.key)
        assert store.load(work) == []


def test_the_login_follows_the_name_until_it_is_typed(qtbot, desk, show):
    screen = show(UsersScreen(desk))
    screen.list.action("add_person").trigger()
    form = screen.dialog.form
    qtbot.keyClicks(form.editor("name").widget, "Wu Lan")
    assert form.editor("login").value() == "wu.lan"
    form.editor("login").widget.clear()
    qtbot.keyClicks(form.editor("login").widget, "lan")
    qtbot.keyClicks(form.editor("name").widget, " Mei")
    assert form.editor("login").value() == "lan"
    assert proposed_login("王小明") == "wang.xiaoming"
    screen.dialog.reject()


def test_a_new_person_fits_on_a_small_screen(desk, show):
    screen = show(UsersScreen(desk))
    screen.list.action("add_person").trigger()
    assert screen.dialog.height() < 700
    screen.dialog.reject()


@pytest.mark.parametrize("make", [UsersScreen, JournalScreen])
def test_no_list_of_the_settings_scrolls_sideways_on_a_small_screen(qtbot, desk, show, make):
    screen = show(make(desk))
    screen.resize(1366 - 188 - 198, 640)
    listing = screen if isinstance(screen, ListScreen) else screen.findChild(ListScreen)
    qtbot.waitUntil(lambda: listing.view.horizontalScrollBar().maximum() == 0)
    header = listing.view.horizontalHeader()
    assert all(header.sectionSize(place) >= 60 for place in range(header.count()))


def test_a_narrow_list_takes_room_from_what_no_text_needs(qtbot, desk, show, make_person):
    make_person("Carla Rossi", "sales_manager")
    screen = show(UsersScreen(desk))
    screen.resize(980, 640)
    view = screen.list.view
    place = [field.name for field in screen.list.table.columns].index("roles")
    words = screen.list.table.index(shown(screen.list, "name").index("Carla Rossi"), place).data()
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    needed = view.fontMetrics().horizontalAdvance(words) + 16
    qtbot.waitUntil(lambda: view.horizontalHeader().sectionSize(place) >= needed)
