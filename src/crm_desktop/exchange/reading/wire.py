"""What goes from the child to the program: frames of plain values, read without executing anything.

A frame is four bytes of length and a pickle. The child may have been taken over by the file it reads, so
the unpickler knows no class but those of dates and times, and a length is believed only up to a limit.
"""

import io
import pickle
from datetime import date, datetime, time
from typing import IO, Any, BinaryIO, Final

MOST_BYTES: Final = 64 * 1024 * 1024
_HEAD: Final = 4
_KNOWN: Final = {
    ("datetime", "date"): date,
    ("datetime", "datetime"): datetime,
    ("datetime", "time"): time,
}


class Garbled(Exception):
    """What came over the pipe is no frame."""


class _Cells(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return one of the three classes a cell may have."""
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise Garbled from None


def write(stream: BinaryIO, frame: tuple[Any, ...]) -> int:
    """Send a frame; return how many bytes it took."""
    data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_HEAD, "big"))
    stream.write(data)
    stream.flush()
    return len(data)


def read(stream: IO[bytes]) -> bytes | None:
    """Return the bytes of the next frame, None when the other side has gone. Raises Garbled."""
    head = stream.read(_HEAD)
    if len(head) < _HEAD:
        return None
    length = int.from_bytes(head, "big")
    if length > MOST_BYTES:
        raise Garbled
    data = stream.read(length)
    return data if len(data) == length else None


def unpacked(data: bytes) -> tuple[Any, ...]:
    """Return the frame that bytes hold. Raises Garbled."""
    try:
        frame = _Cells(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Garbled from error
    if not isinstance(frame, tuple) or not frame:
        raise Garbled
    return frame
