"""The name of a backup says when and why it was made, and nothing else is taken for one."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.backup.format.naming import Named, file_name, parse
from crm_desktop.backup.kinds import Kind

NOON = datetime(2026, 11, 22, 12, 30)


def test_names() -> None:
    assert file_name(Kind.SCHEDULED, NOON) == "crm-backup-20261122-123000.zip"
    assert file_name(Kind.BEFORE_RESTORE, NOON, number=2) == "crm-backup-20261122-123000-before-restore-2.zip"
    assert file_name(Kind.MANUAL, NOON, locked=True) == "crm-backup-20261122-123000-manual.zip.crmlock"


@given(
    st.sampled_from(Kind),
    st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(microsecond=0)),
    st.booleans(),
    st.integers(1, 999),
)
def test_every_name_is_read_again(kind: Kind, at: datetime, locked: bool, number: int) -> None:
    assert parse(file_name(kind, at, locked=locked, number=number)) == Named(kind, at, locked, number)


@pytest.mark.parametrize(
    "name",
    [
        "crm-backup-20261122-123000.zip.part",
        "crm-backup-20261322-123000.zip",
        "crm-backup-20261122-123000-yesterday.zip",
        "crm-backup-20261122-123000-scheduled.zip",
        "crm-backup-20261122-123000-1.zip",
        "crm-backup-20261122-123000.ZIP",
        "crm-backup-20261122-123000.zip\n",
        "crm-backup-２０２６１１２２-123000.zip",
        "../crm-backup-20261122-123000.zip",
        "",
    ],
)
def test_other_names_are_none_of_ours(name: str) -> None:
    assert parse(name) is None
