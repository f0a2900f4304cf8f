"""The child's side of the pipe: sheets go out in chunks, and the limits are counted on the way."""

from collections.abc import Iterable
from typing import Any, BinaryIO, Final

from crm_desktop.exchange.book import Cell, Merged
from crm_desktop.exchange.reading import wire
from crm_desktop.exchange.reading.cells import seen, without_blank_end
from crm_desktop.exchange.reading.faults import Fault
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.exchange.reading.reasons import Reason, Refused

_CELLS_PER_FRAME: Final = 12_000


class Outgoing:
    """Sends what was read; raises Refused as soon as it is more than may be."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._rows = self._cells = self._bytes = self._sheets = 0

    def sheet(
        self,
        name: str,
        rows: Iterable[tuple[Cell, ...]],
        *,
        hidden: bool = False,
        merged: Iterable[Merged] = (),
    ) -> None:
        """Send a sheet. Raises Refused."""
        self._sheets += 1
        if self._sheets > self._limits.sheets:
            raise Refused(Reason.SHEETS, most=self._limits.sheets)
        places = [(one.first_row, one.first_column, one.last_row, one.last_column) for one in merged]
        self._send("sheet", seen(name), hidden, places)
        chunk: list[tuple[Cell, ...]] = []
        filled = 0
        for row in without_blank_end(rows):
            chunk.append(row)
            filled += len(row)
            if filled >= _CELLS_PER_FRAME or len(chunk) >= _CELLS_PER_FRAME:
                self._send_rows(name, chunk, filled)
                chunk, filled = [], 0
        if chunk:
            self._send_rows(name, chunk, filled)

    def errors(self, sheet: int, faults: list[Fault]) -> None:
        """Say which cells of a sheet, counted from 0 as they were sent, show an error."""
        self._send("errors", sheet, faults)

    def end(self, kind: str, encoding: str = "", delimiter: str = "") -> None:
        """Say that all of the file was sent."""
        self._send("end", kind, encoding, delimiter)

    def _send_rows(self, name: str, chunk: list[tuple[Cell, ...]], filled: int) -> None:
        self._rows += len(chunk)
        self._cells += filled
        if self._rows > self._limits.rows:
            raise Refused(Reason.ROWS, most=self._limits.rows)
        if self._cells > self._limits.cells:
            raise Refused(Reason.CELLS, most=self._limits.cells)
        if max(map(len, chunk)) > self._limits.columns:
            raise Refused(Reason.COLUMNS, most=self._limits.columns, sheet=seen(name)[:31])
        self._send("rows", chunk)

    def _send(self, *frame: Any) -> None:
        self._bytes += wire.write(self._stream, frame)
        if self._bytes > self._limits.inflated_bytes:
            raise Refused(Reason.INFLATED, most=self._limits.inflated_bytes // 2**20)
