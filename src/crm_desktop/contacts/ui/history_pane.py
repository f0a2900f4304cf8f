"""What happened to a contact, day by day, filtered by what it is about."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt

from crm_desktop.contacts.history import Event, history
from crm_desktop.contacts.ui import journal_words
from crm_desktop.contacts.ui.journal_words import Words
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.events_pane import EventsPane
from crm_desktop.ui.views_bar import ViewsBar

ALL: Final = "all"
FILTERS: Final = (
    (ALL, N_("All")),
    (journal_words.DETAILS, N_("Details")),
    (journal_words.OWNER, N_("Owner")),
    (journal_words.PEOPLE, N_("People")),
    (journal_words.FILES, N_("Files")),
    (journal_words.OTHER, N_("Sales")),
)


class HistoryPane(EventsPane):
    """The history of one contact with a filter above it."""

    def __init__(self, desk: Desk, contact_id: int, spoken: Words) -> None:
        def read(work: Any, before_id: int | None, limit: int) -> tuple[Sequence[Event], None]:
            return history(work, contact_id, before_id=before_id, limit=limit), None

        def tell(event: Event, _needed: None) -> tuple[str, Sequence[str]]:
            changed = [one.sentence() for one in journal_words.changes(event, spoken)]
            return journal_words.headline(event, spoken), changed

        super().__init__(desk, read, tell, _("Nothing of this kind has happened yet."))
        self.filters = ViewsBar(self)
        for key, text in FILTERS:
            self.filters.add_view(key, _(text))
        self._filter = ALL
        self.filters.set_current(ALL)
        self.filters.chosen.connect(self._choose)
        self.column.insertWidget(0, self.filters, 0, Qt.AlignmentFlag.AlignLeft)

    def shown(self) -> Sequence[tuple[Any, str, Sequence[str]]]:
        """Return what the filter lets through."""
        if self._filter == ALL:
            return self.told
        return [one for one in self.told if journal_words.group(one[0]) == self._filter]

    def _choose(self, key: str) -> None:
        self._filter = key
        self.filters.set_current(key)
        self.show_page()
