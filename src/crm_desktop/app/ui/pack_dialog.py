"""The monthly pack leaves: a month, the reports that belong to it, one workbook."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.app import report_files
from crm_desktop.exchange.ui.writing_dialog import WritingDialog
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.report import Report
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption

KEPT: Final = "report_pack"
"""Under which name this computer remembers the choice."""
_LEFT_OUT: Final = "left_out"
_MONTHS: Final = 24
_FILTER: Final = N_("Excel workbook (*.xlsx)")


def months(today: date) -> list[date]:
    """Return the first days of this month and of those before it, newest first."""
    found = [today.replace(day=1)]
    while len(found) < _MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


class PackDialog(WritingDialog):
    """Asks for a month and reports, writes with progress and Cancel, stays open when it fails."""

    def __init__(self, desk: Desk, reports: Mapping[str, Report], parent: QWidget | None = None) -> None:
        explained = _("Each report becomes a sheet of one workbook: its period is the month, its day the last one.")
        super().__init__(desk, _("Monthly pack"), _("Save…"), explained, parent)
        self._reports = reports
        self.month = QComboBox()
        self.month.setAccessibleName(_("Month"))
        self.boxes: dict[str, QCheckBox] = {}
        self._lay_out()
        self.go.clicked.connect(self._export)
        self.dress()

    def chosen(self) -> list[Report]:
        """Return the reports that are checked, in their order."""
        return [self._reports[name] for name, box in self.boxes.items() if box.isChecked()]

    def _lay_out(self) -> None:
        for first in months(self._desk.today):
            self.month.addItem(f"{first:%Y-%m}", first)
        self.month.setCurrentIndex(1)
        month = QHBoxLayout()
        label = caption(_("Month"))
        label.setBuddy(self.month)
        month.addWidget(label)
        month.addWidget(self.month)
        month.addStretch(1)
        self.body.addLayout(month)
        column = QVBoxLayout()
        column.setSpacing(px(6))
        column.addWidget(caption(_("Reports")))
        left_out = self._desk.settings.view_state(KEPT).get(_LEFT_OUT, ())
        for name, report in self._reports.items():
            box = QCheckBox(_(report.title))
            box.setToolTip(_(report.explains))
            box.setChecked(name not in left_out)
            box.toggled.connect(self.dress)
            self.boxes[name] = box
            column.addWidget(box)
        self.body.addLayout(column)
        self.lay_out_below()

    def dress(self) -> None:
        """Offer the button while there is something to write."""
        self.go.setEnabled(self._task is None and bool(self.chosen()))

    def _export(self) -> None:
        month: date = self.month.currentData()
        name = _("Monthly pack {month}").format(month=f"{month:%Y-%m}")
        path = self._desk.dialogs.choose_save_file(_("Save the monthly pack"), f"{name}.xlsx", _(_FILTER))
        if path is None:
            return
        left_out = [name for name, box in self.boxes.items() if not box.isChecked()]
        self._desk.settings.set_view_state(KEPT, {_LEFT_OUT: left_out})
        self._write(path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx"), month)

    def _write(self, path: Path, month: date) -> None:
        wanted = self.chosen()
        self.write(
            path,
            _("Monthly pack"),
            lambda work, progress: report_files.write_pack(work, path, wanted, month, progress=progress),
            lambda work, rows: report_files.note_pack(work, path, wanted, rows),
            lambda _rows: self._done(path),
        )

    def _done(self, path: Path) -> None:
        self._desk.toast(_("The monthly pack is in {file}").format(file=path.name), kind="success")
