"""The list of contacts, used as people use it, over a real SQLite file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel

from crm_desktop.contacts.ui.assign_dialog import AssignDialog
from crm_desktop.contacts.ui.merge_dialog import MergeDialog
from crm_desktop.contacts.ui.tag_dialog import TagDialog
from crm_desktop.db.work import Database
from crm_desktop.exchange.ui.export_dialog import ExportDialog
from crm_desktop.shared.listing import Filter
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


def names(screen: Any) -> list[str]:
    table = screen.table
    return [table.index(row, 0).data() for row in range(table.rowCount())]


def select(screen: Any, *wanted: str) -> None:
    screen.selection.clear()
    for name in wanted:
        screen.selection.toggle(screen.table.id_at(names(screen).index(name)))


def show_view(screen: Any, key: str) -> None:
    screen.show_view(next(view for view in screen.spec.views if view.key == key))


def dialog(screen: Any, kind: type[QDialog]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def offered(screen: Any) -> set[str]:
    return {action.objectName() for action in screen.actions_here.offered() if action.isVisible()}


def test_a_rep_sees_own_customers_and_the_pool_only(
    open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    make("Atlas", owner=staff.anna.user_id)
    make("Bergström", owner=staff.chen.user_id)
    make("Corona", owner=None)
    office = open_office(staff.anna)
    screen = show_list(office)
    assert names(screen) == ["Atlas"]
    show_view(screen, "pool")
    idle(office)
    assert names(screen) == ["Corona"]
    screen.clear_filters()
    idle(office)
    assert names(screen) == ["Atlas", "Corona"]
    assert offered(screen).isdisjoint({"assign", "archive", "merge", "export", "export_list", "duplicates"})


def test_typing_goes_to_the_filter_and_no_match_says_what_is_near(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    make("宁波华新机电有限公司", status="customer")
    make("Müller Werkzeug GmbH")
    office = open_office(staff.boss)
    screen = show_list(office)
    qtbot.keyClicks(screen.view, "hx")
    qtbot.waitUntil(lambda: screen.table.listing.text == "hx")
    idle(office)
    assert names(screen) == ["宁波华新机电有限公司"]
    screen.filters.quick.setText("mullerx")
    screen.filters.quick.textEdited.emit("mullerx")
    qtbot.waitUntil(lambda: screen.table.listing.text == "mullerx")
    idle(office)
    qtbot.waitUntil(lambda: screen.states.no_match is not None)
    assert "Müller Werkzeug GmbH" in screen.states.no_match.text.text()
    screen.states.no_match.buttons[0].click()
    idle(office)
    assert len(names(screen)) == 2


def test_an_empty_company_offers_the_first_contact(qtbot: Any, open_office: Any, show_list: Any, staff: Firm) -> None:
    office = open_office(staff.boss)
    screen = show_list(office)
    qtbot.waitUntil(lambda: screen.states.never_had is not None)
    screen.states.never_had.buttons[0].click()
    assert office.opened == [("contact", None)]


def test_a_manager_hands_contacts_over_within_the_team(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    first = make("Atlas", owner=staff.anna.user_id)
    second = make("Bergström", owner=staff.chen.user_id)
    office = open_office(staff.manager)
    screen = show_list(office)
    select(screen, "Atlas", "Bergström")
    screen.action("assign").trigger()
    idle(office)
    handing = dialog(screen, AssignDialog)
    offered_names = [handing.list.item(row).text() for row in range(handing.list.count())]
    assert offered_names == ["Public pool", "Anna Weber", "Chen Jie", "Zhou Min"]
    handing.list.setCurrentRow(2)
    assert "1 contact changes hands" in handing.explanation.text()
    qtbot.mouseClick(handing.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored(first)["owner"] == stored(second)["owner"] == staff.chen.user_id
    assert office.toasts[-1][0] == "Chen Jie looks after 1 contact more"


def test_archive_and_undo(
    open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm, qtbot: Any
) -> None:
    gone = make("Atlas")
    make("Bergström")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Atlas")
    screen.action("archive").trigger()
    qtbot.waitUntil(lambda: names(screen) == ["Bergström"])
    assert stored(gone)["archived_at"] is not None
    text, action, undo = office.toasts[-1]
    assert (text, action) == ("1 contact archived", "Undo")
    undo()
    qtbot.waitUntil(lambda: names(screen) == ["Atlas", "Bergström"])
    assert stored(gone)["archived_at"] is None
    show_view(screen, "archived")
    idle(office)
    assert names(screen) == []


def test_the_archive_brings_contacts_back(
    open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    gone = make("Atlas")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Atlas")
    screen.action("archive").trigger()
    idle(office)
    show_view(screen, "archived")
    idle(office)
    assert {"restore"} <= offered(screen)
    assert offered(screen).isdisjoint({"archive", "merge", "assign"})
    select(screen, "Atlas")
    screen.action("restore").trigger()
    idle(office)
    assert stored(gone)["archived_at"] is None


def test_a_rep_claims_from_the_pool_and_gives_back(
    open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    contact = make("Corona", owner=None)
    office = open_office(staff.anna)
    screen = show_list(office)
    assert "claim" not in offered(screen)
    show_view(screen, "pool")
    idle(office)
    select(screen, "Corona")
    screen.action("claim").trigger()
    idle(office)
    assert stored(contact)["owner"] == staff.anna.user_id
    show_view(screen, "mine")
    idle(office)
    select(screen, "Corona")
    screen.action("release").trigger()
    idle(office)
    assert stored(contact)["owner"] is None


def test_tags_are_put_on_and_filtered(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    first = make("Atlas", tags=["Old"])
    make("Bergström")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Atlas")
    screen.action("tag").trigger()
    idle(office)
    tagging = dialog(screen, TagDialog)
    assert tagging.add.widget.isAncestorOf(tagging.focusWidget()), "a tag can be typed at once"
    qtbot.keyClicks(tagging.add.line, "VIP")
    qtbot.keyClick(tagging.add.line, Qt.Key.Key_Return)
    tagging.remove.line.setText("Old")
    tagging.remove.line.setFocus()
    qtbot.keyClick(tagging.remove.line, Qt.Key.Key_Return)
    qtbot.mouseClick(tagging.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored(first)["tags"] == ("VIP",)
    screen.filters.filters_changed.emit((Filter("tags", "is", ("VIP",)),))
    idle(office)
    assert names(screen) == ["Atlas"]


def test_merge_needs_exactly_two_and_leads_to_the_survivor(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    stays = make("Northgate Supplies Ltd", level="A", points=[{"kind": "phone", "value": "0113 496 0021"}])
    goes = make("Northgate Supply", level="B", city="", points=[{"kind": "email", "value": "o@northgate.example"}])
    make("Atlas")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Northgate Supply")
    assert not screen.action("merge").isEnabled()
    select(screen, "Northgate Supplies Ltd", "Northgate Supply")
    assert screen.action("merge").isEnabled()
    screen.action("merge").trigger()
    idle(office)
    merging = dialog(screen, MergeDialog)
    merging.choose_survivor(0)
    merging.choose("level", 1)
    assert merging.go.text() == "Merge into Northgate Supplies Ltd"
    qtbot.mouseClick(merging.go, Qt.MouseButton.LeftButton)
    idle(office)
    qtbot.waitUntil(lambda: names(screen) == ["Atlas", "Northgate Supplies Ltd"])
    merged = stored(stays)
    assert merged["level"] == "B"
    assert {point["value"] for point in merged["points"]} == {"0113 496 0021", "o@northgate.example"}
    assert stored(goes).id == stays


def test_the_selected_are_exported_as_seen(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm, tmp_path: Path
) -> None:
    make("Atlas", status="customer")
    make("Bergström")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Atlas")
    screen.action("export").trigger()
    exporting = dialog(screen, ExportDialog)
    exporting.choose(exporting.forms, ".csv")
    office.desk.dialogs.will_answer(tmp_path / "out.csv")
    qtbot.mouseClick(exporting.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (tmp_path / "out.csv").exists())
    rows = list(csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:2] == ["Name", "Status"]
    assert [row[:2] for row in rows[1:]] == [["Atlas", "Customer"]]
    qtbot.waitUntil(lambda: bool(office.toasts))
    assert office.toasts[-1][0] == "1 contact exported to out.csv"


def test_another_desk_sees_a_change_and_the_preview_follows(
    qtbot: Any, open_office: Any, show_list: Any, show_contact: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    contact = make("Atlas", points=[{"kind": "email", "value": "a@atlas.example"}])
    boss, manager = open_office(staff.boss), open_office(staff.boss)
    screen = show_list(boss)
    record = show_contact(manager, contact)
    editor = record.form.editor("name").line
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "Atlas Fasteners")
    record.save()
    idle(manager)
    qtbot.waitUntil(lambda: names(screen) == ["Atlas Fasteners"])


def test_own_fields_become_columns_when_they_are_defined(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm, file_database: Database
) -> None:
    from crm_desktop.contacts import custom

    make("Atlas")
    office = open_office(staff.boss)
    screen = show_list(office)
    tab = screen.parent()
    with file_database.begin(staff.boss) as work:
        custom.define_field(work, "Contract until", "date")
    qtbot.waitUntil(lambda: tab.list is not None and tab.list is not screen)
    idle(office)
    assert "custom.f1" in {field.name for field in tab.list.spec.source.fields}


def test_copying_the_selection_gives_a_table(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    make("Atlas")
    office = open_office(staff.boss)
    screen = show_list(office)
    select(screen, "Atlas")
    qtbot.keyClick(screen.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert "Atlas\t" in QGuiApplication.clipboard().text()


def test_a_saved_view_comes_back(
    qtbot: Any, open_office: Any, show_list: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    make("Atlas", status="customer")
    make("Bergström")
    office = open_office(staff.boss)
    screen = show_list(office)
    screen.filters.filters_changed.emit((Filter("status", "is", ("customer",)),))
    idle(office)
    office.desk.dialogs.will_answer("Good ones")
    screen.views.save_as()
    idle(office)
    other = show_list(open_office(staff.boss))
    qtbot.waitUntil(lambda: any(view.title == "Good ones" for view in other.views.views))


def test_a_change_of_the_evening_is_of_that_day_where_the_company_is(
    open_office: Any, show_list: Any, idle: Idle, make: Any, file_database: Database, staff: Firm
) -> None:
    """Five in the evening in the Aleutians is the next day in Greenwich already."""
    file_database.clock.instant = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    make("Atlas Fasteners", owner=staff.boss.user_id)
    office = open_office(staff.boss)
    office.desk = replace(office.desk, timezone="America/Adak")
    listing = show_list(office)
    listing.table.set_columns(("name", "updated_at"))
    idle(office)
    changed = [field.name for field in listing.table.columns].index("updated_at")
    assert listing.table.index(0, changed).data() == "Today"


def test_a_long_address_in_the_preview_says_that_it_is_cut(
    qtbot: Any, open_office: Any, show_list: Any, make: Any, staff: Firm
) -> None:
    address = "purchasing.department@a-very-long-name-of-a-company.example"
    make("Atlas Fasteners", owner=staff.boss.user_id, points=[{"kind": "email", "value": address}])
    office = open_office(staff.boss)
    screen = show_list(office)
    screen.view.setCurrentIndex(screen.table.index(0, 0))

    def cut() -> list[str]:
        labels = screen.preview.findChildren(QLabel)
        return [label.text()[-1] for label in labels if label.toolTip() == address]

    qtbot.waitUntil(lambda: cut() == ["…"])
