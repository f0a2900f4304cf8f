"""Unpacks a zipped workbook beside the parser: counts what it is, and finds the cells that show an error."""

import threading
from collections.abc import Mapping, Sequence

from crm_desktop.exchange.reading.archives import Archive
from crm_desktop.exchange.reading.faults import Fault, faults_of
from crm_desktop.exchange.reading.reasons import Reason, Refused


class Inspection:
    """Looks at each entry of `archive`, at those of `parts` for faults; in a thread of its own once started.

    The parser and the inflater both let other threads run, so on two processors this costs no time.
    """

    def __init__(self, archive: Archive, parts: Sequence[str]) -> None:
        self._archive = archive
        self._parts = {part for part in parts if part}
        self._faults: dict[str, list[Fault]] = {}
        self._refused: Refused | None = None
        self._thread = threading.Thread(target=self._look, name="inspection", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def result(self) -> Mapping[str, list[Fault]]:
        """Wait until all was looked at and return the faults by part. Raises Refused."""
        self._thread.join()
        if self._refused is not None:
            raise self._refused
        return self._faults

    def _look(self) -> None:
        try:
            for name in self._archive.names():
                pieces = self._archive.pieces(name)
                if name in self._parts:
                    self._faults[name] = faults_of(pieces)
                else:
                    for _piece in pieces:
                        pass
        except Refused as error:
            self._refused = error
        except MemoryError:
            self._refused = Refused(Reason.MEMORY)
