"""The tab of one contact, which first asks what its form needs."""

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.contacts.ui.contact_form import FormNeeds, form_needs
from crm_desktop.contacts.ui.contact_record import ContactRecord
from crm_desktop.contacts.ui.related import Above
from crm_desktop.shared.i18n import N_
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.record_tab import RecordTab


class ContactScreen(RecordTab):
    """The tab of one contact; `above` is what features above add to it."""

    new_title = N_("New contact")
    opening_title = N_("Contact")
    icon_name = "building-2"

    def __init__(
        self,
        desk: Desk,
        contact_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        above: Above | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._above = above
        super().__init__(desk, contact_id, drafts, company, parent)

    def ask(self, work: Any) -> FormNeeds:
        """Return what the form needs."""
        return form_needs(work)

    def make(self, answer: FormNeeds) -> ContactRecord:
        """Return the record."""
        return ContactRecord(self.desk, self._first_id, answer, self._above)
