"""How long a scroll step of our list takes beside a C++ model in a plain QTableView.

Both show 32 rows of 10 columns at 1280×800; a step is three rows and a whole repaint.
Run: python -m benchmarks.scroll [rows]
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

from crm_desktop.shared.display import Formats
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme
from tests.ui.lists.companies import FIELDS, NAMES, TODAY, Companies, Connections, make_companies

STEPS = 200
ROUNDS = 5
PLAIN_ROWS = 5_000


def wait_for(app: QApplication, ready: Callable[[], bool]) -> None:
    while not ready():
        app.processEvents()


def scroll_ms(app: QApplication, view: QTableView, step: int) -> list[float]:
    bar = view.verticalScrollBar()
    times = []
    for _round in range(STEPS):
        if bar.value() + step > bar.maximum():
            bar.setValue(0)
        start = time.perf_counter()
        bar.setValue(bar.value() + step)
        view.viewport().repaint()
        app.processEvents()
        times.append((time.perf_counter() - start) * 1000)
    return times


def plain_view() -> QTableView:
    model = QStandardItemModel(PLAIN_ROWS, len(FIELDS))
    for row in range(PLAIN_ROWS):
        for column, described in enumerate(FIELDS):
            model.setItem(row, column, QStandardItem(f"{described.label} {row:06}"))
    view = QTableView()
    model.setParent(view)
    view.setModel(model)
    view.verticalHeader().setDefaultSectionSize(24)
    return view


def our_view(tasks: Tasks) -> RecordView:
    table = RecordTable(tasks, Companies(), lambda: Formats(TODAY, NAMES))
    view = RecordView(table)
    table.setParent(view)
    view.verticalHeader().setDefaultSectionSize(24)
    table.show(Listing(columns=tuple(field.name for field in FIELDS)))
    return view


def measure(rows: int = 100_000) -> dict[str, float]:
    """Return the median milliseconds of a step for both views, and their ratio."""
    app = QApplication.instance() or QApplication([])
    install_fonts(app, "en")
    install_theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "companies.sqlite"
        make_companies(path, rows)
        connections = Connections(path)
        tasks = Tasks(connections)
        plain, ours = plain_view(), our_view(tasks)
        for view in (plain, ours):
            view.resize(1280, 800)
            view.show()
        wait_for(app, lambda: ours.table.complete and tasks.idle)
        times: dict[str, list[float]] = {"plain": [], "ours": []}
        for _round in range(ROUNDS):
            # The plain view is measured without our style sheet, which would only slow it down.
            sheet = app.styleSheet()
            app.setStyleSheet("")
            times["plain"] += scroll_ms(app, plain, 3)
            app.setStyleSheet(sheet)
            times["ours"] += scroll_ms(app, ours, 3 * ours.row_height)
        wait_for(app, lambda: tasks.idle)
        plain.close()
        ours.close()
        tasks.close()
        connections.close()
    medians = {name: statistics.median(measured) for name, measured in times.items()}
    return {**medians, "ratio": medians["ours"] / medians["plain"]}


def main(count: int = 100_000) -> None:
    result = measure(count)
    print(f"scroll step, QStandardItemModel in a QTableView: {result['plain']:.2f} ms")
    print(f"scroll step, RecordTable in a RecordView:        {result['ours']:.2f} ms")
    print(f"ratio: {result['ratio']:.2f} (limit 1.3)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
