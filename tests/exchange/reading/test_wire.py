"""The pipe to the child: plain values pass, nothing else does."""

import io
import os
import pickle
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.exchange.reading import wire

CELLS = st.none() | st.text() | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.dates() | st.datetimes()


@given(st.lists(st.lists(CELLS).map(tuple)))
def test_cells_arrive_as_they_were(rows: list[tuple[Any, ...]]) -> None:
    stream = io.BytesIO()
    wire.write(stream, ("rows", rows))
    stream.seek(0)
    data = wire.read(stream)
    assert data is not None
    assert wire.unpacked(data) == ("rows", rows)
    assert wire.read(stream) is None


def test_the_three_classes_of_time_pass() -> None:
    frame = ("rows", [(date(2025, 5, 6), datetime(2025, 5, 6, 7, 8), time(9, 30))])
    assert wire.unpacked(pickle.dumps(frame)) == frame


class Harm:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("exit 1",)


@pytest.mark.parametrize(
    "data",
    [pickle.dumps(("rows", Harm())), pickle.dumps([1]), pickle.dumps(()), b"", b"\x80\x05garbage", b"cos\nsystem\n."],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.unpacked(data)


def test_a_length_is_not_believed() -> None:
    with pytest.raises(wire.Garbled):
        wire.read(io.BytesIO(b"\xff\xff\xff\xff" + b"x" * 10))


def test_a_frame_that_breaks_off_is_the_end() -> None:
    assert wire.read(io.BytesIO(b"\x00\x00\x00\x09abc")) is None
