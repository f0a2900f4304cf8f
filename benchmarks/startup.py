"""How long the login window takes to be painted beside a bare PySide6 main window with a small table.

Each start is a fresh process, timed from outside until its window is painted; they take turns.
Run: python -m benchmarks.startup [rounds]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import os
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

app = QApplication([])

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self, lambda: os._exit(0))

window = Window()
model = QStandardItemModel(100, 10, window)
for row in range(100):
    for column in range(10):
        item = QStandardItem(f"{row} {column}")
        item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter)
        model.setItem(row, column, item)
table = QTableView()
table.setModel(model)
window.setCentralWidget(table)
window.resize(1280, 800)
window.show()
app.exec()
"""
OURS = """
import gc, os, sys
gc.disable()
from pathlib import Path
from crm_desktop.app.ui.gui import make_application, make_program
from crm_desktop.ui.settings import Settings

folder = Path(sys.argv[1])
app = make_application()
program = make_program(app, Settings(folder / "settings.ini"), folder / "drafts")
program.painted.connect(lambda: os._exit(0))
program.start(sys.argv[2] if len(sys.argv) > 2 else "")
app.exec()
"""
ROUNDS = 15
GOAL = 1.15


def start_ms(script: str, bytecode: str, *arguments: str) -> float:
    """Return the milliseconds from the start of the process to its painted window."""
    # Compiled once, as an installation is; without it every start would compile our modules and not Qt's.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8", "PYTHONPYCACHEPREFIX": bytecode}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, *arguments], env=environment, check=True, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return the milliseconds of every start, by name; the first round compiles and warms the disk."""
    taken: dict[str, list[float]] = {"bare PySide6 window": [], "login window": [], "first run": []}
    with tempfile.TemporaryDirectory() as folder:
        company = str(Path(folder) / "company.crm")
        for number in range(rounds + 1):
            times = (
                start_ms(BARE, folder),
                start_ms(OURS, folder, folder, company),
                start_ms(OURS, folder, folder),
            )
            if number:
                for name, took in zip(taken, times, strict=True):
                    taken[name].append(took)
    return taken


def main(rounds: int = ROUNDS) -> None:
    taken = measure(rounds)
    bare = taken["bare PySide6 window"]
    for name, times in taken.items():
        ratio = statistics.median(mine / plain for mine, plain in zip(times, bare, strict=True))
        print(f"start to painted, {name:22} {statistics.median(times):7.0f} ms   ratio {ratio:.2f}")
    print(f"goal: login window at most {GOAL} times the bare window")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
