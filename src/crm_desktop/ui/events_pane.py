"""What happened to a record, day by day: sentences with before → after, older ones on demand."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.sheet_area import SheetArea

PAGE: Final = 50

Read = Callable[[Any, int | None, int], tuple[Sequence[Any], Any]]
"""Returns up to so many events (each with `id` and `at`) older than an id, and what is needed to tell them; on the
database lane."""
Tell = Callable[[Any, Any], tuple[str, Sequence[str]]]
"""Returns the headline of an event ("" tells nothing) and a sentence for each change."""


class EventsPane(QWidget):
    """Reads its pages when it is shown; `nothing` is what it says when there is nothing to show."""

    def __init__(self, desk: Desk, read: Read, tell: Tell, nothing: str = "") -> None:
        super().__init__()
        self._desk, self._ask, self._tell, self._nothing = desk, read, tell, nothing
        self.told: list[tuple[Any, str, Sequence[str]]] = []
        self._oldest: int | None = None
        self._whole = False
        self._outdated = True
        self._area = SheetArea()
        self._area.setAccessibleName(_("History"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(px(20), px(12), px(20), 0)
        self.column.setSpacing(px(8))
        self.column.addWidget(self._area, 1)

    def reload(self) -> None:
        """Read the newest entries again, now or when the page is next shown."""
        self._outdated = True
        if self.isVisible():
            self._read(None)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when somebody looks."""
        super().showEvent(event)
        if self._outdated:
            self._read(None)

    def shown(self) -> Sequence[tuple[Any, str, Sequence[str]]]:
        """Return what is on the page: (event, headline, changes); a subclass may leave some out."""
        return self.told

    def sentences(self) -> list[str]:
        """Return what is told, newest first."""
        return [". ".join([headline, *changes]) for _event, headline, changes in self.shown()]

    def _read(self, before_id: int | None) -> None:
        ask, tell = self._ask, self._tell
        self._outdated = False

        def take(answer: tuple[Sequence[Any], Any]) -> None:
            events, needed = answer
            found = [(event, *tell(event, needed)) for event in events]
            self.told = [*(self.told if before_id is not None else []), *(one for one in found if one[1])]
            self._oldest = events[-1].id if events else None
            self._whole = len(events) < PAGE
            self.show_page()

        self._desk.tasks.read(self, lambda work: ask(work, before_id, PAGE), take, coalesce="history")

    def show_page(self) -> None:
        """Lay out what is told, a caption for each day."""
        formats = Formats.of(self._desk.today, self._desk.names, self._desk.timezone)
        place = self._area.verticalScrollBar().value()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, px(4), px(8), px(16))
        column.setSpacing(px(6))
        for day, told in groupby(self.shown(), key=lambda one: formats.local(one[0].at).date()):
            column.addSpacing(px(6))
            near, full = formats.near(day), formats.full_day(day)
            column.addWidget(caption(near if near == formats.day(day) else f"{near} · {full}"))
            for event, headline, changes in told:
                column.addWidget(_entry(f"{formats.local(event.at):%H:%M}", headline, changes))
        if self._nothing and not self.shown():
            column.addWidget(text_label(self._nothing, BODY, REGULAR, "muted"))
        if not self._whole and self.told:
            older = Button(_("Show older entries"), "link")
            older.clicked.connect(lambda: self._read(self._oldest))
            column.addWidget(older, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._area.show_page(page)
        self._area.verticalScrollBar().setValue(place)


def _entry(time: str, headline: str, changes: Sequence[str]) -> QWidget:
    box = QWidget()
    outer = QVBoxLayout(box)
    outer.setContentsMargins(px(12), px(2), 0, px(2))
    outer.setSpacing(px(2))
    line = QHBoxLayout()
    line.setSpacing(px(10))
    line.addWidget(text_label(headline, BODY, MEDIUM))
    line.addWidget(caption(time))
    line.addStretch(1)
    outer.addLayout(line)
    for change in changes:
        label = text_label(change, BODY, REGULAR, "text2", wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outer.addWidget(label)
    box.setAccessibleName(". ".join([headline, *changes]))
    return box
