"""A dialog over something a company keeps: it stores what was typed and closes."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.notes import Note
from crm_desktop.ui.sheet_dialog import SheetDialog


class StoredDialog(SheetDialog):
    """Stores what `job` returns and closes; an error stands beside its field or in the strip."""

    def __init__(self, desk: Desk, title: str, parent: QWidget, *, width: int, text: str = "") -> None:
        super().__init__(title, _("Save"), text, width=width, parent=parent)
        self.desk = desk
        self.note = Note()
        self.note.clear()
        self.body.addWidget(self.note)
        self._boxes: dict[str, FieldBox] = {}
        self.go.setDefault(False)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self._store)

    def add(self, editor: Editor, *, needed: bool = False) -> FieldBox:
        """Return the box of an editor."""
        self._boxes[editor.name] = FieldBox(editor.label, editor.widget, needed=needed)
        return self._boxes[editor.name]

    def job(self) -> Callable[[Any], Any] | None:
        """Return what to run in a unit of work, None when something is wrong."""
        raise NotImplementedError

    def _store(self) -> None:
        self.note.clear()
        for box in self._boxes.values():
            box.set_error("")
        act = self.job()
        if act is not None:
            self.go.setEnabled(False)
            self.desk.tasks.write(self, act, lambda _done: self.accept(), self._refused)

    def _refused(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, Invalid) and error.field in self._boxes:
            self._boxes[error.field].set_error(str(error))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)
