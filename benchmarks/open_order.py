"""How long a stored order takes from opening its tab until it is painted: `python -m benchmarks.open_order`."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication, QStackedWidget, QTableView, QWidget

from crm_desktop.access import people
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import service
from crm_desktop.orders.ui import specs_records
from crm_desktop.products import service as products
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.companies import found_firm, make_template, sqlite_company

LINES = 200
ROUNDS = 15
BUDGET_MS = 150


class FirstPaint(QObject):
    """Notes when a table was painted last."""

    at = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at paint events only."""
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return super().eventFilter(watched, event)


def write_order(database: Database, actor: Actor, count: int) -> int:
    """Store a confirmed order of `count` lines of as many products and return its id."""
    with database.begin(actor) as work:
        customer = contacts.create(work, {"name": "Ningbo Huaxin Electromechanical", "is_customer": True})
        lines = []
        for place in range(1, count + 1):
            line: dict[str, Any] = {
                "code": f"BRG-{place:04}",
                "name": f"Deep groove ball bearing {place}",
                "unit": "pc",
                "tax_percent": Decimal(13 if place % 3 else 6),
            }
            price = Decimal("8.65")
            product_id = products.create(work, {**line, "list_price": price})
            more = {"quantity": Decimal(place), "unit_price": price, "discount_percent": Decimal(place % 7)}
            lines.append({**line, **more, "id": None, "kind": "item", "product_id": product_id})
        order_id = service.create(work, {"contact_id": customer, "lines": lines})
        service.confirm(work, order_id, service.get(work, order_id).version)
        return order_id


def desk_on(database: Database, actor: Actor, folder: Path) -> Desk:
    """Return a desk whose tabs open nowhere."""

    @contextmanager
    def begin(*, operation_id: str, writes: bool) -> Iterator[Any]:
        with database.begin(actor, origin=operation_id) if writes else database.read(actor) as work:
            yield work

    dialogs = Dialogs()
    with database.read(actor) as work:
        names = people.names(work)
    return Desk(
        tasks=Tasks(begin, dialogs.show_error),
        changes=ChangeHub(QApplication.instance()),
        dialogs=dialogs,
        settings=Settings(folder / "settings.ini"),
        actor=actor,
        clock=database.clock,
        language="en",
        timezone="Asia/Shanghai",
        currency="CNY",
        names=names,
        open_record=lambda _entity, _id: None,
        toast=lambda *_said: None,
    )


def open_once(application: QApplication, desk: Desk, stage: QStackedWidget, order_id: int) -> tuple[float, QWidget]:
    """Open the tab as the window does; return the milliseconds until its last line was painted, and the tab."""
    paint, began = FirstPaint(), time.perf_counter()
    screen = specs_records.order_record(desk, order_id)
    stage.addWidget(screen)
    stage.setCurrentWidget(screen)
    watched = False
    while not (watched and paint.at and desk.tasks.idle):
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        table = screen.findChild(QTableView, "lines")
        if not watched and isinstance(table, QTableView):
            table.viewport().installEventFilter(paint)
            watched = True
    application.processEvents()
    return (paint.at - began) * 1000, screen


def measured(application: QApplication) -> list[float]:
    """Return the milliseconds of every opening after the first ones."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        database = sqlite_company(make_template(folder), folder / "company.crm")
        actor = found_firm(database).boss
        order_id = write_order(database, actor, LINES)
        desk = desk_on(database, actor, folder)
        stage = QStackedWidget()
        stage.resize(1178, 700)
        stage.show()
        spent = []
        for _round in range(ROUNDS + 2):
            milliseconds, screen = open_once(application, desk, stage, order_id)
            spent.append(milliseconds)
            stage.removeWidget(screen)
            screen.deleteLater()
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        desk.tasks.close()
        database.close()
        return spent[2:]


def main() -> None:
    """Dress the program and print `show_figure`."""
    application = QApplication([])
    install_fonts(application, "en")
    install_theme(application, "light")
    show_figure(application)


def show_figure(application: QApplication) -> None:
    """Print the middle, the fastest and the slowest opening."""
    spent = measured(application)
    spread = f"fastest {min(spent):.1f}, slowest {max(spent):.1f}"
    print(f"open an order of {LINES} lines    {statistics.median(spent):6.1f} ms  (budget {BUDGET_MS} ms; {spread})")


if __name__ == "__main__":
    main()
