"""Takes contacts out of the program: a list as seen, or vCards; every export is journalled."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from crm_desktop.access.model import Company, User
from crm_desktop.contacts import lists
from crm_desktop.contacts.vcard import cards
from crm_desktop.db.work import Work
from crm_desktop.exchange.published import writing
from crm_desktop.exchange.workbook import Table, write_table
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress, Quiet

VCARD: Final = ".vcf"


@requires(Permission.CONTACT_EXPORT)
def write_file(
    work: Work,
    path: Path,
    listing: Listing,
    columns: Sequence[str],
    *,
    chosen: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the list, or only the `chosen` ids, beside `path` and return how many contacts it holds.

    The ending of `path` says the format: .xlsx, .csv or .vcf. The file gets its name by
    `exchange.published.publish`, after `note_export` was committed. Raises what `write_table` does.
    """
    total = len(chosen) if chosen is not None else lists.count(work, listing)[0]
    if path.suffix.lower() == VCARD:
        return _write_cards(work, path, listing, chosen, total, progress or Quiet())
    described = {field.name: field for field in lists.fields(work)}
    shown = [described[name] for name in columns if name in described]
    names = [field.name for field in shown]
    table = Table(
        title=_("Contacts"),
        fields=shown,
        pages=lists.export_pages(work, listing, names, chosen),
        people={row.id: row.name for row in work.session.execute(select(User.id, User.name))},
        timezone=work.session.scalar(select(Company.timezone)) or "UTC",
    )
    return write_table(path, table, total=total, progress=progress)


@requires(Permission.CONTACT_EXPORT)
def note_export(work: Work, path: Path, count: int, columns: Sequence[str]) -> None:
    """Write into the journal that the actor took `count` contacts out of the program."""
    taken = {"format": path.suffix.lower().lstrip("."), "rows": count, "columns": list(columns)}
    work.note("contact", None, "export", after=taken)


def _write_cards(
    work: Work, path: Path, listing: Listing, chosen: Sequence[int] | None, total: int, progress: Progress
) -> int:
    done = 0
    with writing(path) as part, part.open("w", encoding="utf-8", newline="") as written:
        pages = lists.export_pages(work, listing, ["name"], chosen)
        for page in pages:
            for one in cards(work, [row[0] for row in page.rows]):
                written.write(one)
                done += 1
            progress.step(done, total)
    return done
