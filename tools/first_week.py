"""A first week in a new company, walked through the real windows: what the guide pictures and a test proves.

The walk knows no text of the program, so that it is the same in every language: it fills the editors of forms and
triggers the actions that people reach by key, menu or button. What it writes down comes from `material`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from xlsxwriter import Workbook

from crm_desktop.app.ui import tour
from crm_desktop.app.ui.contact_in_front import log_in_front
from crm_desktop.app.ui.main_window import MainWindow
from crm_desktop.exchange.ui.incoming.state import CHECK, DONE

Show = Callable[[str, QWidget], None]
"""Told the name of a step and the window that shows it."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the week is about, in one language: rows of the sheet, products, what is said, opportunities."""

    sheet: str
    headers: tuple[str, ...]
    customers: tuple[tuple[Any, ...], ...]
    product_headers: tuple[str, ...]
    products: tuple[tuple[Any, ...], ...]
    said: tuple[str, ...]
    next_step: str
    opportunities: tuple[str, str]
    payment: Decimal


ENGLISH: Final = Material(
    sheet="Customers of the office.xlsx",
    headers=("Name", "Phone", "City", "Level", "Status"),
    customers=(
        ("Northgate Supplies Ltd", "+44 113 496 0021", "Leeds", "A", "Customer"),
        ("Bergström Marin AB", "+46 31 555 01 20", "Göteborg", "A", "Customer"),
        ("Rossi Componenti S.r.l.", "+39 051 555 0148", "Bologna", "B", "Prospect"),
        ("Müller Werkzeug GmbH", "+49 212 555 070", "Solingen", "B", "Customer"),
        ("Atlas Fasteners Inc.", "+1 216 555 0116", "Cleveland", "B", "Prospect"),
        ("Kowalski Trading Sp. z o.o.", "+48 61 555 01 23", "Poznań", "C", "Prospect"),
        ("Harlow & Sons", "+44 1279 496 010", "Harlow", "A", "Customer"),
        ("Lindqvist Pumps", "+46 8 555 010 44", "Stockholm", "B", "Prospect"),
        ("Orchid Instruments Pte", "+65 6555 0199", "Singapore", "B", "Customer"),
        ("Castle Valves Ltd", "+44 161 496 0088", "Manchester", "C", "Prospect"),
        ("Delta Marine Services", "+31 10 555 0107", "Rotterdam", "B", "Customer"),
        ("Fjord Hydraulics AS", "+47 55 55 01 02", "Bergen", "A", "Prospect"),
    ),
    product_headers=("Code", "Name", "Unit", "List price", "Tax"),
    products=(
        ("BRG-6204", "Deep groove ball bearing 6204", "pc", 8.60, 20),
        ("VLV-DN50", "Gate valve DN50, stainless", "pc", 286, 20),
        ("SEAL-TC35", "Oil seal TC 35x52x7", "pc", 2.15, 20),
    ),
    said=(
        "Asked for our new price list and wants to see samples.",
        "Reached the buyer; stock lasts until the end of the month.",
        "Nobody picked up, the mailbox is full.",
        "Interested in valves for two ships; needs an offer by Friday.",
        "Busy until Thursday, asked us to call again.",
    ),
    next_step="Call again",
    opportunities=("Valves for two ships", "Yearly demand of bearings"),
    payment=Decimal(2000),
)
CHINESE: Final = Material(
    sheet="办公室客户名单.xlsx",
    headers=("名称", "电话", "城市", "级别", "状态"),
    customers=(
        ("宁波华新机电有限公司", "0574 8712 6600", "宁波", "A", "客户"),
        ("深圳市恒润贸易有限公司", "0755 2688 1200", "深圳", "A", "客户"),
        ("上海康达仪表有限公司", "021 5555 0101", "上海", "B", "潜在客户"),
        ("常州宝隆齿轮有限公司", "0519 8555 0123", "常州", "B", "客户"),
        ("佛山明德五金制品厂", "0757 8555 0116", "佛山", "B", "潜在客户"),
        ("温州鼎力阀门有限公司", "0577 8555 0120", "温州", "C", "潜在客户"),
        ("南通江海船舶有限公司", "0513 8555 0188", "南通", "A", "客户"),
        ("杭州永泰五金有限公司", "0571 8555 0144", "杭州", "B", "潜在客户"),
        ("台州浩宇泵业有限公司", "0576 8555 0199", "台州", "B", "客户"),
        ("嘉兴南湖紧固件有限公司", "0573 8555 0108", "嘉兴", "C", "潜在客户"),
        ("无锡太湖传动有限公司", "0510 8555 0107", "无锡", "B", "客户"),
        ("合肥庐阳设备有限公司", "0551 6555 0102", "合肥", "A", "潜在客户"),
    ),
    product_headers=("编码", "名称", "单位", "标准售价", "税率"),
    products=(
        ("BRG-6204", "深沟球轴承 6204", "个", 8.60, 13),
        ("VLV-DN50", "不锈钢闸阀 DN50", "个", 286, 13),
        ("SEAL-TC35", "油封 TC 35x52x7", "个", 2.15, 13),
    ),
    said=(
        "要最新价格表，想先看样品。",
        "已联系到采购，库存够用到月底。",
        "没人接电话，语音信箱已满。",
        "两条船需要闸阀，周五前要报价。",
        "周四之前没空，请再打一次。",
    ),
    next_step="再打电话",
    opportunities=("两条船的闸阀", "全年轴承需求"),
    payment=Decimal(2000),
)
CALLS: Final = 10


class FirstWeek:
    """Walks the week in one main window; `show` is told after each step what stands on screen."""

    def __init__(self, window: MainWindow, material: Material, folder: Path, show: Show) -> None:
        self.window, self.material, self.folder, self._show = window, material, folder, show

    def walk(self) -> None:
        """Do the whole week, in the order of the guide."""
        for step in (
            self.bring_in,
            self.call_ten,
            self.find_chances,
            self.quote,
            self.order,
            self.deliver,
            self.invoice,
            self.receive,
            self.look_back,
        ):
            step()

    # The steps of the guide

    def bring_in(self) -> None:
        """Import customers and products from one workbook."""
        path = self.folder / self.material.sheet
        with Workbook(str(path)) as book:
            for headers, rows in (
                (self.material.headers, self.material.customers),
                (self.material.product_headers, self.material.products),
            ):
                sheet = book.add_worksheet()
                for place, row in enumerate((headers, *rows)):
                    sheet.write_row(place, 0, row)
        self.window.open_import("", [path])
        self._settle()
        wizard = self._front()
        while wizard.step != DONE or wizard.state.later:
            if wizard.step == CHECK:
                self.show(f"import-{wizard.state.draft.target.name}")
            self._press(wizard)
        self.show("import-done")
        self.window.close_front()
        self.window.open_screen("contacts")
        self._settle()
        self.show("contacts")

    def call_ten(self) -> None:
        """Log ten calls, each with what was said and the next date."""
        for place, customer in enumerate(self._customers()[:CALLS]):
            self.window.open_record("contact", customer)
            self._settle()
            form = self._log()
            results = [one.id for one in form.asked.results]
            form.form.apply(
                {
                    "result_id": results[place % len(results)],
                    "notes": self.material.said[place % len(self.material.said)],
                    "next_on": self.window.desk.today + timedelta(days=place % 7),
                }
            )
            form.form.apply({"next_subject": self.material.next_step})
            if place == 0:
                self.show("log-call", form)
            form.go.click()
            self._settle()
            if place == 0:
                self.show("timeline-begins")
            self.window.close_front()

    def find_chances(self) -> None:
        """Write down two opportunities and move one on along the board."""
        days = (21, 60)
        for customer, name, ahead in zip(self._customers(), self.material.opportunities, days, strict=False):
            self.window.open_record("opportunity_for_contact", customer)
            self._settle()
            record = self._record()
            record.form.apply(
                {
                    "name": name,
                    "amount": Decimal(6000 if ahead < 30 else 18000),
                    "expected_on": self.window.desk.today + timedelta(days=ahead),
                }
            )
            self._save(record)
            self.window.close_front()
        self.window.open_screen("pipeline")
        self.show("pipeline")

    def quote(self) -> None:
        """Offer what the first opportunity asks for, and send the quote."""
        self.window.open_record("quote_for_opportunity", self._first("opportunities"))
        self._settle()
        record = self._record()
        self._type_lines(record, ("VLV-DN50", "20"), ("SEAL-TC35", "40"))
        self.show("quote")
        self._act("send")
        self.show("quote-sent")

    def order(self) -> None:
        """Make the order of the quote and confirm it: the opportunity is won."""
        self._act("make_order")
        self._act("confirm")
        self.show("order-confirmed")
        self.window.open_screen("pipeline")
        self.show("pipeline-won")
        self.window.open_record("order", self._first("orders"))
        self._settle()

    def deliver(self) -> None:
        """Deliver the whole order."""
        self._act("deliver")
        dialog = self._dialog()
        self.show("deliver", dialog)
        dialog.go.click()
        self._settle()

    def invoice(self) -> None:
        """Invoice what went out and post the invoice."""
        self.window.open_record("order", self._first("orders"))
        self._settle()
        self._act("invoice")
        dialog = self._dialog_if_any()
        if dialog is not None:
            dialog.go.click()
            self._settle()
        self._act("post")
        self.show("invoice-posted")

    def receive(self) -> None:
        """Write down the part payment."""
        self._act("receive")
        self._record().form.apply({"amount": self.material.payment})
        self._settle()
        self.show("receipt")
        self._act("save")

    def look_back(self) -> None:
        """Look at the customer's timeline, at Home and at the owner's month pack."""
        self.window.open_record("contact", self._customers()[0])
        self.show("timeline")
        self.window.open_screen("home")
        self.show("home")
        self.window.open_screen("day")
        self.show("my-day")
        self.window.open_screen("reports")
        self._settle()
        self._act("pack")
        dialog = self._dialog()
        dialog.month.setCurrentIndex(0)
        self.show("month-pack", dialog)
        self.window.dialogs.will_answer(self.pack)
        dialog.go.click()
        self._settle()

    @property
    def pack(self) -> Path:
        """Return where the month pack was written."""
        return self.folder / "pack.xlsx"

    def show(self, name: str, window: QWidget | None = None) -> None:
        """Tell that a step stands on screen, once no message lies over it."""
        for toast in self.window.toasts.shown:
            toast.leave()
        self._settle()
        self._show(name, window or self.window)

    # What steps are made of

    def _press(self, wizard: Any) -> None:
        before = wizard.step, wizard.state.draft
        wizard.press_primary()
        self._settle()
        assert (wizard.step, wizard.state.draft) != before, "the wizard wants something else first"

    def _settle(self) -> None:
        tour.settle(self.window.tasks)

    def _front(self) -> Any:
        front = self.window.tabs.front
        assert front is not None
        return front.screen

    def _customers(self) -> list[int]:
        """Return the ids of the customers in the order of the list."""
        listing = tour.open_list(self.window, "contacts")
        assert listing is not None
        return [id_ for row in range(listing.table.rowCount()) if (id_ := listing.table.id_at(row)) is not None]

    def _first(self, screen: str) -> int:
        found = tour.first_id(self.window, screen)
        assert found is not None, screen
        return found

    def _log(self) -> Any:
        log_in_front(self.window)
        self._settle()
        return self._dialog()

    def _record(self) -> Any:
        screen = self._front()
        return getattr(screen, "record", screen)

    def _save(self, record: Any) -> None:
        record.save()
        self._settle()

    def _act(self, name: str) -> None:
        """Trigger an action that the screen in front offers now."""
        offered: Mapping[str, Any] = {one.objectName(): one for one in self._front().actions_offered()}
        assert name in offered, (name, sorted(offered))
        offered[name].trigger()
        self._settle()

    def _dialog(self) -> Any:
        found = self._dialog_if_any()
        assert found is not None
        return found

    def _dialog_if_any(self) -> Any:
        return next((one for one in self.window.findChildren(QDialog) if one.isVisible()), None)

    def _type_lines(self, record: Any, *lines: tuple[str, str]) -> None:
        """Type products and quantities into the grid as the keyboard does."""
        self.window.activateWindow()
        self._settle()
        grid = record.document.lines.grid
        grid.setFocus()
        for code, quantity in lines:
            for text, key in ((code, Qt.Key.Key_Return), (quantity, Qt.Key.Key_Return)):
                QTest.keyClicks(self._keyboard(), text)
                self._settle()
                QTest.keyClick(self._keyboard(), key)
                self._settle()

    def _keyboard(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None, "the window is not active"
        return found
