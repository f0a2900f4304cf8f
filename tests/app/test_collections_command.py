"""`report collections`: who owes, written to a file from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crm_desktop.app import cli


def test_collections_are_written_to_a_file(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "demo")
    to = tmp_path / "calls.csv"
    line = ["report", "collections", "--form", "all", "--to", str(to), "--user", "owner", "--database", str(demo_file)]
    assert cli.run(line) == 0
    with to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert "Customer" in {cell for row in rows for cell in row}
    assert len(rows) > 2
