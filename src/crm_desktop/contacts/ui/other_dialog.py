"""Which other contact is meant: found by typing any part of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts.ui.contact_finder import ContactFinder, Hit
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import BODY, MEDIUM
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.sheet_dialog import SheetDialog


class OtherDialog(SheetDialog):
    """`chosen` carries the id of the other record of the same contact."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, record: Record, parent: QWidget | None = None) -> None:
        title = _("Which contact is the same as {name}?").format(name=record["name"])
        super().__init__(title, _("Compare"), parent=parent)
        self._hit: Hit | None = None
        self.finder = ContactFinder(desk, kind=str(record["kind"]), but=lambda: [record.id])
        self.finder.setPlaceholderText(_("Type a name, a phone or an e-mail"))
        self.body.addWidget(FieldBox(_("The other record"), self.finder))
        self._said = text_label("", BODY, MEDIUM, wrap=True)
        self.body.addWidget(self._said)
        self.body.addStretch(1)
        self.finder.found.connect(self._take)
        self.go.setEnabled(False)
        self.go.clicked.connect(self._choose)
        self.finder.setFocus()

    def _take(self, hit: Hit) -> None:
        self._hit = hit
        self._said.setText(" · ".join(part for part in (hit[1], hit[4], hit[3]) if part))
        self.go.setEnabled(True)
        self.go.setFocus()

    def _choose(self) -> None:
        if self._hit is not None:
            self.chosen.emit(self._hit[0])
            self.accept()
