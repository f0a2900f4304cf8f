"""Actions are declared once, unique, and off for those who may not use them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec, DuplicateAction, check_unique
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.theme import install_theme

NEW = ActionSpec("new", "&New contact", "Start a contact", "plus", QKeySequence.StandardKey.New)
DELETE = ActionSpec("delete", "Delete", "", "trash-2", "Del", Permission.CONTACT_DELETE)


def test_a_second_owner_of_a_name_or_of_keys_is_refused(qapp):
    check_unique([NEW, DELETE])
    with pytest.raises(DuplicateAction, match="name new"):
        check_unique([NEW, ActionSpec("new", "Other")])
    with pytest.raises(DuplicateAction, match="Del"):
        check_unique([DELETE, ActionSpec("drop", "Drop", shortcut="Del")])


def test_what_is_forbidden_is_hidden_and_stays_off(qapp, qtbot):
    install_theme(qapp, "light")
    window = QWidget()
    qtbot.addWidget(window)
    actions = ActionSet(window, [NEW, DELETE], lambda permission: False)
    actions.enable("delete", True)
    actions.show("delete", True)
    assert not actions["delete"].isEnabled()
    assert not actions["delete"].isVisible()
    actions.show("new", False)
    assert not actions["new"].isVisible()
    assert actions.offered() == [actions["new"]]
    assert actions["new"].objectName() == "new"
    assert "Start a contact" in actions["new"].toolTip()
    assert not actions["new"].icon().isNull()


def test_keys_and_a_button_reach_the_same_slot(qapp, qtbot):
    install_theme(qapp, "light")
    window, done = QWidget(), []
    qtbot.addWidget(window)
    actions = ActionSet(window, [NEW, DELETE])
    actions.on("new", lambda: done.append("new"))
    button, line = button_for(actions["new"], "primary"), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(button)
    column.addWidget(line)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    button.click()
    assert done == ["new", "new"]
    assert button.key_hint()
    actions.enable("new", False)
    assert not button.isEnabled()
