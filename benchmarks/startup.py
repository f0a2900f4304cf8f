"""How long the login window takes to be painted beside a bare PySide6 window with the same widgets.

Each start is a fresh process, timed from outside until its window is painted; the two take turns.
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
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

app = QApplication([])

class Window(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self, painted)

def painted():
    os._exit(0)

window = Window()
column = QVBoxLayout(window)
for widget in (QLabel("Company"), QLabel("Login"), QLineEdit(), QLabel("Password"), QLineEdit(),
               QCheckBox("Remember me"), QPushButton("Log in"), QLabel("Another company")):
    column.addWidget(widget)
window.show()
app.exec()
"""
OURS = """
import os, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from crm_desktop.app.ui.gui import make_program
from crm_desktop.ui.settings import Settings

folder = Path(sys.argv[1])
app = QApplication([])
program = make_program(app, Settings(folder / "settings.ini"), folder / "drafts")
program.painted.connect(lambda: os._exit(0))
program.start(sys.argv[2] if len(sys.argv) > 2 else "")
app.exec()
"""
ROUNDS = 15
GOAL = 1.15


def start_ms(script: str, *arguments: str) -> float:
    """Return the milliseconds from the start of the process to its painted window."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, *arguments], env=environment, check=True)
    return (time.perf_counter() - began) * 1000


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return the milliseconds of every start, by name; the first round only warms the disk."""
    taken: dict[str, list[float]] = {"bare PySide6 window": [], "login window": [], "first run": []}
    with tempfile.TemporaryDirectory() as folder:
        company = str(Path(folder) / "company.crm")
        for number in range(rounds + 1):
            times = (start_ms(BARE), start_ms(OURS, folder, company), start_ms(OURS, folder))
            if number:
                for name, took in zip(taken, times, strict=True):
                    taken[name].append(took)
    return taken


def main() -> None:
    taken = measure(int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else ROUNDS)
    bare = taken["bare PySide6 window"]
    for name, times in taken.items():
        ratio = statistics.median(mine / plain for mine, plain in zip(times, bare, strict=True))
        print(f"start to painted, {name:22} {statistics.median(times):7.0f} ms   ratio {ratio:.2f}")
    print(f"goal: login window at most {GOAL} times the bare window")


if __name__ == "__main__":
    main()
