"""What backups need to know of the features, handed in by the program's composition root."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.shared.figures import Figure


@dataclass(frozen=True)
class Seams:
    """What only the features know of their data."""

    figures: tuple[Figure, ...]
    """By which a person knows their company again; compared before and after."""
    rebuild: Callable[[Connection], None]
    """Makes the search indexes anew after the data came from the other engine."""
