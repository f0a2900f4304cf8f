"""What an import holds on a server, where others write at the same moment; a file has one writer anyway."""

import time
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select, text

from crm_desktop.db.base import Base
from crm_desktop.db.work import BUSY_SECONDS, Work
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_

_ALONE: Final = text("select pg_try_advisory_xact_lock(hashtextextended('crm.import', 0))")
_PAUSE: Final = 0.1
_CHUNK: Final = 5_000


class SomebodyImports(Unavailable):
    """Another import or undo of this company runs and does not end."""

    message = N_("Somebody else is importing just now, so nothing was changed. Try again when that is done.")


def wait_for_others(work: Work) -> None:
    """Wait until no other import or undo runs: two of one file would each find nothing there and make doubles.

    Until the end of the transaction others wait for this one. Raises SomebodyImports.
    """
    if not work.is_postgres:
        return
    deadline = time.monotonic() + BUSY_SECONDS
    while not work.session.scalar(_ALONE):
        if time.monotonic() > deadline:
            raise SomebodyImports
        time.sleep(_PAUSE)


def lock(work: Work, entity: str, ids: Iterable[int]) -> dict[int, int | None]:
    """Lock records on a server until the end of the transaction; returns the versions they have by id.

    What others save at this moment is waited for, so that the journal tells of it afterwards. Records that are
    gone or out of scope are missing in the answer, which on a file is empty.
    """
    table = _classes().get(entity)
    if not work.is_postgres or table is None:
        return {}
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), _CHUNK):
        asked = select(table.id, getattr(table, "version", None) or table.id).where(
            table.id.in_(wanted[start : start + _CHUNK])
        )
        for id_, version in work.session.execute(asked.order_by(table.id).with_for_update(of=table)):
            found[id_] = version if hasattr(table, "version") else None
    return found


def _classes() -> dict[str, Any]:
    """Return the mapped classes by the name the journal has for their rows."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return {one.journal_entity: one for one in mapped if getattr(one, "journal_entity", "") and hasattr(one, "id")}
