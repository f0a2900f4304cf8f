"""Takes a list out of the program as it is seen; every export is journalled."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select

from crm_desktop.access.model import Company, User
from crm_desktop.db.work import Work
from crm_desktop.exchange.workbook import Identities, Table, write_table
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import id_header
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress


class ExportedList(Protocol):
    """What a feature's list offers for that: its module `lists` or an object like it."""

    def fields(self, work: Work) -> Sequence[Field]:
        """Return the fields the actor may read."""
        ...

    def count(self, work: Work, listing: Listing) -> tuple[int, bool]:
        """Return how many rows match, and whether there are more."""
        ...

    def export_pages(
        self, work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None
    ) -> Iterable[Any]:
        """Return the rows in pages."""
        ...


class ListExport:
    """Writes one list as seen. `write_file` and `note_export` ask for `permission`.

    `title` is the untranslated name of the table, `entity` that of the journal, `sums` the columns added up.
    With the mapped class `model` a workbook can be edited and imported again: it has a hidden column of ids.
    """

    def __init__(
        self,
        listing: ExportedList,
        permission: Permission,
        entity: str,
        title: str,
        sums: Sequence[str] = (),
        model: Any = None,
    ) -> None:
        self._listing, self._entity, self._title, self._sums = listing, entity, title, tuple(sums)
        self._model = model
        guard = requires(permission)
        self.write_file: Callable[..., int] = guard(self._write_file)
        self.note_export: Callable[..., None] = guard(self._note_export)

    def _write_file(
        self,
        work: Work,
        path: Path,
        listing: Listing,
        columns: Sequence[str],
        *,
        chosen: Sequence[int] | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Write the list, or only the `chosen` ids, beside `path` and return how many rows it holds.

        The ending of `path` says the format: .xlsx or .csv. The file gets its name by
        `shared.published.publish`, after `note_export` was committed. Raises what `write_table` does.
        """
        total = len(chosen) if chosen is not None else self._listing.count(work, listing)[0]
        described = {one.name: one for one in self._listing.fields(work)}
        shown = [described[name] for name in columns if name in described]
        table = Table(
            title=_(self._title),
            fields=shown,
            pages=self._listing.export_pages(work, listing, [one.name for one in shown], chosen),
            people={row.id: row.name for row in work.session.execute(select(User.id, User.name))},
            timezone=work.session.scalar(select(Company.timezone)) or "UTC",
            sums=self._sums,
            identities=self._identities(work),
        )
        return write_table(path, table, total=total, progress=progress)

    def _identities(self, work: Work) -> Identities | None:
        if self._model is None:
            return None
        row = self._model

        def versions(ids: Sequence[int]) -> dict[int, int]:
            found = work.session.execute(select(row.id, row.version).where(row.id.in_(ids)))
            return dict(found.all())

        dataset = work.session.scalar(select(Company.dataset_id)) or ""
        return Identities(id_header(self._entity, dataset), versions)

    def _note_export(self, work: Work, path: Path, count: int, columns: Sequence[str]) -> None:
        """Write into the journal that the actor took `count` rows out of the program."""
        taken = {"format": path.suffix.lower().lstrip("."), "rows": count, "columns": list(columns)}
        work.note(self._entity, None, "export", after=taken)
