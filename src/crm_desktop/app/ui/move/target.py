"""Step one of a move: where to."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.app.ui.connect_server import USUAL_PORT, server_address
from crm_desktop.app.ui.move.road import Target
from crm_desktop.app.ui.move.state import MoveState
from crm_desktop.app.ui.restore.place import free_place
from crm_desktop.app.ui.step_dialog import Step
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit, widen_to
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label

_MISSING: Final = {
    "server": N_("Type the name of the server."),
    "port": N_("Type the port; 5432 is usual."),
    "database": N_("Type the name of the database."),
    "administrator": N_("Type the login of the server's administrator."),
}


class TargetStep(Step):
    """An empty database on a server, or a new file."""

    def __init__(self, state: MoveState, documents: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(14))
        column.addWidget(section_label(_("Where to")))
        self.says = text_label("", BODY, REGULAR, "text2", wrap=True)
        column.addWidget(self.says)
        self.boxes: dict[str, FieldBox] = {}
        if state.road.to_server:
            self._add_server(column)
        else:
            self._add_file(column, free_place(documents, state.road.company))
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addStretch(1)

    def _add_server(self, column: QVBoxLayout) -> None:
        self.says.setText(
            _(
                "{company} lies here now: {where}. It moves into an empty database of a PostgreSQL server, where "
                "several people work at once. Whoever looks after the server tells you these."
            ).format(company=self.state.road.company, where=self.state.road.where)
        )
        self.server, self.port, self.database = QLineEdit(), QLineEdit(str(USUAL_PORT)), QLineEdit()
        self.port.setValidator(QIntValidator(1, 65535, self.port))
        widen_to(self.port, 90)
        self.server.setPlaceholderText(_("A name or a number, such as server.example.com"))
        self.administrator, self.password = QLineEdit("postgres"), PasswordEdit()
        labels = {
            "server": _("Server"), "port": _("Port"), "database": _("Database"),
            "administrator": _("Administrator of the server"), "password": _("Password of the administrator"),
        }  # fmt: skip
        for name, label in labels.items():
            edit = getattr(self, name)
            self.boxes[name] = FieldBox(label, edit)
            edit.textEdited.connect(self._forget_errors)
        self.boxes["administrator"].set_hint(_("Used once, to prepare the database; it is not kept."))
        for names in (("server", "port", "database"), ("administrator", "password")):
            row = QHBoxLayout()
            row.setSpacing(px(16))
            for name in names:
                row.addWidget(self.boxes[name], 0 if name == "port" else 1)
            column.addLayout(row)
        self.first: QLineEdit = self.server

    def _add_file(self, column: QVBoxLayout, proposed: Path) -> None:
        self.says.setText(
            _(
                "{company} lies here now: {where}. It moves into a file of this computer, in which one computer works "
                "at a time. An existing file is never overwritten."
            ).format(company=self.state.road.company, where=self.state.road.where)
        )
        self.path = QLineEdit(str(proposed))
        self.boxes["path"] = FieldBox(_("File of the company"), self.path)
        self.path.textEdited.connect(self._forget_errors)
        choose = Button(_("Choose…"), icon="folder-open")
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.boxes["path"], 1)
        row.addWidget(choose, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self.first = self.path

    def begin(self) -> None:
        """Put the keyboard where the typing begins."""
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def target(self) -> Target | None:
        """Return what was typed, None after showing what is missing."""
        if not self.state.road.to_server:
            typed = self.path.text().strip()
            if not typed:
                self.boxes["path"].set_error(_("Choose where the file is to lie."))
                return None
            place = Path(typed).expanduser()
            return Target(place if place.suffix.lower() == ".crm" else place.with_name(f"{place.name}.crm"))
        missing = [name for name in _MISSING if not getattr(self, name).text().strip()]
        for name in missing:
            self.boxes[name].set_error(_(_MISSING[name]))
        if missing:
            getattr(self, missing[0]).setFocus()
            return None
        address = server_address(self.server.text().strip(), int(self.port.text()), self.database.text().strip())
        return Target(None, address, self.administrator.text().strip(), self.password.text())

    def go_on(self) -> None:
        """Ask the place, then go on."""
        target = self.target()
        if target is not None:
            self.run(
                self.state.tasks,
                _("Looking at the place"),
                lambda _progress: self.state.road.check_target(target),
                lambda _done: self._take(target),
                can_cancel=False,
            )

    def _take(self, target: Target) -> None:
        self.state.target = target
        self.next_wanted.emit()

    def _choose(self) -> None:
        here = Path(self.path.text())
        path = self.state.dialogs.choose_save_file(
            _("Where the company is to lie"), here.name, _("Company (*.crm)"), here.parent
        )
        if path is not None:
            self.path.setText(str(path))
            self._forget_errors()

    def _forget_errors(self) -> None:
        self.note.clear()
        for box in self.boxes.values():
            box.set_error("")
