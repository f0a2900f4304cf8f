"""Why a quote was lost."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.orders.rules import LOST_REASONS
from crm_desktop.shared.i18n import _
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.text_editors import NoteEditor


class LostDialog(SheetDialog):
    """A reason from the list and a note; `chosen` carries both."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            _("Why was this quote lost?"),
            _("Mark as lost"),
            _("The report on lost quotes counts the reasons."),
            parent=parent,
        )
        self.reason = ChoiceEditor("lost_reason", _("Reason"), [(key, _(text)) for key, text in LOST_REASONS], "", 24)
        self.words = NoteEditor("lost_note", _("In words"))
        self.reason_box = FieldBox(self.reason.label, self.reason.widget, needed=True)
        self.body.addWidget(self.reason_box)
        self.body.addWidget(FieldBox(self.words.label, self.words.widget, optional=True))
        self.go.clicked.connect(self._choose)
        self.reason.focus()

    def _choose(self) -> None:
        reason = self.reason.value()
        if not reason:
            self.reason_box.set_error(_("Choose a reason."))
            self.reason.focus()
            return
        self.chosen.emit(str(reason), self.words.value())
        self.accept()
