"""The command line and the window agree about which company was opened last."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop.app.last_opened import last_opened
from crm_desktop.ui.settings import Settings


@pytest.mark.parametrize(
    "address",
    [
        "/home/lin/Documents/harbour.crm",
        "C:\\Users\\林伟\\Documents\\港林 贸易.crm",
        'odd "name"; with, commas=%20.crm',
        "postgresql://db.example:5433/firm?sslmode=require",
    ],
)
def test_what_the_window_wrote_is_read(tmp_path: Path, address: str) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.company_opened(address, "Harbour & Lin", "2026-11-22T08:00:00+00:00")
    settings.flush()
    assert last_opened(tmp_path / "settings.ini") == address


def test_a_forgotten_company_is_not_the_last_one(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.company_opened("a.crm", "A", "")
    settings.forget_company("a.crm")
    settings.flush()
    assert last_opened(tmp_path / "settings.ini") == ""


@pytest.mark.parametrize("content", ["", "[company", "[company]\nlast=nonsense", "[company]\nlast=17", "\x00\xff"])
def test_settings_that_cannot_be_read_name_no_company(tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.ini").write_bytes(content.encode("latin-1"))
    assert last_opened(tmp_path / "settings.ini") == ""
    assert last_opened(tmp_path / "none.ini") == ""


def test_check_without_an_address_checks_the_company_opened_last(tmp_path: Path, demo_file: Path) -> None:
    settings = Settings(tmp_path / "crm-desktop" / "settings.ini")
    settings.company_opened(str(demo_file), "Demo", "")
    settings.flush()
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    environment.pop("CRM_DATABASE", None)
    done = subprocess.run(
        [sys.executable, "-m", "crm_desktop.app", "check"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
