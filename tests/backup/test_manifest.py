"""manifest.json is read back as it was written, and as a stranger's text otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_desktop.backup.format.manifest import (
    DATA,
    MOST_BYTES,
    SETTINGS,
    About,
    JournalHead,
    Manifest,
    Member,
    NewerFormat,
    Refused,
    to_json,
)
from crm_desktop.backup.kinds import Kind
from tests.backup.archives import ABOUT

MEMBER = Member(4096, "0" * 64, 1000, "f" * 64)
WHOLE = Manifest(
    **{name: getattr(ABOUT, name) for name in About.__slots__},
    schema=6,
    members={DATA: MEMBER, SETTINGS: MEMBER},
    counts={"contact": 12, "journal": 0},
    figures={"contacts": 12, "owed": {"CNY": -5_0000, "EUR": 2**62}, "last_invoice": "RE-2026-0001 中文"},
    journal_head=JournalHead(9, "op", datetime(2026, 11, 22, 4, 30, 15, 123456, tzinfo=UTC)),
)
SAID: dict[str, Any] = json.loads(WHOLE.to_json())


def test_it_is_read_back() -> None:
    assert Manifest.from_json(WHOLE.to_json()) == WHOLE
    empty = replace(WHOLE, journal_head=JournalHead(), figures={}, kind=Kind.BEFORE_MOVE)
    assert Manifest.from_json(empty.to_json()) == empty


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in SAID.items() if key != name}


def with_member(**changes: object) -> dict[str, Any]:
    return {**SAID, "members": {**SAID["members"], DATA: {**SAID["members"][DATA], **changes}}}


@pytest.mark.parametrize(
    "said",
    [
        *(without(name) for name in SAID),
        {**SAID, "more": 1},
        {**SAID, "format": 0},
        {**SAID, "format": True},
        {**SAID, "format": "1"},
        {**SAID, "kind": "weekly"},
        {**SAID, "kind": ["scheduled"]},
        {**SAID, "schema": 0},
        {**SAID, "schema": 6.0},
        {**SAID, "sequence": -1},
        {**SAID, "sequence": 2**63},
        {**SAID, "made_at": "yesterday"},
        {**SAID, "made_at": "2026-13-22T04:30:15Z"},
        {**SAID, "made_at": 5},
        {**SAID, "company": None},
        {**SAID, "company": "x" * 2001},
        {**SAID, "company": "\x1b[31mred"},
        {**SAID, "company": "\ud800"},
        {**SAID, "counts": []},
        {**SAID, "counts": {"contact": -1}},
        {**SAID, "counts": {"contact": True}},
        {**SAID, "counts": {"contact": 1e3}},
        {**SAID, "counts": {"con tact": 1}},
        {**SAID, "counts": {f"t{number}": 1 for number in range(10_001)}},
        {**SAID, "figures": {"owed": {"EU RO": 1}}},
        {**SAID, "figures": {"owed": {"EUR": "1"}}},
        {**SAID, "figures": {"owed": [1]}},
        {**SAID, "members": {DATA: SAID["members"][DATA]}},
        {**SAID, "members": {**SAID["members"], "../evil": SAID["members"][DATA]}},
        {**SAID, "journal_head": None},
        {**SAID, "journal_head": {**SAID["journal_head"], "at": "now"}},
        with_member(size=-1),
        with_member(sha256="0" * 63),
        with_member(sha256="G" * 64),
        with_member(more=1),
        [],
        "text",
        None,
    ],
)
def test_anything_else_is_refused(said: object) -> None:
    with pytest.raises(Refused):
        Manifest.from_json(json.dumps(said).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        WHOLE.to_json().replace(b'"schema": 6', b'"schema": NaN'),
        WHOLE.to_json().replace(b'"schema": 6', b'"schema": Infinity'),
        WHOLE.to_json().replace(b'"schema": 6', b'"schema": 6, "schema": 6'),
        WHOLE.to_json().replace(b'"schema": 6', b'"schema": ' + b"9" * 5000),
        b" " * (MOST_BYTES + 1),
    ],
)
def test_a_text_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        Manifest.from_json(raw)


def test_a_newer_format_names_its_program() -> None:
    with pytest.raises(NewerFormat) as caught:
        Manifest.from_json(to_json({"format": 2, "app_version": "3.1.0", "all": "else is different"}))
    assert caught.value.version == "3.1.0"
