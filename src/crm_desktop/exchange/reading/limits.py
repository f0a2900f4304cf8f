"""How much a foreign file may ask for (pure)."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read. `rows` and `columns` hold for each sheet, `rows` and `cells` for the whole file too.

    `inflated_bytes` is what a zipped file may unpack to and how much may come back from the child; `seconds`
    of processor time and `memory_bytes` are those of the child process; on a busy computer it is waited for
    until `patience` seconds have passed.
    """

    rows: int = 200_000
    columns: int = 512
    cells: int = 12_000_000
    sheets: int = 255
    file_bytes: int = 50 * _MIB
    inflated_bytes: int = 300 * _MIB
    seconds: float = 18.0
    patience: float = 60.0
    memory_bytes: int = 450 * _MIB
