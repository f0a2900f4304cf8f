"""A large sheet in, undone, and out again, beside the fastest parser, a bare driver and a bare writer."""

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.companies import FOLDER
from crm_desktop.access.model import Company
from crm_desktop.app.targets import TARGETS, UNDOERS
from crm_desktop.contacts import export
from crm_desktop.db import schema
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.published import part_of

HEADERS = (
    *("Code", "Name", "Short name", "Phone", "E-mail", "Street", "City", "Postal code"),
    *("Level", "Industry", "Registration number", "Created"),
)
COLUMNS = ["name", "short_name", "phone", "email", "city", "level", "industry", "registration_number", "created_at"]
DJANGO_A_SECOND = 420
"""Rows django-import-export brings in, row by row, as measured in the research."""
CITIES = ("宁波市", "Shanghai", "台北市", "Hamburg", "苏州市")


def measure(size: int) -> None:
    """Print how long a sheet of `size` contacts takes in and out."""
    path = _sheet(size)
    print(f"\nexchange, {size:,} contacts × {len(HEADERS)} columns, load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        parsed, cells = _timed("parsed by calamine alone", lambda: _parse(path))
        bare, _ = _timed("bare executemany, 4 indexes", lambda: _insert_bare(Path(folder), cells[1:]))
        cells.clear()
        floor = parsed + bare
        database = _company(Path(folder))
        seconds, batch = _import(database, path)
        rate = size / seconds
        print(f"{'imported':46} {seconds:8.2f} s   {seconds / floor:5.2f} × parse + executemany (goal 1.5)")
        print(f"{'':46} {rate:8,.0f} rows/s, {rate / DJANGO_A_SECOND:.0f} × django-import-export (goal 100)")
        written, _ = _timed("written to .xlsx by the program", lambda: _export(database, Path(folder) / "out.xlsx"))
        same = _parse(part_of(Path(folder) / "out.xlsx"))
        writer, _ = _timed("the same cells by XlsxWriter alone", lambda: _write_bare(Path(folder) / "bare.xlsx", same))
        print(f"{'':46} {written / writer:8.2f} × the writer alone (goal 1.5)")
        same.clear()
        print(f"{'':46} {_memory_of_export(Path(folder)):8.0f} MB of memory above the open company (goal 50)")
        back, _ = _timed("undone", lambda: _undo(database, batch))
        print(f"{'':46} {back / seconds:8.2f} × the import (goal 1)")
        database.close()


def _timed(name: str, run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = run()
    taken = time.perf_counter() - began
    print(f"{name:46} {taken:8.2f} s")
    return taken, found


def _sheet(size: int) -> Path:
    """Return the workbook, written once and kept."""
    from xlsxwriter import Workbook

    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"contacts-{size}.xlsx"
    if not path.exists():
        with Workbook(str(path), {"constant_memory": True}) as book:
            sheet, day = book.add_worksheet("Contacts"), book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, HEADERS)
            for number in range(size):
                sheet.write_row(number + 1, 0, _cells(number))
                sheet.write_datetime(number + 1, 11, date(2020, 1, 1) + timedelta(number % 2000), day)
    return path


def _cells(number: int) -> tuple[Any, ...]:
    city = CITIES[number % len(CITIES)]
    return (
        f"K{number:07}",
        f"{city}华{number:06}机电有限公司" if number % 2 else f"Northgate {number:06} Supplies Ltd",
        f"N{number:06}",
        f"+86 138 {number:08}",
        f"office{number}@example.com",
        f"Harbour Street {number % 900}",
        city,
        f"{number % 100_000:05}",
        "ABCD"[number % 4],
        ("Machinery", "Textiles", "Food")[number % 3],
        f"91330200MA{number:08}",
    )


def _parse(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return list(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


def _insert_bare(folder: Path, rows: list[list[Any]]) -> None:
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"CREATE TABLE contact (id INTEGER PRIMARY KEY, {', '.join(f'c{n}' for n in range(12))})")
    for column in (0, 1, 3, 10):
        connection.execute(f"CREATE INDEX i{column} ON contact (c{column})")
    with connection:
        connection.executemany(
            f"INSERT INTO contact ({', '.join(f'c{n}' for n in range(12))}) VALUES ({', '.join('?' * 12)})",
            ([str(cell) for cell in row] for row in rows),
        )
    connection.close()


def _company(folder: Path) -> Database:
    path = folder / "firm.crm"
    engine = sqlite_engine(path)
    schema.upgrade(engine)
    database = Database(engine, path=path)
    with database.begin(SYSTEM) as work:
        settled = {"currency": "CNY", "timezone": "Asia/Shanghai", "language": "en", "country": "CN"}
        work.session.add(Company(id=1, dataset_id="bench", name="Bench", created_at=work.now, **settled))
    return database


def _import(database: Database, path: Path) -> tuple[float, str]:
    target = next(one for one in TARGETS if one.name == "contacts")
    began = time.perf_counter()
    book = read_book(path)
    read, busy = time.perf_counter(), time.process_time()
    with database.read(SYSTEM) as work:
        draft = Draft(book, book.sheets[0], target, drafting.context(work, target))
    job = draft.job()
    typed = time.perf_counter()
    with database.begin(SYSTEM) as work:
        done = imports.apply(work, job)
    ended = time.perf_counter()
    assert done.counts["new"] == len(book.sheets[0].rows) - 1, done.counts
    for name, seconds in (("read in a child", read - began), ("typed", typed - read), ("applied", ended - typed)):
        print(f"{'  ' + name:46} {seconds:8.2f} s")
    print(f"{'  processor time of typing and applying':46} {time.process_time() - busy:8.2f} s")
    return ended - began, done.batch


def _undo(database: Database, batch: str) -> None:
    with database.begin(SYSTEM) as work:
        undone = undoing.undo(work, batch, UNDOERS)
    assert not undone.kept


def _export(database: Database, path: Path) -> None:
    with database.read(SYSTEM) as work:
        export.write_file(work, path, Listing(), COLUMNS)


def _write_bare(path: Path, rows: list[list[Any]]) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, day)
                else:
                    sheet.write_string(place, column, str(cell))


def _memory_of_export(folder: Path) -> float:
    """Return by how many megabytes a process of its own grows while it writes the list."""
    asked = [sys.executable, "-m", "benchmarks.exchange", str(folder)]
    return float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def _grown(folder: Path) -> float:
    path = folder / "firm.crm"
    database = Database(sqlite_engine(path), path=path)
    with database.read(SYSTEM) as work:
        export.write_file(work, folder / "one.xlsx", Listing(text="K0000001"), COLUMNS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _export(database, folder / "child.xlsx")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    database.close()
    return grown / 1024


if __name__ == "__main__":
    print(_grown(Path(sys.argv[1])))
