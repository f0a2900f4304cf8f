"""Hostile files that can be read go on into a company: refused with a sentence, or whole, and gone again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.app.targets import TARGETS, UNDOERS
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from crm_desktop.exchange.imports import Done, NotWhole
from crm_desktop.exchange.reading.files import Unreadable, read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft, likely_target
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.exchange.hostile import Hostile, hostile_files

ALL = os.environ.get("CRM_ALL_HOSTILE") == "1"
SLOW = ("bomb", "lying", "value-bomb", "far-row", "merges", "long.csv", "blank-lines", "soft", "folded", "many.vcf")
KEPT = {"import_batch", "import_layout", "journal"}
"""Tables that keep what was done although it was taken back."""
INDEX_ENDS = ("_data", "_idx", "_docsize", "_config", "_content")
"""How the search index names its own tables, whose rows are no records."""


def wanted() -> list[Hostile]:
    """Return every file that is not surely refused, or some of every family, the quick ones."""
    files = [file for file in hostile_files() if not file.refused]
    quick = [file for file in files if not file.name.startswith(SLOW)]
    return files if ALL else quick[:: max(len(quick) // 25, 1)]


def counts(path: Path) -> dict[str, int]:
    """Return how many rows each table of records has."""
    connection = sqlite3.connect(path)
    try:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        kept = [name for name in names if name not in KEPT and not name.endswith(INDEX_ENDS)]
        return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in kept}
    finally:
        connection.close()


def changed(path: Path, before: dict[str, int]) -> dict[str, int]:
    """Return by how many rows which tables grew or shrank."""
    return {name: count - before[name] for name, count in counts(path).items() if count != before[name]}


def drafts(database: Database, by: Actor, path: Path) -> Iterator[Draft]:
    """Read a file and take each sheet for what it looks like, else for contacts by its first column."""
    book = read_book(path)
    for sheet in book.sheets:
        with database.read(by) as work:
            target = likely_target(sheet, [(one, one.fields(work)) for one in TARGETS]) or CONTACTS
            draft = Draft(book, sheet, target, drafting.context(work, target))
        if draft.missing() and draft.columns:
            draft.map(draft.columns[0].place, draft.missing()[0][0])
        yield draft


def bring_in(database: Database, by: Actor, draft: Draft, *, good_rows_only: bool) -> Done:
    job = draft.job()
    with database.read(by) as work:
        checked = imports.check(work, job)
    with database.begin(by) as work:
        return imports.apply(work, job, checked, good_rows_only=good_rows_only)


def try_sheet(database: Database, by: Actor, draft: Draft, *, good_rows_only: bool) -> str:
    """Import a sheet and take it back; return how that went. What is neither whole nor refused fails."""
    before = counts(database.path)
    try:
        done = bring_in(database, by, draft, good_rows_only=good_rows_only)
    except NotWhole:
        assert not good_rows_only
        done = None
    if done is None:
        assert changed(database.path, before) == {}
        return "refused"
    assert good_rows_only or not done.counts["invalid"]
    if not done.batch:
        assert changed(database.path, before) == {}
        return "nothing"
    table = draft.target.entity
    grown = counts(database.path).get(table, 0) - before.get(table, 0)
    assert table not in before or grown >= done.counts["new"], f"{grown} of {done.counts['new']} came in"
    with database.begin(by) as work:
        assert undoing.undo(work, done.batch, UNDOERS).kept == ()
    assert changed(database.path, before) == {}
    return "whole"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_what_can_be_read_of_hostile_files_comes_in_whole_or_not_at_all(
    file_database: Database, staff: Firm, tmp_path: Path
) -> None:
    seen: dict[str, list[str]] = {"refused": [], "nothing": [], "whole": [], "unreadable": []}
    wrong: list[str] = []
    for file in wanted():
        path = tmp_path / file.name
        path.write_bytes(file.data())
        try:
            for draft in drafts(file_database, staff.boss, path):
                for good_rows_only in (False, True):
                    seen[try_sheet(file_database, staff.boss, draft, good_rows_only=good_rows_only)].append(file.name)
        except Unreadable:
            seen["unreadable"].append(file.name)
        except Exception as error:  # noqa: BLE001 - each file is tried, whatever the one before did
            wrong.append(f"{file.name}: {error!r:.800}")
        path.unlink()
    assert wrong == []
    assert len(set(seen["whole"])) >= 5, seen
    with sqlite3.connect(file_database.path) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []


@pytest.fixture
def staff(founded_file: tuple[Path, Firm]) -> Firm:
    return founded_file[1]
