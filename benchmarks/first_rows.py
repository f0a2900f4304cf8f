"""How long it takes from the password to rows on screen, beyond the hash of the password itself.

Each login is a fresh process: the whole program with its login window over a demo company of the size asked for.
It waits until everything that loads while a password is typed has been loaded, presses Return, and stops when the
first screen of a new day has painted its first rows, or the list of contacts that is asked for as soon as there is
a window. The hash is timed where it happens, inside that login.
Run: python -m benchmarks.first_rows [contacts …]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from benchmarks.companies import sqlite_company
from crm_desktop.ui.settings import Settings

LOGIN = """
import gc, json, os, sys, time
gc.disable()
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from crm_desktop.app.ui.gui import make_application, make_program
from crm_desktop.ui.collector import Collector
from crm_desktop.ui.settings import Settings

folder, company, password, wanted, typing_s = Path(sys.argv[1]), *sys.argv[2:5], float(sys.argv[5])
app = make_application()
program = make_program(app, Settings(folder / "settings.ini"), folder / "drafts")
collector = Collector(app)
began = hashed = 0.0

def press():
    global began
    from crm_desktop.access import passwords
    verify = passwords.verify

    def timed(stored, typed):
        global hashed
        at = time.perf_counter()
        right = verify(stored, typed)
        hashed += time.perf_counter() - at
        return right

    passwords.verify = timed
    window = program.window
    window.password.setText(password)
    began = time.perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        key = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window.password, key)
    watch.start(0)

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and view_of().model().rowCount():
            QTimer.singleShot(0, self, tell)
        return False

def view_of():
    screen = program.workplace.window.open_screen(wanted)
    inside = getattr(screen, "inside", screen)
    return None if inside is None else inside.view

def look():
    if program.workplace is not None and view_of() is not None:
        watch.stop()
        view_of().viewport().installEventFilter(painted)
        view_of().viewport().update()

def tell():
    took = time.perf_counter() - began
    print(json.dumps({"whole": took * 1000, "hash": hashed * 1000}), flush=True)
    os._exit(0)

painted = Painted()
watch = QTimer()
watch.setTimerType(Qt.TimerType.PreciseTimer)
watch.timeout.connect(look)
program.painted.connect(lambda: QTimer.singleShot(int(typing_s * 1000), press))
program.start(company)
app.exec()
"""
SCREENS = ("day", "contacts")
ROUNDS = 7
TYPING_S = 3.0
"""Nobody types login and password faster; the program loads the rest of itself meanwhile."""
GOALS = {"day": "  goal ≤ 300 ms beyond the hash"}
"""For the screen that opens by itself."""


def login(company: str, name: str, password: str, screen: str, typing_s: float = TYPING_S) -> tuple[float, float]:
    """Return the milliseconds from Return to the first painted rows of `screen`, and those of the hash in them."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.company_opened(company, "Harbour & Lin Trading", "2026-11-22T09:00:00+00:00")
        settings.remember_login(company, name)
        settings.flush()
        command = [sys.executable, "-c", LOGIN, folder, company, password, screen, str(typing_s)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=120)
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["whole"], answer["hash"]


def measure(size: int, rounds: int = ROUNDS) -> None:
    """Print the row of a company with `size` contacts, seen by its owner and by a sales rep."""
    from crm_desktop.app.demo.people import PASSWORD

    company = sqlite_company(size)
    company.database.close()
    for screen, (actor, scope) in product(SCREENS, ((company.everything, "all"), (company.own, "own"))):
        login(str(company.database.path), actor.login, PASSWORD, screen)
        taken = [login(str(company.database.path), actor.login, PASSWORD, screen) for _ in range(rounds)]
        beyond = [whole - hashing for whole, hashing in taken]
        whole, hashing = (statistics.median(times) for times in zip(*taken, strict=True))
        name = f"password to {screen}, {size:,} contacts, {scope}"
        print(
            f"{name:46} {whole:6.0f} ms, hash {hashing:4.0f} ms, beyond it {statistics.median(beyond):5.0f} ms "
            f"(best {min(beyond):.0f}){GOALS.get(screen, '')}"
        )


def main(sizes: list[int]) -> None:
    """Measure each size."""
    for size in sizes:
        measure(size)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000])
