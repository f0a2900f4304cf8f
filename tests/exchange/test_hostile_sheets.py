"""Sheets made to hang, to crash or to slip a wrong value in: each is read within seconds."""

import time

import pytest

from crm_desktop.shared.importing import id_header
from tests.exchange.drafts import draft

LONG = 32_767
SECONDS = 5

SHEETS = {
    "a total that never ends": [("Name", "Phone", "金额"), ("合计" + "1" * 60 + "x", None, 1)],
    "an address without an end": [("Name", "?"), *((f"F{n}", "a@" + "." * LONG) for n in range(20))],
    "dots and blanks": [("Name", "单据日期"), *((f"F{n}", " .,/-" * 6000) for n in range(20))],
    "brackets": [("Name", "(" * LONG, "[" * LONG), ("A", 1, 2)],
    "one enormous word": [("Name", "中 1" * 10_000), ("中" * LONG, "1" * LONG)],
    "digits": [("Name", "金额", "天数", "单据日期", "手机"), ("A", *("9" * LONG for _field in range(4)))],
    "infinities": [("Name", "金额", "天数", "单据日期", "手机"), ("A", *(float("inf") for _field in range(4)))],
    "no numbers": [("Name", "金额", "天数", "单据日期", "手机"), ("A", *(float("nan") for _field in range(4)))],
    "512 columns": [tuple(f"Colour {n}" for n in range(512)), *(tuple(range(512)) for _row in range(1000))],
    "blank rows": [("Name", "Phone"), *((None,) * 512 for _row in range(20_000)), ("A", "1")],
    "words with gaps": [("Name", "Phone", "金额"), ("A", "1", 2), *(((None,), ("note",)) * 5_000)[:10_000]],
    "sums of sums": [("Name", "Phone", "金额"), *(("合计", None, n) for n in range(20_000))],
    "identities": [(id_header("contact", "ours"), "Name"), ("9" * 5000 + "/1", "A"), ("1/2/3", "B"), ("-1/0", "C")],
    "headers without end": [("Name", "Phone")] * 20_000,
    "controls": [("Na\x00me", "Pho\u202ene"), ("\ud800", "\x00\x01"), ("A\u2028B", "1\u200b")],
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_hostile_sheet_is_read_in_seconds(name):
    began = time.monotonic()
    made = draft(*SHEETS[name])
    rows = made.rows()
    assert made.readings is not None
    assert made.unclear() == []
    assert time.monotonic() - began < SECONDS
    for row in rows:
        for told in (*row.problems.values(), *row.remarks.values()):
            assert len(told) < 300


def test_merged_cells_by_the_hundred_thousand():
    began = time.monotonic()
    rows = [("Name", "Phone", "金额"), *((f"F{n}", "1", n) for n in range(20_000))]
    overlapping = [(1, 0, 20_000, 0)] * 2_000
    apart = [(n, 0, n + 1, 2) for n in range(0, 20_000, 2)] * 10
    for merged in (overlapping, apart, [(0, 0, 1_048_575, 16_383)]):
        made = draft(*rows, merged=merged)
        assert made.rows()
    assert time.monotonic() - began < 2 * SECONDS


def test_no_identity_is_made_of_nonsense():
    rows = draft(*SHEETS["identities"]).rows()
    assert all("id" in row.problems and "id" not in row.values for row in rows)
