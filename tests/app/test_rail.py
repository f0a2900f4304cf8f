"""The rail keeps secondary lists under their head until somebody works there."""

import pytest
from PySide6.QtCore import QPoint, Qt

from crm_desktop.app.ui.rail import Rail, RailEntry
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.theme import install_theme

ENTRIES = (
    RailEntry("contacts", "Contacts", "users"),
    RailEntry("orders", "Orders", "clipboard"),
    RailEntry("quotes", "Quotes", "file-text"),
    RailEntry("deliveries", "Deliveries", "truck", under="orders"),
    RailEntry("ageing", "Ageing", "clock", under="collections"),
)


@pytest.fixture
def rail(qapp, qtbot):
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    rail = Rail(ENTRIES, (RailEntry("settings", "Settings", "settings"),))
    qtbot.addWidget(rail)
    rail.resize(rail.width(), 500)
    with qtbot.waitActive(rail):
        rail.show()
        rail.activateWindow()
    return rail


def shown(rail):
    visible = [button for button in rail.buttons.values() if button.isVisible()]
    return [button.entry.name for button in sorted(visible, key=lambda button: button.y())]


def test_what_stands_under_is_shown_while_one_works_there(rail):
    assert shown(rail) == ["contacts", "orders", "quotes", "ageing", "settings"], "no head: it stands by itself"
    rail.choose("orders")
    assert shown(rail) == ["contacts", "orders", "deliveries", "quotes", "ageing", "settings"]
    rail.choose("deliveries")
    assert "deliveries" in shown(rail)
    rail.choose("contacts")
    assert "deliveries" not in shown(rail)


def test_the_arrow_unfolds_without_leaving_the_screen(rail, qtbot):
    told = []
    rail.chosen.connect(told.append)
    head = rail.buttons["orders"]
    arrow = QPoint(head.width() - 10, head.height() // 2)
    qtbot.mouseClick(head, Qt.MouseButton.LeftButton, pos=arrow)
    assert "deliveries" in shown(rail)
    qtbot.mouseClick(head, Qt.MouseButton.LeftButton, pos=arrow)
    assert "deliveries" not in shown(rail)
    assert told == []
    qtbot.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(30, 5))
    assert told == ["orders"]


def test_right_and_left_unfold_by_the_keyboard(rail, qtbot):
    head = rail.buttons["orders"]
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Right)
    assert "deliveries" in shown(rail)
    qtbot.keyClick(head, Qt.Key.Key_Left)
    assert "deliveries" not in shown(rail)
