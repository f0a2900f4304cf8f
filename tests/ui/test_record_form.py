from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.rows_editor import RowColumn, RowsEditor

TODAY = date(2026, 11, 19)


def field(name, kind=Kind.TEXT, chars=20, **more):
    return Field(name, None, name.capitalize(), chars, Use.FORM, kind, **more)


FIELDS = (
    field("name", chars=40),
    field("note", Kind.NOTE),
    field("count", Kind.INTEGER, 8),
    field("rate", Kind.DECIMAL, 8),
    field("news", Kind.BOOLEAN),
    field("next_on", Kind.DATE, 12),
    field("level", Kind.CHOICE, 6, choices=(("A", "A"), ("B", "B"))),
    field("status", Kind.STATUS, 10, choices=(("prospect", "Prospect"), ("customer", "Customer"))),
    field("owner", Kind.USER, 14),
    field("tags", Kind.TAGS, 30),
    field("email", Kind.EMAIL, 30),
    field("limit", Kind.DECIMAL, 10, read=Permission.CREDIT_LIMIT_READ, write=Permission.COMPANY_WRITE),
)
STORED = {
    "name": "Ningbo Huaxin", "note": "one\ntwo", "count": 3, "rate": Decimal("1234.50"), "news": True,
    "next_on": date(2026, 5, 3), "level": "A", "status": "customer", "owner": 2, "tags": ("VIP",),
    "email": "a@huaxin.example", "limit": None,
}  # fmt: skip


@pytest.fixture
def context():
    return EditorContext(today=lambda: TODAY, users=((1, "Chen Jie"), (2, "Lin Wei")), tags=("VIP", "fair"))


@pytest.fixture
def form(qtbot, context):
    return shown(qtbot, RecordForm(FIELDS, context, limits={"name": (True, 20)}))


def shown(qtbot, form, *names):
    page = QWidget()
    column = QVBoxLayout(page)
    for name in names or [one.name for one in FIELDS if form.offers(one.name)]:
        column.addWidget(form.box(name))
    form.setParent(page)
    form.hide()
    form.settle_tab_order()
    qtbot.addWidget(page)
    page.form = form
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.isActiveWindow())
    form.page = page
    return form


def part(form, name):
    return form.editor(name).parts()[0]


def test_filling_a_form_changes_nothing(form, qtbot):
    with qtbot.assertNotEmitted(form.edited), qtbot.assertNotEmitted(form.dirty_changed):
        form.load(STORED)
    assert form.changes() == {}
    assert not form.is_dirty
    assert form.values() == STORED


def test_a_change_and_its_way_back_turn_the_dot_on_and_off(form, qtbot):
    form.load(STORED)
    with qtbot.waitSignal(form.dirty_changed, check_params_cb=lambda dirty: dirty):
        QTest.keyClicks(part(form, "name"), "!")
    assert form.changes() == {"name": "Ningbo Huaxin!"} or form.changes() == {"name": "!Ningbo Huaxin"}
    with qtbot.waitSignal(form.dirty_changed, check_params_cb=lambda dirty: not dirty):
        QTest.keyClick(part(form, "name"), Qt.Key.Key_Backspace)
    assert form.changes() == {}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("next_on", "+3", date(2026, 11, 22)), ("next_on", "3.5.", date(2027, 5, 3)), ("next_on", "", None),
        ("count", "1,200", 1200), ("rate", "0.75", Decimal("0.75")), ("rate", "", None),
    ],
)  # fmt: skip
def test_typed_forms(form, name, typed, value):
    form.load({**STORED, "next_on": date(2026, 1, 1)})
    line = part(form, name)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, typed)
    assert form.values()[name] == value
    assert form.changes() == {name: value}


def test_a_date_is_shown_as_it_was_understood_and_stepped_with_the_arrows(form):
    form.load({**STORED, "next_on": None})
    line = part(form, "next_on")
    line.setFocus()
    QTest.keyClicks(line, "today")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "19 Nov 2026"
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert form.values()["next_on"] == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "typed"), [("next_on", "32.1."), ("count", "1.5"), ("rate", "1,5"), ("email", "a@b,c")]
)
def test_what_cannot_be_read_is_named_on_leaving_and_never_while_typing(form, name, typed):
    form.load({**STORED, name: None})
    line = part(form, name)
    line.setFocus()
    QTest.keyClicks(line, typed)
    assert form.errors == {}
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert set(form.errors) == {name}
    assert form.box(name).error == form.errors[name] == line.accessibleDescription()
    assert not form.validate()
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert form.errors == {}


def test_saving_names_what_is_needed_and_goes_there(form, qtbot):
    form.load({})
    with qtbot.waitSignal(form.error_shown, check_params_cb=lambda name: name == "name"):
        assert not form.validate()
    assert QApplication.focusWidget() is part(form, "name")
    QTest.keyClicks(part(form, "name"), "x" * 21)
    assert not form.validate()
    assert "20" in form.errors["name"]


def test_composing_chinese_saves_nothing_and_counts_when_committed(form, qtbot):
    form.load({})
    line = part(form, "name")
    line.setFocus()
    with qtbot.assertNotEmitted(form.edited), qtbot.assertNotEmitted(form.committed):
        QApplication.sendEvent(line, QInputMethodEvent("ning bo", []))
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is line
    assert form.changes() == {}
    committed = QInputMethodEvent("", [])
    committed.setCommitString("宁波")
    with qtbot.waitSignal(form.edited):
        QApplication.sendEvent(line, committed)
    assert form.changes() == {"name": "宁波"}
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is part(form, "note")


def test_composing_in_notes_and_tags(form, qtbot):
    form.load({})
    for name in ("note", "tags"):
        with qtbot.assertNotEmitted(form.edited):
            QApplication.sendEvent(part(form, name), QInputMethodEvent("bei", []))
        committed = QInputMethodEvent("", [])
        committed.setCommitString("北京")
        QApplication.sendEvent(part(form, name), committed)
    QTest.keyClick(part(form, "tags"), Qt.Key.Key_Return)
    assert form.changes() == {"note": "北京", "tags": ("北京",)}


def test_tags_by_keyboard(form):
    form.load(STORED)
    line = part(form, "tags")
    line.setFocus()
    QTest.keyClicks(line, "FAIR,new one")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.values()["tags"] == ("VIP", "fair", "new one")
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert form.values()["tags"] == ("VIP",)
    assert not form.is_dirty


def test_a_retired_choice_survives_a_save(form):
    form.load({**STORED, "level": "Z", "owner": 99})
    assert form.values()["level"] == "Z"
    assert form.values()["owner"] == 99
    QTest.keyClick(part(form, "level"), Qt.Key.Key_Up)
    assert form.changes() == {"level": "B"}


def test_fields_follow_the_role(qtbot, context):
    from dataclasses import replace

    seller = Actor(1, "s", "S", frozenset())
    accountant = Actor(2, "a", "A", frozenset({Permission.CREDIT_LIMIT_READ}))
    assert not RecordForm(FIELDS, replace(context, actor=seller)).offers("limit")
    form = shown(qtbot, RecordForm(FIELDS, replace(context, actor=accountant)))
    form.load(STORED)
    QTest.keyClicks(part(form, "limit"), "5")
    assert form.changes() == {}
    form.set_read_only(False)
    assert part(form, "limit").isReadOnly()


def test_tab_follows_the_reading_order(form):
    form.load(STORED)
    part(form, "name").setFocus()
    seen = []
    for _ in form.names:
        seen.append(QApplication.focusWidget().accessibleName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [form.editor(name).label for name in form.names]


def test_what_is_stored_meanwhile_goes_under_what_is_typed(form):
    form.load(STORED)
    QTest.keyClick(part(form, "name"), Qt.Key.Key_X)
    form.rebase({**STORED, "note": "theirs"})
    assert form.values()["note"] == "theirs"
    assert set(form.changes()) == {"name"}


# Rows ------------------------------------------------------------------------------------------


@pytest.fixture
def phones(qtbot, context):
    columns = (
        RowColumn(
            field("kind", Kind.CHOICE, 8, choices=(("mobile", "Mobile"), ("office", "Office"))),
            default="mobile",
        ),
        RowColumn(
            field("number", Kind.PHONE),
            stretch=1,
            required=True,
            check=lambda text: None if any(mark.isdigit() for mark in text) else "no digits",
        ),
        RowColumn(field("note")),
    )
    form = RecordForm(FIELDS, context)
    form.add_editor(
        "phones",
        RowsEditor("phones", "Phones", [columns], context, what="Phone", add_text="Add a phone", primary="primary"),
    )
    return shown(qtbot, form, "phones", "name")


TWO = (
    {"id": 7, "kind": "mobile", "number": "138", "note": "", "primary": False},
    {"id": 8, "kind": "office", "number": "0574", "note": "desk", "primary": True},
)


def cell(form, row, name):
    return form.editor("phones").rows[row].editors[name].parts()[0]


def test_rows_are_loaded_with_what_the_form_does_not_show(phones):
    phones.load({"phones": TWO})
    assert phones.values()["phones"] == TWO
    assert not phones.is_dirty


def test_enter_adds_a_row_and_leaves_an_empty_one(phones):
    phones.load({"phones": ()})
    assert phones.values()["phones"] == ()
    cell(phones, 0, "number").setFocus()
    QTest.keyClicks(cell(phones, 0, "number"), "138")
    QTest.keyClick(cell(phones, 0, "number"), Qt.Key.Key_Return)
    assert QApplication.focusWidget() is cell(phones, 1, "number")
    assert phones.values()["phones"] == ({"kind": "mobile", "number": "138", "note": "", "primary": True},)
    QTest.keyClick(cell(phones, 1, "number"), Qt.Key.Key_Return)
    assert QApplication.focusWidget() is part(phones, "name")


def test_a_removed_row_comes_back_to_its_place(phones):
    phones.load({"phones": TWO})
    cell(phones, 0, "number").setFocus()
    QTest.keyClick(cell(phones, 0, "number"), Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert [row["id"] for row in phones.values()["phones"]] == [8]
    assert phones.is_dirty
    phones.editor("phones").undo_removal()
    assert phones.values()["phones"] == TWO
    assert not phones.is_dirty


def test_rows_move_and_one_is_first(phones):
    phones.load({"phones": TWO})
    cell(phones, 1, "number").setFocus()
    QTest.keyClick(cell(phones, 1, "number"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [row["id"] for row in phones.values()["phones"]] == [8, 7]
    assert QApplication.focusWidget() is cell(phones, 0, "number")
    QTest.mouseClick(phones.editor("phones").rows[1].star, Qt.MouseButton.LeftButton)
    assert [row["primary"] for row in phones.values()["phones"]] == [False, True]


def test_a_wrong_row_is_named_under_it(phones):
    phones.load({"phones": TWO})
    cell(phones, 1, "number").setFocus()
    cell(phones, 1, "number").clear()
    QTest.keyClicks(cell(phones, 1, "number"), "abc")
    assert not phones.validate()
    assert phones.editor("phones").rows[1].has_error
    assert QApplication.focusWidget() is cell(phones, 1, "number")
    QTest.keyClicks(cell(phones, 1, "number"), "5")
    assert not phones.editor("phones").rows[1].has_error
    assert phones.errors == {}
    assert phones.field_error("phones.0.number", "Used by another contact.")
    assert phones.editor("phones").rows[0].has_error
    assert not phones.field_error("nothing", "x")
