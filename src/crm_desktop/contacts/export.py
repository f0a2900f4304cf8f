"""Takes contacts out of the program: a list as seen, or vCards; every export is journalled."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crm_desktop.contacts import lists
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.vcard import cards
from crm_desktop.db.work import Work
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.published import writing

VCARD: Final = ".vcf"
_LIST: Final = ListExport(lists, Permission.CONTACT_EXPORT, "contact", N_("Contacts"), model=Contact)
note_export = _LIST.note_export


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
    `shared.published.publish`, after `note_export` was committed. Raises what `write_table` does.
    """
    if path.suffix.lower() == VCARD:
        total = len(chosen) if chosen is not None else lists.count(work, listing)[0]
        return _write_cards(work, path, listing, chosen, total, progress or Quiet())
    return _LIST.write_file(work, path, listing, columns, chosen=chosen, progress=progress)


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
