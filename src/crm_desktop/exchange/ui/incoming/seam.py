"""What can be brought in is known further up; `app` hangs it in here."""

from collections.abc import Callable, Sequence

from crm_desktop.shared.actor import Actor
from crm_desktop.shared.importing import ImportTarget

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
