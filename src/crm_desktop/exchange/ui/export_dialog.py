"""A list leaves the program: as a workbook or text as it is seen, or in a form of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from crm_desktop.exchange.ui.writing_dialog import WritingDialog
from crm_desktop.shared.display import list_separator
from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.relative_days import resolved
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.labels import caption
from crm_desktop.ui.list_screen import ListScreen

FORMATS: Final = (
    (".xlsx", N_("Excel workbook (.xlsx)"), N_("Excel workbook (*.xlsx)")),
    (".csv", N_("Text with commas (.csv)"), N_("Text with commas (*.csv)")),
)
WHOLE, CHOSEN = "whole", "chosen"


@dataclass(frozen=True, slots=True)
class Outlet:
    """How one feature's list leaves: what it is called (marked), its words for n rows, its services.

    `more` are formats of its own, as in `FORMATS` with a fourth text that explains what they hold.
    """

    title: str
    rows: str
    counted: Callable[[int], str]
    write_file: Callable[..., int]
    note_export: Callable[..., None]
    more: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def formats(self) -> tuple[tuple[str, str, str], ...]:
        """Return ending, label and file filter of every form."""
        return (*FORMATS, *((ending, label, chosen) for ending, label, chosen, _explained in self.more))


@dataclass(frozen=True, slots=True)
class Exported:
    """What may be exported: the list on screen with its columns, and the rows chosen in it."""

    listing: Listing
    columns: Sequence[Field]
    total: int
    chosen: Sequence[int] = ()


class ExportDialog(WritingDialog):
    """Asks what and in which form, writes with progress and Cancel, stays open when it fails."""

    def __init__(
        self, desk: Desk, outlet: Outlet, what: Exported, parent: QWidget | None = None, form: str = ".xlsx"
    ) -> None:
        super().__init__(desk, _(outlet.title), _("Export"), parent=parent)
        self._outlet, self._what = outlet, what
        self.forms = self._choices(_("File"), [(ending, _(text)) for ending, text, _filter in outlet.formats], form)
        offered = [(WHOLE, _("The whole list: {rows}").format(rows=outlet.counted(what.total)))]
        if what.chosen:
            offered.insert(0, (CHOSEN, _("Only the selected: {rows}").format(rows=outlet.counted(len(what.chosen)))))
        self.extents = self._choices(_(outlet.rows), offered, offered[0][0])
        self.lay_out_below()
        self.go.clicked.connect(self._export)
        self.forms.buttonToggled.connect(self._explain)
        self._explain()

    def choose(self, group: QButtonGroup, key: str) -> None:
        """Choose one answer by its key."""
        next(button for button in group.buttons() if button.property("key") == key).setChecked(True)

    def _choices(self, title: str, offered: Sequence[tuple[str, str]], chosen: str) -> QButtonGroup:
        group = QButtonGroup(self)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(caption(title))
        for key, text in offered:
            button = QRadioButton(text)
            button.setProperty("key", key)
            button.setChecked(key == chosen)
            group.addButton(button)
            column.addWidget(button)
        self.body.addLayout(column)
        return group

    def _explain(self) -> None:
        for ending, _label, _filter, explained in self._outlet.more:
            if ending == self._form():
                self.explain(_(explained))
                return
        labels = list_separator().join(_(field.label) for field in self._what.columns)
        self.explain(_("The columns as they are on screen: {columns}.").format(columns=labels))

    def _form(self) -> str:
        return str(self.forms.checkedButton().property("key"))

    def _export(self) -> None:
        ending = self._form()
        filters = next(_(text) for form, _label, text in self._outlet.formats if form == ending)
        name = f"{_(self._outlet.rows)} {self._desk.today:%Y-%m-%d}{ending}"
        path = self._desk.dialogs.choose_save_file(_(self._outlet.title), name, filters)
        if path is None:
            return
        self._write(path if path.suffix.lower() == ending else path.with_name(path.name + ending))

    def _write(self, path: Path) -> None:
        what, write_file = self._what, self._outlet.write_file
        chosen = list(what.chosen) if self.extents.checkedButton().property("key") == CHOSEN else None
        names = [field.name for field in what.columns]
        note_export = self._outlet.note_export
        self.write(
            path,
            _("Exporting"),
            lambda work, progress: write_file(work, path, what.listing, names, chosen=chosen, progress=progress),
            lambda work, count: note_export(work, path, count, names),
            lambda count: self._done(path, count),
        )

    def _done(self, path: Path, count: int) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        said = _("{rows} exported to {file}").format(rows=self._outlet.counted(count), file=path.name)
        self._desk.toast(said, _("Show the folder"), lambda: _show_folder(folder), kind="success")


def _show_folder(folder: QUrl) -> None:
    QDesktopServices.openUrl(folder)


def export_list(screen: ListScreen, outlet: Outlet, chosen: Sequence[int]) -> None:
    """Ask how the list on screen, or the rows chosen in it, should leave."""
    shown = [field for field in screen.table.columns if Use.EXPORT in field.uses]
    listing = resolved(screen.table.listing, screen.desk.today)
    ExportDialog(screen.desk, outlet, Exported(listing, shown, screen.table.count.rows, chosen), screen).open()
