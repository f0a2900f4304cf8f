"""The line grid used by keyboard, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.orders.totals import DocumentInput
from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.orders.ui.line_grid import LineGrid
from crm_desktop.products.rules import CatalogueItem, haystack
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.theme import install_theme

TODAY = date(2026, 11, 19)
GOODS = (
    ("BRG-6204-2RS", "Deep groove ball bearing 6204-2RS", "pc", "8.60"),
    ("BRG-6308-C3", "Deep groove ball bearing 6308 C3", "pc", "31.50"),
    ("VLV-DN50-304", "不锈钢闸阀 DN50 304", "个", "286"),
    ("FST-M12X60-A4", "Hex bolt M12×60, A4-80, box of 100", "box", "168"),
    ("SEAL-TC-35X52", "Oil seal TC 35×52×7", "pc", "2.15"),
    ("CPL-L090-JAW", "Jaw coupling L090, with spider", "pc", "5.20"),
)

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def goods() -> KnownProducts:
    return KnownProducts(
        CatalogueItem(place, code, name, unit, Decimal(price), Decimal(13), "", haystack(code, name))
        for place, (code, name, unit, price) in enumerate(GOODS, 1)
    )


class Desk:
    """A grid between two fields, as it stands in a form."""

    def __init__(self, qtbot: Any) -> None:
        self.bot = qtbot
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        self.before, self.after = QLineEdit(), QLineEdit()
        self.grid = LineGrid(lambda: TODAY, dated=False)
        self.grid.products = goods()
        self.grid.lines.new_values = {"tax_percent": Decimal(13)}
        self.grid.lines.set_document(DocumentInput("CNY"))
        for widget in (self.before, self.grid, self.after):
            column.addWidget(widget)
        qtbot.addWidget(self.window)
        self.window.resize(1100, 500)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.grid.setFocus()

    def type(self, text: str) -> None:
        self.bot.keyClicks(QApplication.focusWidget(), text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.bot.keyClick(QApplication.focusWidget(), key, modifiers)

    def compose(self, preedit: str, commit: str = "") -> None:
        """Hand over what a Chinese input method hands over."""
        event = QInputMethodEvent(preedit, [])
        if commit:
            event.setCommitString(commit)
        QApplication.sendEvent(QApplication.focusWidget(), event)

    def texts(self, name: str) -> list[str]:
        return [self.grid.lines.text(row, name) for row in range(len(self.grid.lines.lines))]

    @property
    def cell(self) -> tuple[int, str]:
        column = self.grid.column
        return self.grid.row, column.name if column is not None else ""


@pytest.fixture
def desk(qtbot: Any, qapp: QApplication) -> Desk:
    install_fonts(qapp, "en")
    install_theme(qapp, "light")
    return Desk(qtbot)


def test_a_line_is_typed_by_code_quantity_price_and_discount(desk: Desk) -> None:
    desk.type("6204")
    assert desk.grid.type_ahead.popup.isVisible()
    desk.press(Qt.Key.Key_Return)
    assert desk.cell == (0, "quantity")
    assert not desk.grid.type_ahead.popup.isVisible()
    desk.type("1,200.50")
    desk.press(Qt.Key.Key_Tab)
    desk.compose("", "８.６")
    desk.press(Qt.Key.Key_Tab)
    desk.type("5%")
    desk.press(Qt.Key.Key_Tab)
    assert desk.cell == (1, "code")
    line = desk.grid.lines.lines[0]
    assert line.values["product_id"] == 1
    assert line.values["name"] == "Deep groove ball bearing 6204-2RS"
    assert (line.values["quantity"], line.values["unit_price"]) == (Decimal("1200.50"), Decimal("8.6"))
    assert line.values["discount_percent"] == Decimal(5)
    assert not line.wrong
    assert desk.texts("amount") == ["9,808.09"]


def test_the_total_follows_every_key(desk: Desk) -> None:
    seen: list[int] = []
    desk.type("6204")
    desk.press(Qt.Key.Key_Tab)
    desk.grid.lines.totalled.connect(lambda totals: seen.append(totals.net))
    desk.grid.go(0, "unit_price")
    for figure in "8.65":
        desk.type(figure)
    assert seen[-4:] != [seen[-1]] * 4
    assert seen[-1] == 865


def test_a_chinese_name_is_found_by_pinyin_and_by_an_input_method(desk: Desk) -> None:
    desk.type("bxgzf")
    assert [offer.item.code for offer in desk.grid.type_ahead.popup.offers if offer.item] == ["VLV-DN50-304"]
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_Escape)
    assert desk.grid.editor.text() == ""
    desk.compose("zha fa")
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Tab)
    assert desk.cell == (0, "code")
    assert not desk.grid.lines.lines
    desk.compose("", "闸阀")
    assert [offer.item.code for offer in desk.grid.type_ahead.popup.offers if offer.item] == ["VLV-DN50-304"]
    desk.press(Qt.Key.Key_Tab)
    assert desk.texts("code") == ["VLV-DN50-304"]
    assert desk.cell == (0, "quantity")


def test_enter_goes_to_the_next_line_and_leaves_from_the_empty_one(desk: Desk) -> None:
    desk.type("seal")
    desk.press(Qt.Key.Key_Return)
    desk.type("3")
    desk.press(Qt.Key.Key_Return)
    assert desk.cell == (1, "code")
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is desk.after


def test_tab_leaves_the_grid_at_both_ends(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is desk.after
    desk.press(Qt.Key.Key_Backtab)
    assert desk.cell == (0, "code")
    assert desk.grid.editor.hasFocus()
    desk.press(Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is desk.before


def fill(desk: Desk, *codes: str) -> None:
    for code in codes:
        desk.type(code)
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Return)


def test_lines_are_inserted_copied_moved_and_removed_by_keys(desk: Desk) -> None:
    fill(desk, "6204", "6308", "seal")
    desk.grid.go(1, "quantity")
    desk.press(Qt.Key.Key_Return, CTRL)
    assert desk.cell == (1, "code")
    desk.type("cpl")
    desk.press(Qt.Key.Key_Tab)
    codes = ["BRG-6204-2RS", "CPL-L090-JAW", "BRG-6308-C3", "SEAL-TC-35X52"]
    assert desk.texts("code") == codes
    desk.press(Qt.Key.Key_Up, ALT)
    assert desk.texts("code") == [codes[1], codes[0], *codes[2:]]
    assert desk.cell == (0, "quantity")
    desk.press(Qt.Key.Key_Down, ALT)
    desk.press(Qt.Key.Key_D, CTRL)
    assert desk.texts("code") == [codes[0], codes[1], codes[1], *codes[2:]]
    assert desk.cell == (2, "quantity")
    desk.press(Qt.Key.Key_Delete, CTRL)
    assert desk.texts("code") == codes
    assert desk.grid.lines.lines[2].values["id"] is None


def test_every_step_is_undone_and_done_again(desk: Desk) -> None:
    fill(desk, "6204", "6308")
    desk.grid.go(0, "quantity")
    desk.type("12")
    desk.press(Qt.Key.Key_Tab)
    assert desk.texts("quantity") == ["12", "1"]
    desk.press(Qt.Key.Key_Delete, CTRL)
    assert desk.texts("quantity") == ["1"]
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.texts("quantity") == ["12", "1"]
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.texts("quantity") == ["1", "1"]
    desk.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert desk.texts("quantity") == ["12", "1"]
    desk.grid.go(1, "quantity")
    desk.type("7")
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.texts("quantity") == ["12", "1"]


def test_escape_brings_back_what_the_cell_was_entered_with(desk: Desk) -> None:
    fill(desk, "6204")
    desk.grid.go(0, "quantity")
    desk.type("55")
    assert desk.texts("quantity") == ["55"]
    desk.press(Qt.Key.Key_Escape)
    assert desk.texts("quantity") == ["1"]
    assert desk.grid.editor.selectedText() == "1"


def test_what_is_no_number_is_marked_and_kept(desk: Desk) -> None:
    told: list[int] = []
    desk.grid.lines.wrong_changed.connect(told.append)
    fill(desk, "6204")
    desk.grid.go(0, "quantity")
    desk.type("1.5k")
    assert told == []
    desk.press(Qt.Key.Key_Tab)
    assert told == [1]
    index = desk.grid.lines.index(0, desk.grid.lines.column_of("quantity"))
    assert index.data() == "1.5k"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "“1.5k” is not a number. Type it like 1234.50."
    desk.grid.go(0, "quantity")
    desk.type("1500")
    assert told == [1, 0]
    assert desk.texts("quantity") == ["1,500"]


def test_a_remark_and_a_line_without_product(desk: Desk) -> None:
    desk.type("Spare parts")
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    desk.type("Freight")
    desk.press(Qt.Key.Key_Return)
    assert desk.cell == (1, "quantity")
    kinds = [(line.values["kind"], line.values["name"], line.values["product_id"]) for line in desk.grid.lines.lines]
    assert kinds == [("text", "Spare parts", None), ("item", "Freight", None)]
    assert desk.texts("amount") == ["", "0.00"]
    assert desk.grid.lines.lines[1].values["tax_percent"] == 13
    desk.press(Qt.Key.Key_T, CTRL)
    assert desk.grid.lines.lines[1].is_text


def test_the_printed_name_of_a_product_can_be_changed(desk: Desk) -> None:
    fill(desk, "6204")
    desk.grid.go(0, "name")
    desk.type("Bearing, as agreed")
    desk.press(Qt.Key.Key_Tab)
    assert desk.texts("name") == ["Bearing, as agreed"]
    assert desk.grid.lines.lines[0].values["product_id"] == 1


def test_a_block_with_a_header_in_any_order_is_pasted(desk: Desk) -> None:
    QGuiApplication.clipboard().setText(
        "数量\t单价\t产品编码\t折扣\r\n12\t¥8.50\tBRG-6204-2RS\t5%\r\n1,000\t\tseal-tc-35x52\t\r\n"
    )
    desk.press(Qt.Key.Key_V, CTRL)
    assert desk.texts("code") == ["BRG-6204-2RS", "SEAL-TC-35X52"]
    assert desk.texts("quantity") == ["12", "1,000"]
    assert desk.texts("discount_percent") == ["5", ""]
    first, second = desk.grid.lines.lines
    assert (first.values["unit_price"], first.priced, second.priced) == (Decimal("8.50"), True, False)
    assert desk.cell == (2, "code")


def test_a_block_with_errors_loses_nothing(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("1\tBRG-6204-2RS\t12\t8.5\n2\tNO-SUCH\tten\t3\n3\tOil seal TC 35×52×7\t4\n")
    desk.press(Qt.Key.Key_V, CTRL)
    lines = desk.grid.lines
    assert desk.texts("code") == ["BRG-6204-2RS", "NO-SUCH", "SEAL-TC-35X52"]
    assert desk.texts("quantity") == ["12", "ten", "4"]
    assert [(row, lines.columns[place].name) for row, place in lines.wrong_cells()] == [(1, "code"), (1, "quantity")]
    assert desk.cell == (1, "code")
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.texts("code") == []


def test_figures_pasted_into_a_column_go_down_from_the_cell(desk: Desk) -> None:
    fill(desk, "6204", "6308", "seal")
    desk.grid.go(1, "quantity")
    QGuiApplication.clipboard().setText("20\t3.50\n30\tx\n40\t1\n")
    desk.press(Qt.Key.Key_V, CTRL)
    assert desk.texts("quantity") == ["1", "20", "30"]
    assert desk.texts("unit_price")[1:] == ["3.50", "x"]
    desk.press(Qt.Key.Key_Z, CTRL)
    assert desk.texts("quantity") == ["1", "1", "1"]


def test_marked_lines_are_copied_for_a_spreadsheet_and_pasted_again(desk: Desk) -> None:
    fill(desk, "6204", "6308", "seal")
    desk.grid.go(0, "quantity")
    desk.type("1500")
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_Down, SHIFT)
    desk.press(Qt.Key.Key_Down, SHIFT)
    assert desk.grid.rows_meant() == range(2)
    desk.press(Qt.Key.Key_C, CTRL)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[:4] == ["Code", "Product", "Quantity", "Unit"]
    assert copied[1].split("\t")[:4] == ["BRG-6204-2RS", "Deep groove ball bearing 6204-2RS", "1500", "pc"]
    assert len(copied) == 3
    desk.grid.go(3, "code")
    desk.press(Qt.Key.Key_V, CTRL)
    assert desk.texts("quantity") == ["1,500", "1", "1", "1,500", "1"]
    assert not desk.grid.lines.wrong_cells()


def test_a_click_opens_the_cell_and_takes_over_the_one_before(desk: Desk) -> None:
    fill(desk, "6204", "6308")
    desk.grid.go(0, "quantity")
    desk.type("9")
    index = desk.grid.lines.index(1, desk.grid.lines.column_of("unit_price"))
    desk.bot.mouseClick(
        desk.grid.viewport(), Qt.MouseButton.LeftButton, pos=desk.grid.visualRect(index).center() + QPoint(0, 0)
    )
    assert desk.cell == (1, "unit_price")
    assert desk.grid.editor.hasFocus()
    assert desk.texts("quantity") == ["9", "1"]


def test_the_model_keeps_the_rules_of_qt(desk: Desk, qtmodeltester: Any) -> None:
    qtmodeltester.check(desk.grid.lines)
    fill(desk, "6204", "6308", "seal")
    desk.grid.lines.move(0, 1, 1)
    desk.grid.lines.remove(0, 0)
    desk.grid.lines.undo()
    qtmodeltester.check(desk.grid.lines)


def test_a_grid_that_may_not_be_written_has_no_empty_line(desk: Desk) -> None:
    fill(desk, "6204", "6308")
    desk.after.setFocus()
    desk.grid.lines.set_writable(False)
    desk.grid.setFocus()
    assert desk.grid.lines.rowCount() == 2
    assert not desk.grid.editor.isVisible()
    desk.press(Qt.Key.Key_D, CTRL)
    desk.press(Qt.Key.Key_Delete, CTRL)
    assert desk.texts("code") == ["BRG-6204-2RS", "BRG-6308-C3"]


def test_the_open_cell_keeps_the_keyboard_when_the_grid_is_asked_again(desk: Desk) -> None:
    desk.type("62")
    desk.grid.setFocus()
    assert desk.grid.editor.hasFocus()
    desk.type("04")
    desk.press(Qt.Key.Key_Return)
    assert desk.texts("code") == ["BRG-6204-2RS"]


def test_nothing_floats_over_other_windows(desk: Desk) -> None:
    desk.type("62")
    assert desk.grid.type_ahead.popup.isVisible()
    other = QWidget()
    desk.bot.addWidget(other)
    with desk.bot.waitActive(other):
        other.show()
        other.activateWindow()
    assert not desk.grid.type_ahead.popup.isVisible()


def test_marks_go_with_the_keyboard(desk: Desk) -> None:
    left: list[None] = []
    desk.grid.left.connect(lambda: left.append(None))
    fill(desk, "6204")
    desk.grid.go(0, "quantity")
    desk.grid.mark(range(1))
    desk.after.setFocus()
    assert not desk.grid.painter.marked
    assert not desk.grid.painter.awake
    assert not desk.grid.editor.isVisible()
    assert len(left) == 1
