"""The list as a person uses it: typing, clicking, keys; what is shown, asked and copied."""

import sqlite3

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import QApplication

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.listing import Filter, Sort
from crm_desktop.ui.filter_popup import FilterPopup
from crm_desktop.ui.list_screen import ListScreen
from tests.ui.lists.conftest import company_spec

KEYS = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def names(screen, count=5):
    return [screen.table.data(screen.table.index(row, 0)) for row in range(min(count, screen.table.rowCount()))]


def click_cell(qtbot, screen, row, section=1, modifier=Qt.KeyboardModifier.NoModifier):
    rect = screen.view.visualRect(screen.table.index(row, section))
    qtbot.mouseClick(screen.view.viewport(), Qt.MouseButton.LeftButton, modifier, rect.center())


def click_box(qtbot, screen, row):
    rect = screen.view.visualRect(screen.table.index(row, 0))
    at = QPoint(rect.left() + 22, rect.center().y())
    qtbot.mouseClick(screen.view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_header(qtbot, screen, name, modifier=Qt.KeyboardModifier.NoModifier):
    header = screen.view.header
    section = [field.name for field in screen.table.columns].index(name)
    at = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, 10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def press_shortcut(screen, keys):
    # Without a window manager no window is active, and Qt gives shortcuts to active windows only.
    shortcuts = {one.key().toString(): one for one in screen.findChildren(QShortcut)}
    shortcuts[keys].activated.emit()


def test_control_f_goes_to_the_filter(screen):
    press_shortcut(screen, "Ctrl+F")
    assert screen.focusWidget() is screen.filters.quick


def test_it_opens_with_every_row_counted(screen):
    assert screen.table.rowCount() == 10_000
    assert screen.footer.count.text() == "10,000 contacts"
    assert screen.view.current_id == screen.table.id_at(0)


def test_typing_on_the_list_goes_to_the_filter_and_filters(qtbot, screen, idle):
    qtbot.keyClicks(screen.view, "atl")
    qtbot.waitUntil(lambda: screen.table.listing.text == "atl")
    idle()
    assert screen.filters.quick.text() == "atl"
    assert all(name.startswith("Atlas") for name in names(screen))
    assert screen.footer.count.text() == "1,250 contacts"
    assert screen.views.changed


def test_escape_empties_the_filter_then_goes_back_to_the_rows(qtbot, screen, idle):
    qtbot.keyClicks(screen.view, "atl")
    qtbot.waitUntil(lambda: screen.table.listing.text == "atl")
    qtbot.keyClick(screen.filters.quick, KEYS.Key_Escape)
    idle()
    assert screen.table.rowCount() == 10_000
    qtbot.keyClick(screen.filters.quick, KEYS.Key_Escape)
    assert screen.focusWidget() is screen.view


def test_a_header_click_sorts_a_second_turns_round_and_shift_adds_a_key(qtbot, screen, idle):
    click_header(qtbot, screen, "orders")
    idle()
    assert screen.table.listing.sorts == (Sort("orders"),)
    assert screen.table.data(screen.table.index(0, 5)) == "0"
    click_header(qtbot, screen, "orders")
    idle()
    assert screen.table.data(screen.table.index(0, 5)) == "96"
    click_header(qtbot, screen, "name", SHIFT)
    idle()
    assert screen.table.listing.sorts == (Sort("orders", descending=True), Sort("name"))


def test_a_column_that_cannot_be_sorted_does_nothing(qtbot, screen, idle):
    click_header(qtbot, screen, "tags")
    idle()
    assert screen.table.listing.sorts == ()


def test_keys_move_the_current_row(qtbot, screen, idle):
    view = screen.view
    for key, row in ((KEYS.Key_Down, 1), (KEYS.Key_End, 9_999), (KEYS.Key_Up, 9_998), (KEYS.Key_Home, 0)):
        qtbot.keyClick(view, key)
        assert view.currentIndex().row() == row
    qtbot.keyClick(view, KEYS.Key_PageDown)
    assert 5 < view.currentIndex().row() < 40


def test_enter_and_double_click_open_the_record(qtbot, screen, opened):
    qtbot.keyClick(screen.view, KEYS.Key_Down)
    qtbot.keyClick(screen.view, KEYS.Key_Return)
    at = screen.view.visualRect(screen.table.index(3, 1)).center()
    qtbot.mouseDClick(screen.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened == [("company", screen.table.id_at(1)), ("company", screen.table.id_at(3))]


def test_a_click_moves_the_current_row_and_checks_nothing(qtbot, screen):
    click_cell(qtbot, screen, 4)
    assert screen.view.currentIndex().row() == 4
    assert not screen.selection
    assert not screen.selection_bar.isVisible()
    assert list(screen.target_ids()) == [screen.table.id_at(4)]


def test_boxes_control_and_shift_check_rows(qtbot, screen):
    click_box(qtbot, screen, 2)
    click_cell(qtbot, screen, 5, modifier=CONTROL)
    assert list(screen.target_ids()) == [screen.table.id_at(2), screen.table.id_at(5)]
    assert screen.selection_bar.isVisible()
    assert screen.selection_bar.count.text() == "2 selected"
    click_cell(qtbot, screen, 8, modifier=SHIFT)
    assert len(screen.selection) == 4
    qtbot.keyClick(screen.view, KEYS.Key_Escape)
    assert not screen.selection
    assert not screen.selection_bar.isVisible()


def test_shift_and_arrows_check_a_range(qtbot, screen):
    for _step in range(3):
        qtbot.keyClick(screen.view, KEYS.Key_Down, SHIFT)
    assert list(screen.target_ids()) == list(screen.table.ids()[:4])
    qtbot.keyClick(screen.view, KEYS.Key_Up, SHIFT)
    assert list(screen.target_ids()) == list(screen.table.ids()[:3])


def test_everything_is_checked_without_counting_rows_and_one_can_be_taken_out(qtbot, screen):
    qtbot.keyClick(screen.view, KEYS.Key_A, CONTROL)
    assert screen.selection.everything
    assert screen.selection_bar.count.text() == "10,000 selected"
    assert screen.view.header.check_state == "on"
    click_box(qtbot, screen, 0)
    assert len(screen.target_ids()) == 9_999
    assert screen.view.header.check_state == "part"


def test_actions_on_everything_wait_until_everything_is_known(qtbot, screen, idle):
    screen.show_view(screen.spec.views[0])
    screen.table.complete = False
    screen.selection.select_everything()
    assert not screen.action("archive").isEnabled()
    idle()
    assert screen.action("archive").isEnabled()


def test_copy_gives_tabs_and_html_with_raw_values(qtbot, screen, idle):
    click_box(qtbot, screen, 0)
    click_box(qtbot, screen, 1)
    qtbot.keyClick(screen.view, KEYS.Key_C, CONTROL)
    idle()
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().split("\n")
    assert lines[0].split("\t")[:3] == ["Name", "Status", "Owner"]
    assert len(lines) == 3
    cells = lines[1].split("\t")
    assert cells[0] == names(screen)[0]
    assert cells[-2].startswith("2026-")
    assert "mso-number-format:'\\@'\">138" in data.html()


def test_a_reload_keeps_current_row_checks_and_place(qtbot, screen, idle, connections):
    screen.view.verticalScrollBar().setValue(5_000 * screen.view.row_height + 7)
    idle()
    click_cell(qtbot, screen, 5_003)
    screen.selection.replace([screen.table.id_at(5_004), screen.table.id_at(0)])
    current, top = screen.view.current_id, screen.table.id_at(screen.view.rowAt(0))
    with sqlite3.connect(connections.path) as other:
        other.execute("DELETE FROM company WHERE id = ?", (screen.table.id_at(0),))
        other.execute("DELETE FROM company WHERE id = ?", (screen.table.id_at(1),))
    screen.reload()
    idle()
    assert screen.table.rowCount() == 9_998
    assert screen.view.current_id == current
    assert screen.table.id_at(screen.view.rowAt(0)) == top
    assert screen.view.rowViewportPosition(screen.view.rowAt(0)) == -7
    assert len(screen.selection) == 1


def test_a_change_elsewhere_shows_by_itself(qtbot, screen, desk, idle, connections):
    id_ = screen.table.id_at(0)
    with sqlite3.connect(connections.path) as other:
        other.execute("UPDATE company SET orders = 9999 WHERE id = ?", (id_,))
    desk.changes.publish(Changes({"company": frozenset({id_})}))
    qtbot.waitUntil(lambda: screen.table.data(screen.table.index(0, 5)) == "9,999")
    idle()


def test_a_change_of_something_else_reads_nothing(qtbot, screen, desk, connections, idle):
    before = len(connections.seen)
    desk.changes.publish(Changes({"order": frozenset({1})}))
    QApplication.processEvents()
    idle()
    assert len(connections.seen) == before


def test_a_hidden_list_catches_up_when_it_is_seen_again(qtbot, screen, desk, idle, connections):
    screen.hide()
    with sqlite3.connect(connections.path) as other:
        other.execute("DELETE FROM company WHERE id > 10")
    desk.changes.publish(Changes({"company": frozenset()}))
    qtbot.waitUntil(lambda: screen._outdated)
    screen.show()
    idle()
    assert screen.table.rowCount() == 10
    assert screen.footer.count.text() == "10 contacts"


def test_nothing_matches_names_the_filter_and_clears_it(qtbot, screen, idle):
    screen.show_view(screen.spec.views[1])
    idle()
    screen.filters.quick.setFocus()
    qtbot.keyClicks(screen.filters.quick, "Northgata")
    qtbot.keyClick(screen.filters.quick, KEYS.Key_Return)
    idle()
    state = screen.states.no_match
    assert state is not None
    assert state.isVisible()
    assert state.title.text() == "Nothing matches “Northgata”"
    assert "Owner: Zhou Min" in state.text.text()
    assert "close match: Northgate" in state.text.text()
    qtbot.mouseClick(state.buttons[0], Qt.MouseButton.LeftButton)
    idle()
    assert screen.table.rowCount() == 10_000
    assert screen.states.no_match is None


def test_a_wide_search_is_capped_and_says_so(qtbot, screen, idle):
    screen.filters.quick.setFocus()
    qtbot.keyClicks(screen.filters.quick, "0")
    qtbot.keyClick(screen.filters.quick, KEYS.Key_Return)
    idle()
    assert screen.table.rowCount() == 2_000
    assert screen.table.capped
    assert screen.footer.count.text() == "2,000+ found, narrow the search"


def test_views_are_chosen_by_a_click_and_show_their_filters(qtbot, screen, idle):
    screen.views.bar.chosen.emit("mine")
    idle()
    assert set(screen.filters.chips) == {"owner"}
    assert screen.filters.chips["owner"].value == "Zhou Min"
    assert screen.footer.count.text() == "3,333 contacts"
    assert not screen.views.changed


def test_a_view_is_saved_under_a_name_changed_and_deleted(qtbot, screen, desk, store, idle):
    screen.show_view(screen.spec.views[1])
    idle()
    screen.view.sort_wanted.emit((Sort("orders"),))
    idle()
    assert screen.views.changed
    desk.dialogs.will_answer("My orders")
    screen.views.save_as()
    idle()
    assert [view.title for view in store.views] == ["My orders"]
    assert store.views[0].listing.sorts == (Sort("orders"),)
    assert screen.views.current.title == "My orders"
    assert not screen.views.changed
    screen._change_filters(())
    idle()
    screen.views.save()
    idle()
    assert store.views[0].listing.filters == ()
    desk.dialogs.will_answer(True)
    screen.views.delete()
    idle()
    assert store.views == []
    assert screen.views.current.key == "all"


def popup_of(screen):
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, FilterPopup))


def test_a_filter_is_ticked_in_its_popup(qtbot, screen, idle):
    menu = screen.filters.fields_menu()
    assert "Status" in [action.text() for action in menu.actions()]
    menu.deleteLater()
    screen.filters.open_filter("status")
    popup = popup_of(screen)
    popup._values.item(2).setCheckState(Qt.CheckState.Checked)
    popup.close()
    idle()
    assert screen.table.listing.filters == (Filter("status", "is", ("lapsed",)),)
    assert screen.filters.chips["status"].value == "Lapsed"
    assert {screen.table.data(screen.table.index(row, 1)) for row in range(20)} == {"Lapsed"}
    screen.filters.chips["status"].removed.emit()
    idle()
    assert screen.table.rowCount() == 10_000


@pytest.mark.parametrize(
    ("field", "typed", "filters", "words"),
    [
        ("city", {"contains": "Lon"}, (Filter("city", "contains", ("Lon",)),), "contains “Lon”"),
        ("orders", {"from": "90"}, (Filter("orders", "from", (90,)),), "from 90"),
    ],
)
def test_texts_and_figures_are_typed(qtbot, screen, idle, field, typed, filters, words):
    screen.filters.open_filter(field)
    idle()
    popup = popup_of(screen)
    for name, text in typed.items():
        qtbot.keyClicks(popup._edits[name], text)
    qtbot.keyClick(popup, KEYS.Key_Return)
    screen_filters = screen.table.listing.filters
    assert [(one.field, one.op, tuple(map(str, one.values))) for one in screen_filters] == [
        (one.field, one.op, tuple(map(str, one.values))) for one in filters
    ]
    assert screen.filters.chips[field].value == words


def test_days_are_chosen_by_name_and_stay_relative(qtbot, screen):
    screen.filters.open_filter("last_on")
    popup = popup_of(screen)
    row = next(n for n in range(popup._values.count()) if popup._values.item(n).text() == "Last 7 days")
    popup._values.setCurrentRow(row)
    qtbot.keyClick(popup, KEYS.Key_Return)
    assert screen.table.listing.filters == (
        Filter("last_on", "from", ("today-6",)),
        Filter("last_on", "to", ("today",)),
    )
    assert screen.filters.chips["last_on"].value == "Last 7 days"


def test_escape_leaves_a_filter_as_it_was(qtbot, screen):
    screen.filters.open_filter("status")
    popup = popup_of(screen)
    popup._values.item(0).setCheckState(Qt.CheckState.Checked)
    qtbot.keyClick(popup, KEYS.Key_Escape)
    assert screen.table.listing.filters == ()


def test_columns_are_chosen_and_remembered(qtbot, screen, desk, idle):
    menu = screen.columns.menu()
    {action.text(): action for action in menu.actions()}["Key account"].trigger()
    {action.text(): action for action in menu.actions()}["Phone"].trigger()
    idle()
    shown = [field.name for field in screen.table.columns]
    assert "vip" in shown
    assert "phone" not in shown
    assert shown[0] == "name"
    again = ListScreen(desk, company_spec())
    qtbot.addWidget(again)
    idle()
    assert [field.name for field in again.table.columns] == shown


def test_a_dragged_column_and_width_are_remembered(qtbot, screen, desk, idle):
    header = screen.view.header
    header.moveSection(3, 1)
    QApplication.processEvents()
    idle()
    assert [field.name for field in screen.table.columns][:3] == ["name", "city", "status"]
    header.resizeSection(1, 211)
    state = desk.settings.view_state("companies")
    assert state["columns"][:2] == ["name", "city"]
    assert state["widths"] == {"city": 211}


def test_space_hides_the_preview_and_it_follows_the_current_row(qtbot, screen, idle):
    screen.resize(1300, 660)
    screen.preview.fold_below(1300)
    qtbot.waitUntil(lambda: screen.preview.isVisible())
    click_cell(qtbot, screen, 3)
    qtbot.waitUntil(lambda: screen.preview.preview.name.text() == names(screen)[3])
    qtbot.keyClick(screen.view, KEYS.Key_Space)
    assert not screen.preview.isVisible()


def test_the_preview_folds_away_in_a_narrow_window(qtbot, screen, idle):
    screen.resize(1300, 660)
    qtbot.waitUntil(lambda: screen.preview.isVisible())
    screen.resize(1100, 660)
    qtbot.waitUntil(lambda: not screen.preview.isVisible())


def test_a_failed_reading_is_said_in_the_list_and_can_be_tried_again(qtbot, screen, idle, monkeypatch):
    from crm_desktop.shared.errors import Unavailable

    def refuse(*_args):
        raise Unavailable

    monkeypatch.setattr(screen.spec.source, "first_page", refuse, raising=True)
    screen._change_text("atl")
    idle()
    assert "Nothing was saved" in screen.note.text()
    assert screen.table.rowCount() == 10_000
    monkeypatch.undo()
    screen.note.action_clicked.emit()
    idle()
    assert screen.note.text() == ""
    assert screen.table.rowCount() == 1_250


def test_a_cut_text_has_its_whole_text_as_tooltip(qtbot, screen):
    screen.view.widths.choose({"city": 40})
    column = [field.name for field in screen.table.columns].index("city")
    screen.view.viewport().repaint()
    at = screen.view.visualRect(screen.table.index(0, column)).center()
    whole = screen.table.data(screen.table.index(0, column))
    assert screen.view.tip_at(at) == whole
    name = screen.view.visualRect(screen.table.index(0, 1)).center()
    assert screen.view.tip_at(name) == ""


@pytest.mark.parametrize("rows", [0])
def test_a_list_that_never_had_a_row_says_what_it_is(qtbot, screen, idle):
    state = screen.states.never_had
    assert state is not None
    assert state.title.text() == "Everyone you trade with, in one list"
    imported = []
    screen.action("import").triggered.connect(lambda: imported.append(True))
    qtbot.mouseClick(state.buttons[0], Qt.MouseButton.LeftButton)
    assert imported == [True]


@pytest.mark.parametrize("rows", [1])
def test_the_first_row_takes_the_place_of_the_empty_state(qtbot, screen, idle, connections):
    with sqlite3.connect(connections.path) as other:
        other.execute("DELETE FROM company")
    screen.reload()
    idle()
    assert screen.states.never_had is not None
    with sqlite3.connect(connections.path) as other:
        other.execute("INSERT INTO company (id, name, status) VALUES (5, 'Ada', 'customer')")
    screen.reload()
    idle()
    assert screen.states.never_had is None
    assert names(screen) == ["Ada"]


def test_rows_are_painted_where_they_are_clicked(qtbot, screen):
    image = screen.view.viewport().grab().toImage()
    colours = {image.pixelColor(x, 12).name() for x in range(image.width())}
    assert len(colours) > 5
