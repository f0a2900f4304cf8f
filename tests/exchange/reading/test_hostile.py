"""Hostile files: refused or read, never a crash, never long, never large."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.hostile import Hostile, good_csv, good_ods, good_vcf, good_xlsx, hostile_files

ALL = os.environ.get("CRM_ALL_HOSTILE") == "1"
MOST_SECONDS = 20
MOST_MEGABYTES = 500

# A process of its own that holds nothing: the peak of its children is theirs alone.
READ = """
import json, resource, sys, time
from pathlib import Path
from crm_desktop.exchange.reading.files import Unreadable, read_book
for path in sorted(Path(sys.argv[1]).iterdir()):
    began = time.monotonic()
    try:
        book = read_book(path)
        told, rows = "", sum(len(sheet.rows) for sheet in book.sheets)
    except Unreadable as error:
        told, rows = str(error), 0
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps([path.name, told, rows, time.monotonic() - began, peak]), flush=True)
"""


def sample(files: list[Hostile]) -> list[Hostile]:
    """Return some of every family, the quick ones."""
    slow = (
        "rows-250000",
        "long.csv",
        "merges",
        "far-row",
        "value-bomb",
        "blank-lines",
        "soft",
        "folded",
        "many.vcf",
        "same",
    )
    kept = [file for file in files if not file.name.startswith(slow)]
    return [file for place, file in enumerate(kept) if place % 7 == 0]


def test_there_are_more_than_two_hundred() -> None:
    names = [file.name for file in hostile_files()]
    assert len(names) == len(set(names)) >= 200


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_hostile_file_brings_anything_down(tmp_path: Path) -> None:
    files = list(hostile_files()) if ALL else sample(list(hostile_files()))
    expected = {}
    for file in files:
        (tmp_path / file.name).write_bytes(file.data())
        expected[file.name] = file.refused
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {name for name, *_rest in told} == set(expected)
    for name, sentence, rows, seconds, peak in told:
        assert seconds <= MOST_SECONDS, name
        assert peak <= MOST_MEGABYTES, name
        assert sentence or not expected[name], f"{name} was read: {rows} rows"
        assert "{" not in sentence, name


def test_the_good_ones_they_are_made_of_are_read(tmp_path: Path) -> None:
    from crm_desktop.exchange.reading.files import read_book

    for name, data, rows in (
        ("good.xlsx", good_xlsx(), 41),
        ("good.csv", good_csv(), 41),
        ("good.vcf", good_vcf(), 21),
        ("good.ods", good_ods(), 19),
    ):
        (tmp_path / name).write_bytes(data)
        assert len(read_book(tmp_path / name).sheets[0].rows) == rows, name
