"""Saving the rows that cannot come in as a workbook of their own, with the reason behind each."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.importing import Planned, Verdict
from crm_desktop.ui.desk import Desk


def bad_rows(planned: Sequence[Planned]) -> int:
    """Return how many rows of the sheet cannot come in."""
    return sum(len(one.rows) for one in planned if one.verdict is Verdict.INVALID)


def save_words(count: int) -> str:
    """Return what the button is called that saves `count` rows."""
    said = ngettext("Save the {count} row to Excel…", "Save the {count} rows to Excel…", count)
    return said.format(count=f"{count:,}")


def save_bad_rows(
    desk: Desk,
    owner: QWidget,
    draft: Draft,
    planned: Sequence[Planned],
    then: Callable[[str], None],
    failed: Callable[[BaseException], None],
) -> None:
    """Ask where to, then write; `then` gets the sentence that says it is done."""
    proposed = _("{name} – to correct.xlsx").format(name=draft.book.path.stem)
    path = desk.dialogs.choose_save_file(_("Save what cannot be read"), proposed, _("Excel workbook (*.xlsx)"))
    if path is None:
        return

    def write(_progress: object) -> None:
        from crm_desktop.exchange.error_sheet import write_errors

        write_errors(path, draft.sheet, draft.header_rows, planned)

    desk.tasks.free(owner, write, lambda _none: then(_saved(path)), failed)


def _saved(path: Path) -> str:
    said = _("Saved as {file}, with the reason behind each row. Correct them there and import that file.")
    return said.format(file=path.name)
