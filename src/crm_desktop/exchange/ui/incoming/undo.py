"""Taking an import back from a screen: asked once, with progress, told in words, what stays listed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.exchange import undoing
from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.exchange.undoing import Kept, Undone
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable
from crm_desktop.ui.tasks import Task

_NAME_CHARS: Final = 36


def undo_import(
    desk: Desk,
    owner: QWidget,
    batch: str,
    file: str,
    counts: Mapping[str, int],
    then: Callable[[Undone], None],
    failed: Callable[[BaseException], None],
    progressed: Callable[[int, int | None], None],
) -> Task | None:
    """Ask, then take back the import `batch` of `counts`; None when the person keeps it."""
    if not desk.dialogs.confirm(
        _("Undo the import of {file}?").format(file=file),
        " ".join(
            (
                _written(counts),
                _(
                    "What it made is removed, what it changed gets its values back. What somebody changed since "
                    "stays as it is, and you are told."
                ),
            )
        ),
        _("Undo the import"),
        keep=_("Keep it"),
    ):
        return None

    def undo(work: Any, progress: Any) -> Undone:
        return undoing.undo(work, batch, undoing.undoers_of(incoming_seam.targets()), progress)

    says = _("Undoing the import of {file}").format(file=file)
    return desk.tasks.write_long(owner, undo, then, failed, label=says, progressed=progressed)


def tell_refusal(note: Note, error: BaseException) -> None:
    """Say on the screen why the import was not taken back."""
    if isinstance(error, Cancelled):
        note.show_message("info", _("Stopped. The import stands as it was."))
        return
    note.show_message("danger", str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong."))


def written_count(counts: Mapping[str, int]) -> int:
    """Return how many records an import wrote."""
    return counts.get("new", 0) + counts.get("update", 0)


def _written(counts: Mapping[str, int]) -> str:
    said = _("{new} new records, {updated} changed ones.")
    return said.format(new=f"{counts.get('new', 0):,}", updated=f"{counts.get('update', 0):,}")


def undone_words(undone: Undone) -> str:
    """Return what was taken back, in one sentence or two."""
    if not undone.kept:
        return _("The import was undone: what it made is gone, and what it changed has its old values again.")
    said = ngettext(
        "The import was undone, but {count} record stays as it is.",
        "The import was undone, but {count} records stay as they are.",
        len(undone.kept),
    )
    return said.format(count=f"{len(undone.kept):,}")


class KeptRecords(QWidget):
    """What an undo left as it is: the name of each record and why; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = PlainRows(
            (
                PlainColumn("label", _("Name"), _NAME_CHARS, lambda kept: kept.label),
                PlainColumn(
                    "reason", _("Why it stays"), _NAME_CHARS, lambda kept: kept.reason, ink="text2", grows=True
                ),
            )
        )
        self.table = PlainTable(self.rows, _("What stays as it is"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(6))
        heading = text_label(_("What stays as it is"), SECTION, SEMIBOLD)
        heading.setContentsMargins(px(16), 0, px(16), 0)
        column.addWidget(heading)
        column.addWidget(self.table, 1)
        self.hide()

    def show_kept(self, kept: Sequence[Kept]) -> None:
        """List what stays."""
        self.rows.show(kept)
        self.setVisible(bool(kept))
