"""Reads a foreign file: the program's side, which starts the child, watches it and takes over its cells."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from crm_desktop.exchange.book import Book, Cell, Merged, Sheet
from crm_desktop.exchange.reading import wire
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.exchange.reading.reasons import SENTENCES, Reason
from crm_desktop.shared.child_process import child_command, child_environment
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.progress import Progress, Quiet

READ_WORD: Final = "--read-foreign-file"
"""The hidden first argument by which the frozen program is its own child."""

_OUT_OF_MEMORY: Final = {-6, 0xC0000409}
"""The parser gives up with SIGABRT, on Windows by a fast fail, when it gets no more memory."""

_OUT_OF_TIME: Final = {-9, -24}
_LIMITS_ONLY_WATCHED: Final = sys.platform == "darwin"
"""macOS takes a limit of memory and does not keep it."""

_LOOK_EVERY_SECONDS: Final = 0.1
_FRAMES_AHEAD: Final = 16


_ENCODINGS: Final = (
    ("utf-8", N_("Unicode (UTF-8)")),
    ("utf-16", N_("Unicode (UTF-16)")),
    ("utf-16-le", N_("Unicode (UTF-16, low byte first)")),
    ("utf-16-be", N_("Unicode (UTF-16, high byte first)")),
    ("gb18030", N_("Simplified Chinese (GB18030)")),
    ("big5hkscs", N_("Traditional Chinese (Big5)")),
    ("cp932", N_("Japanese (Shift-JIS)")),
    ("iso2022_jp", N_("Japanese (ISO-2022-JP)")),
    ("cp949", N_("Korean (Windows-949)")),
    ("cp1252", N_("Western European (Windows-1252)")),
    ("cp1250", N_("Central European (Windows-1250)")),
    ("cp1251", N_("Cyrillic (Windows-1251)")),
    ("koi8-r", N_("Cyrillic (KOI8-R)")),
    ("cp1253", N_("Greek (Windows-1253)")),
    ("cp1254", N_("Turkish (Windows-1254)")),
    ("cp1255", N_("Hebrew (Windows-1255)")),
    ("cp1256", N_("Arabic (Windows-1256)")),
    ("cp1257", N_("Baltic (Windows-1257)")),
    ("cp1258", N_("Vietnamese (Windows-1258)")),
    ("cp874", N_("Thai (Windows-874)")),
)


class Unreadable(UserError):
    """The file is not read; the sentence says the exact reason."""

    message = SENTENCES[Reason.DAMAGED]


class EncodingUnclear(Unreadable):
    """The encoding of a text file must be chosen: `candidates` are the likely ones, the likeliest first."""

    def __init__(self, candidates: Sequence[str]) -> None:
        known = dict(_ENCODINGS)
        self.candidates = tuple(name for name in candidates if name in known)
        self._labels = [known[name] for name in self.candidates]
        super().__init__(SENTENCES[Reason.ENCODING])

    def __str__(self) -> str:
        return _(self.template).format(encodings=", ".join(map(_, self._labels)))


def encodings_offered() -> tuple[tuple[str, str], ...]:
    """Return the encodings a person can choose for a text file: name and marked label."""
    return _ENCODINGS


def read_book(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Book:
    """Return what a file holds, read in a child process with limits.

    `encoding` and `delimiter` of a text file are found out when "". `progress` is told the rows read so far.
    Raises Unreadable, and Cancelled when `progress` does.
    """
    limits = limits or Limits()
    sha256 = _sha256(path, limits)
    asked = {"path": str(path.absolute()), "encoding": encoding, "delimiter": delimiter, "limits": asdict(limits)}
    with _Child(asked) as child:
        return _Arriving(path, sha256, limits).take(child, progress or Quiet())


def _sha256(path: Path, limits: Limits) -> str:
    try:
        if not path.is_file():
            raise Unreadable(N_("There is no file at this place any more."))
        if path.stat().st_size > limits.file_bytes:
            raise Unreadable(SENTENCES[Reason.LARGE], most=limits.file_bytes // 2**20)
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        raise Unreadable(N_("The file cannot be opened. Close it in other programs and try again.")) from None


class _Child:
    """The process that reads, and a thread that listens to it."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._frames: queue.Queue[bytes | None] = queue.Queue(_FRAMES_AHEAD)
        self._process = subprocess.Popen(
            [*child_command("crm_desktop.exchange.reading.child", READ_WORD), json.dumps(asked)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._stopped = False
        self._listener = threading.Thread(target=self._listen, name="foreign file", daemon=True)
        self._listener.start()

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopped = True
        self._process.kill()
        while self._listener.is_alive():
            with suppress(queue.Empty):
                self._frames.get(timeout=_LOOK_EVERY_SECONDS)
            self._listener.join(0)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def frame(self) -> bytes | None:
        """Return the next frame, None after the last. Raises queue.Empty when none came for a moment."""
        return self._frames.get(timeout=_LOOK_EVERY_SECONDS)

    def exit_code(self) -> int:
        """Return how the process ended, negative by a signal."""
        return self._process.wait()

    def resident_bytes(self) -> int:
        """Return how much memory the process takes where the system does not limit it, elsewhere 0."""
        if not _LIMITS_ONLY_WATCHED:
            return 0
        asked = ["/bin/ps", "-o", "rss=", "-p", str(self._process.pid)]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        return int(told) * 1024 if told.isdigit() else 0

    def _listen(self) -> None:
        assert self._process.stdout is not None
        data: bytes | None = b""
        while data is not None and not self._stopped:
            try:
                data = wire.read(self._process.stdout)
            except (wire.Garbled, OSError, ValueError):
                data = None
            self._frames.put(data)


def _environment() -> dict[str, str]:
    # Address space set aside for other threads would count as memory used.
    return {**child_environment(), "MALLOC_ARENA_MAX": "1"}


class _Arriving:
    """A book that is coming over the pipe."""

    def __init__(self, path: Path, sha256: str, limits: Limits) -> None:
        self._path, self._sha256, self._limits = path, sha256, limits
        self._sheets: list[Sheet] = []
        self._rows = 0

    def take(self, child: _Child, progress: Progress) -> Book:
        """Return the whole book. Raises Unreadable, Cancelled."""
        deadline = time.monotonic() + self._limits.patience
        while True:
            progress.step(self._rows)
            if time.monotonic() > deadline:
                raise Unreadable(SENTENCES[Reason.SLOW])
            try:
                data = child.frame()
            except queue.Empty:
                if child.resident_bytes() > self._limits.memory_bytes:
                    raise Unreadable(SENTENCES[Reason.MEMORY]) from None
                continue
            if data is None:
                raise _death(child.exit_code())
            try:
                if (book := self._taken(wire.unpacked(data))) is not None:
                    return book
            except (wire.Garbled, ValueError, TypeError, IndexError):
                raise Unreadable(SENTENCES[Reason.UNTOLD]) from None

    def _taken(self, frame: tuple[Any, ...]) -> Book | None:
        word, *rest = frame
        if word == "rows":
            self._sheets[-1].rows.extend(rest[0])
            self._rows += len(rest[0])
        elif word == "sheet":
            name, hidden, merged = rest
            self._sheets.append(Sheet(name, [], hidden, tuple(Merged(*place) for place in merged)))
        elif word == "errors":
            _mark(self._sheets[rest[0]].rows, rest[1], self._limits)
        elif word == "refused":
            raise _refusal(Reason(rest[0]), rest[1])
        elif word == "end":
            kind, encoding, delimiter = rest
            return Book(self._path, kind, self._sha256, tuple(self._sheets), encoding, delimiter)
        else:
            raise wire.Garbled
        return None


def _mark(rows: list[tuple[Cell, ...]], faults: list[tuple[int, int, str]], limits: Limits) -> None:
    """Write the names of errors where the parser left their cells blank."""
    for row, column, name in faults:
        if row >= limits.rows or column >= limits.columns:
            continue
        rows += [()] * (row + 1 - len(rows))
        cells = list(rows[row])
        cells += [None] * (column + 1 - len(cells))
        cells[column] = name
        rows[row] = tuple(cells)


def _refusal(reason: Reason, values: Mapping[str, Any]) -> Unreadable:
    if reason is Reason.ENCODING:
        return EncodingUnclear(values["encodings"])
    if reason is Reason.NOT_ENCODED:
        label = dict(_ENCODINGS).get(values["encoding"], "")
        return Unreadable(SENTENCES[reason], encoding=_(label) or values["encoding"])
    return Unreadable(SENTENCES[reason], **values)


def _death(code: int) -> Unreadable:
    """Say why the child went without a word."""
    if code in _OUT_OF_MEMORY:
        return Unreadable(SENTENCES[Reason.MEMORY])
    if code in _OUT_OF_TIME:
        return Unreadable(SENTENCES[Reason.SLOW])
    return Unreadable(SENTENCES[Reason.DAMAGED if code == 1 else Reason.UNTOLD])
