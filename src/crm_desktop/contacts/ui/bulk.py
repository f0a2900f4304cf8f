"""What is done to many contacts at once, in blocks, so that a hundred thousand are no problem either."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from crm_desktop.contacts import handover, lists, service

BLOCK: Final = 500


def blocks(ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield `ids` in blocks a statement can hold."""
    for start in range(0, len(ids), BLOCK):
        yield list(ids[start : start + BLOCK])


def in_blocks(ids: Sequence[int], act: Callable[[Any, list[int]], int]) -> Callable[[Any, Any], int]:
    """Return work that calls `act(work, block)` for all of `ids`, with progress; it returns the sum."""

    def run(work: Any, progress: Any) -> int:
        changed = done = 0
        for block in blocks(ids):
            changed += act(work, block)
            done += len(block)
            progress.step(done, len(ids))
        return changed

    return run


def archiving(ids: Sequence[int]) -> Callable[[Any, Any], list[int]]:
    """Return work that archives contacts and returns the ids that were not archived before."""

    def run(work: Any, progress: Any) -> list[int]:
        changed: list[int] = []
        for done, block in enumerate(blocks(ids), start=1):
            changed += service.archive(work, block)
            progress.step(min(done * BLOCK, len(ids)), len(ids))
        return changed

    return run


def unarchive(work: Any, ids: list[int]) -> int:
    """Bring contacts back; returns how many."""
    return len(service.unarchive(work, ids))


def assign_to(owner_id: int | None) -> Callable[[Any, list[int]], int]:
    """Return the work of one block for handing over to `owner_id`."""
    return lambda work, block: handover.assign(work, block, owner_id)


def owners_of(ids: Sequence[int]) -> Callable[[Any, Any], dict[int | None, int]]:
    """Return work that counts contacts by owner."""

    def run(work: Any, progress: Any) -> dict[int | None, int]:
        counts: dict[int | None, int] = {}
        done = 0
        for block in blocks(ids):
            for _id, owner_id in lists.rows(work, ("owner",), block).rows:
                counts[owner_id] = counts.get(owner_id, 0) + 1
            done += len(block)
            progress.step(done, len(ids))
        return counts

    return run
