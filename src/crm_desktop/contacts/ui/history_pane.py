"""What happened to a contact, day by day: sentences with before → after, filtered, older ones on demand."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.contacts.history import Event, history
from crm_desktop.contacts.ui import journal_words
from crm_desktop.contacts.ui.journal_words import Words
from crm_desktop.contacts.ui.sheet_area import SheetArea
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.views_bar import ViewsBar

PAGE: Final = 50
ALL: Final = "all"
FILTERS: Final = (
    (ALL, N_("All")),
    (journal_words.DETAILS, N_("Details")),
    (journal_words.OWNER, N_("Owner")),
    (journal_words.PEOPLE, N_("People")),
    (journal_words.FILES, N_("Files")),
)


class HistoryPane(QWidget):
    """Reads its pages when it is shown."""

    def __init__(self, desk: Desk, contact_id: int, spoken: Words) -> None:
        super().__init__()
        self._desk, self._contact_id, self._spoken = desk, contact_id, spoken
        self.events: list[Event] = []
        self._whole = False
        self._outdated = True
        self.filters = ViewsBar(self)
        for key, text in FILTERS:
            self.filters.add_view(key, _(text))
        self._filter = ALL
        self.filters.set_current(ALL)
        self.filters.chosen.connect(self._choose)
        self._area = SheetArea()
        self._area.setAccessibleName(_("History"))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), 0)
        column.setSpacing(px(8))
        column.addWidget(self.filters, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._area, 1)

    def reload(self) -> None:
        """Read the newest entries again, now or when the page is next shown."""
        self._outdated = True
        if self.isVisible():
            self._read(None)

    def showEvent(self, event: Any) -> None:
        """Read when somebody looks."""
        super().showEvent(event)
        if self._outdated:
            self._read(None)

    def sentences(self) -> list[str]:
        """Return what is told, newest first."""
        told = []
        for event in self._shown():
            changed = "; ".join(one.sentence() for one in journal_words.changes(event, self._spoken))
            headline = journal_words.headline(event, self._spoken)
            told.append(f"{headline}. {changed}" if changed else headline)
        return told

    def _read(self, before_id: int | None) -> None:
        contact_id = self._contact_id
        self._outdated = False

        def take(found: Sequence[Event]) -> None:
            self.events = [*(self.events if before_id is not None else []), *found]
            self._whole = len(found) < PAGE
            self._show()

        self._desk.tasks.read(
            self,
            lambda work: history(work, contact_id, before_id=before_id, limit=PAGE),
            take,
            coalesce="history",
        )

    def _choose(self, key: str) -> None:
        self._filter = key
        self.filters.set_current(key)
        self._show()

    def _shown(self) -> list[Event]:
        if self._filter == ALL:
            return self.events
        return [event for event in self.events if journal_words.group(event) == self._filter]

    def _show(self) -> None:
        formats = Formats.of(self._desk.today, self._desk.names, self._desk.timezone)
        place = self._area.verticalScrollBar().value()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, px(4), px(8), px(16))
        column.setSpacing(px(6))
        for day, events in groupby(self._shown(), key=lambda event: formats.local(event.at).date()):
            column.addSpacing(px(6))
            near, full = formats.near(day), formats.full_day(day)
            column.addWidget(caption(near if near == formats.day(day) else f"{near} · {full}"))
            for event in events:
                column.addWidget(self._entry(event, formats))
        if not self._shown():
            column.addWidget(text_label(_("Nothing of this kind has happened yet."), BODY, REGULAR, "muted"))
        if not self._whole and self.events:
            older = Button(_("Show older entries"), "link")
            older.clicked.connect(lambda: self._read(self.events[-1].id))
            column.addWidget(older, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._area.show_page(page)
        self._area.verticalScrollBar().setValue(place)

    def _entry(self, event: Event, formats: Formats) -> QWidget:
        box = QWidget()
        outer = QVBoxLayout(box)
        outer.setContentsMargins(px(12), px(2), 0, px(2))
        outer.setSpacing(px(2))
        line = QHBoxLayout()
        line.setSpacing(px(10))
        line.addWidget(text_label(journal_words.headline(event, self._spoken), BODY, MEDIUM))
        line.addWidget(caption(f"{formats.local(event.at):%H:%M}"))
        line.addStretch(1)
        outer.addLayout(line)
        for change in journal_words.changes(event, self._spoken):
            label = text_label(change.sentence(), BODY, REGULAR, "text2", wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            outer.addWidget(label)
        said = [journal_words.headline(event, self._spoken)]
        said += [one.sentence() for one in journal_words.changes(event, self._spoken)]
        box.setAccessibleName(". ".join(said))
        return box
