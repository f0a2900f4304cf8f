"""What can be brought in, and how a company is backed up before, is known further up; `app` hands it in."""

from collections.abc import Callable, Sequence

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.importing import ImportTarget
from crm_desktop.shared.progress import Progress

BackUp = Callable[[Progress], object]
"""Makes sure that a proved backup of the data as they are now lies somewhere; raises UserError with the reason."""

_targets: list[Callable[[], Sequence[ImportTarget]]] = []


def attach(targets: Callable[[], Sequence[ImportTarget]]) -> None:
    """Say where the targets come from, in the order they depend on each other; asked for when first needed."""
    _targets[:] = [targets]


def targets() -> tuple[ImportTarget, ...]:
    """Return every target, what others refer to first; none before `app` hung them in."""
    return tuple(_targets[0]()) if _targets else ()


def allowed(actor: Actor) -> tuple[ImportTarget, ...]:
    """Return what `actor` may bring in, in the same order."""
    return tuple(target for target in targets() if actor.may(target.permission))


def target_named(name: str) -> ImportTarget | None:
    """Return the target of this name, None for one that is not known."""
    return next((target for target in targets() if target.name == name), None)
