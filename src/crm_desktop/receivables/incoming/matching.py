"""Which rows of a file are documents that are here already, and what such a row would change."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.since import changed_since
from crm_desktop.db.work import Work
from crm_desktop.orders.documents import names_of
from crm_desktop.orders.fulfilment import portions
from crm_desktop.shared import import_reasons
from crm_desktop.shared.i18n import _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import (
    CLEAR,
    ID_FIELD,
    Difference,
    Identity,
    ImportOptions,
    ImportRow,
    OnMatch,
    Planned,
    Verdict,
)


class Stored:
    """The documents of one kind that rows may mean: by number, by id, and the numbers nobody here may see."""

    def __init__(
        self, work: Work, entity: Any, rows: Iterable[ImportRow], numbers: Iterable[str], labels: Mapping[str, str]
    ) -> None:
        self.work = work
        self.entity = entity
        self.identities = {row.number: one for row in rows if isinstance(one := row.values.get(ID_FIELD), Identity)}
        self.used = _ids_of_numbers(work, entity, set(numbers))
        wanted = {one.id for one in self.identities.values()} | set(self.used.values())
        self.by_id = {found.id: found for found in _rows(work, entity, wanted)}
        self.customers = names_of(work, {found.contact_id for found in self.by_id.values()})
        self._labels = labels
        moved = {
            one.id: one.version
            for one in self.identities.values()
            if one.id in self.by_id and self.by_id[one.id].version > one.version
        }
        self._later = changed_since(work, entity.journal_entity, moved)

    def match(self, row: ImportRow, number: str) -> Any:
        """Return the document a row means, None for a new one. Raises Refused."""
        identity = self.identities.get(row.number)
        if identity is not None:
            found = self.by_id.get(identity.id)
            if found is None:
                raise Refused(ID_FIELD, import_reasons.gone())
            return found
        if number not in self.used:
            return None
        found = self.by_id.get(self.used[number])
        if found is None:
            raise Refused("number", _("The number {number} is there already.").format(number=number))
        return found

    def check_unchanged(self, row: ImportRow, changes: Mapping[str, Any]) -> None:
        """Raise Refused when somebody changed one of these fields after the list was exported."""
        identity = self.identities.get(row.number)
        if identity is None:
            return
        for name in changes:
            if who := self._later.get(identity.id, {}).get(name):
                field = _FIELD_OF.get(name, name)
                raise Refused(field, import_reasons.changed_meanwhile(who, [_(self._labels[field])]))

    def becomes(
        self, row: ImportRow, found: Any, options: ImportOptions, differences: Sequence[Difference], why: str = ""
    ) -> Planned:
        """Return what becomes of rows whose document is there already. Raises Refused."""
        if options.on_match is OnMatch.ERROR:
            raise Refused("number", _("The number {number} is there already.").format(number=found.number))
        verdict = Verdict.UPDATE if differences and options.on_match is OnMatch.UPDATE else Verdict.SKIP
        if verdict is Verdict.SKIP and not why:
            why = import_reasons.skipped() if differences else import_reasons.nothing_differs()
        told = tuple(differences) if verdict is Verdict.UPDATE else ()
        return Planned(verdict, [row], found.id, found.version, why=why, differences=told)


_FIELD_OF: Final = {"account_id": "account"}


def check_same(field: str, label: str, text: Any, stored: Any) -> None:
    """Raise Refused when a file says something else than a posted document, which keeps it."""
    if text != stored:
        why = _("{label} is {stored} here. An import leaves that as it is on a posted document.")
        raise Refused(field, why.format(label=_(label), stored=stored))


def wanted_changes(row: ImportRow, found: Any, columns: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns a row would change, by column; `columns` gives the column of each field that may.

    `values` are the values in the row as they would be stored; "-" empties.
    """
    changes: dict[str, Any] = {}
    for field, column in columns.items():
        if field not in row.values:
            continue
        empty = None if column.endswith(("_id", "_on")) else ""
        value = empty if row.values[field] is CLEAR else values[field]
        if value != getattr(found, column):
            changes[column] = value
    return changes


def _ids_of_numbers(work: Work, entity: Any, numbers: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    with work.system_rights("whether a number is used, whoever may see that document"):
        for some in portions(sorted(numbers)):
            asked = select(entity.number, entity.id).where(entity.number.in_(some))
            found |= dict(work.session.execute(asked).all())
    return found


def _rows(work: Work, entity: Any, ids: set[int]) -> list[Any]:
    found: list[Any] = []
    for some in portions(sorted(ids)):
        asked = select(entity).where(entity.id.in_(some)).execution_options(populate_existing=True)
        found += work.session.scalars(asked)
    return found
