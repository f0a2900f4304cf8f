"""The frame of a small dialog that does something: a few fields, one verb, and never the same thing twice."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.shared.errors import Cancelled, Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor, EditorContext
from crm_desktop.ui.fonts import px
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import Limits, RecordForm
from crm_desktop.ui.record_saver import RecordSaver
from crm_desktop.ui.sheet_dialog import SheetDialog

Act = Callable[[Any], int | None]
"""Does the step with a `Work`; runs on the database lane and touches nothing of the dialog."""


class ActDialog(SheetDialog):
    """A subclass lays out its editors with `row` and returns what is done from `act`.

    `began` carries the operation id, `carried_out` what the step returned. When the connection breaks the journal
    is asked for `entities`, the ones the step notes, and nothing is sent again.
    """

    began = Signal(str)
    carried_out = Signal(object)
    entities: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        desk: Desk,
        title: str,
        verb: str,
        parent: QWidget,
        *,
        text: str = "",
        width: int = 480,
        needed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(title, verb, text, width=width, parent=parent)
        self.desk = desk
        limits: Limits = dict.fromkeys(needed, (True, None))
        self.form = RecordForm((), EditorContext(today=lambda: desk.today, actor=desk.actor), limits, parent=self)
        self.form.hide()
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self._saver = RecordSaver(self, desk.tasks, _store, self._outcome)
        self._saver.stored.connect(self._stored)
        self._saver.failed.connect(self._failed)
        self._saver.checking.connect(self._say_checking)
        self._saver.busy_changed.connect(lambda busy: self.go.setEnabled(not busy))
        self.go.setAutoDefault(False)
        self.go.setDefault(False)
        self.go.clicked.connect(self.act_now)
        self.form.committed.connect(self.go.setFocus)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.go.click)

    def row(self, *editors: Editor) -> None:
        """Put editors side by side below those that are there."""
        for editor in editors:
            self.form.add_editor(editor.name, editor)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        for editor in editors:
            box = self.form.box(editor.name)
            wide = box.sizePolicy().horizontalPolicy() == box.sizePolicy().Policy.Expanding
            row.addWidget(box, 1 if wide else 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(0)
        self.body.addLayout(row)

    def begin(self, values: Mapping[str, Any]) -> None:
        """Fill the form, now that it is laid out, and put the keyboard into its first field."""
        self.body.addStretch(1)
        self.form.load(values)
        self.form.settle_tab_order()
        self.form.focus_first()

    def act(self, values: dict[str, Any]) -> Act:
        """Return the step for what is typed."""
        raise NotImplementedError

    def problem(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return (field, sentence) for what the fields alone cannot tell, None when all is well."""
        return None

    def act_now(self) -> None:
        """Check what is typed and do it, once."""
        self.note.clear()
        if self._saver.busy or not self.form.validate():
            return
        values = self.form.values()
        problem = self.problem(values)
        if problem is not None:
            self.show_problem(*problem)
            return
        known = set(self._saver.operations)
        self._saver.save(None, None, {"act": self.act(values)})
        for operation in self._saver.operations - known:
            self.began.emit(operation)

    def show_problem(self, field: str, text: str) -> None:
        """Say what is wrong beside its field, or above them where there is none."""
        if not self.form.field_error(field, text):
            self.note.show_message("danger", text)

    def _outcome(self, work: Any, operation_id: str) -> Record | None:
        found = (work.stored_by(operation_id, entity) for entity in self.entities)
        id_ = next((one for one in found if one is not None), None)
        return Record(id_, 0, {"result": id_}) if id_ is not None else None

    def _stored(self, record: Record, _sent: dict[str, Any]) -> None:
        self.carried_out.emit(record["result"])
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Invalid):
            self.show_problem(error.field, str(error))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        elif not isinstance(error, Cancelled):
            self.desk.dialogs.show_error(error)

    def _say_checking(self) -> None:
        self.note.show_message("warn", _("The connection broke while saving. Checking whether the change arrived…"))

    def reject(self) -> None:
        """Stay while it is not known what became of the step."""
        if not self._saver.busy:
            super().reject()


def _store(work: Any, _id: int | None, _version: int | None, values: dict[str, Any]) -> Record:
    result = values["act"](work)
    return Record(result or 0, 0, {"result": result})
