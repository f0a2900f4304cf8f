"""`report collections`: who owes, written to a file from the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crm_desktop.app import cli
from crm_desktop.app.session import Session
from tests.orders.documents import customer
from tests.receivables.documents import posted


def test_collections_are_written_to_a_file(
    demo_file: Path, log_in: Callable[[str], Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = log_in("owner")
    owing = customer(session.database, session.actor, "Owing Bearings Ltd")
    posted(session.database, owing, (100, date(2026, 10, 20)), dated_on=date(2026, 10, 1))
    monkeypatch.setenv("CRM_PASSWORD", "demo")
    to = tmp_path / "calls.csv"
    line = ["report", "collections", "--form", "all", "--to", str(to), "--user", "owner", "--database", str(demo_file)]
    assert cli.run(line) == 0
    with to.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = next(row for row in rows if row["Customer"] == "Owing Bearings Ltd")
    assert found["Overdue"] == "100.00"
