"""The tab of a new receipt: asks what the form needs, then shows it."""

from typing import Any, ClassVar

from crm_desktop.receivables.ui.money.receipt_form import ReceiptNeeds
from crm_desktop.receivables.ui.money.receipt_screen import ReceiptScreen, needs_of
from crm_desktop.shared.i18n import N_
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.record_tab import RecordTab
from crm_desktop.ui.screen import Screen


class ReceiptTab(RecordTab):
    """A new receipt, of `contact_id` if given."""

    new_title: ClassVar[str] = N_("New receipt")
    opening_title: ClassVar[str] = N_("New receipt")
    icon_name: ClassVar[str] = "banknote"

    def __init__(
        self,
        desk: Desk,
        receipt_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        contact_id: int | None = None,
    ) -> None:
        self._contact_id = contact_id
        super().__init__(desk, receipt_id, drafts, company)

    def ask(self, work: Any) -> ReceiptNeeds:
        """Return accounts, what the receipt begins with."""
        return needs_of(work, self._contact_id)

    def make(self, answer: ReceiptNeeds) -> ReceiptScreen:
        """Return the screen."""
        return ReceiptScreen(self.desk, answer, for_contact=self._contact_id is not None, parent=self)

    def begin(self, inside: Screen) -> None:
        """Begin with the amount when the customer is known."""
        if self._contact_id is not None and isinstance(inside, ReceiptScreen):
            inside.receipt.amount.focus()
        else:
            super().begin(inside)
