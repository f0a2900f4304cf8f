"""How long it takes from a question in the quick filter of the list of contacts to its painted hits.

The list is the program's own over a company of the size asked for, 1280×800; it is asked as its filter asks it once
the typing has paused. Run: python -m benchmarks --window --contacts 1000000
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.companies import Measured
from benchmarks.contacts import COLUMNS
from crm_desktop.contacts.ui.source import ContactSource
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.display import Formats
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import install_theme

ASKED = ("伟", "华新", "hx", "john", "ohnso")
NOBODY = "qqqq"
"""Found nowhere: what the list shows before."""
TODAY = date(2026, 11, 23)
GOAL_MS = 50


def measure(company: Measured, rounds: int) -> None:
    """Print a row for each question and each scope."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    install_fonts(app, "zh_Hans")
    install_theme(app, "light")
    engine = company.database.engine.dialect.name
    for scope, actor in (("all", company.everything), ("team", company.team), ("own", company.own)):
        with _list(company, actor) as ask:
            for text in ASKED:
                taken = [ask(app, text) for _round in range(rounds + 2)][2:]
                name = f"{engine}, {company.size:,}: {text} painted, {scope}"
                print(f"{name:46} {statistics.median(taken):6.1f} ms (best {min(taken):.1f})  goal <= {GOAL_MS} ms")


@contextmanager
def _list(company: Measured, actor: Actor) -> Iterator[Callable[[QApplication, str], float]]:
    @contextmanager
    def begin(**_asked: Any) -> Iterator[Work]:
        with company.read(actor) as work:
            yield work

    tasks = Tasks(begin)
    table = RecordTable(tasks, ContactSource(actor), lambda: Formats(TODAY, {}))
    view = RecordView(table)
    table.setParent(view)
    view.resize(1280, 800)
    view.show()
    painted: list[float] = []

    def paint() -> None:
        view.viewport().repaint()
        painted.append(time.perf_counter())

    table.first_shown.connect(paint)

    def ask(app: QApplication, text: str) -> float:
        for asked in (NOBODY, text):
            painted.clear()
            began = time.perf_counter()
            table.show(Listing(text=asked, columns=COLUMNS))
            _wait(app, lambda: bool(painted))
            took = (painted[0] - began) * 1000
            _wait(app, lambda: tasks.idle)
        return took

    yield ask
    view.close()
    tasks.close()


def _wait(app: QApplication, ready: Callable[[], bool]) -> None:
    while not ready():
        app.processEvents()
