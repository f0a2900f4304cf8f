"""Another day for a line of the day: tomorrow, next week, or one that is chosen; with a way back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from crm_desktop.activities.ui.move_dialog import Days, MoveDialog, move_all
from crm_desktop.home.day import Line
from crm_desktop.home.ui.weekdays import weekday_name
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _, ngettext

if TYPE_CHECKING:
    from crm_desktop.home.ui.day_screen import DayScreen


class Moving:
    """Moves lines for the screen of the day."""

    def __init__(self, screen: "DayScreen") -> None:
        self._screen = screen

    def offer(self, line: Line, at: QPoint) -> None:
        """Drop the days to choose from."""
        today = self._screen.desk.today
        menu = QMenu(self._screen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, day in (
            (_("T&oday"), today),
            (_("&Tomorrow"), today + timedelta(days=1)),
            (_("In t&hree days"), today + timedelta(days=3)),
            (_("Next &week"), next_monday(today)),
        ):
            if day != line.due_on:
                menu.addAction(f"{words}\t{self._day(day)}", self._mover(line, day))
        menu.addSeparator()
        menu.addAction(_("&Another day…"), lambda: self._choose(line))
        menu.setActiveAction(menu.actions()[0 if line.due_on >= today else 1])
        menu.popup(at)

    def to(self, line: Line, day: date) -> None:
        """Move a line to a day; its time of the day stays."""
        before: Days = []

        def move(work: object) -> None:
            before[:] = move_all(work, [(line.id, day, None)])

        self._screen.desk.tasks.write(self._screen, move, lambda _none: self._moved(before))

    def _mover(self, line: Line, day: date) -> Callable[[], None]:
        return lambda: self.to(line, day)

    def _choose(self, line: Line) -> None:
        MoveDialog(self._screen.desk, [line.id], self._screen, self._moved).open()

    def _moved(self, before: Days) -> None:
        if not before:
            self._screen.desk.toast(_("This was done or dropped meanwhile, so it was not moved."), kind="warn")
            return
        said = ngettext("{count} task has another day", "{count} tasks have another day", len(before))
        again = list(before)

        def undo() -> None:
            self._screen.desk.tasks.write(self._screen, lambda work: move_all(work, again), label=_("Taking it back"))

        self._screen.desk.toast(said.format(count=len(before)), _("Undo"), undo)

    def _day(self, day: date) -> str:
        desk = self._screen.desk
        return f"{weekday_name(day)} {Formats.of(desk.today, desk.names, desk.timezone).day(day)}"


def next_monday(day: date) -> date:
    """Return the Monday of the week after a day."""
    return day + timedelta(days=7 - day.weekday())
