"""What people are told of a backup, of plain values: the windows use it without loading the database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as text, in the backup or old place and now or in the new one; `lost` counts what only now has."""

    label: str
    then: str
    now: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """One record of which something would be lost: when and by whom it was touched last, UTC."""

    at: datetime
    by: str
    entity: str
    title: str
    detail: str = ""
