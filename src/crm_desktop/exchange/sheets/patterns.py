"""How the cells of one column are to be read, when one cell alone cannot tell (pure)."""

from dataclasses import dataclass
from typing import Final

DATES: Final = "date"
NUMBERS: Final = "number"
PERCENTS: Final = "percent"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read, in words that quote one of its cells.

    `kind` is "date", "number" or "percent", `others` are (key, sentence) of what else would fit. `sure` is
    False while the column itself does not decide: then a person should.
    """

    kind: str
    key: str
    sentence: str
    others: tuple[tuple[str, str], ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be read; a finished sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that was read, with what should be known about it; `value` None is "no value"."""

    value: object
    text: str
