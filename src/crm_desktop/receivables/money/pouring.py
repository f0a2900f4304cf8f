"""Which source pays which target, when several pay several."""

from collections.abc import Sequence
from typing import Any

from crm_desktop.receivables.ledger import Use


def pour(sources: Sequence[tuple[str, int, int]], targets: Sequence[tuple[int, int]]) -> list[Use]:
    """Return the uses when sources are poured into instalments, both in the order given.

    `sources` are (column of the source, its id, minor units), `targets` (instalment id, minor units). What
    the sources hold more than the targets take stays where it is.
    """
    uses: list[Use] = []
    left = [list(target) for target in targets if target[1] > 0]
    for column, id_, amount in sources:
        while amount and left:
            instalment_id, wanted = left[0]
            some = min(amount, wanted)
            source: dict[str, Any] = {column: id_}
            uses.append(Use(some, instalment_id=instalment_id, **source))
            amount -= some
            left[0][1] -= some
            if not left[0][1]:
                left.pop(0)
    return uses
