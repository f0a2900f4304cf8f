"""A time of the day in whatever way it is typed."""

from __future__ import annotations

from typing import Any

import pytest

from crm_desktop.ui.time_editor import TimeEditor, read_time
from tests.contacts.conftest import app

__all__ = ["app"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("9", "09:00"),
        ("9:30", "09:30"),
        ("0930", "09:30"),
        ("930", "09:30"),
        ("9.30", "09:30"),
        ("4pm", "16:00"),
        ("12 am", "00:00"),
        ("12:15pm", "12:15"),
        ("16点", "16:00"),
        ("16點30", "16:30"),
        ("９：３０", "09:30"),
        ("16点30分", "16:30"),
        ("23:59", "23:59"),
    ],
)
def test_it_is_understood(typed: str, meant: str) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["24", "9:60", "13pm", "0am", "soon", "9:3", "12345", "-1", "9:30:00", "²"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed):
        read_time(typed)


def test_the_field_says_what_it_cannot_read(app: object, qtbot: Any) -> None:
    editor = TimeEditor("at", "At")
    qtbot.addWidget(editor.widget)
    editor.line.setText("later")
    assert editor.value() == ""
    assert "later" in (editor.problem() or "")
    editor.line.setText("16")
    assert editor.problem() is None
    assert editor.value() == "16:00"
