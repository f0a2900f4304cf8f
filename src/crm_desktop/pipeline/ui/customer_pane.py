"""The tab of a customer's record that shows what may still come, and what was won and lost."""

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.contacts.ui.row_section import RowSection
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.pipeline.lists import OPPORTUNITIES
from crm_desktop.pipeline.ui import words
from crm_desktop.pipeline.ui.places import ENTITY, FOR_CONTACT_ENTITY
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk

_COLUMNS: Final = ("name", "state", "stage", "amount", "probability", "expected_on", "closed_on", "salesperson")


class CustomerOpportunities(QWidget):
    """The opportunities of one customer, open ones and others."""

    counted = Signal(int)

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__()
        self._desk, self._contact_id = desk, contact_id
        source = RowSource(desk.actor, ENTITY, OPPORTUNITIES, "amount")
        nothing = _("No opportunity yet. Write one down when the customer asks for something.")
        self.section = RowSection(desk, _("Opportunities"), nothing, source, _COLUMNS, words.LOOKS)
        self.section.opened.connect(lambda id_: desk.open_record(ENTITY, id_))
        self.section.counted.connect(self.counted)
        if desk.actor.may(Permission.OPPORTUNITY_WRITE):
            button = Button(_("New opportunity"), "quiet", icon="plus", dense=True)
            button.clicked.connect(lambda _checked=False: desk.open_record(FOR_CONTACT_ENTITY, contact_id))
            self.section.heading.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section, 1)
        desk.changes.changed.connect(self._heard)
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        self.section.show_contact(self._contact_id)

    def _heard(self, changes: Any) -> None:
        if changes.touches(ENTITY):
            self.reload()
