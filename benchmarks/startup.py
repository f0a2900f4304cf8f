"""How long the login window takes to be painted beside a bare PySide6 main window with a small table.

Each start is a fresh process, timed from outside until its window is painted; they take turns. Ours is the
whole program as it starts in the morning: it finds its settings, the company of yesterday and who logged in.
Run: python -m benchmarks.startup [rounds]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crm_desktop.ui.settings import Settings

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
gc.disable()  # main() does so too, before it loads what is loaded here
from crm_desktop.app.__main__ import main
from crm_desktop.app.ui import gui

make = gui.make_program

def make_program(*given):
    program = make(*given)
    program.painted.connect(lambda: os._exit(0))
    return program

gui.make_program = make_program
sys.exit(main([]))
"""
ROUNDS = 15
GOAL = 1.15


def start_ms(script: str, bytecode: str, home: str) -> float:
    """Return the milliseconds from the start of the process to its painted window; `home` has the settings."""
    # Compiled once, as an installation is; without it every start would compile our modules and not Qt's.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8", "PYTHONPYCACHEPREFIX": bytecode}
    environment |= {"HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data"}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return the milliseconds of every start, by name; the first round compiles and warms the disk."""
    taken: dict[str, list[float]] = {"bare PySide6 window": [], "login window": [], "first run": []}
    with tempfile.TemporaryDirectory() as folder:
        known, unknown = f"{folder}/known", f"{folder}/unknown"
        _remember_company(Path(known))
        for number in range(rounds + 1):
            shutil.rmtree(unknown, ignore_errors=True)
            times = start_ms(BARE, folder, unknown), start_ms(OURS, folder, known), start_ms(OURS, folder, unknown)
            if number:
                for name, took in zip(taken, times, strict=True):
                    taken[name].append(took)
    return taken


def _remember_company(home: Path) -> None:
    """Write the settings as one login leaves them."""
    (home / "config" / "crm-desktop").mkdir(parents=True)
    settings = Settings(home / "config" / "crm-desktop" / "settings.ini")
    address = str(home / "harbour-lin.crm")
    settings.company_opened(address, "Harbour & Lin Trading", "2026-11-22T09:00:00+00:00")
    settings.remember_login(address, "lin")
    settings.flush()


def main(rounds: int = ROUNDS) -> None:
    taken = measure(rounds)
    bare = taken["bare PySide6 window"]
    for name, times in taken.items():
        ratio = statistics.median(mine / plain for mine, plain in zip(times, bare, strict=True))
        print(f"start to painted, {name:22} {statistics.median(times):7.0f} ms   ratio {ratio:.2f}")
    print(f"goal: login window at most {GOAL} times the bare window")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
