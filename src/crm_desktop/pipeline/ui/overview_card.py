"""The open opportunities at the right of a contact's overview."""

from typing import Any, Final

from crm_desktop.pipeline import rules
from crm_desktop.pipeline.lists import OPPORTUNITIES
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.record import Page
from crm_desktop.ui.card import Card, CardTable
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.plain_table import PlainColumn

MOST: Final = 5
_COLUMNS: Final = ("name", "stage", "expected_on", "amount")


class OpenOpportunities(Card):
    """Hidden while there is none."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(_("Open opportunities"))
        self._desk, self._contact_id = desk, contact_id
        self.hide()

    def reload(self) -> None:
        """Read them again."""
        wanted = (Filter("contact", "is", (self._contact_id,)), Filter("state", "is", ("open",)))
        listing = Listing(filters=wanted, sorts=(Sort("expected_on"),))

        def read(work: Any) -> Page:
            return OPPORTUNITIES.first_page(work, listing, _COLUMNS, MOST)

        self._desk.tasks.read(self, read, self._show, coalesce="opportunities")

    def _show(self, page: Page) -> None:
        rows = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
        if not rows:
            self.show_page(None)
            return
        formats = Formats.of(self._desk.today, self._desk.names)
        own = all(row["amount"].currency == self._desk.currency for row in rows)

        def amount(row: dict[str, Any]) -> str:
            text = number_text(row["amount"].amount)
            return text if own else f"{row['amount'].currency} {text}"

        def stage(row: dict[str, Any]) -> str:
            return _(rules.STAGE_WORDS.get(row["stage"], row["stage"]))

        columns = (
            PlainColumn("name", _("Opportunity"), 18, lambda row: str(row["name"]), grows=True),
            PlainColumn("stage", _("Stage"), 12, stage, ink="text2"),
            PlainColumn(
                "expected_on",
                _("Expected"),
                11,
                lambda row: formats.day(row["expected_on"]) if row["expected_on"] else "",
                ink="text2",
            ),
            PlainColumn("amount", self._desk.currency if own else _("Amount"), 12, amount, right=True),
        )
        table = CardTable(columns, _("Open opportunities"), rows)
        table.opened.connect(lambda row: self._desk.open_record("opportunity", row["id"]))
        self.show_page(table)
