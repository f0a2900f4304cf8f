"""What is loaded when the first window is painted: seconds that people wait for every morning."""

import json
import subprocess
import sys

import pytest

HEAVY = {"alembic", "openpyxl", "phonenumbers", "psycopg", "pypinyin", "reportlab", "sqlalchemy", "PIL"}

SCRIPT = """
import json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from crm_desktop.app.ui.gui import make_program
from crm_desktop.ui.settings import Settings

app = QApplication([])
folder = Path(sys.argv[1])
program = make_program(app, Settings(folder / "settings.ini"), folder / "drafts")

def tell():
    print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
    app.quit()

program.painted.connect(tell)
program.start(sys.argv[2])
app.exec()
program.stop()
"""


@pytest.mark.parametrize("address", ["", "harbour.crm"])
def test_nothing_heavy_before_the_first_paint(tmp_path, address):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), address and str(tmp_path / address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[0]))
    assert not loaded & HEAVY
