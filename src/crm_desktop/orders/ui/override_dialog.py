"""The credit does not carry a step: why, in words, and a reason from those who may go on all the same."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.orders.above import CreditStop
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.text_editors import NoteEditor


class OverrideDialog(SheetDialog):
    """Says why a step was refused and takes the reason why it goes on; `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self, error: CreditStop, verb: str, parent: QWidget) -> None:
        super().__init__(_("The credit does not carry this"), verb, str(error), width=520, parent=parent)
        self.reason = NoteEditor("override", _("Why does it go on all the same?"))
        self.box = FieldBox(
            self.reason.label, self.reason.widget, needed=True, hint=_("It is written into the journal with your name.")
        )
        self.body.addWidget(self.box)
        self.body.addStretch(1)
        self.go.setAutoDefault(False)
        self.go.setDefault(False)
        self.go.clicked.connect(self._choose)
        self.reason.focus()

    def _choose(self) -> None:
        reason = self.reason.value().strip()
        if not reason:
            self.box.set_error(_("Say why, for those who ask later."))
            self.reason.focus()
            return
        self.accept()
        self.chosen.emit(reason)


def offers_override(error: BaseException, verb: str, parent: QWidget, go_on: Callable[[str], object]) -> bool:
    """Ask for the reason when this person may go on without credit, then call `go_on` with it.

    Return False when it is another error, or they may not: then the sentence is shown as any other.
    """
    if not isinstance(error, CreditStop) or not error.may_override:
        return False
    dialog = OverrideDialog(error, verb, parent)
    dialog.chosen.connect(go_on)
    dialog.open()
    return True
