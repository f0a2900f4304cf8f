"""What a key costs in the line grid of an order, in time of the GUI thread: `python -m benchmarks.order_grid`."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.open_order import show_figure
from crm_desktop.orders.totals import DocumentInput, LineInput, total
from crm_desktop.orders.ui.grid_line import new_line
from crm_desktop.orders.ui.line_grid import LineGrid
from crm_desktop.ui.fonts import install_fonts
from crm_desktop.ui.theme import install_theme

LINES = 200
ROUNDS = 200
BUDGET_MS = 5.0


def _lines(count: int) -> list[dict[str, Any]]:
    return [
        dict(
            new_line(
                dated=True,
                product_id=place,
                code=f"BRG-{place:04}",
                name=f"Deep groove ball bearing {place}",
                unit="pc",
                quantity=Decimal(place),
                unit_price=Decimal("8.65"),
                discount_percent=Decimal(place % 7),
                tax_percent=Decimal(13 if place % 3 else 6),
            ).values
        )
        for place in range(1, count + 1)
    ]


def _timed(act: Callable[[int], object], rounds: int = ROUNDS) -> float:
    """Return the median of `rounds` calls of `act`, in milliseconds."""
    spent = []
    for place in range(rounds):
        start = time.thread_time()
        act(place)
        spent.append((time.thread_time() - start) * 1000)
    return statistics.median(spent)


def main() -> None:
    """Print the cost of the totals alone, of a key in the grid, and of a key with its repaint."""
    application = QApplication([])
    install_fonts(application, "en")
    install_theme(application, "light")
    inputs = [
        LineInput(line["quantity"], line["unit_price"], line["discount_percent"], line["tax_percent"])
        for line in _lines(LINES)
    ]
    pure = _timed(lambda _place: total(DocumentInput("CNY"), inputs))
    start = time.thread_time()
    grid = _shown_grid(application)
    opened = (time.thread_time() - start) * 1000

    def press(place: int) -> None:
        grid.lines.type_text(LINES // 2, "quantity", str(1000 + place), done=False)

    def press_and_paint(place: int) -> None:
        press(place)
        application.processEvents()

    key, painted = _timed(press), _timed(press_and_paint)
    print(f"totals of {LINES} lines          {pure:6.2f} ms")
    print(f"one key, {LINES} lines           {key:6.2f} ms  (budget {BUDGET_MS} ms)")
    print(f"one key with its repaint      {painted:6.2f} ms")
    print(f"showing a grid of {LINES} lines  {opened:6.1f} ms")
    show_figure(application)


def _shown_grid(application: QApplication) -> LineGrid:
    grid = LineGrid(lambda: date(2026, 11, 19), dated=True)
    grid.lines.load(_lines(LINES))
    grid.resize(1178, 420)
    grid.show()
    application.processEvents()
    return grid


if __name__ == "__main__":
    main()
