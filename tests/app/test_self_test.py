"""The program tries itself, as an installation does, on a computer without a display."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"


def run_program(folder, *arguments, **environment):
    """Run the program as a person without a display does, with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    kept |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    kept |= {"PYTHONPATH": str(SOURCES), "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        [sys.executable, "-m", "crm_desktop.app", *arguments],
        cwd=folder, env=kept, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_every_screen_opens(tmp_path):
    done = run_program(tmp_path, "--self-test", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stdout + done.stderr
    for stop in ("first run", "contacts:", "settings: people:", "settings: journal:", "new contact:", "search:"):
        assert stop in done.stdout


@pytest.mark.slow
def test_without_a_display_pictures_are_made(tmp_path):
    done = run_program(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "There is no display here" in done.stdout
    pictures = sorted((tmp_path / "build" / "demo").glob("*.png"))
    assert len(pictures) >= 8
    assert all(str(picture) in done.stdout for picture in pictures)
    assert (tmp_path / "build" / "demo" / "demo-en.crm").exists()
    for name in ("ageing", "sales"):
        for ending, begins in ((".xlsx", b"PK"), (".pdf", b"%PDF")):
            report = tmp_path / "build" / "demo" / f"{name}{ending}"
            assert report.read_bytes().startswith(begins)
            assert str(report) in done.stdout
