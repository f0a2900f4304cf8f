"""The figures by which a person knows their company again: how many contacts, what is owed, the last invoice."""

from dataclasses import dataclass
from enum import Enum, auto


class FigureKind(Enum):
    """How a figure reads."""

    COUNT = auto()
    MONEY = auto()
    """One amount per currency."""
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, asked by SQL that both engines understand.

    `label` is a marked text, with `{currency}` in that of money. The rows of `sql` are one count; or (currency,
    amount in its minor units) per currency; or one text.
    """

    key: str
    label: str
    kind: FigureKind
    sql: str
