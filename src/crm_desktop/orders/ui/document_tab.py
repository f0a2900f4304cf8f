"""The tab of a quote or an order: asks what the form needs, then shows the record."""

from typing import Any, ClassVar

from crm_desktop.orders.ui.document_needs import DocumentNeeds, document_needs
from crm_desktop.orders.ui.document_record import DocumentRecord
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.record_tab import RecordTab
from crm_desktop.ui.screen import Screen


class DocumentScreen(RecordTab):
    """A subclass names its record; a new document is for `contact_id` or of `opportunity_id` if given."""

    record_type: ClassVar[Any]
    order: ClassVar[bool]

    def __init__(
        self,
        desk: Desk,
        document_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        contact_id: int | None = None,
        opportunity_id: int | None = None,
    ) -> None:
        self._contact_id, self._opportunity_id = contact_id, opportunity_id
        super().__init__(desk, document_id, drafts, company)

    def ask(self, work: Any) -> tuple[DocumentNeeds, Record | None]:
        """Return what the form needs and the document as it is stored, None for a new one or one that is gone."""
        needs = document_needs(
            work,
            order=self.order,
            new=self._first_id is None,
            contact_id=self._contact_id,
            opportunity_id=self._opportunity_id,
        )
        if self._first_id is None:
            return needs, None
        try:
            return needs, self.record_type.service.get(work, self._first_id)
        except NotFound:
            return needs, None

    def make(self, answer: tuple[DocumentNeeds, Record | None]) -> DocumentRecord:
        """Return the record, filled before it is shown: laid out and painted once only."""
        needs, stored = answer
        record: DocumentRecord = self.record_type(self.desk, self._first_id, needs, stored, self)
        return record

    def begin(self, inside: Screen) -> None:
        """Begin with the lines of a new document when its customer is known."""
        known = self._contact_id is not None or self._opportunity_id is not None
        if self._first_id is None and known and isinstance(inside, DocumentRecord):
            inside.document.lines.focus()
        else:
            super().begin(inside)
