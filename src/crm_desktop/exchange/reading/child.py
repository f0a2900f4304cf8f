"""What runs in the child process: reads one file and writes its cells to standard output."""

import gc
import json
import os
import sys
from pathlib import Path

from crm_desktop.exchange.reading import wire
from crm_desktop.exchange.reading.cards import read_cards
from crm_desktop.exchange.reading.confine import confine
from crm_desktop.exchange.reading.kinds import CARDS, TEXT, XLS, kind_of
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.exchange.reading.outgoing import Outgoing
from crm_desktop.exchange.reading.reasons import Reason, Refused
from crm_desktop.exchange.reading.texts import read_text
from crm_desktop.exchange.reading.workbooks import read_old, read_zipped


def main(words: list[str]) -> int:
    """Read the file `words[0]` asks for, as JSON; 0 when the reader has said all there is to say."""
    asked = json.loads(words[0])
    limits = Limits(**asked["limits"])
    stream = os.fdopen(os.dup(1), "wb")
    # Nobody but the frames below may write where the program reads.
    os.dup2(2, 1)
    gc.disable()
    confine(limits.memory_bytes, limits.seconds)
    try:
        _read(Path(asked["path"]), asked["encoding"], asked["delimiter"], Outgoing(stream, limits), limits)
    except Refused as error:
        wire.write(stream, ("refused", str(error.reason), error.values))
    except MemoryError:
        wire.write(stream, ("refused", str(Reason.MEMORY), {}))
    return 0


def _read(path: Path, encoding: str, delimiter: str, outgoing: Outgoing, limits: Limits) -> None:
    data = path.read_bytes()
    kind = kind_of(data)
    if kind == TEXT:
        outgoing.end(TEXT, *read_text(data, path, outgoing, encoding, delimiter))
    elif kind == CARDS:
        outgoing.end(CARDS, read_cards(data, outgoing, limits, encoding))
    elif kind == XLS:
        outgoing.end(read_old(str(path), data, outgoing, limits))
    else:
        outgoing.end(read_zipped(str(path), data, outgoing, limits))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
