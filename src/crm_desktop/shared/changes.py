"""What a committed transaction changed, published to every open window."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Entity name -> ids that changed; an empty set of ids means "any of them".

    `origin` is the token of the screen that caused it (empty: another computer), so that it can
    skip reloading itself.
    """

    ids: Mapping[str, frozenset[int]] = field(default_factory=dict)
    origin: str = ""

    def touches(self, entity: str, id_: int | None = None) -> bool:
        """Return whether `entity` changed, and if `id_` is given, whether that row may have."""
        changed = self.ids.get(entity)
        if changed is None:
            return False
        return id_ is None or not changed or id_ in changed

    def __bool__(self) -> bool:
        return bool(self.ids)
