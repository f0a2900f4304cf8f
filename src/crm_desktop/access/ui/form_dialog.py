"""A small form in a dialog: fields, one verb, errors beside the fields; it closes when it is saved."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note


class FormDialog(QDialog):
    """Subclasses add widgets to `column`, say what to `save` and where errors belong."""

    saved = Signal(object)
    """What `store` returned."""

    def __init__(self, desk: Desk, title: str, text: str, verb: str, parent: QWidget, *, danger: bool = False) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(px(460))
        self.column = QVBoxLayout()
        self.column.setSpacing(px(12))
        self.note = Note()
        self.note.clear()
        self.cancel, self.go = Button(_("Cancel")), Button(verb, "danger" if danger else "primary")
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.try_to_save)
        self.cancel.setAutoDefault(danger)
        self.cancel.setDefault(danger)
        self.go.setAutoDefault(not danger)
        self.go.setDefault(not danger)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(20), px(20), px(20), px(16))
        outer.setSpacing(px(14))
        outer.addWidget(text_label(title, SECTION, SEMIBOLD, wrap=True))
        if text:
            outer.addWidget(text_label(text, BODY, REGULAR, "text2", wrap=True))
        outer.addWidget(self.note)
        outer.addLayout(self.column)
        outer.addStretch(1)
        outer.addLayout(buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as the texts are at this width; Qt reckons with the narrowest and leaves a gap."""
        super().showEvent(event)
        self.resize(self.width(), self.layout().totalHeightForWidth(self.width()))

    def job(self) -> Callable[[Any], Any] | None:
        """Return what to run in a unit of work, holding plain values; None when something is wrong."""
        raise NotImplementedError

    def show_field_error(self, _field: str, _text: str) -> bool:
        """Show an error beside its field; return whether there is such a field."""
        return False

    def try_to_save(self) -> None:
        """Run `job` on the database lane; the dialog stays open until it is done."""
        job = self.job() if self.go.isEnabled() else None
        if job is None:
            return
        self.note.clear()
        self._set_busy(True)
        self.desk.tasks.write(self, job, self._close_saved, self._show_refusal, label=self.windowTitle())

    def _close_saved(self, result: Any) -> None:
        self._set_busy(False)
        self.saved.emit(result)
        self.accept()

    def _show_refusal(self, error: BaseException) -> None:
        self._set_busy(False)
        if isinstance(error, Invalid) and self.show_field_error(error.field, str(error)):
            return
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _set_busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.cancel.setEnabled(not busy)
