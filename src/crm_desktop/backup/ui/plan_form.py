"""The plan on screen: on or off, when, where to, and a second place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.backup.plans import EVERY_DAY, Plan
from crm_desktop.backup.ui.seam import BackupSeam
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption

_DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_PLACES: Final[Mapping[str, str]] = {
    "same_disk": N_("On the same disk as the company: it does not help when that disk dies. Choose another one."),
    "local": N_("On this computer. Keep a second copy elsewhere."),
    "network": N_("On the network: good, as long as it is switched on at that time."),
    "cloud": N_("In a cloud folder: good, a copy leaves the house. Lock the backups if others can read it."),
}
FOLDERS: Final = ("folder", "second_folder")


class PlanForm(QWidget):
    """What is typed is not stored; `edited` tells that it may differ from `plan`."""

    edited = Signal()

    def __init__(self, desk: Desk, seam: BackupSeam, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._seam = desk, seam
        self._plan: Plan | None = None
        self.active = QCheckBox(_("Back up by itself"))
        self.at = QLineEdit()
        self.at.setMaxLength(5)
        self.days = [QCheckBox(_(day)) for day in _DAYS]
        self.on_exit = QCheckBox(_("Also when the program is closed, if something changed"))
        self.folders = {name: QLineEdit() for name in FOLDERS}
        self.boxes = {
            "folder": FieldBox(_("Folder"), self.folders["folder"]),
            "second_folder": FieldBox(_("Second folder"), self.folders["second_folder"], optional=True),
        }
        self.browse = {name: Button(_("Browse…"), icon="folder-open") for name in FOLDERS}
        self._time_box = FieldBox(_("Time of day"), self.at)
        self.boxes["at"] = self._time_box
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self.active)
        when = QHBoxLayout()
        when.setSpacing(px(12))
        self.at.setFixedWidth(px(96))
        when.addWidget(self._time_box)
        days = QVBoxLayout()
        days.setSpacing(px(3))
        days.addWidget(caption(_("On these days")))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        for box in self.days:
            row.addWidget(box)
        row.addStretch(1)
        days.addLayout(row)
        days.addStretch(1)
        when.addLayout(days, 1)
        column.addLayout(when)
        for name in FOLDERS:
            line = QHBoxLayout()
            line.setSpacing(px(8))
            line.addWidget(self.boxes[name], 1)
            beside = QVBoxLayout()
            beside.setSpacing(px(3))
            beside.addWidget(caption(" "))
            beside.addWidget(self.browse[name])
            beside.addStretch(1)
            line.addLayout(beside)
            column.addLayout(line)
            self.browse[name].setAccessibleName(f"{self.browse[name].text()} {self.boxes[name].label.text()}")
        column.addWidget(self.on_exit)

    def _connect(self) -> None:
        for box in (self.active, self.on_exit, *self.days):
            box.toggled.connect(lambda _on: self.edited.emit())
        self.at.textChanged.connect(lambda _text: self.edited.emit())
        for name, line in self.folders.items():
            line.textChanged.connect(lambda _text: self.edited.emit())
            line.editingFinished.connect(lambda name=name: self._tell_place(name))
            self.browse[name].clicked.connect(lambda _on=False, name=name: self._browse(name))

    def take_plan(self, plan: Plan) -> None:
        """Follow the stored plan; what is typed stays unless somebody stored something else meanwhile."""
        typed, before = self.changes(), self._plan
        if typed and before is not None and all(getattr(before, name) == getattr(plan, name) for name in typed):
            self._plan = plan
        else:
            self.show_plan(plan)

    def show_plan(self, plan: Plan) -> None:
        """Put a stored plan into the form."""
        self._plan = plan
        self.active.setChecked(plan.active)
        self.at.setText(plan.at)
        for number, box in enumerate(self.days, 1):
            box.setChecked(str(number) in plan.days)
        self.on_exit.setChecked(plan.on_exit)
        for name in FOLDERS:
            self.folders[name].setText(getattr(plan, name))
            self._tell_place(name)
        self.clear_errors()

    def changes(self) -> dict[str, Any]:
        """Return what differs from the stored plan, as `plans.save_plan` takes it; {} before one was shown."""
        if self._plan is None:
            return {}
        typed: dict[str, Any] = {
            "active": self.active.isChecked(),
            "at": _time_of(self.at.text()),
            "days": "".join(day for day, box in zip(EVERY_DAY, self.days, strict=True) if box.isChecked()),
            "on_exit": self.on_exit.isChecked(),
            **{name: line.text().strip() for name, line in self.folders.items()},
        }
        return {name: value for name, value in typed.items() if value != getattr(self._plan, name)}

    def refuse(self, name: str, text: str) -> None:
        """Say beside a field why it was not stored."""
        box = self.boxes.get(name, self._time_box)
        box.set_error(text)
        box.editor.setFocus()

    def clear_errors(self) -> None:
        """Take every refusal away."""
        for box in self.boxes.values():
            box.set_error("")

    def _browse(self, name: str) -> None:
        now = self.folders[name].text()
        folder = self._desk.dialogs.choose_folder(_("Folder for backups"), Path(now) if now else None)
        if folder is not None:
            self.folders[name].setText(str(folder))
            self._tell_place(name)

    def _tell_place(self, name: str) -> None:
        text = self.folders[name].text().strip()
        if not text:
            self.boxes[name].set_hint("")
            return
        # Asking about a share may take a while.
        self._desk.tasks.free(
            self,
            lambda _progress: self._seam.place_of(Path(text)),
            lambda place: self._take_place(name, text, place),
            lambda _error: None,
        )

    def _take_place(self, name: str, text: str, place: str) -> None:
        if self.folders[name].text().strip() == text:
            self.boxes[name].set_hint(_(_PLACES[place]))


def _time_of(typed: str) -> str:
    """Return a typed time as it is stored: "9:5" and "9：05" are "09:05"; what is no time stays as it is."""
    hour, mark, minute = typed.strip().replace("：", ":").replace(".", ":").partition(":")
    return f"{hour:0>2}:{minute:0>2}" if mark else typed.strip()
